package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// DOT draws templates for Graphviz.
func DOT(w io.Writer, all []Template, _ Options) error {
	g := newGraph(all)
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "digraph %s {\n", dotText(g.Title()))
	fmt.Fprintln(b, "  rankdir=LR; ranksep=1.5; bgcolor=transparent;")
	fmt.Fprintln(b, `  node [shape=box, style=rounded, fontname="Helvetica", fontsize=11]; edge [fontname="Helvetica", fontsize=9];`)
	for _, a := range g.Origins {
		title := a.Name
		if a.Protocol != "" {
			title += " (" + a.Protocol + ")"
		}
		fmt.Fprintf(b, "  subgraph cluster_a%d {\n    label=%s; fontname=\"Helvetica\"; style=rounded;\n", a.N, dotText(title))
		for _, c := range a.Calls {
			shape := ""
			if c.Authorizer {
				shape = ", shape=hexagon"
			}
			fmt.Fprintf(b, "    c%d [label=%s%s];\n", c.N, dotText(c.title()), shape)
		}
		fmt.Fprintln(b, "  }")
	}
	for _, f := range g.Functions {
		style := "filled"
		if !f.Known {
			style = "dashed"
		}
		fmt.Fprintf(b, "  f%d [label=%s, shape=component, style=%s, fillcolor=\"#f6f8fa\"];\n", f.N, dotText(f.Name), style)
	}
	for _, a := range g.Origins {
		for _, c := range a.bundles(false) {
			fmt.Fprintf(b, "  c%d -> f%d%s;\n", c.N, c.Function.N, dotArrow(c))
		}
	}
	fmt.Fprintln(b, "}")
	return b.Flush()
}

func dotArrow(c bundle) string {
	note := dotText(c.note())
	switch {
	case c.State == "missing":
		return " [color=\"#d1242f\", fontcolor=\"#d1242f\", penwidth=2, style=dashed, label=" + note + "]"
	case c.State == "unknown":
		return " [color=\"#bf8700\", fontcolor=\"#7d4e00\", style=dotted, label=" + note + "]"
	case c.Wide:
		return " [penwidth=3, label=" + note + "]"
	case c.note() != "":
		return " [label=" + note + "]"
	}
	return ""
}

// dotText is a quoted string of the DOT language
// (https://graphviz.org/doc/info/lang.html); a backslash would begin one of
// the escapes that labels know, and & an entity of HTML.
func dotText(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `&`, `&amp;`).Replace(clip(oneLine(s), 120)) + `"`
}
