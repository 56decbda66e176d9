package audit

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// prelude begins both scripts: the account and Region, and what every later
// command needs.
const prelude = `set -eu
region=%s account=%s
aws() { command aws --region "$region" "$@"; }
stop() { echo "stopped: $*" >&2; exit 1; }
[ "$(aws sts get-caller-identity --query Account --output text)" = "$account" ] || stop "these are credentials of another account than $account"
`

// head has the other functions of the plan's script: the policy is saved and
// compared with the audited one first, and counted after each step.
const head = `saved=${1:-policies-before}
mkdir -p "$saved"
policy() { aws lambda get-policy --function-name "$function" ${qualifier:+--qualifier "$qualifier"} --output text --query "$1"; }
# begin FUNCTION QUALIFIER REVISION: the policy has to be the audited one, and is saved
begin() {
  function=$1 qualifier=$2 revision=$3
  if [ -z "$revision" ]; then
    ! policy RevisionId >/dev/null 2>&1 || stop "$function has a policy now; audit again"
    return
  fi
  [ "$(policy RevisionId)" = "$revision" ] || stop "the policy of $function${qualifier:+:$qualifier} has changed since the audit; audit again"
  policy Policy >"$saved/$function${qualifier:+.$qualifier}.json"
}
# left N: so many statements must be there now; the next step is about this revision
left() {
  if [ "$1" = 0 ]; then revision=; return; fi
  revision=$(policy RevisionId)
  [ "$(policy Policy | grep -o '"Effect":' | wc -l)" -eq "$1" ] || stop "somebody else has changed the policy of $function${qualifier:+:$qualifier}; audit again"
}
# add N SID PRINCIPAL SOURCE ACCOUNT
add() {
  aws lambda add-permission --function-name "$function" ${qualifier:+--qualifier "$qualifier"} ${revision:+--revision-id "$revision"} \
    --statement-id "$2" --action lambda:InvokeFunction --principal "$3" ${4:+--source-arn "$4"} ${5:+--source-account "$5"} >/dev/null
  left "$1"
}
# remove N SID
remove() {
  aws lambda remove-permission --function-name "$function" ${qualifier:+--qualifier "$qualifier"} --revision-id "$revision" --statement-id "$2"
  left "$1"
}
`

// back has the other functions of the script that takes the plan back: what is
// there already, or gone already, is no error.
const back = `begin() { function=$1 qualifier=$2; }
add() {
  if ! said=$(aws lambda add-permission --function-name "$function" ${qualifier:+--qualifier "$qualifier"} \
    --statement-id "$1" --action "$2" --principal "$3" ${4:+--source-arn "$4"} ${5:+--source-account "$5"} 2>&1); then
    case $said in *ResourceConflictException*) ;; *) stop "$said";; esac
  fi
}
remove() {
  if ! said=$(aws lambda remove-permission --function-name "$function" ${qualifier:+--qualifier "$qualifier"} --statement-id "$1" 2>&1); then
    case $said in *ResourceNotFoundException*) ;; *) stop "$said";; esac
  fi
}
`

// Script writes the plan as a shell script of aws lambda commands. undo is the
// name of the script that [Plan.Undo] writes, for a comment.
func (p Plan) Script(w io.Writer, undo string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "#!/bin/sh\n# What grantinvoke audit would change in account %s, %s, as it was at %s.\n", p.Account.ID, p.Account.Region, p.Account.Taken)
	b.WriteString("# Read it, then run it. Each policy is saved first; it stops at the first surprise.\n")
	fmt.Fprintf(&b, "# %s takes it back.\n", oneLine(undo))
	for _, t := range p.NotDone {
		fmt.Fprintf(&b, "# not done: %s\n", oneLine(t))
	}
	fmt.Fprintf(&b, prelude, quote(p.Account.Region), quote(p.Account.ID))
	b.WriteString(head)
	for _, t := range p.Targets {
		fmt.Fprintf(&b, "\n# %s: %d bytes become %d\nbegin %s %s %s\n", oneLine(short(t.ARN)), t.Before, t.After, quote(t.Name), quote(t.Qualifier), quote(t.Revision))
		for _, s := range t.Steps {
			fmt.Fprintf(&b, "# %s\n", oneLine(s.Why))
			if s.Add {
				fmt.Fprintf(&b, "add %d %s\n", s.Left, quoteAll(s.Sid, s.Principal, s.Source, s.Account))
			} else {
				fmt.Fprintf(&b, "remove %d %s\n", s.Left, quoteAll(s.Sid))
			}
		}
	}
	b.WriteString("\necho done\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// Undo writes a shell script that takes the plan back, whether all of its script
// has run or only a part.
func (p Plan) Undo(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "#!/bin/sh\n# Takes back what the plan for account %s, %s, of %s has changed, or a part of that.\n", p.Account.ID, p.Account.Region, p.Account.Taken)
	fmt.Fprintf(&b, prelude, quote(p.Account.Region), quote(p.Account.ID))
	b.WriteString(back)
	for _, t := range slices.Backward(p.Targets) {
		fmt.Fprintf(&b, "\nbegin %s %s\n", quote(t.Name), quote(t.Qualifier))
		for _, s := range slices.Backward(t.Steps) {
			if s.Add {
				fmt.Fprintf(&b, "remove %s\n", quoteAll(s.Sid))
			} else {
				fmt.Fprintf(&b, "add %s\n", quoteAll(s.Sid, s.Action, s.Principal, s.Source, s.Account))
			}
		}
	}
	b.WriteString("\necho undone\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// quote returns any text as one word for the shell.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// quoteAll quotes each of the words, and leaves out empty ones at the end.
func quoteAll(words ...string) string {
	for len(words) > 1 && words[len(words)-1] == "" {
		words = words[:len(words)-1]
	}
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = quote(w)
	}
	return strings.Join(quoted, " ")
}

// oneLine makes one line of a text, so that it can't end the comment it is in.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
