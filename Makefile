# Each target is one line on a machine with git, make and Python 3.11; `make help` lists them.

SCENARIO ?= real_orders_november_2010
OUT ?= runs/$(SCENARIO)

# The first Python that is new enough and can make an environment; 3.11 is the one the pinned versions were tested with.
PYTHONS := python3.11 python3 python3.12 python3.13 python3.14
USABLE := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(firstword $(foreach python,$(PYTHONS),$(shell $(python) -c '$(USABLE)' 2>/dev/null && echo $(python))))

BIN := .venv/bin
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip -qq
INSTALL := $(PIP) install --no-compile --constraint constraints.txt
# What is used is compiled when it is first used, so it is used once: the fast engine takes longest.
WARM := env -u PYTHONDONTWRITEBYTECODE
RUN := .venv/installed-run
DEV := .venv/installed-dev
BENCH := .venv/installed-bench

.DEFAULT_GOAL := help
.PHONY: help run app test check bench pictures clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s  %s\n", $$1, $$2}' Makefile

run: $(RUN) ## simulate a month of real orders, and say where the charts are
	$(BIN)/importflow run $(SCENARIO) --out $(OUT)

app: $(RUN) ## open the planner's page in the browser
	$(BIN)/importflow app

test: $(DEV) ## run all tests
	$(BIN)/pytest --numprocesses auto --maxprocesses 8 --no-loadscope-reorder

check: $(DEV) ## look for faults without running: style, types, who imports whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest --quiet tests/test_imports.py

bench: $(BENCH) ## measure speed and memory beside a plain SimPy model of the same line
	$(BIN)/python benchmarks/bench.py

pictures: $(DEV) ## take the pictures of the docs from the running app (needs Chromium)
	$(BIN)/python -m tests.ui.make_pictures

clean: ## remove the environment and what tools have cached, but no results
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis

# Nothing is installed again before what is to be installed changes.
# The build backend comes from the same pins as all else, so that nothing is fetched behind their back.
$(RUN) $(DEV) $(BENCH): .venv/installed-%: pyproject.toml constraints.txt | $(BIN)/pip
	@echo 'Installing the versions in constraints.txt into .venv; the first time takes a minute or two.'
	@$(INSTALL) hatchling
	@$(INSTALL) --no-build-isolation --editable '.$(filter-out [run],[$*])'
	@$(WARM) $(BIN)/importflow run teaching_line --replications 2 >/dev/null
	@$(WARM) $(BIN)/python -c 'import streamlit.web.cli'
	@touch $@

$(BIN)/pip:
	@test -n '$(PYTHON)' || { echo 'importflow needs Python 3.11 or newer with its venv module (Debian: apt-get install python3-venv).' >&2; exit 1; }
	@$(PYTHON) -m venv .venv
