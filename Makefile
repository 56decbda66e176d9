# make help lists the targets. All but check, mutants and compare need only Go.

# The architecture is the template's, so that sam build makes an executable for
# the function that it deploys: an ARCH of the environment is ignored. make package
# ARCH=amd64 and make dist ARCH=amd64 write a template with the same architecture.
ARCH      := $(shell sed -n 's/^ *Architectures: \[\(.*\)\]$$/\1/p' template.yaml | sed 's/^x86_64$$/amd64/')
FUZZTIME  ?= 10m
FUZZJOBS  ?= 1
SOAK      ?= 100000
EVALUATE  ?= 100000
PLATFORMS ?= linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64

GO     := go
LAMBDA := CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=false -tags lambda.norpc -ldflags '-s -w'

.PHONY: all bench compare build bootstrap build-MacroFunction package dist demo docs test test-fast check vulns evaluate mutants fuzz soak clean help

all: build test

build: ## bin/grantinvoke: the local tool, for this machine
	$(GO) build -trimpath -o bin/grantinvoke ./macro/cmd/grantinvoke

bootstrap: ## bin/bootstrap: the Lambda executable, for this machine
	$(LAMBDA) -o bin/bootstrap ./macro

# The name is what sam build looks for: build-<logical id of the function>.
build-MacroFunction: ## $(ARTIFACTS_DIR)/bootstrap: the Lambda executable, for Lambda (ARCH=arm64|amd64)
	@test -n "$(ARTIFACTS_DIR)" || { echo 'make $@: set ARTIFACTS_DIR; hint: make package, or sam build' >&2; exit 2; }
	GOOS=linux GOARCH=$(ARCH) $(LAMBDA) -o "$(ARTIFACTS_DIR)/bootstrap" ./macro

# The template names the zip instead of the folder, and its architecture, so that
# it can be deployed without sam and without Go: aws cloudformation package, then
# deploy. Every other file that it names is copied beside it.
package: ## dist/grantinvoke-$(ARCH).zip, its template and what that names: for Lambda, the same bytes from every build
	@case "$(ARCH)" in arm64|amd64) ;; *) echo "make $@: there is no ARCH=$(ARCH) on Lambda; hint: arm64 or amd64" >&2; exit 2;; esac
	@$(MAKE) --no-print-directory build-MacroFunction ARTIFACTS_DIR=dist/$(ARCH)
	$(GO) run ./macro/cmd/archive -o dist/grantinvoke-$(ARCH).zip dist/$(ARCH)/bootstrap LICENSE
	cp LICENSE dist
	cp macro/docs/application.md dist/README.md
	sed -e 's/ReadmeUrl: .*$$/ReadmeUrl: README.md/' -e 's/CodeUri: dist\/.*$$/CodeUri: grantinvoke-$(ARCH).zip/' -e 's/Architectures: \[.*\]$$/Architectures: [$(ARCH:amd64=x86_64)]/' \
		-e '/^    Metadata:$$/d' -e '/BuildMethod: makefile/d' -e '/ProjectRootDirectory:/d' template.yaml > dist/template.yaml

dist: ## dist: what a release carries, the macro to install, the local tool for PLATFORMS, each with the licences of what it holds, checksums
	@rm -rf dist
	@$(MAKE) --no-print-directory package
	@mkdir dist/grantinvoke-macro
	@cd dist && cp LICENSE README.md template.yaml grantinvoke-$(ARCH).zip grantinvoke-macro && TZ=UTC touch -t 198001010000 grantinvoke-macro/* && \
		tar -cf - grantinvoke-macro/* | gzip -n > grantinvoke-macro-$(ARCH).tar.gz && rm -r grantinvoke-macro && echo dist/grantinvoke-macro-$(ARCH).tar.gz
	@for p in $(PLATFORMS); do \
		os=$${p%/*}; arch=$${p#*/}; exe=; kind=tar.gz; \
		test $$os != windows || { exe=.exe; kind=zip; }; \
		echo dist/grantinvoke-$$os-$$arch.$$kind; \
		CGO_ENABLED=0 GOOS=$$os GOARCH=$$arch $(GO) build -trimpath -ldflags '-s -w' -o bin/$$os-$$arch/grantinvoke$$exe ./macro/cmd/grantinvoke && \
		$(GO) run ./macro/cmd/archive -o dist/grantinvoke-$$os-$$arch.$$kind bin/$$os-$$arch/grantinvoke$$exe LICENSE README.md || exit 1; \
	done
	cd dist && { sha256sum grantinvoke-* template.yaml || shasum -a 256 grantinvoke-* template.yaml; } > SHA256SUMS

demo: bootstrap ## the Lambda executable at work on events/*.json (EVENTS=... for others)
	$(GO) run ./macro/cmd/demo -bootstrap bin/bootstrap $(or $(EVENTS),events/*.json)

docs: ## write the outputs, tables and pictures in README and macro/docs again
	UPDATE=1 $(GO) test -count 1 ./macro/docs ./macro/internal/testkit/house -run 'Readme|House'

# $(call step,NAME,COMMAND) runs a command and tells how long it took.
step = begin=$$(date +%s); { $(2); } || exit 1; printf '%s: %d s\n' '$(1)' $$(($$(date +%s) - begin))

test: ## format, vet, staticcheck, and every test: some minutes at first, seconds where nothing has changed since
	@echo 'make test: gofmt, go vet, staticcheck and every Go test; what has not changed since the last time is not run again'
	@$(call step,gofmt,unformatted=$$(gofmt -l macro); test -z "$$unformatted" || { echo "gofmt would change:" $$unformatted >&2; exit 1; })
	@$(call step,vet,$(GO) vet ./...)
	@$(call step,staticcheck,$(GO) tool staticcheck ./...)
	@$(call step,tests,$(GO) test -vet=off ./...)

test-fast: ## while you work: vet, and the tests of the rooms that a change touches, in short
	@$(call step,vet,$(GO) vet ./macro/internal/...)
	@$(call step,tests,$(GO) test -vet=off -short ./macro/internal/...)

check: build bootstrap ## what the tests cannot see from inside: macro/check
	@$(MAKE) --no-print-directory evaluate EVALUATE=20000
	RELEASE=1 $(GO) test -count 1 -run '^TestPack$$' ./macro/cmd/archive
	sh macro/check/run.sh

vulns: ## govulncheck: known vulnerabilities that the code reaches; its data comes from vuln.go.dev (GOVULNDB)
	$(GO) tool govulncheck ./...

evaluate: ## EVALUATE generated templates (100000): the answers are compared with those of a second implementation
	EVALUATE=$(EVALUATE) $(GO) test -count 1 -timeout 3h -run '^TestEvaluate' ./macro/internal/testkit/evaluator

mutants: ## grants broken on purpose, each in turn: the steps of check must find them all
	python3 -B macro/check/mutation.py

fuzz: ## every fuzz target for FUZZTIME each (10m, or 1000x for so many inputs), FUZZJOBS at a time
	@grep -r --include='*_test.go' -Eo '^func Fuzz[A-Za-z0-9_]+' macro | sort | sed 's|/[^/]*:func | |' | \
		xargs -P $(FUZZJOBS) -n 2 sh -c 'said=$$($(GO) test -run "^$$" -fuzz "^$$1\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 20x "./$$0" 2>&1 </dev/null) && \
		echo "$$0 $$1: $$(echo "$$said" | grep -o "execs: [0-9]*" | tail -1)" || { echo "$$0 $$1:"; echo "$$said"; exit 1; }'

soak: ## SOAK events through one process of the Lambda executable: no growth, no drift
	SOAK=$(SOAK) $(GO) test -count 1 -timeout 3h -v -run '^TestSoak$$' ./macro/internal/testkit/program

bench: ## what the macro costs: beside validation and maps, by steps, with growing templates, as a function
	$(GO) run ./macro/check/speed $(BENCHFLAGS)

compare: ## the macro beside macros in Python and the SAM translator (needs Python)
	python3 -B macro/check/speed/compare.py

clean: ## remove what the targets above have made
	rm -rf bin dist .aws-sam

help: ## this list
	@sed -n 's/^\([A-Za-z-]*\):[^#]*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r target text; do \
		printf '  %-20s  %s\n' "$$target" "$$text"; \
	done
