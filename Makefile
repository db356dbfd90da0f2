# Everything sets itself up: `make synth` and `make test` work right after the clone, with Python and nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# The CDK CLI asks the network for newer versions and notices, and sends telemetry, unless it is told not to.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export CDK_DISABLE_VERSION_CHECK := 1
export CDK_DISABLE_CLI_TELEMETRY := true
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 1
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV

.PHONY: help synth test lint format check lock benchmarks clean

help:  ## Show this help
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

synth: $(READY)  ## Synthesize the reference application into cdk.out and show what it made
	cdk synth --quiet --no-notices
	$(BIN)/python -m constructs_lattice.cli show cdk.out

test: $(READY)  ## Run all tests
	$(BIN)/python -m pytest -n auto --dist worksteal

lint: $(READY)  ## Check style, types and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(READY)  ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

check: lint test  ## Lint, then test

benchmarks: $(READY)  ## Measure, as ratios within this run
	$(BIN)/python -m benchmarks

lock: $(READY)  ## Resolve all dependencies anew into requirements.lock
	$(BIN)/python -m pip install --quiet "uv==0.13.9"
	$(BIN)/uv pip compile pyproject.toml --extra nag --group dev --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header --upgrade --output-file requirements.lock

clean:  ## Remove everything that was made here
	rm -rf $(VENV) cdk.out dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || \
		{ echo "Python's venv module is missing; on Debian: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
