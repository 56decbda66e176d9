package main

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/source"
)

// A samconfig is the configuration file of the SAM CLI, by environment and command
// (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html).
type samconfig map[string]any

// samOverrides returns the parameter values of one environment: those for sam deploy,
// or else those for all commands.
func (f samconfig) samOverrides(environment string) (map[string]string, error) {
	commands, ok := f[environment].(map[string]any)
	if !ok {
		names := slices.DeleteFunc(slices.Sorted(maps.Keys(f)), func(name string) bool { return name == "version" })
		return nil, finding.Errorf("", finding.Meant(environment, names, "-config-env takes one of "+strings.Join(names, ", ")), "has no environment %q", environment)
	}
	out := map[string]string{}
	for _, command := range []string{"global", "deploy"} {
		section, _ := commands[command].(map[string]any)
		parameters, _ := section["parameters"].(map[string]any)
		for name, v := range parameters {
			if strings.ReplaceAll(name, "-", "_") != "parameter_overrides" {
				continue
			}
			more, err := overrides(v)
			if err != nil {
				return nil, finding.Within(environment+"."+command+".parameters."+name, err)
			}
			out = more
		}
	}
	return out, nil
}

// overrides reads parameter_overrides: words in one text, a list of them, or a
// table.
func overrides(v any) (map[string]string, error) {
	out := map[string]string{}
	switch v := v.(type) {
	case string:
		return wordParams(v)
	case []any:
		for _, item := range v {
			text, ok := item.(string)
			if !ok {
				return nil, errors.New("wants texts Name=Value")
			}
			name, value, ok := strings.Cut(text, "=")
			if !ok || name == "" {
				return nil, errors.New("wants texts Name=Value")
			}
			if name == "ParameterKey" {
				more, err := wordParams(text)
				if err != nil {
					return nil, err
				}
				maps.Copy(out, more)
				continue
			}
			out[name] = value
		}
	case map[string]any:
		for name, value := range v {
			out[name] = fmt.Sprint(value)
		}
	default:
		return nil, errors.New("wants a text, a list of texts or a table")
	}
	return out, nil
}

// readTOML reads a samconfig.toml. No error holds a text of the file.
func readTOML(data []byte) (samconfig, error) {
	var f samconfig
	err := toml.Unmarshal(data, &f)
	var syntax toml.ParseError
	if errors.As(err, &syntax) {
		return nil, fmt.Errorf("line %d: no valid TOML", syntax.Position.Line)
	}
	if err != nil {
		return nil, errors.New("no valid TOML")
	}
	return f, nil
}

// readParamFile reads a file of parameter values: TOML or YAML as the SAM CLI has
// them, by the name, or else what readParams takes.
func readParamFile(name string, data []byte, environment string) (map[string]string, error) {
	data = source.Text(data) // PowerShell writes UTF-16
	switch strings.ToLower(filepath.Ext(name)) {
	case ".toml":
		f, err := readTOML(data)
		if err != nil {
			return nil, err
		}
		return f.samOverrides(environment)
	case ".yaml", ".yml":
		file, err := source.Read(name, data)
		if err != nil {
			return nil, errors.New("no YAML with values by name")
		}
		if f := samYAML(file.JSON()); f != nil {
			return f.samOverrides(environment)
		}
		return readParams(file.JSON())
	}
	return readParams(data)
}

// samYAML returns a samconfig.yaml, or nil for another file: like the TOML it has a
// version.
func samYAML(src []byte) samconfig {
	root, err := members(src)
	if err != nil || root["version"] == nil {
		return nil
	}
	f := samconfig{}
	for name, v := range root {
		f[name] = plain(v)
	}
	return f
}
