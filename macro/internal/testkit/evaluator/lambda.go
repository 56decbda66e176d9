package evaluator

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// What Lambda takes as FunctionName, and CloudFormation's limit of it
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html).
var functionName = regexp.MustCompile(`^(arn:(aws[a-zA-Z-]*)?:lambda:)?(([a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\d):)?((\d{12}):)?(function:)?([a-zA-Z0-9-_]{1,64})(:(\$LATEST|[a-zA-Z0-9-_]{1,128}))?$`)

const maxFunctionName = 140

var (
	sourceARN = regexp.MustCompile(`^arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:([a-z]{2}(-gov|-iso[a-z]?)?-[a-z]+-\d)?:(\d{12})?:(.*)$`)
	action    = regexp.MustCompile(`^(lambda:[*]|lambda:[a-zA-Z]+|[*])$`)
	account   = regexp.MustCompile(`^\d{12}$`)
)

// functionARN is the ARN, unqualified or not, of what Lambda understands as a
// function in the stack's account and Region.
func (d *Deployment) functionARN(name string) (string, bool) {
	m := functionName.FindStringSubmatch(plain(name))
	if m == nil || m[8] == "function" && m[9] != "" { // function: twice is a mistake, not a function of that name
		return "", false
	}
	region, owner, partition := m[4], m[6], m[2]
	if region == "" {
		region = d.Region
	}
	if owner == "" {
		owner = d.Account
	}
	if partition == "" {
		partition = d.Partition
	}
	return "arn:" + partition + ":lambda:" + region + ":" + owner + ":function:" + m[8] + m[9], true
}

// isOwn reports whether a function is in the stack's account and Region: only
// there can the stack change a policy.
func (d *Deployment) isOwn(arn string) bool {
	return strings.HasPrefix(arn, d.arn("lambda", "function:"))
}

func unqualified(arn string) (function, qualifier string) {
	parts := strings.SplitN(arn, ":", 8)
	if len(parts) == 8 {
		return strings.Join(parts[:7], ":"), parts[7]
	}
	return arn, ""
}

// makeFunctions notes which resource makes which function, alias and version.
func (d *Deployment) makeFunctions() {
	for _, id := range slices.Sorted(maps.Keys(d.raw)) {
		typ, _ := member(d.raw[id], "Type").(string)
		var (
			arn string
			err error
		)
		switch typ {
		case "AWS::Lambda::Function":
			arn, err = d.attribute(id + ".Arn")
		case "AWS::Lambda::Alias", "AWS::Lambda::Version":
			arn, err = d.ref(id)
		default:
			continue
		}
		if err != nil {
			d.refuse(id, err)
		} else if other, twice := d.functions[plain(arn)]; twice {
			d.refuse(id, fmt.Errorf("%s exists already, from %s", arn, other))
		} else {
			d.functions[plain(arn)] = id
		}
	}
}

// makePolicies adds the statements of permissions and of whole policies.
func (d *Deployment) makePolicies() {
	for _, kind := range []struct {
		typ string
		add func(string) error
	}{{"AWS::Lambda::ResourcePolicy", d.putPolicy}, {"AWS::Lambda::Permission", d.addPermission}} {
		for _, id := range slices.Sorted(maps.Keys(d.raw)) {
			if member(d.raw[id], "Type") != kind.typ {
				continue
			}
			if err := kind.add(id); err != nil {
				d.refuse(id, err)
			}
		}
	}
}

// target is the function that a permission or policy is for, checked as Lambda
// checks it.
func (d *Deployment) target(id, name string) (string, error) {
	arn, ok := d.functionARN(name)
	switch {
	case !ok:
		return "", fmt.Errorf("%q is not what Lambda takes as a function", plain(name))
	case len(plain(name)) > maxFunctionName:
		return "", fmt.Errorf("the function's name has more than %d characters", maxFunctionName)
	case !d.isOwn(arn):
		return "", fmt.Errorf("%s is in another account, Region or partition", arn)
	case strings.HasSuffix(arn, ":$LATEST"):
		return "", fmt.Errorf("there are no policies for $LATEST")
	}
	function, _ := unqualified(arn)
	for _, made := range []string{function, arn} {
		if maker, ok := d.functions[made]; ok && !d.after(id, maker) {
			d.Early[id] = fmt.Sprintf("%s may be made before %s, which makes %s", id, maker, made)
		}
	}
	return arn, nil
}

func (d *Deployment) addPermission(id string) error {
	p := d.properties[id]
	get := func(name string) string {
		s, _ := text(p[name])
		return plain(s)
	}
	name, _ := text(p["FunctionName"])
	arn, err := d.target(id, name)
	if err != nil {
		return err
	}
	if policy := d.whole[arn]; policy != "" {
		return fmt.Errorf("%s has a whole policy, %s, beside which no permission may be", arn, policy)
	}
	st := Statement{By: id, Effect: "Allow", Actions: []string{get("Action")}, Resources: []string{arn}}
	switch principal := get("Principal"); {
	case !action.MatchString(get("Action")):
		return fmt.Errorf("the Action %q", get("Action"))
	case principal == "" || strings.ContainsAny(principal, " \n\t"):
		return fmt.Errorf("the Principal %q", principal)
	case principal == "*":
		st.Everybody = true
	case strings.Contains(principal, ".") && !strings.HasPrefix(principal, "arn:"):
		st.Services = []string{principal}
	}
	if source, given := p["SourceArn"]; given {
		s, _ := text(source)
		if s = plain(s); !sourceARN.MatchString(s) || len(s) < 12 || len(s) > 1024 {
			return fmt.Errorf("SourceArn %q", s)
		}
		st.Conditions = append(st.Conditions, condition{"ArnLike", "aws:SourceArn", []string{s}})
	}
	if _, given := p["SourceAccount"]; given {
		if !account.MatchString(get("SourceAccount")) {
			return fmt.Errorf("SourceAccount %q", get("SourceAccount"))
		}
		st.Conditions = append(st.Conditions, condition{"StringEquals", "aws:SourceAccount", []string{get("SourceAccount")}})
	}
	for property, key := range map[string]string{"EventSourceToken": "lambda:EventSourceToken", "FunctionUrlAuthType": "lambda:FunctionUrlAuthType",
		"PrincipalOrgID": "aws:PrincipalOrgID", "InvokedViaFunctionUrl": "lambda:InvokedViaFunctionUrl"} {
		if v := get(property); v != "" && v != "false" {
			st.Conditions = append(st.Conditions, condition{"StringEquals", key, []string{v}})
		}
	}
	d.policies[arn] = append(d.policies[arn], st)
	return nil
}
