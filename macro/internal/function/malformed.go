package function

import (
	"cmp"
	"fmt"
	"strings"
	"unicode"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// longestName is how many bytes any FunctionName may have, ARN and qualifier
// included
// (https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html).
const longestName = 256

// longestOwn is how many bytes the name of a function alone may have
// (https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html).
const longestOwn = 64

// malformed tells why Lambda refuses such a name, as far as it is literal; nil where
// it doesn't. Lambda's pattern is (arn:P:lambda:)?(R:)?(A:)?(function:)?name(:qualifier)?
// (https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html).
func (s *Names) malformed(x template.Text, p arnText) *finding.Finding {
	if wrong, hint := s.wrongName(x, p); wrong != "" {
		return &finding.Finding{Reason: Malformed, Detail: wrong, Hint: hint}
	}
	return nil
}

func (s *Names) wrongName(x template.Text, p arnText) (wrong, hint string) {
	size := literalSize(x)
	for _, part := range x {
		if part.Kind == template.Opaque && part.Expr.Exists() && !part.Expr.IsExpression() {
			return "an object stands there that is no function of CloudFormation", ""
		}
	}
	if size > 4*longestName {
		return fmt.Sprintf("it has %d characters", size), ""
	}
	if wrong, hint := WrongText(x); wrong != "" {
		return wrong, hint
	}
	if p.prefixed && s.isARN(p.name) {
		return "function: stands before " + p.name.String() + ", which is an ARN and has it already", "write " + p.name.String() + " alone"
	}
	if word, ok := p.name.Plain(); ok && word == "function" && p.prefixed && len(p.qualifier) > 0 {
		return "function: stands there twice", "write it once"
	}
	for i, c := range s.components(&p) {
		if plain, ok := c.text.Plain(); ok && !c.pattern().MatchString(plain) && (plain != "" || len(p.arn) > 0) {
			return fmt.Sprintf("%q is no %s", plain, [...]string{"partition", "Region", "account"}[i]), ""
		}
	}
	if char, ok := wrongCharacter(p.name); ok {
		return "its name has " + char, ""
	}
	if size := literalSize(p.name); size > longestOwn {
		return fmt.Sprintf("its name has %d characters, and %d are the most", size, longestOwn), ""
	}
	if last := x[len(x)-1]; last.Kind == template.Lit && strings.HasSuffix(last.Text, ":") && len(p.qualifier) == 0 {
		return "no qualifier stands behind the last colon", "leave the colon out, or name an alias behind it"
	}
	if q, ok := p.qualifier.Plain(); ok && strings.HasPrefix(q, latest) {
		return "", "" // $LATEST, or $LATEST.PUBLISHED
	}
	if char, ok := wrongCharacter(p.qualifier); ok {
		return "its qualifier has " + char, ""
	}
	return "", ""
}

// literalSize returns how many bytes the literal parts of a text have.
func literalSize(x template.Text) (size int) {
	for _, p := range x.Visible() {
		if p.Kind == template.Lit {
			size += len(p.Text)
		}
	}
	return size
}

// isARN reports whether a text is a reference whose value is an ARN.
func (s *Names) isARN(x template.Text) bool {
	p, ok := x.Single()
	if !ok {
		return false
	}
	id, attribute, _ := strings.Cut(p.Text, ".")
	switch typ := s.TypeOf(id); {
	case Is(typ):
		return attribute != ""
	case typ == "AWS::Lambda::Alias", typ == "AWS::Lambda::Version":
		return attribute == "" || strings.HasSuffix(attribute, "Arn")
	}
	return false
}

// WrongText tells of words and characters that no name and no URI of a function can
// have: expressions that are text since nothing evaluates them, and the white space
// that YAML blocks add. wrong is "" where there are none.
func WrongText(x template.Text) (wrong, hint string) {
	for _, p := range x.Visible() {
		if p.Kind != template.Lit {
			continue
		}
		if _, rest, found := strings.Cut(p.Text, "${"); found {
			name, _, _ := strings.Cut(rest, "}")
			return "${" + name + "} is text there", "put the text into Fn::Sub"
		}
		if strings.Contains(p.Text, "AWS::") {
			word, _, _ := strings.Cut(p.Text[strings.Index(p.Text, "AWS::"):], "/")
			return word + " is text there", "write !Ref " + word
		}
		if i := strings.IndexFunc(p.Text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }); i >= 0 {
			if r := p.Text[i]; r == '\n' || r == '\r' {
				return "it has a line break", "write it in one line, or as a YAML block that is stripped at the end (>-) and has no break inside"
			}
			return "it has a blank", "write it without blanks"
		}
	}
	return "", ""
}

// wrongCharacter returns, in words, the first character that a function's name or
// qualifier can't have.
func wrongCharacter(x template.Text) (what string, found bool) {
	for _, p := range x.Visible() {
		if p.Kind != template.Lit {
			continue
		}
		for i, r := range p.Text {
			if r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) || r == '-' || r == '_' {
				continue
			}
			if r == '/' {
				return "“" + p.Text[i:] + "”", true
			}
			return fmt.Sprintf("the character %q", r), true
		}
	}
	return "", false
}

// wrongURI tells what is wrong with a URI that seems meant for a function: what
// surrounds the function's name in an invocation URI, or all of it where API
// Gateway would take it for another service's. wrong is "" where nothing is.
func (s *Names) wrongURI(x template.Text, kind uriKind) (wrong, hint string) {
	before, path, isPath := x.Cut(pathOfLambda)
	switch {
	case kind == invokesURI && isPath:
		return wrongPath(before, path)
	case kind != notLambda && kind != hidden:
		return "", ""
	case isPath:
		_, rest, _ := path.Cut("/")
		if first, _, found := rest.Cut("/"); found {
			if word, ok := first.Plain(); ok && word != "functions" && strings.HasPrefix(strings.ToLower(word), "func") {
				return "/" + word + "/ is no path of Lambda's API", "write /functions/"
			}
		}
	case kind == notLambda && s.namesFunction(x) && !isOtherService(x):
		if wrong, hint := WrongText(x); wrong != "" {
			return wrong, hint
		}
		return "it names a function, and is no URI that invokes one", ""
	}
	return "", ""
}

// wrongPath checks an invocation URI: arn:P:apigateway:R before :lambda:path/, and
// the version and the operation after it.
func wrongPath(before, path template.Text) (wrong, hint string) {
	if wrong, hint := WrongText(before); wrong != "" {
		return wrong, hint
	}
	parts := before.Split(":")
	for i, word := range [...]string{"arn", "", "apigateway"} {
		if len(parts) != 4 || word == "" {
			continue
		}
		if plain, ok := parts[i].Plain(); ok && plain != word {
			return fmt.Sprintf("%q stands where %s belongs", plain, word), ""
		}
	}
	if len(parts) == 4 {
		if plain, ok := parts[1].Plain(); ok && !partitionPattern().MatchString(plain) {
			return fmt.Sprintf("%q is no partition", plain), ""
		}
		if plain, ok := parts[3].Plain(); ok && !regionPattern().MatchString(plain) {
			return fmt.Sprintf("%q is no Region", plain), ""
		}
	}
	version, rest, _ := path.Cut("/functions/")
	if plain, ok := version.Plain(); ok && !isVersion(plain) {
		return fmt.Sprintf("%q is no version of Lambda's API", plain), "write 2015-03-31"
	}
	if op := operation(rest); strings.ContainsRune(op, '/') {
		wrong, hint := WrongText(template.Literal(op))
		if wrong == "" {
			wrong = fmt.Sprintf("%s stands behind the function", op)
		}
		return wrong, cmp.Or(hint, "write /invocations")
	}
	return "", ""
}

// operation returns the literal end of a path after the function's name, or ""
// where that is an invoking one.
func operation(fn template.Text) string {
	fn, _ = trimOperation(fn)
	fn = fn.Visible()
	if len(fn) == 0 || fn[len(fn)-1].Kind != template.Lit {
		return ""
	}
	last := fn[len(fn)-1].Text
	if i := strings.IndexByte(last, '/'); i >= 0 {
		return last[i:]
	}
	return ""
}

// namesFunction reports whether a text has the ARN of a function in it.
func (s *Names) namesFunction(x template.Text) bool {
	for i, p := range x {
		if p.Kind == template.Lit && strings.Contains(p.Text, ":function:") || s.isARN(x[i:i+1]) {
			return true
		}
	}
	return false
}

// isOtherService reports whether a URI is an HTTP one, or arn:P:apigateway:R:S:…
// for a service other than Lambda.
func isOtherService(x template.Text) bool {
	if start, ok := x[:1].Plain(); ok && (strings.HasPrefix(start, "http://") || strings.HasPrefix(start, "https://")) {
		return true
	}
	parts := x.Split(":")
	if len(parts) < 6 {
		return false
	}
	gateway, _ := parts[2].Plain()
	service, plain := parts[4].Plain()
	verb, _, _ := parts[5].Cut("/")
	kind, _ := verb.Plain()
	return gateway == "apigateway" && plain && !strings.Contains(strings.ToLower(service), "lam") && (kind == "path" || kind == "action")
}

// FunctionAsText returns the logical id of the function, alias or version that a
// literal text equals, though it is no reference to it.
func (s *Names) FunctionAsText(x template.Text) (string, bool) { return s.TextIsID(x, IsNamed) }
