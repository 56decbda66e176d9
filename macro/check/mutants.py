"""Mutants: changes of one place in the code that makes grants, after each of which
grants are wrong. mutation.py applies them."""
import collections

# A mutant: its name, the file below macro/internal, a text that occurs there once,
# what replaces it, and what is then broken.
Mutant = collections.namedtuple("Mutant", "name file old new breaks")

MUTANTS = [
    # Which calls are found.
    Mutant("no-authorizers", "service/apigateway/authorizer.go",
           'if !p.Get("AuthorizerUri").Exists() {', 'if p.Get("AuthorizerUri").Exists() {',
           "authorizer resources get no grant"),
    Mutant("no-definition-authorizers", "service/apigateway/openapi.go",
           'd.findAuthorizers(d.root.Path("components", "securitySchemes"))', "",
           "authorizers of an OpenAPI 3 definition get no grant"),
    Mutant("no-quick-create", "service/apigateway/quick_create.go",
           'if !p.Get("Target").Exists() {', 'if p.Get("Target").Exists() {',
           "the target of a quick-create API gets no grant"),
    Mutant("one-stage", "service/apigateway/stage_variable.go",
           "out = append(out, all...)", "out = all",
           "of the functions that a stage variable names, only the last stage's gets a grant"),

    # What a source ARN matches.
    Mutant("whole-api", "grant/need.go",
           "if o.Scope == option.API {", "if true {",
           "every permission is for the whole API"),
    Mutant("one-segment-wide", "service/apigateway/path.go",
           "pattern := starParameters(plain)", 'pattern := starParameters(plain)\n\t\tpattern = pattern[:strings.LastIndexByte(pattern, \'/\')+1] + "*"',
           "the last segment of a path is a wildcard"),
    Mutant("every-method", "service/apigateway/path.go",
           "\treturn m\n", '\treturn "*"\n',
           "a route's permission is for all methods of its path"),
    Mutant("any-as-verb", "service/apigateway/path.go",
           'return m\n\t}\n\treturn "*"', 'return m\n\t}\n\treturn "ANY"',
           "ANY stands in the source ARN, where no request has it"),
    Mutant("no-root-slash", "service/apigateway/path.go",
           "= routeOf(method, shortened(pattern), shown, plain)",
           '= routeOf(method, shortened(pattern), shown, plain)\n\t\tif pattern == "" {\n\t\t\tsrc.Route, src.AnyStage = template.Literal(method), template.Literal("*/"+method)\n\t\t}',
           "the root path lacks its slash"),
    Mutant("literal-parameters", "service/apigateway/path.go",
           "if strings.IndexByte(s, '{') < 0 {", "if true {",
           "path parameters stand in the source ARN as written"),
    Mutant("whole-api-for-keys", "service/apigateway/path.go",
           "return invoke.Source{Form: Key, Route: key, Label: key.String()}", "return invoke.Source{Form: invoke.AnyRoute, Label: key.String()}",
           "a WebSocket route's or $default's permission is for the whole API"),
    Mutant("every-api", "grant/want.go",
            "template.AppendSub(b, w.Call.Service.Origins.ARN, w.Call.Origin.Name, statement.Slash, w.Tail)", 'template.AppendSub(b, w.Call.Service.Origins.ARN, template.Literal("*"), statement.Slash, w.Tail)',
           "every API of the account may call"),
    Mutant("every-account", "invoke/source.go",
           '{Kind: template.Ref, Text: "AWS::AccountId"}', '{Kind: template.Lit, Text: "*"}',
           "every account may call"),
    Mutant("every-stage", "grant/need.go",
           "o.Stages == option.Declared", "false",
           "Stages: declared is ignored"),
    Mutant("no-fit", "grant/fit.go",
           "doc.fits = bytes <= doc.budget;", "doc.fits = bytes <= 100*doc.budget;",
           "a policy may have more bytes than Lambda takes"),

    # What else a permission says.
    Mutant("principal", "emit/permission.go",
           "return template.AppendQuote(b, c.Principal), true", 'return append(b, `"lambda.amazonaws.com"`...), true',
           "permissions are for another service"),
    Mutant("action", "emit/permission.go",
           "return template.AppendQuote(b, c.Access.Action()), true", 'return append(b, `"lambda:*"`...), true',
           "permissions allow more than to invoke"),
    Mutant("no-alias", "function/alias.go",
           'return template.Join(template.RefTo(function), template.Literal(":"+qualifier))', "return template.RefTo(function)",
           "the permission for an alias resource is on the function"),
    Mutant("no-qualifier", "function/alias.go",
           't.Name = template.Join(base, template.Literal(":"), q)\n\tif s.nameLength', "t.Name = base\n\tif s.nameLength",
           "the permission for a qualifier in the text is on the function"),
    Mutant("no-wait", "emit/permission.go",
           "']'), len(c.Target.DependsOn) > 0", "']'), false",
           "a permission does not wait for the alias that it names"),
    Mutant("no-condition", "grant/fit.go",
           "w.Condition = d.conds.Name(d.when(w))", 'w.Condition = ""',
           "permissions are made where their function is not"),
    Mutant("no-source-account", "grant/want.go",
           "SourceAccount: o.SourceAccount,", "SourceAccount: false,",
           "SourceAccount: true is ignored"),
    Mutant("unsteady-id", "emit/permission.go",
           "Target.Qualifier, w.Mark(), behind)", "Target.Qualifier, w.Caller, behind, strconv.Itoa(len(d.decisions)))",
           "a logical id depends on how many routes there are"),

    # Other services.
    Mutant("rule-by-name", "service/events.go",
           'Source: invoke.SourceARN{Exact: template.AttOf(r.ID, "Arn"),', 'Source: invoke.SourceARN{Exact: invoke.OwnARN("events", template.Literal("rule/"), template.RefTo(r.ID)),',
           "the source of a rule lacks its event bus"),
    Mutant("alarm-principal", "service/alarms.go",
           'Principal: "lambda.alarms.cloudwatch.amazonaws.com"', 'Principal: "cloudwatch.amazonaws.com"',
           "alarms are permitted under the name of the service that keeps them"),
    Mutant("no-order", "emit/order.go",
           "o.waits[r.ID] = append(o.waits[r.ID], id)", "_ = id",
           "the resources whose services try the permission don't wait for it"),
    Mutant("no-order-in-branch", "emit/order.go",
           "o.inside[v], found = append(o.inside[v], ref), true", '_, found = v, ref != ""',
           "a resource doesn't wait for a permission that exists under a condition alone"),

    # What is allowed already.
    Mutant("sam-repeated", "statement/statement.go",
           "for _, g := range given {", "for _, g := range given[:0] {",
           "what SAM is going to permit is permitted twice"),
    Mutant("given-repeated", "statement/statement.go",
           "for _, r := range permissions {", "for _, r := range permissions[:0] {",
           "what the template permits is permitted twice"),
    Mutant("credentials-ignored", "grant/judge.go",
           "case c.Identity == invoke.Role:", "case c.Identity == invoke.Role && o.Grant == option.None:",
           "a call with a role in its credentials gets a permission too"),

    # Roles.
    Mutant("http-credentials-misnamed", "service/apigateway/http_route.go",
           'Name: "CredentialsArn"', 'Name: "Credentials"',
           "the role of an HTTP API's integration stands where nobody reads it"),
    Mutant("definition-credentials-misnamed", "service/apigateway/openapi.go",
           'Holder: i, Name: "credentials"', 'Holder: i, Name: "credentialsArn"',
           "the role of a definition's integration stands where nobody reads it"),
    Mutant("role-resource", "emit/role_policy.go",
           """return append(append(append(b, '['), strings.Join(arns, ",")...), ']'), true""", 'return append(b, `"*"`...), true',
           "a role may invoke every function"),
    Mutant("role-action", "emit/role_policy.go",
           '"Action": "lambda:InvokeFunction", "Resource"', '"Action": "lambda:*", "Resource"',
           "a role may do everything with its functions"),
    Mutant("role-trust", "emit/role_policy.go",
           '"Principal": map[string]any{"Service": r.principal}', '"Principal": map[string]any{"Service": "lambda.amazonaws.com"}',
           "another service than API Gateway may assume a role"),
    Mutant("role-condition", "emit/role.go",
           "condition := d.conds.Name(r.when)", 'condition := ""',
           "roles are made where their functions are not"),
    Mutant("no-redeployment", "emit/role.go",
           "d.redeploy(changed)", "",
           "stages go on serving what was before the credentials"),
]

# Mutants that only steps can find that check more than grants: the installation, the
# harness that plays CloudFormation, what becomes of a deployed call.
WIDER = [
    Mutant("package-without-readme", "../../Makefile",
           "cp macro/docs/application.md dist/README.md", "true",
           "what make package leaves lacks a file that its template names"),
    Mutant("install-without-capability", "../../README.md",
           "--stack-name grantinvoke --capabilities CAPABILITY_IAM", "--stack-name grantinvoke",
           "a command of the README's installation does not work"),
    Mutant("nested-last", "testkit/cloudformation/stack.go",
           """	fragment, err := d.expand(object(without(top, "Transform")))
	if err != nil {
		return nil, err
	}
	for _, c := range transforms {
		if fragment, err = d.call(c, fragment, true); err != nil {
			return nil, err
		}
	}
""", """	fragment := object(without(top, "Transform"))
	for _, c := range transforms {
		if fragment, err = d.call(c, fragment, true); err != nil {
			return nil, err
		}
	}
	if fragment, err = d.expand(fragment); err != nil {
		return nil, err
	}
""", "the harness calls the list of transforms before those inside"),
    Mutant("list-backwards", "testkit/cloudformation/stack.go",
           "for _, c := range transforms {", "for i := range transforms {\n\t\tc := transforms[len(transforms)-1-i]",
           "the harness calls the list of transforms from its end"),
    Mutant("author-changed", "template/edit.go",
           "out = append(out, t.index.Slice(at, s.from)...)",
           'out = append(out, strings.ReplaceAll(string(t.index.Slice(at, s.from)), "invoked_function_arn", "function_name")...)',
           "what the author wrote comes back as something else"),
    Mutant("metadata-ignored", "option/level.go",
           'base.With(t.Section("Metadata").Get("GrantInvoke"), templatePlace)', 'base.With(t.Section("Metadata").Get("Nobody"), templatePlace)',
           "options in the template's Metadata are ignored"),
]

# For make check itself: each step that checks grants must fail on a mutant, and say
# what is wrong. A mutant, a step, and a regular expression for what the step must
# say. Names after a step are the clients that it runs.
FEW = [
    ("role-resource", "guard", "role_names_its_functions"),
    ("sam-repeated", "translator", "needless, before SAM"),
    ("whole-api", "oracle", "is broader than theirs"),
    ("no-root-slash", "oracle", "not granted: "),
    ("no-redeployment", "emulator", "serves what was before the credentials"),
    ("no-order", "emulator", "was begun before its permission was there|Access denied during lambda validation"),
    ("every-method", "clients osls", "allowed to another method"),
    ("metadata-ignored", "clients direct", "without a role"),
    ("package-without-readme", "clients aws", "'README.md'"),
    ("install-without-capability", "clients aws", "CAPABILITY_IAM"),
    ("nested-last", "clients include", "not allowed: "),
    ("list-backwards", "clients include", "include-loops"),
    ("author-changed", "clients aws", "not reached: "),
]
