package author

// declareFunctions makes some functions, with aliases and versions.
func (a *author) declareFunctions() {
	for _, id := range []string{"Fn", "Other", "Third"}[:1+a.IntN(3)] {
		f := function{id: id}
		if id != "Fn" && a.chance(3) { // Fn is always there
			f.condition = pick(a, conditionNames)
		}
		p := object{"Runtime": "provided.al2023"}
		switch {
		case a.chance(5):
			f.name = "the-" + id
			p["FunctionName"] = f.name
		case a.chance(8):
			p["FunctionName"] = sub("${AWS::StackName}-" + id)
		case a.may("name-by-if", 12):
			p["FunctionName"] = choose(pick(a, conditionNames), "one-"+id, "two-"+id)
		}
		a.add(id, "AWS::Lambda::Function", p, f.condition)
		if a.chance(3) {
			f.aliases = append(f.aliases, a.alias(f, "live"))
			if a.chance(3) {
				f.aliases = append(f.aliases, a.alias(f, "dev"))
			}
		}
		if a.chance(6) {
			f.version = id + "Version"
			a.add(f.version, "AWS::Lambda::Version", object{"FunctionName": ref(id)}, f.condition)
		}
		a.functions = append(a.functions, f)
	}
}

func (a *author) alias(f function, name string) alias {
	x := alias{id: f.id + "Alias" + name, name: name, condition: f.condition}
	a.add(x.id, "AWS::Lambda::Alias", object{"FunctionName": pick(a, []any{ref(f.id), att(f.id, "Arn")}), "FunctionVersion": "1", "Name": name}, x.condition)
	return x
}

// A target is a way to name a function in a URI.
type target struct {
	text  string // for Fn::Sub
	value any    // the same as a value of its own; nil where there is none
	fn    string // logical id of the function, "" for one of elsewhere
	qual  string

	staged bool // it has a stage variable, whose value only API Gateway knows
}

// target names a function of the template, mostly.
func (a *author) target() target {
	f := pick(a, a.functions)
	switch a.IntN(16) {
	case 0:
		return target{text: "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${" + f.id + "}", fn: f.id}
	case 1:
		if f.name != "" {
			return target{text: "arn:aws:lambda:us-east-1:111122223333:function:" + f.name, fn: f.id}
		}
	case 2, 3:
		if len(f.aliases) > 0 {
			x := pick(a, f.aliases)
			return target{text: "${" + f.id + ".Arn}:" + x.name, fn: f.id, qual: x.name}
		}
	case 4, 5:
		if len(f.aliases) > 0 {
			x := pick(a, f.aliases)
			return target{text: "${" + x.id + "}", value: ref(x.id), fn: f.id, qual: x.name}
		}
	case 6:
		if f.version != "" {
			return target{text: "${" + f.version + "}", value: ref(f.version), fn: f.id, qual: "@" + f.version}
		}
	case 9:
		if a.chance(2) && !a.skip["stage-variable"] {
			return target{text: "${" + f.id + ".Arn}:${!stageVariables.alias}", fn: f.id, qual: "live", staged: true}
		}
	case 7:
		if a.chance(2) {
			return a.foreign()
		}
	case 8:
		if a.chance(3) {
			return a.mistaken(f)
		}
	}
	return target{text: "${" + f.id + ".Arn}", value: att(f.id, "Arn"), fn: f.id}
}

// foreign names a function that the template doesn't make.
func (a *author) foreign() target {
	switch a.IntN(8) {
	case 4:
		a.parameter("FnThere", []string{"arn:aws:lambda:eu-west-1:111122223333:function:there"})
		return target{text: "${FnThere}", value: ref("FnThere")}
	case 5:
		a.parameter("FnHidden", []string{"arn:aws:lambda:us-east-1:111122223333:function:hidden"})
		delete(a.t.Values, "FnHidden")
		a.t.Hidden["FnHidden"] = true
		return target{text: "${FnHidden}", value: ref("FnHidden")}
	case 6:
		a.mappings["Functions"] = object{}
		for _, env := range []string{"prod", "dev", "test"} {
			a.mappings["Functions"].(object)[env] = object{"Arn": "arn:aws:lambda:us-east-1:111122223333:function:of-" + env}
		}
		return target{value: object{"Fn::FindInMap": []any{"Functions", ref("Env"), "Arn"}}}
	case 0:
		return target{text: "arn:aws:lambda:us-east-1:111122223333:function:theirs"}
	case 1:
		return target{text: "arn:aws:lambda:us-east-1:444455556666:function:theirs"}
	case 2:
		return target{text: "arn:aws:lambda:eu-west-1:111122223333:function:theirs"}
	case 3:
		a.parameter("FnArn", []string{"arn:aws:lambda:us-east-1:111122223333:function:given"})
		return target{text: "${FnArn}", value: ref("FnArn")}
	}
	a.t.Imports["fn-arn"] = "arn:aws:lambda:us-east-1:111122223333:function:imported"
	return target{value: object{"Fn::ImportValue": "fn-arn"}}
}

// mistaken is a name with a mistake.
func (a *author) mistaken(f function) target {
	switch a.IntN(4) {
	case 0:
		return target{text: "${" + f.id + ".Arn}:$LATEST", fn: f.id}
	case 1:
		if !a.skip["text-is-no-reference"] {
			return target{text: "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:" + f.id}
		}
	case 2:
		if !a.skip["uri-malformed"] {
			return target{text: "arn:aws:lambda:us-east-1:111122223333:function:function:" + f.id}
		}
	}
	return target{text: "${" + f.id + ".Arn}:$LATEST", fn: f.id}
}

// where chooses by a condition between a function and another value, where the function
// may not exist.
func (a *author) where(t target, v any) any {
	if c := a.exists[t.fn]; c != "" {
		return choose(c, v, a.plainURI(target{text: "${Fn.Arn}"}))
	}
	return v
}

func (a *author) uri(t target) any { return a.where(t, a.plainURI(t)) }

// plainURI is the invocation URI of a target, in one of the ways people write it.
func (a *author) plainURI(t target) any {
	const before, after = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/", "/invocations"
	switch {
	case t.value != nil && (t.text == "" || a.chance(4)):
		return object{"Fn::Sub": []any{before + "${FunctionArn}" + after, object{"FunctionArn": t.value}}}
	case t.value != nil && a.chance(4):
		return object{"Fn::Join": []any{"", []any{"arn:", ref("AWS::Partition"), ":apigateway:", ref("AWS::Region"), ":lambda:path/2015-03-31/functions/", t.value, after}}}
	}
	return sub(before + t.text + after)
}

// bare is a function's ARN, which an HTTP API takes instead of a URI.
func (a *author) bare(t target) any {
	if t.value != nil && a.chance(2) {
		return a.where(t, t.value)
	}
	return a.uri(t)
}

// credentials sets credentials in some of the calls.
func (a *author) credentials(p object, name string) {
	switch a.IntN(14) {
	case 0:
		a.add("Role", "AWS::IAM::Role", object{"AssumeRolePolicyDocument": object{}}, "")
		p[name] = att("Role", "Arn")
	case 1:
		p[name] = noValue
	case 2:
		a.add("Role", "AWS::IAM::Role", object{"AssumeRolePolicyDocument": object{}}, "")
		p[name] = choose(pick(a, conditionNames), att("Role", "Arn"), noValue)
	case 3:
		p[name] = ""
	}
}
