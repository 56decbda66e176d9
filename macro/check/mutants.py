"""The grants as they would be if the code that makes them were wrong: a mutation
of one place of the source each. mutation.py applies them."""
import collections

# A mutant: its name, the file below macro/internal, the text that stands there
# once, what stands there instead, and what is broken then.
Mutant = collections.namedtuple("Mutant", "name file old new breaks")

MUTANTS = [
    # Which calls are found.
    Mutant("no-authorizers", "caller/authorizer.go",
           'if !p.Get("AuthorizerUri").Exists() {', 'if p.Get("AuthorizerUri").Exists() {',
           "authorizer resources get no grant"),
    Mutant("no-definition-authorizers", "caller/openapi.go",
           'd.findAuthorizers(d.root.Path("components", "securitySchemes"))', "",
           "authorizers of an OpenAPI 3 definition get no grant"),
    Mutant("no-quick-create", "caller/quick_create.go",
           'if !p.Get("Target").Exists() {', 'if p.Get("Target").Exists() {',
           "the target of a quick-create API gets no grant"),
    Mutant("one-stage", "caller/stage_variable.go",
           "out = append(out, all...)", "out = all",
           "of the functions that a stage variable names, only the last stage's gets a grant"),

    # What a source ARN matches.
    Mutant("whole-api", "grant/need.go",
           'if o.Scope == "api" {', "if true {",
           "every permission is for the whole API"),
    Mutant("one-segment-wide", "caller/path.go",
           "pattern := starParameters(plain)", 'pattern := starParameters(plain)\n\t\tpattern = pattern[:strings.LastIndexByte(pattern, \'/\')+1] + "*"',
           "the last segment of a path is a wildcard"),
    Mutant("every-method", "caller/path.go",
           "\treturn m\n", '\treturn "*"\n',
           "a route's permission is for all methods of its path"),
    Mutant("any-as-verb", "caller/path.go",
           'return m\n\t}\n\treturn "*"', 'return m\n\t}\n\treturn "ANY"',
           "ANY stands in the source ARN, where no request has it"),
    Mutant("no-root-slash", "caller/path.go",
           "= routeOf(method, shortened(pattern), shown, plain)",
           '= routeOf(method, shortened(pattern), shown, plain)\n\t\tif pattern == "" {\n\t\t\tsrc.Route, src.anyStage = template.Literal(method), template.Literal("*/"+method)\n\t\t}',
           "the root path lacks its slash"),
    Mutant("literal-parameters", "caller/path.go",
           "if strings.IndexByte(s, '{') < 0 {", "if true {",
           "path parameters stand in the source ARN as written"),
    Mutant("whole-api-for-keys", "caller/path.go",
           "return Source{Form: Key, Route: key, Label: key.String()}", "return Source{Form: Whole, Label: key.String()}",
           "a WebSocket route's or $default's permission is for the whole API"),
    Mutant("every-api", "grant/permission.go",
            "template.AppendSub(b, sourcePrefix, w.call.API.Name, slash, w.tail)", 'template.AppendSub(b, sourcePrefix, template.Literal("*"), slash, w.tail)',
           "every API of the account may call"),
    Mutant("every-account", "grant/permission.go",
           '{Kind: template.Ref, Text: "AWS::AccountId"}', '{Kind: template.Lit, Text: "*"}',
           "every account may call"),
    Mutant("every-stage", "grant/need.go",
           'o.Stages == "declared"', "false",
           "Stages: declared is ignored"),
    Mutant("no-fit", "grant/fit.go",
           "doc.fits = bytes <= doc.budget;", "doc.fits = bytes <= 100*doc.budget;",
           "a policy may have more bytes than Lambda takes"),

    # What else a permission says.
    Mutant("principal", "grant/permission.go",
           'Principal:                 blank("principal")', 'Principal:                 "lambda.amazonaws.com"',
           "permissions are for another service"),
    Mutant("action", "grant/permission.go",
           'Action:                    "lambda:InvokeFunction"', 'Action:                    "lambda:*"',
           "permissions allow more than to invoke"),
    Mutant("no-alias", "caller/alias.go",
           'return template.Join(template.RefTo(function), template.Literal(":"+qualifier))', "return template.RefTo(function)",
           "the permission for an alias resource is on the function"),
    Mutant("no-qualifier", "caller/alias.go",
           't.Name = template.Join(base, template.Literal(":"), q)\n\tif s.nameLength', "t.Name = base\n\tif s.nameLength",
           "the permission for a qualifier in the text is on the function"),
    Mutant("no-wait", "grant/permission.go",
           "depends: len(target.DependsOn) > 0", "depends: false",
           "a permission does not wait for the alias that it names"),
    Mutant("no-condition", "grant/fit.go",
           "w.condition = conds.name(d.when(w))", 'w.condition = ""',
           "permissions are made where their function is not"),
    Mutant("no-source-account", "grant/want.go",
           'w.whole, w.sourceAccount = o.Scope == "api", o.SourceAccount', 'w.whole, w.sourceAccount = o.Scope == "api", false',
           "SourceAccount: true is ignored"),
    Mutant("unsteady-id", "grant/permission.go",
           "Target.Qualifier, w.mark(), w.behind)", "Target.Qualifier, w.api, w.behind, strconv.Itoa(len(d.wants)))",
           "a logical id depends on how many routes there are"),

    # What is allowed already.
    Mutant("sam-repeated", "grant/statement.go",
           "for _, g := range given {", "for _, g := range given[:0] {",
           "what SAM is going to permit is permitted twice"),
    Mutant("given-repeated", "grant/statement.go",
           "for _, r := range permissions {", "for _, r := range permissions[:0] {",
           "what the template permits is permitted twice"),
    Mutant("credentials-ignored", "grant/grant.go",
           "case c.Identity == caller.Role:", "case c.Identity == caller.Role && o.Grant == \"none\":",
           "a call with a role in its credentials gets a permission too"),

    # Roles.
    Mutant("role-resource", "grant/role_policy.go",
           'return append(b, strings.Join(arns, ",")...)', 'return append(b, `"*"`...)',
           "a role may invoke every function"),
    Mutant("role-action", "grant/role_policy.go",
           '"Action": "lambda:InvokeFunction", "Resource"', '"Action": "lambda:*", "Resource"',
           "a role may do everything with its functions"),
    Mutant("role-trust", "grant/role_policy.go",
           '"Principal": map[string]any{"Service": r.principal}', '"Principal": map[string]any{"Service": "lambda.amazonaws.com"}',
           "another service than API Gateway may assume a role"),
    Mutant("role-condition", "grant/role.go",
           "condition := conds.name(r.when)", 'condition := ""',
           "roles are made where their functions are not"),
    Mutant("no-redeployment", "grant/role.go",
           "d.redeploy(changed)", "",
           "stages go on serving what was before the credentials"),
]

# What make check does itself: that each step which looks at grants can fail, and
# says what is wrong. A mutant, a step, and what that must say of it.
FEW = [
    ("role-resource", "guard", "role_names_its_functions"),
    ("sam-repeated", "translator", "needless, before SAM"),
    ("whole-api", "oracle", "is broader than theirs"),
    ("no-root-slash", "oracle", "not granted: "),
    ("no-redeployment", "emulator", "serves what was before the credentials"),
    ("every-method", "clients", "allowed to another method"),
]
