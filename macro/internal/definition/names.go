package definition

import (
	"regexp"
	"strings"
	"sync"
)

// looksLikeDefinition matches a text that has a member of an API definition,
// whether or not it is well formed.
var looksLikeDefinition = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)(^|[{,])[ \t]*["']?(openapi|swagger|paths|x-amazon-apigateway-[a-z-]+)["']?[ \t]*:`)
})

// withoutNames cuts a parser's message after the line number: a file that is no
// API definition may hold secrets, and none of its names is shown.
func withoutNames(detail string) string {
	before, after, found := strings.Cut(detail, "line ")
	digits := strings.IndexFunc(after, func(r rune) bool { return r < '0' || r > '9' })
	if !found || digits <= 0 {
		return detail
	}
	return before + "line " + after[:digits]
}
