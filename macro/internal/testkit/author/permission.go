package author

import "strings"

// permission writes a permission by hand for a call of the template, sometimes with
// mistakes.
func (a *author) permission() {
	if len(a.calls) == 0 {
		return
	}
	c := pick(a, a.calls)
	fn, of := a.named(c.fn, c.qual)
	p := object{"Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com", "FunctionName": fn}
	if a.chance(10) {
		p["FunctionName"] = choose(pick(a, conditionNames), fn, ref("Fn"))
	}
	if a.may("principal-by-if", 15) {
		p["Principal"] = choose(pick(a, conditionNames), "apigateway.amazonaws.com", "events.amazonaws.com")
	}
	switch a.IntN(10) {
	case 0:
		p["Action"] = pick(a, []any{"lambda:*", "*", "lambda:invokefunction", "lambda:InvokeFunctionUrl", "lambda:GetFunction"})
	case 1:
		p["Principal"] = pick(a, []any{"*", sub("apigateway.${AWS::URLSuffix}"), "events.amazonaws.com", "lambda.amazonaws.com", "111122223333", "execute-api.amazonaws.com"})
	case 2:
		p["SourceAccount"] = pick(a, []any{ref("AWS::AccountId"), "111122223333", "444455556666"})
	case 3:
		p["FunctionUrlAuthType"] = "NONE"
	}
	api, _ := c.api.(object)["Ref"].(string)
	when := a.exists[of]
	if !a.chance(10) {
		p["SourceArn"] = a.source(c, api)
		when = a.both(when, a.exists[api])
	}
	if a.chance(10) && p["SourceArn"] != nil {
		p["SourceArn"] = choose(pick(a, conditionNames), p["SourceArn"], a.source(c, api))
	}
	when = a.both(when, a.condition())
	a.add(a.id("Permission"), "AWS::Lambda::Permission", p, when)
}

// named is a FunctionName, and the function of the template that it names.
func (a *author) named(fn, qual string) (name any, of string) {
	if fn == "" {
		return pick(a, []any{"theirs", "arn:aws:lambda:us-east-1:111122223333:function:theirs"}), ""
	}
	if a.chance(6) { // the wrong one
		f := pick(a, a.functions)
		fn, qual = f.id, ""
	} else if a.chance(6) {
		qual = ""
	}
	if version, is := strings.CutPrefix(qual, "@"); is {
		return ref(version), fn
	}
	switch {
	case qual == "" && a.may("text-is-no-reference", 12):
		return fn, fn
	case qual == "":
		return pick(a, []any{ref(fn), att(fn, "Arn"), sub("${" + fn + ".Arn}"), sub("${AWS::AccountId}:function:${" + fn + "}")}), fn
	case a.chance(3):
		return ref(fn + "Alias" + qual), fn
	}
	return pick(a, []any{sub("${" + fn + ".Arn}:" + qual), sub("${" + fn + "}:" + qual), object{"Fn::Join": []any{":", []any{att(fn, "Arn"), qual}}}}), fn
}

// source is a SourceArn: exact, wide, or nearly right.
func (a *author) source(c wired, api string) any {
	behind := c.tail
	_, rest, _ := strings.Cut(c.tail, "/")
	switch a.IntN(12) {
	case 0, 1:
		behind = "*"
	case 2:
		behind = "*/*"
	case 3:
		behind = "*/*/*"
	case 4:
		behind = "prod/" + rest
	case 5:
		behind = "*/" + strings.TrimSuffix(rest, "/") + "/"
	case 6:
		behind = strings.Replace(c.tail, "*/*/", "*/ANY/", 1)
	case 7:
		behind = "*/*/" + rest
	case 8:
		behind = pick(a, []string{"*/GET/*", "prod/*", "authorizers/*", "*/$default", "*/GET/pets", "*$connect", ""})
	}
	before := "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:"
	if a.chance(4) {
		before = pick(a, []string{"arn:aws:execute-api:us-east-1:111122223333:", "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:",
			"arn:aws:execute-api:eu-west-1:${AWS::AccountId}:", "arn:aws:execute-api:us-east-1:444455556666:"})
		if a.may("empty-place", 5) {
			before = pick(a, []string{"arn:aws:execute-api::${AWS::AccountId}:", "arn:aws:execute-api:${AWS::Region}::"})
		}
	}
	if a.may("text-is-no-reference", 15) {
		return sub(before + api + "/" + behind)
	}
	if a.chance(20) {
		return sub(before + "*")
	}
	return sub(before + "${" + api + "}/" + behind)
}
