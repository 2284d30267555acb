# Kutip: `make` lists the targets. For GNU make 3.81 and newer; needs Python 3.11 or newer with venv.

PORT ?= 8000
DEMO ?= 1
PYTHON ?=
PYTEST_ARGS ?= -n auto --maxprocesses 4 --dist worksteal

B := .venv/bin
PIP := $(B)/python -m pip install -qq --no-input --disable-pip-version-check
WORDS := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))
CANDIDATES := $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11

.PHONY: help setup run test check bench judges browsers sql clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

setup: .venv/developing $(WORDS) ## install everything a developer needs
	@$(B)/python -m workbench.browser

run: .venv/running $(WORDS) ## run Kutip (PORT=8000 DEMO=1); Ctrl-C stops everything
	@exec $(B)/python -m workbench.local run --with-parent --port "$(PORT)" \
		$(if $(filter 0 no off false,$(DEMO)),--no-demo,--demo)

test: setup ## run all tests, on every core (or some: PYTEST_ARGS="-k spans -x")
	@$(B)/python -m pytest $(PYTEST_ARGS)
	@$(B)/python -m workbench.node --test tests/js/*.test.mjs

check: .venv/developing ## run every check but the tests, the fastest first
	@$(B)/python -m ruff format --check .
	@$(B)/python -m ruff check .
	@find templates annotations -name '*.html' -print0 | xargs -0 $(B)/djade --check --target-version 5.2
	@$(B)/python -m workbench.messages check
	@$(B)/lint-imports --no-logo
	@$(B)/python manage.py makemigrations --check --dry-run
	@$(B)/python -m workbench.typescript
	@$(B)/python -m mypy

bench: .venv/developing ## measure speed and memory
	@$(B)/python -m bench

judges: .venv/developing ## let spaCy, doccano, Label Studio and cassis read the exports (heavy)
	@$(B)/python -m judges

browsers: .venv/developing ## let Firefox and WebKit, those of the system, do a whole job
	@$(B)/python -m browsers

sql: .venv/running ## open psql in the database, as the owner of the tables
	@exec $(B)/python -m workbench.local sql

clean: ## remove what can be made again; the data in .local stay
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# The two sets of packages. Each is installed once, and again when its list has changed.
.venv/running: requirements.txt | .venv/bin/python
	@echo "Installing the packages that Kutip runs on (once) ..."
	@$(PIP) -r requirements.txt
	@touch .venv/running

.venv/developing: requirements-dev.txt requirements-parquet.txt .venv/running
	@echo "Installing the packages that check Kutip (once) ..."
	@$(PIP) -r requirements-dev.txt
	@touch .venv/developing

%.mo: %.po | .venv/running
	@$(B)/python -m workbench.messages compile
	@touch "$@"

.venv/bin/python:
	@for python in $(CANDIDATES); do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			"$$python" -c 'import ensurepip, venv' 2>/dev/null || { \
				echo "This Python cannot make virtual environments: install its venv module" \
					"(on Debian and Ubuntu: apt-get install python3-venv)."; exit 1; }; \
			exec "$$python" -m venv --clear .venv; \
		fi; \
	done; \
	echo "Kutip needs Python 3.11 or newer (on Debian and Ubuntu:" \
		"apt-get install python3 python3-venv)."; exit 1
