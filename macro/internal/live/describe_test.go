package live

import (
	"fmt"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/account"
)

// describe is an account as text, a line for each thing.
func describe(a account.Account) string {
	var b strings.Builder
	for _, f := range a.Functions {
		fmt.Fprintf(&b, "function %s", f.Name)
		if len(f.Aliases) > 0 {
			b.WriteString(" aliases")
			for _, x := range f.Aliases {
				b.WriteString(" " + x.Name)
			}
		}
		if len(f.Versions) > 0 {
			b.WriteString(" versions " + strings.Join(f.Versions, ","))
		}
		b.WriteString(" policies")
		for _, p := range f.Policies {
			fmt.Fprintf(&b, " %q", p.Qualifier)
		}
		b.WriteString("\n")
	}
	for _, x := range a.APIs {
		fmt.Fprintf(&b, "api %s %s %s\n", x.ID, x.Protocol, x.Name)
		parts(&b, "  ", x.Routes, x.Authorizers)
		for _, st := range x.Stages {
			b.WriteString("  stage " + st.Name)
			if st.Unread != "" {
				b.WriteString(" (" + st.Unread + ")")
			}
			b.WriteString("\n")
			parts(&b, "    ", st.Routes, st.Authorizers)
		}
	}
	for _, r := range a.Roles {
		fmt.Fprintf(&b, "role %s %v\n", r.ARN, r.Allows)
	}
	for _, st := range a.Stacks {
		b.WriteString("stack " + st.Name)
		for _, r := range st.Resources {
			b.WriteString(" " + r.ID)
		}
		b.WriteString("\n")
	}
	for _, o := range a.Origins {
		if o.Gone {
			fmt.Fprintf(&b, "origin %s gone\n", o.ARN)
		} else {
			fmt.Fprintf(&b, "origin %s %v\n", o.ARN, o.Targets)
		}
	}
	return b.String()
}

func parts(b *strings.Builder, indent string, routes []account.Route, authorizers []account.Authorizer) {
	short := strings.NewReplacer("arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:", "URI(", "/invocations", ")")
	for _, r := range routes {
		line := indent + "route " + r.Key
		if r.URI != "" {
			line += " " + short.Replace(r.URI)
		}
		if r.Credentials != "" {
			line += " as " + r.Credentials
		}
		if r.Authorizer != "" {
			line += " by " + r.Authorizer
		}
		b.WriteString(line + "\n")
	}
	for _, a := range authorizers {
		fmt.Fprintf(b, "%sauthorizer %s %s %s\n", indent, a.ID, a.Name, short.Replace(a.URI))
	}
}

// summary names what has been read.
func summary(a account.Account) string {
	out := "functions"
	for _, f := range a.Functions {
		out += " " + f.Name
		if f.Gone {
			out += "(gone)"
		}
	}
	out += "; apis"
	for _, x := range a.APIs {
		out += " " + x.ID
		if x.Asked {
			out += "*"
		}
		if x.Gone {
			out += "(gone)"
		}
	}
	return out
}
