package definition

import (
	"regexp"
	"strings"
	"sync"
)

// looksLike matches what has a member of an API definition, well formed or not.
var looksLike = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)(^|[{,])[ \t]*["']?(openapi|swagger|paths|x-amazon-apigateway-[a-z-]+)["']?[ \t]*:`)
})

// quiet cuts a parser's words behind the line: of a file that is no API definition,
// such as one with secrets, no name is told.
func quiet(detail string) string {
	before, after, found := strings.Cut(detail, "line ")
	digits := strings.IndexFunc(after, func(r rune) bool { return r < '0' || r > '9' })
	if !found || digits <= 0 {
		return detail
	}
	return before + "line " + after[:digits]
}
