package apigateway

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// findBelow finds the calls of a definition below its base path. Conditions may choose
// the mode, see basePath.
func (d *document) findBelow(mode template.Value) {
	if !mode.Exists() {
		d.find()
		return
	}
	when := d.when
	for _, x := range mode.Variants() {
		word := d.g.Evaluate(x.Text).Text
		if !x.Absent && word != "prepend" && word != "split" && word != "ignore" {
			d.opaque(d.root, "its base path")
		}
		var ok bool
		if d.when, ok = when.And(x.When); ok {
			d.prefix = d.basePath(word)
			d.find()
		}
	}
}

// unknownBase stands for a base path that is an expression.
const unknownBase = "/{basePath}"

// basePath is what comes before every path: with mode prepend the base path, with split
// all but its first segment, else nothing
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-basePath.html).
func (d *document) basePath(mode string) string {
	if mode != "prepend" && mode != "split" {
		return ""
	}
	base, known := plainOr(d.root.Get("basePath"))
	if server := d.root.Get("servers").Item(0); server.Exists() {
		if v := server.Path("variables", "basePath", "default"); v.Exists() {
			base, known = plainOr(v)
		} else if url := server.Get("url"); url.Exists() {
			base, known = plainOr(url)
			base = urlPath(base)
		}
	}
	if !known {
		return unknownBase
	}
	base = "/" + strings.Trim(base, "/")
	if mode == "split" {
		_, rest, _ := strings.Cut(base[1:], "/")
		base = "/" + rest
	}
	return strings.TrimSuffix(base, "/")
}

// plainOr is the text of a value, "" where it isn't there; known is false for an
// expression.
func plainOr(v template.Value) (text string, known bool) {
	if !v.Exists() {
		return "", true
	}
	x, ok := v.One()
	text, plain := x.Plain()
	return text, ok && plain
}

func urlPath(url string) string {
	if _, rest, ok := strings.Cut(url, "://"); ok {
		_, path, _ := strings.Cut(rest, "/")
		return path
	}
	return url
}
