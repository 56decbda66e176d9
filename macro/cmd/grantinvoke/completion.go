package main

import (
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/report"
)

var completionCommand = subcommand{
	name:  "completion",
	args:  "SHELL",
	short: "print a completion script for bash, zsh or fish",
	long: `
Put the line into the shell's start-up file, or the script where the shell looks
for completions.`,
	examples: []example{
		{"bash, in ~/.bashrc: source <(grantinvoke completion bash)", "grantinvoke completion bash"},
		{"zsh, in ~/.zshrc after compinit: source <(grantinvoke completion zsh)", "grantinvoke completion zsh"},
		{"fish", "grantinvoke completion fish > grantinvoke.fish"},
	},
	make: func() task { return completion{} },
}

type completion struct{}

func (completion) flags(*flag.FlagSet) {}

func (completion) run(c Command, args []string) error {
	shells := map[string]func(io.Writer, []completable){"bash": bash, "zsh": zsh, "fish": fish}
	if len(args) != 1 || shells[args[0]] == nil {
		return usage("one of bash, zsh, fish", "name a shell")
	}
	shells[args[0]](c.Stdout, completables())
	return nil
}

// A completable is what a shell can complete of one subcommand.
type completable struct {
	name, short string
	flags       []completableFlag
	words       []string // arguments, where they are not files
	files       bool
}

type completableFlag struct {
	name, short string
	values      []string
	pairs       bool // the values are Name=Value
	file        bool // its value is a file
	bare        bool // it has no value
}

// completables reads the table of subcommands.
func completables() []completable {
	var out []completable
	for _, s := range subcommands() {
		c := completable{name: s.name, short: s.short, files: strings.HasPrefix(s.args, "TEMPLATE")}
		switch s.name {
		case docsCommand.name:
			for _, t := range tables() {
				c.words = append(c.words, t.name)
			}
		case completionCommand.name:
			c.words = []string{"bash", "zsh", "fish"}
		case explainCommand.name:
			c.words = explained()
		}
		fs := flag.NewFlagSet(s.name, flag.ContinueOnError)
		s.make().flags(fs)
		fs.VisitAll(func(f *flag.Flag) {
			text, _, _ := strings.Cut(f.Usage, "\n")
			text, _, _ = strings.Cut(text, ";")
			x := completableFlag{name: f.Name, short: strings.ReplaceAll(text, "`", ""), file: strings.Contains(f.Usage, "`FILE`")}
			if v, ok := f.Value.(*choice); ok {
				x.values = v.valid
			}
			if f.Name == "o" {
				x.values, x.pairs = report.OptionWords(), true
			}
			if b, ok := f.Value.(interface{ IsBoolFlag() bool }); ok {
				x.bare = b.IsBoolFlag()
			}
			c.flags = append(c.flags, x)
		})
		out = append(out, c)
	}
	return out
}

func bash(w io.Writer, all []completable) {
	var names []string
	for _, c := range all {
		names = append(names, c.name)
	}
	fmt.Fprintf(w, `_grantinvoke() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} name= words= files=
  # bash takes = for the end of a word: Name = Value are three
  if [ "$cur" = = ]; then cur= name=$prev prev=${COMP_WORDS[COMP_CWORD-2]}
  elif [ "$prev" = = ]; then name=${COMP_WORDS[COMP_CWORD-2]} prev=${COMP_WORDS[COMP_CWORD-3]}
  fi
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "%s" -- "$cur"))
    return
  fi
  case "${COMP_WORDS[1]} $prev" in
`, strings.Join(names, " "))
	for _, c := range all {
		for _, f := range c.flags {
			switch {
			case f.pairs:
				fmt.Fprintf(w, "    \"%s -%s\") words=\"%s\"\n      if [ -n \"$name\" ]; then\n        words=$(compgen -W \"$words\" -- \"$name=\")\n        COMPREPLY=($(compgen -W \"${words//$name=/}\" -- \"$cur\"))\n"+
					"      else\n        COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n      fi\n      return ;;\n", c.name, f.name, strings.Join(f.values, " "))
			case f.values != nil:
				fmt.Fprintf(w, "    \"%s -%s\") COMPREPLY=($(compgen -W \"%s\" -- \"$cur\")); return ;;\n", c.name, f.name, strings.Join(f.values, " "))
			case f.file:
				fmt.Fprintf(w, "    \"%s -%s\") COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n", c.name, f.name)
			case !f.bare:
				fmt.Fprintf(w, "    \"%s -%s\") return ;;\n", c.name, f.name)
			}
		}
	}
	fmt.Fprint(w, "  esac\n  case \"${COMP_WORDS[1]}\" in\n")
	for _, c := range all {
		options := append([]string{}, c.words...)
		for _, f := range c.flags {
			options = append(options, "-"+f.name)
		}
		files := ""
		if c.files {
			files = " files=-f"
		}
		fmt.Fprintf(w, "    %s) words=\"%s\"%s ;;\n", c.name, strings.Join(options, " "), files)
	}
	fmt.Fprint(w, `  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  case "$files$cur" in -f-?*|"$cur") ;; *) COMPREPLY+=($(compgen -f -- "$cur")) ;; esac
}
complete -o filenames -F _grantinvoke grantinvoke
`)
}

// quoteShell quotes a text for zsh and fish.
func quoteShell(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

func zsh(w io.Writer, all []completable) {
	fmt.Fprint(w, "#compdef grantinvoke\n_grantinvoke() {\n  local -a commands=(\n")
	for _, c := range all {
		fmt.Fprintf(w, "    %s\n", quoteShell(c.name+":"+c.short))
	}
	fmt.Fprint(w, "  )\n  if (( CURRENT == 2 )); then\n    _describe command commands\n    return\n  fi\n  local command=$words[2]\n  shift words; (( CURRENT-- ))\n  case $command in\n")
	for _, c := range all {
		fmt.Fprintf(w, "    %s) _arguments", c.name)
		for _, f := range c.flags {
			spec := "*-" + f.name + "[" + strings.NewReplacer("[", "(", "]", ")", ":", "").Replace(f.short) + "]"
			switch {
			case f.values != nil:
				spec += ":value:(" + strings.Join(f.values, " ") + ")"
			case f.file:
				spec += ":file:_files"
			case !f.bare:
				spec += ":value:"
			}
			fmt.Fprint(w, " "+quoteShell(spec))
		}
		switch {
		case c.words != nil:
			fmt.Fprint(w, " "+quoteShell("1:what:("+strings.Join(c.words, " ")+")"))
		case c.files:
			fmt.Fprint(w, " '*:template:_files'")
		}
		fmt.Fprintln(w, " ;;")
	}
	// A file that zsh loads for the first completion is run as the function.
	fmt.Fprint(w, "  esac\n}\nif [ \"$funcstack[1]\" = _grantinvoke ]; then\n  _grantinvoke \"$@\"\nelse\n  compdef _grantinvoke grantinvoke\nfi\n")
}

func fish(w io.Writer, all []completable) {
	fmt.Fprintln(w, "complete -c grantinvoke -f")
	for _, c := range all {
		fmt.Fprintf(w, "complete -c grantinvoke -n __fish_use_subcommand -a %s -d %s\n", c.name, quoteShell(c.short))
		seen := "-n '__fish_seen_subcommand_from " + c.name + "'"
		for _, f := range c.flags {
			line := "complete -c grantinvoke " + seen + " -o " + f.name + " -d " + quoteShell(f.short)
			switch {
			case f.values != nil:
				line += " -x -a " + quoteShell(strings.Join(f.values, " "))
			case f.file:
				line += " -r -F"
			case !f.bare:
				line += " -x"
			}
			fmt.Fprintln(w, line)
		}
		switch {
		case c.words != nil:
			fmt.Fprintf(w, "complete -c grantinvoke %s -a %s\n", seen, quoteShell(strings.Join(c.words, " ")))
		case c.files:
			fmt.Fprintf(w, "complete -c grantinvoke %s -F\n", seen)
		}
	}
}
