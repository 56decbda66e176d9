package author

// policy writes the whole policy of a function as one resource, by hand, for some of the
// template's calls, sometimes with mistakes.
func (a *author) policy() {
	f := pick(a, a.functions)
	arn := any(att(f.id, "Arn"))
	if len(f.aliases) > 0 && a.chance(3) {
		arn = ref(pick(a, f.aliases).id)
	}
	var statements []any
	for range 1 + a.IntN(3) {
		s := object{"Effect": "Allow", "Principal": object{"Service": "apigateway.amazonaws.com"}, "Action": pick(a, []any{"lambda:InvokeFunction", "lambda:*", []any{"lambda:InvokeFunction"}}), "Resource": arn}
		if a.chance(6) {
			s["Effect"] = "Deny"
		}
		if a.chance(6) {
			s["Principal"] = pick(a, []any{"*", object{"AWS": "*"}, object{"Service": []any{"apigateway.amazonaws.com", "events.amazonaws.com"}}, object{"Service": "s3.amazonaws.com"}})
		}
		var sources []any
		for range 1 + a.IntN(3) {
			if len(a.calls) > 0 {
				c := pick(a, a.calls)
				api, _ := c.api.(object)["Ref"].(string)
				source := a.source(c, api)
				if when := a.exists[api]; when != "" {
					source = choose(when, source, "arn:aws:execute-api:us-east-1:111122223333:none/none")
				}
				sources = append(sources, source)
			}
		}
		condition := object{}
		if len(sources) > 0 {
			condition[pick(a, []string{"ArnLike", "ArnLike", "StringLike", "ArnEquals"})] = object{pick(a, []string{"aws:SourceArn", "AWS:SourceArn"}): sources}
		}
		if a.chance(5) {
			condition["StringEquals"] = object{"aws:SourceAccount": pick(a, []any{ref("AWS::AccountId"), "444455556666"})}
		}
		if len(condition) > 0 {
			s["Condition"] = condition
		}
		statements = append(statements, s)
	}
	a.add(a.id("Policy"), "AWS::Lambda::ResourcePolicy", object{"ResourceArn": arn, "PolicyDocument": object{"Version": "2012-10-17", "Statement": statements}}, f.condition)
}
