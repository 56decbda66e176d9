package template_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// For any template and any edits, the edits are in the result and everything else is there
// byte for byte.
func TestApplyProperty(t *testing.T) {
	applied := 0
	for seed := range uint64(3000) {
		if checkEdits(t, randomJSON(seed), seed) {
			applied++
		}
	}
	if applied < 1000 {
		t.Errorf("only %d of the random edits could be applied", applied)
	}
}

// checkEdits applies random edits and compares with an editor that works on
// the tokens of encoding/json. It is false where the edits were refused.
func checkEdits(t *testing.T, text []byte, seed uint64) bool {
	t.Helper()
	doc, err := template.Parse(text)
	if err != nil {
		return false
	}
	text = doc.Bytes()
	edits := randomEdits(doc, rand.New(rand.NewPCG(seed, 2)))
	out, err := doc.Apply(edits)
	if err != nil {
		return false
	}
	if !json.Valid(out) {
		t.Fatalf("%s\nwith %v\ngives no JSON:\n%s", text, edits, out)
	}
	e := editor{Decoder: json.NewDecoder(bytes.NewReader(text)), text: string(text), edits: edits}
	e.value("")
	want := e.out.String() + e.text[e.at:]
	if diff := cmp.Diff(want, string(out)); diff != "" {
		t.Fatalf("%s\nwith %v (-want +got)\n%s", text, edits, diff)
	}
	if string(doc.Bytes()) != string(text) {
		t.Fatalf("Apply changed the template to %s", doc.Bytes())
	}
	return true
}

// An editor copies JSON text token by token and edits on the way.
type editor struct {
	*json.Decoder
	text  string
	edits []template.Edit
	out   strings.Builder
	at    int // what is copied
}

// token reads a token and returns where it is.
func (e *editor) token() (token json.Token, from, to int) {
	from = int(e.InputOffset())
	from += len(e.text[from:]) - len(strings.TrimLeft(e.text[from:], " \n\r\t,:"))
	token, _ = e.Token()
	return token, from, int(e.InputOffset())
}

func (e *editor) put(from, to int, text string) {
	e.out.WriteString(e.text[e.at:from] + text)
	e.at = to
}

func (e *editor) find(op template.Op, p jsontext.Pointer) (found template.Edit, ok bool) {
	for _, x := range e.edits {
		if x.Op == op && x.At == p {
			return x, true
		}
	}
	return found, false
}

func (e *editor) value(p jsontext.Pointer) {
	token, from, to := e.token()
	if x, ok := e.find(template.Replace, p); ok {
		if token == json.Delim('{') || token == json.Delim('[') {
			for depth := 1; depth > 0; {
				token, _, to = e.token()
				switch token {
				case json.Delim('{'), json.Delim('['):
					depth++
				case json.Delim('}'), json.Delim(']'):
					depth--
				}
			}
		}
		e.put(from, to, string(x.Value))
		return
	}
	switch token {
	case json.Delim('{'):
		n := 0
		for ; e.More(); n++ {
			name, from, to := e.token()
			member := p.AppendToken(name.(string))
			if x, ok := e.find(template.Rename, member); ok {
				e.put(from, to, quote(x.Name))
			}
			e.value(member)
		}
		e.add(p, n)
	case json.Delim('['):
		n := 0
		for ; e.More(); n++ {
			e.value(p.AppendToken(fmt.Sprint(n)))
		}
		e.add(p, n)
	}
}

// add puts what is added to a container of n in front of its bracket.
func (e *editor) add(p jsontext.Pointer, n int) {
	bracket, from, _ := e.token()
	for _, x := range e.edits {
		if x.Op != template.Add || x.At.Parent() != p {
			continue
		}
		text := string(x.Value)
		if bracket == json.Delim('}') {
			text = quote(x.At.LastToken()) + ":" + text
		}
		if n++; n > 1 {
			text = "," + text
		}
		e.put(from, from, text)
	}
}

func quote(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

// randomEdits makes up to four edits of values that are there.
func randomEdits(doc *template.Template, r *rand.Rand) []template.Edit {
	var all []template.Value
	var collect func(template.Value)
	collect = func(v template.Value) {
		all = append(all, v)
		for _, m := range v.Members() {
			collect(m)
		}
		for m := range v.Items() {
			collect(m)
		}
	}
	collect(doc.Root())
	var edits []template.Edit
	for n := range 1 + r.IntN(4) {
		v := all[r.IntN(len(all))]
		value := fmt.Sprintf(`{"edit":[%d]}`, n)
		switch kind := v.Kind(); {
		case kind == template.Object && r.IntN(3) > 0:
			edits = append(edits, add(string(v.Pointer().AppendToken(fmt.Sprintf("new/%d", n))), value))
		case kind == template.Array && r.IntN(3) > 0:
			edits = append(edits, add(string(v.Pointer().AppendToken("-")), value))
		case v.Pointer() != "" && doc.At(v.Pointer().Parent()).Kind() == template.Object && r.IntN(2) == 0:
			edits = append(edits, rename(string(v.Pointer()), fmt.Sprintf("renamed %d", n)))
		default:
			edits = append(edits, replace(string(v.Pointer()), value))
		}
	}
	return edits
}

func FuzzApply(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(randomJSON(seed), seed)
	}
	f.Fuzz(func(t *testing.T, text []byte, seed uint64) {
		if len(text) < 1<<12 {
			checkEdits(t, text, seed)
		}
	})
}

// FuzzPlace applies one edit at any pointer.
func FuzzPlace(f *testing.F) {
	f.Add([]byte(`{"a":[1,{"b":null}]}`), byte(1), "/a/-", "x")
	f.Add([]byte(`{"a":[1,{"b":null}]}`), byte(2), "/a/1/b", "x")
	f.Add([]byte(`{"a":[1,{"b":null}]}`), byte(3), "/a", "")
	f.Add([]byte(`[]`), byte(3), "", "")
	f.Add([]byte(`{}`), byte(0), "a", "")
	f.Fuzz(func(t *testing.T, text []byte, op byte, at, name string) {
		doc, err := template.Parse(text)
		if err != nil {
			return
		}
		edit := template.Edit{Op: template.Op(op), At: pointer(at), Name: name, Value: jsontext.Value("0")}
		if out, err := doc.Apply([]template.Edit{edit}); err == nil && !json.Valid(out) {
			t.Fatalf("%s: %q at %q gives %s", text, op, at, out)
		}
	})
}
