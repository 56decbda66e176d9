package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// mermaidCalls is how many calls a diagram shows one by one: GitHub renders no
// more than 500 arrows and 50,000 characters.
const mermaidCalls = 250

// Mermaid draws templates for Markdown: GitHub and others render it in a block ```mermaid.
func Mermaid(w io.Writer, all []Template, _ Options) error {
	g := newGraph(all)
	b := bufio.NewWriter(w)
	fmt.Fprintln(b, "flowchart LR")
	classes := map[string][]string{}
	var links []bundle
	for _, a := range g.Origins {
		title := a.Name
		if a.Protocol != "" {
			title += " (" + a.Protocol + ")"
		}
		fmt.Fprintf(b, "  subgraph a%d[%s]\n", a.N, mermaidText(title))
		for _, x := range a.bundles(g.n > mermaidCalls) {
			open, end := "[", "]"
			if x.Authorizer {
				open, end = "{{", "}}"
			}
			fmt.Fprintf(b, "    c%d%s%s%s\n", x.N, open, mermaidText(x.label()), end)
			links = append(links, x)
			classes[x.State] = append(classes[x.State], fmt.Sprint("c", x.N))
		}
		fmt.Fprintln(b, "  end")
	}
	for _, f := range g.Functions {
		fmt.Fprintf(b, "  f%d([%s])\n", f.N, mermaidText(f.Name))
	}
	arrows := map[string][]string{}
	for i, x := range links {
		fmt.Fprintf(b, "  c%d %s f%d\n", x.N, mermaidArrow(x), x.Function.N)
		arrows[x.look()] = append(arrows[x.look()], fmt.Sprint(i))
	}
	for _, s := range []struct{ state, node, arrow string }{
		{"missing", "stroke:#d1242f,stroke-width:3px", "stroke:#d1242f,stroke-width:2px"},
		{"unknown", "stroke:#bf8700,stroke-width:3px,stroke-dasharray:4", "stroke:#bf8700,stroke-width:2px"},
		{"wide", "", "stroke:#bf8700,stroke-width:5px"},
	} {
		if nodes := classes[s.state]; nodes != nil {
			fmt.Fprintf(b, "  classDef %s %s\n  class %s %s\n", s.state, s.node, strings.Join(nodes, ","), s.state)
		}
		if which := arrows[s.state]; which != nil {
			fmt.Fprintf(b, "  linkStyle %s %s\n", strings.Join(which, ","), s.arrow)
		}
	}
	return b.Flush()
}

func mermaidArrow(x bundle) string {
	note := x.note()
	switch {
	case x.State == "missing" || x.State == "unknown":
		return `-. "` + note + `" .->`
	case x.Wide:
		return `== "` + note + `" ==>`
	case note != "":
		return `-- "` + note + `" -->`
	}
	return "-->"
}

// mermaidText is a quoted label. Inside it Mermaid knows entities, directives
// (%%{), HTML and Markdown; each character that could begin one is an entity
// (https://mermaid.js.org/syntax/flowchart.html#special-characters-that-break-syntax).
func mermaidText(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range clip(oneLine(s), 120) {
		if strings.ContainsRune("\"#%&<>`*_~\\", r) {
			fmt.Fprintf(&b, "#%d;", r)
		} else {
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
