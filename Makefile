# FinScribe Smart Scan. `make help` lists what there is.

SHELL := /bin/bash
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
SETUP := $(VENV)/.setup

# Byte code is compiled at the end of the set-up, on all cores: pip uses one and doubles the time.
INSTALL := $(PIP) install --no-compile -c requirements/constraints.txt

# The first Python from 3.11 to 3.13 found; choose another with PYTHON=python3.12.
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(shell for python in python3 python3.11 python3.12 python3.13; do \
	$$python -c '$(SUPPORTED)' 2>/dev/null && echo $$python && break; done)
APT := On Debian or Ubuntu: sudo apt install python3 python3-venv

# Where `make serve` listens.
PORT ?= 8000

# The index that PyTorch comes from, where it isn't pip's own: that of the CPU builds, say.
TORCH_INDEX ?=

# With an NVIDIA GPU, Unsloth comes with all that it asks for; without, as its CPU backend (on Linux).
GPU := $(shell nvidia-smi -L 2>/dev/null)
UNSLOTH_CPU := $(if $(GPU),,$(filter Linux,$(shell uname -s)))
EXTRAS := train,prepare,synthesis,web,scale,dev
ifneq ($(GPU),)
EXTRAS := $(EXTRAS),unsloth
endif

# The tests and the demo work without a network, and Unsloth shall not report that it was used.
OFFLINE := HF_HUB_OFFLINE=1 UNSLOTH_DISABLE_STATISTICS=1

# What the tests need besides is skipped with a reason where it is missing: a GPU, a browser, PostgreSQL.
PYTEST = $(OFFLINE) $(if $(PROFILE),HYPOTHESIS_PROFILE=$(PROFILE)) $(BIN)/python -m pytest \
	$(if $(PROFILE),--timeout 0)
NOT_GPU := $(if $(GPU),,and not gpu)

# One process a core, up to 8, as each loads PyTorch, and whole files, whose fixtures are then made once. Each has one
# thread: those of several processes on the same cores wait for one another, and small models take ten times as long.
SIDE_BY_SIDE = OMP_NUM_THREADS=1 $(PYTEST) -n auto --maxprocesses 8 --dist loadfile

# Strictly: a page that is not in the navigation, or a link to nothing, fails.
SITE = NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

.PHONY: help setup demo learn loop test test-e2e check docs format serve clean

help:  ## List the targets
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(SETUP)  ## Install everything into .venv

demo: $(SETUP)  ## Install, then read the sample documents
	$(OFFLINE) $(BIN)/finscribe extract docs/samples/*

learn: $(SETUP)  ## Install, then show that fine-tuning on new layouts makes the starter better
	$(OFFLINE) $(BIN)/python benchmarks/learn.py

loop: $(SETUP)  ## Install, then go once around: read, correct, prepare, fine-tune, evaluate, promote, read again
	$(OFFLINE) $(BIN)/python benchmarks/loop.py

test: $(SETUP)  ## Install, then run the tests; ARGS="tests/decoding -k draft" some, PROFILE=thorough more examples
	$(SIDE_BY_SIDE) -m "not e2e $(NOT_GPU)" $(ARGS)

test-e2e: $(SETUP)  ## Install, then run those with real models, processes, browsers and faults; ARGS as above
	$(PYTEST) -m "e2e $(NOT_GPU)" $(ARGS)

check: $(SETUP)  ## Lint, formatting, types, import directions, docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/check.py
	$(SITE)

docs: $(SETUP)  ## Write what the code knows best into docs/, and build the site into site/
	$(BIN)/python docs/commands.py
	$(SITE)

format: $(SETUP)  ## Put the code into the form that check asks for
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

serve: $(SETUP)  ## Serve the HTTP application on http://127.0.0.1:8000, or on another PORT
	$(BIN)/uvicorn app.main:app --host 127.0.0.1 --port $(PORT)

clean:  ## Remove .venv, caches and builds; data, models and scores stay
	rm -rf $(VENV) build dist site *.egg-info unsloth_compiled_cache
	rm -rf .cache .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "There is no Python from 3.11 to 3.13. $(APT)" >&2; exit 1; }
	@$(PYTHON) -c '$(SUPPORTED)' || { echo "$(PYTHON) is not a Python from 3.11 to 3.13." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) has no venv. $(APT)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(SETUP): pyproject.toml requirements/constraints.txt requirements/unsloth-cpu.txt | $(BIN)/python
	@echo "Installing into $(VENV): 2 GB, several more with the CUDA build of PyTorch (CONTRIBUTING.md: how to choose)."
	$(if $(TORCH_INDEX),$(INSTALL) --no-deps --index-url $(TORCH_INDEX) torch)
	$(INSTALL) -e '.[$(EXTRAS)]'
	$(if $(UNSLOTH_CPU),$(INSTALL) --no-deps -r requirements/unsloth-cpu.txt)
	@$(BIN)/python -m compileall -qq -j 0 $(VENV)/lib || true  # some packages ship files that no Python compiles
	@touch $@
