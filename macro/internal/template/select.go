package template

import (
	"strconv"
	"strings"
)

// lookUp evaluates Fn::FindInMap where all three keys are literal. The part keeps the
// expression, so that it can be written back unresolved.
func (v Value) lookUp(arg Value, depth int) []Variant {
	at := v.t.Section("Mappings")
	for i := range 3 {
		key, ok := arg.Item(i).Scalar()
		if !ok {
			return nil
		}
		at = at.Get(key)
	}
	s, ok := at.Scalar()
	if !ok {
		return nil
	}
	return one(Text{{Kind: Lit, Text: s, Expr: v}})
}

func (v Value) selectItem(arg Value, when Guard, depth int) []Variant {
	index, ok := arg.Item(0).Scalar()
	i, err := strconv.Atoi(index)
	if !ok || err != nil || i < 0 || arg.Len() != 2 {
		return nil
	}
	list := arg.Item(1)
	if list.Kind() == Array {
		if i >= list.Len() {
			return nil
		}
		return list.Item(i).variants(when, depth+1)
	}
	texts, ok := list.split(when, depth)
	if !ok || i >= len(texts) {
		return nil
	}
	return one(texts[i])
}

// split evaluates {"Fn::Split": [sep, text]} where all separators are known: in text
// of literals, and of pseudo parameters whose values can't have them.
func (v Value) split(when Guard, depth int) ([]Text, bool) {
	fn, arg, ok := v.Intrinsic()
	sep, isText := arg.Item(0).Text()
	if !ok || fn != "Fn::Split" || !isText || sep == "" || arg.Len() != 2 {
		return nil, false
	}
	vs := arg.Item(1).variants(when, depth+1)
	if len(vs) != 1 || vs[0].Absent {
		return nil, false
	}
	for _, p := range vs[0].Text {
		if p.Kind != Lit && !(p.Kind == Ref && wholeWord[p.Text] && strings.Trim(sep, ":/.,|") == "") {
			return nil, false
		}
	}
	return vs[0].Text.Split(sep), true
}

// wholeWord has the pseudo parameters whose values consist of letters, digits and
// hyphens.
var wholeWord = map[string]bool{"AWS::Region": true, "AWS::AccountId": true, "AWS::Partition": true}
