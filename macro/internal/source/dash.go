package source

import (
	"bytes"
	"errors"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"
)

// A dash directly before a comma or a closing bracket is text, as in
// !Join [-, [a, b]]. PyYAML and SnakeYAML read it so, the parser used here does not:
// it gets a placeholder while the text is parsed.
var lonelyDash = regexp.MustCompile(`(^|[\s\[{,:])-([,\]}])`)

var errNoDash = errors.New("no dash that could be text")

// loadDashes parses a text that can't be parsed as it is with a placeholder for such
// dashes: a character of private use that the text doesn't have. In the parser's
// columns it is as wide as a dash. Afterwards all placeholders become dashes again.
func loadDashes(src []byte) (*yaml.Node, error) {
	if !lonelyDash.Match(src) {
		return nil, errNoDash
	}
	placeholder := "\ue000"
	for r := '\ue000'; bytes.Contains(src, []byte(placeholder)); r++ {
		if r > '\uf8ff' {
			return nil, errNoDash
		}
		placeholder = string(r)
	}
	replaced := src
	for range 2 { // a comma ends one match and begins the next
		replaced = lonelyDash.ReplaceAll(replaced, []byte("${1}"+placeholder+"${2}"))
	}
	root, err := load(replaced)
	if err == nil {
		restoreDashes(root, placeholder, map[*yaml.Node]bool{})
	}
	return root, err
}

func restoreDashes(n *yaml.Node, placeholder string, seen map[*yaml.Node]bool) {
	if seen[n] {
		return
	}
	seen[n] = true
	n.Value = strings.ReplaceAll(n.Value, placeholder, "-")
	for _, child := range n.Content {
		restoreDashes(child, placeholder, seen)
	}
}
