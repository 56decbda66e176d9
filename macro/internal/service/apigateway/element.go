package apigateway

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// element is the value of a loop that a word stands for.
func (g *gateway) element(word string) (stack.Element, bool) {
	for _, e := range g.Elements {
		if e.Word == word {
			return e, true
		}
	}
	return stack.Element{}, false
}

// elementStart is what all words begin with that stand for a loop's value; a text that no
// template has, where there is no loop.
func (g *gateway) elementStart() string {
	if len(g.Elements) == 0 {
		return "\x01"
	}
	return g.Elements[0].Word[:markLength]
}

// markLength is how many bytes the words of one loop have in common.
const markLength = 10

func (g *gateway) beginsWithElement(x template.Text) bool {
	plain, ok := x.Plain()
	return ok && strings.HasPrefix(plain, g.elementStart())
}

// mayHaveBlank reports whether a loop's value within a text may hold the blank
// between a verb and a path.
func (g *gateway) mayHaveBlank(text string) bool {
	for _, e := range g.Elements {
		if strings.Contains(text, e.Word) && !e.Every(func(v string) bool { return !strings.Contains(v, " ") }) {
			return true
		}
	}
	return false
}

// loopSource is the source of a method whose path has a loop's value in it. A literal
// value is taken as it is; one at the beginning of the path may have its own slash.
func (g *gateway) loopSource(method, path, shown string) invoke.Source {
	slash, pattern := "/", starParameters(strings.TrimPrefix(path, "/"))
	for _, e := range g.Elements {
		isPlain := e.Every(func(v string) bool { return !strings.ContainsAny(v, "{}*?") })
		rooted := e.Every(func(v string) bool { return strings.HasPrefix(v, "/") })
		bare := e.Every(func(v string) bool { return v != "" && !strings.HasPrefix(v, "/") })
		if !isPlain || strings.HasPrefix(path, e.Word) && !rooted && !bare {
			pattern = strings.ReplaceAll(pattern, e.Word, "*")
		}
		if strings.HasPrefix(path, e.Word) && !bare && len(pattern) > 1 {
			slash = "" // the value begins with it, or is empty
		}
	}
	label := path
	if slash == "/" {
		label = "/" + strings.TrimPrefix(path, "/")
	}
	return invoke.Source{Form: Method, Route: template.Text{{Text: method + slash + shortened(pattern)}}, Label: shown + " " + label}
}
