package report

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"strings"
)

// A markup is a page being written. Package html/template would do the same, but its
// templates can call any method by name, so that the linker keeps all methods of the
// program: 8 MB more of the SDK.
type markup struct{ strings.Builder }

// put writes HTML, in which each %s stands for the text of an argument. Values
// of attributes are in double quotes.
func (m *markup) put(form string, args ...any) {
	escaped := make([]any, len(args))
	for i, a := range args {
		escaped[i] = html.EscapeString(fmt.Sprint(a))
	}
	fmt.Fprintf(m, form, escaped...)
}

// A sheet is what a page has beside its contents. Its Content-Security-Policy allows
// exactly its style and its script.
type sheet struct{ title, style, script string }

// begin writes what comes before a page's header: skip is the text of the link that skips
// to the element skipTo.
func (m *markup) begin(s sheet, skipTo, skip string) {
	m.put(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'">
<meta name="color-scheme" content="light dark">
<title>%s</title>
<style>`, hashOf(s.style), hashOf(s.script), s.title)
	m.WriteString(s.style) // of this package, as is the script
	m.put(`</style>
</head>
<body>
<a class="skip" href="#%s">%s</a>
`, skipTo, skip)
}

// end completes the page and writes it to w.
func (m *markup) end(w io.Writer, s sheet) error {
	m.WriteString("<script>" + s.script + "</script>\n</body>\n</html>\n")
	_, err := io.WriteString(w, m.String())
	return err
}

// hashOf is the source expression of a Content-Security-Policy for a style or script.
func hashOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
