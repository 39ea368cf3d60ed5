GINKGO = go run github.com/onsi/ginkgo/v2/ginkgo
STATICCHECK = go run honnef.co/go/tools/cmd/staticcheck@v0.8.2

.PHONY: help setup servers denials rules demo test unit specs suites specs-headless-shell lint bench

help:            ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 24

setup:           ## install what is missing: a browser, Node.js, nginx, Express
	@scripts/setup.sh

servers: setup   ## install the real servers; what cannot be is named, and skipped by the specs
	@failed=""; for s in scripts/install-*.sh; do $$s || { [ $$? = 3 ] || failed="$$failed $$s"; }; done; \
	 test -z "$$failed" || { echo "could not run:$$failed" >&2; exit 1; }

denials:         ## ask each server what its answers look like, and write the tables of servers/README.md
	go run ./servers/cmd/denials

rules: setup     ## run the cases of all rules of diagnosis, and write their examples and harness/diagnose/README.md
	go test ./specs -ginkgo.label-filter=rules -update
	go test ./harness/diagnose/cases -update

demo: setup      ## works in Postman, fails in the browser: reproduce it and fix it
	@go run ./harness/cmd/demo

test: setup      ## everything; the real servers are installed first, and what cannot be is skipped by name
	@$(MAKE) -s servers || echo "test: some servers are missing; their specs are skipped" >&2
	@$(MAKE) unit specs suites specs-headless-shell

unit:            ## all packages, with the race detector
	go test -race -timeout 20m ./harness/... ./servers/... ./fixtures/...

suites:          ## the suites of all servers under test that are installed here
	@go run ./harness/cmd/corsproof run --skip-missing fixtures/suites/*.yaml

specs:           ## the suites about CORS, in the browser that users run
	$(GINKGO) -p --timeout 40m ./specs/...

specs-headless-shell: ## the same in headless-shell, where there is one; servers' fixes, which no browser changes, are left out
	@scripts/with-headless-shell.sh $(GINKGO) -p --timeout 40m --label-filter '!fixes' ./specs/...

lint:            ## gofmt, go vet, staticcheck, tidy
	@test -z "$$(gofmt -l .)" || { gofmt -l .; exit 1; }
	go vet ./...
	$(STATICCHECK) ./...
	go mod tidy -diff
	cd servers/gomw/app && go vet ./... && go mod tidy -diff

bench: setup     ## what corsproof costs, one line a figure (ARGS="-only engine-vs-bare", "-quick")
	@scripts/bench.sh $(ARGS)
