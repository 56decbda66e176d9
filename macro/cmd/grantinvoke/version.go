package main

import (
	"flag"
	"fmt"
	"runtime"
	"runtime/debug"
)

var versionCommand = subcommand{
	name:     "version",
	short:    "say which version this is",
	examples: []example{{"for a bug report", "grantinvoke version"}},
	make:     func() task { return showVersion{} },
}

// A build is what the executable knows about itself.
type build struct{ tool, commit, goVersion string }

func version() build {
	b := build{tool: "devel", goVersion: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		b.tool = v
	}
	modified := ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			b.commit = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			modified = ", modified"
		}
	}
	if b.commit != "" {
		b.commit += modified
	}
	return b
}

type showVersion struct{}

func (showVersion) flags(*flag.FlagSet) {}

func (showVersion) run(c Command, args []string) error {
	if len(args) > 0 {
		return usage("", "takes no arguments")
	}
	b := version()
	line := "grantinvoke " + b.tool
	if b.commit != "" {
		line += " (" + b.commit + ")"
	}
	fmt.Fprintf(c.Stdout, "%s %s %s/%s\n", line, b.goVersion, runtime.GOOS, runtime.GOARCH)
	return nil
}
