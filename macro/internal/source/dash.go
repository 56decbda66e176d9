package source

import (
	"bytes"
	"errors"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"
)

// A dash right before a comma or a closing bracket is text, as in
// !Join [-, [a, b]]: PyYAML and SnakeYAML read it so, and the parser here does
// not. It gets a stand-in while the text is parsed.
var lonelyDash = regexp.MustCompile(`(^|[\s\[{,:])-([,\]}])`)

var errNoDash = errors.New("no dash that could be text")

// loadDashes loads a text that can't be parsed as it is, with a stand-in for
// such dashes: a character of private use that the text doesn't have. It is as
// wide as a dash in the parser's columns. Where it stands in other text, it is
// taken back there too.
func loadDashes(src []byte) (*yaml.Node, error) {
	if !lonelyDash.Match(src) {
		return nil, errNoDash
	}
	standIn := "\ue000"
	for r := '\ue000'; bytes.Contains(src, []byte(standIn)); r++ {
		if r > '\uf8ff' {
			return nil, errNoDash
		}
		standIn = string(r)
	}
	replaced := src
	for range 2 { // a comma ends one match and begins the next
		replaced = lonelyDash.ReplaceAll(replaced, []byte("${1}"+standIn+"${2}"))
	}
	root, err := load(replaced)
	if err == nil {
		takeBack(root, standIn, map[*yaml.Node]bool{})
	}
	return root, err
}

func takeBack(n *yaml.Node, standIn string, seen map[*yaml.Node]bool) {
	if seen[n] {
		return
	}
	seen[n] = true
	n.Value = strings.ReplaceAll(n.Value, standIn, "-")
	for _, kid := range n.Content {
		takeBack(kid, standIn, seen)
	}
}
