package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/account"
	"github.com/grantinvoke/grantinvoke/macro/internal/source"
	"github.com/grantinvoke/grantinvoke/macro/internal/update"
)

// deployed tells what check compares a template with: files as aws lambda get-policy
// prints them, or a stack to read, with AWS_PROFILE and half of each quota.
type deployed struct {
	files words
	stack string
}

func (d *deployed) flags(fs *flag.FlagSet) {
	fs.Var(&d.files, "live", "hold it against policies in a `FILE` or folder, or Id=FILE")
	fs.StringVar(&d.stack, "stack", "", "hold it against the deployed stack `NAME`")
}

func (d *deployed) given() bool { return len(d.files) > 0 || d.stack != "" }

// compare adds to the report of the one template what the update does to what is
// deployed. Nested templates are left out: they have stacks of their own.
func (d *deployed) compare(c Command, t *check, args int, all []*subject) error {
	if args != 1 || len(all) == 0 {
		return usage("a stack has one", "-live and -stack take one template")
	}
	s := all[0]
	if s.report.Result == nil || s.after == nil {
		return nil // the report says why
	}
	there, err := d.read(c, t.region)
	if err != nil {
		return err
	}
	there.Account, there.Region = t.account, t.region
	there.Own, there.Macro = map[string]bool{}, s.macro() || t.installed
	own, _ := members(lookup(s.expanded.JSON, "/Resources"))
	for id := range own {
		there.Own[id] = true
	}
	for _, g := range s.report.Result.Given {
		x := update.Given{By: g.By, IDPrefix: g.IDPrefix, Function: g.Target.Function, Qualifier: g.Target.QualifierText(), Principal: g.Service.Principal, Action: g.Access.Action(), Source: g.Source}
		if g.Origin != nil {
			x.Source = g.Service.SourceARN(g.Origin, g.Tail)
		}
		there.Given = append(there.Given, x)
	}
	values, _ := t.parameters(s.file.JSON(), s.given)
	policies, told, err := update.Compare(s.after, values, there)
	if err != nil {
		return unreadable(err)
	}
	s.report = s.report.WithLive(policies, told)
	return nil
}

// read reads the files, or the account.
func (d *deployed) read(c Command, region string) (update.Deployed, error) {
	if d.stack == "" {
		return d.readFiles(c)
	}
	if len(d.files) > 0 {
		return update.Deployed{}, usage("one of the two", "-live and -stack")
	}
	ask := accountFlags{stacks: words{d.stack}, region: region, share: 0.5}
	a, err := ask.read(c)
	if err != nil {
		return update.Deployed{}, err
	}
	for _, u := range a.Unread {
		fmt.Fprintf(c.Stderr, "grantinvoke: check: %s: %s; what depends on it is not told\n", u.What, u.Why)
	}
	out := update.Deployed{Stack: d.stack, Physical: map[string]string{}, Whole: map[string]string{}}
	for _, st := range a.Stacks {
		for _, r := range st.Resources {
			if st.Name == d.stack {
				out.Physical[r.ID] = r.Physical
			}
			if st.Name == d.stack && r.Type == "AWS::Lambda::ResourcePolicy" {
				out.Whole[r.ID] = r.Physical
			}
		}
	}
	for _, f := range a.Functions {
		out.Policies = append(out.Policies, livePolicies(f, out.Physical)...)
	}
	return out, nil
}

// livePolicies returns the policies of a function of the stack; none for another
// function.
func livePolicies(f account.Function, physical map[string]string) []update.Live {
	own := ""
	for id, name := range physical {
		if name == f.Name {
			own = id
		}
	}
	if own == "" || f.Gone {
		return nil
	}
	var out []update.Live
	for _, p := range f.Policies {
		out = append(out, update.Live{ARN: f.Arn(p.Qualifier), Function: own, Document: p.Document})
	}
	return out
}

var logicalForm = regexp.MustCompile(`^[A-Za-z0-9]+$`)

func (d *deployed) readFiles(c Command) (update.Deployed, error) {
	var out update.Deployed
	for _, arg := range d.files {
		function, name, named := strings.Cut(arg, "=")
		if _, err := os.Stat(arg); err == nil || !named || !logicalForm.MatchString(function) {
			function, name = "", arg
		}
		files, err := policyFiles(name)
		if err != nil {
			return out, err
		}
		for _, file := range files {
			data, err := c.read(file)
			if err != nil {
				return out, err
			}
			documents, err := policyDocuments(source.Text(data)) // PowerShell writes UTF-16
			if err != nil {
				return out, &exit{exitUnreadable, file + ": " + err.Error(), "aws lambda get-policy --function-name NAME > FILE writes one"}
			}
			for _, doc := range documents {
				arn := policyARN(doc)
				if arn == "" {
					return out, &exit{exitUnreadable, file + ": no statement names the function as its Resource", ""}
				}
				out.Policies = append(out.Policies, update.Live{ARN: arn, Function: function, Document: doc})
			}
		}
	}
	return out, nil
}

// policyFiles returns the file, or all *.json below the folder.
func policyFiles(name string) ([]string, error) {
	info, err := os.Stat(name)
	if name == "-" || err == nil && !info.IsDir() {
		return []string{name}, nil
	}
	if err != nil {
		return nil, &exit{exitUnreadable, reason(err), ""}
	}
	var out []string
	err = filepath.WalkDir(name, func(file string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && strings.EqualFold(filepath.Ext(file), ".json") {
			out = append(out, file)
		}
		return err
	})
	if err != nil {
		return nil, unreadable(err)
	}
	return out, nil
}

// policyDocuments returns the policies in a file: one or several, each as get-policy
// prints it, or the document itself.
func policyDocuments(data []byte) ([]string, error) {
	var out []string
	d := json.NewDecoder(bytes.NewReader(data))
	for {
		var raw json.RawMessage
		if err := d.Decode(&raw); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, errors.New("is no JSON")
		}
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) != nil {
			list = []json.RawMessage{raw}
		}
		for _, x := range list {
			var text string
			if json.Unmarshal(x, &text) == nil && text != "" { // of --query Policy
				x = json.RawMessage(text)
			}
			var answer struct {
				Policy    string
				Statement json.RawMessage
			}
			switch err := json.Unmarshal(x, &answer); {
			case err == nil && answer.Policy != "":
				out = append(out, answer.Policy)
			case err == nil && answer.Statement != nil:
				var b bytes.Buffer
				if err := json.Compact(&b, x); err != nil {
					return nil, err
				}
				out = append(out, b.String())
			default:
				return nil, errors.New("is no policy")
			}
		}
	}
	if len(out) == 0 {
		return nil, errors.New("is empty")
	}
	return out, nil
}

// policyARN returns the ARN of the function that a policy's statements name, or "".
func policyARN(document string) string {
	var doc struct{ Statement json.RawMessage }
	if json.Unmarshal([]byte(document), &doc) != nil {
		return ""
	}
	var list []struct{ Resource any }
	if json.Unmarshal(doc.Statement, &list) != nil {
		list = append(list, struct{ Resource any }{})
		if json.Unmarshal(doc.Statement, &list[0]) != nil {
			return ""
		}
	}
	for _, st := range list {
		resources, isList := st.Resource.([]any)
		if !isList {
			resources = []any{st.Resource}
		}
		for _, r := range resources {
			if arn, ok := r.(string); ok {
				if _, _, _, _, isFunction := account.Split(arn); isFunction && !strings.ContainsAny(arn, "*?") {
					return arn
				}
			}
		}
	}
	return ""
}
