package report

import "testing"

// An expression in a text is shown as an author writes it; text that only looks like one
// stays.
func TestReadable(t *testing.T) {
	for in, want := range map[string]string{
		`${{"Fn::ImportValue":"x"}}`:                              "!ImportValue x",
		`${{"Fn::FindInMap":["Names",{"Ref":"Env"},"Stock"]}}`:    "!FindInMap [Names, !Ref Env, Stock]",
		`arn:x:${{"Fn::ImportValue":"a,b"}}:live`:                 "arn:x:${!ImportValue 'a,b'}:live",
		`${{"Fn::Select":[0,{"Fn::Split":[",",{"Ref":"L"}]}]}}/a`: "${!Select [0, !Split [',', !Ref L]]}/a",
		`${{"a":1,"b":{"Ref":"X"}}}`:                              "{a: 1, b: !Ref X}",
		"${Fn.Arn}":                                               "${Fn.Arn}",
		"GET /${{id}}":                                            "GET /${{id}}",
		`${{"Fn::Sub":"}}"}}`:                                     "!Sub '}}'",
		"":                                                        "",
	} {
		if got := readable(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
