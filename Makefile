# A fresh machine with Python 3.11 or newer needs nothing else:
#   make demo   sets everything up and runs the main job on the built-in cohort
#   make test   sets everything up and runs the tests
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test lint bench simulation published format lock clean

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "radbench needs Python 3.11 or newer: make PYTHON=python3.12 ..."; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/python -m uv pip sync --quiet --python $(BIN)/python requirements.lock
	$(BIN)/python -m uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	touch $(READY)

demo: $(READY)
	$(BIN)/radbench simulate results/demo/data
	$(BIN)/radbench run results/demo/data/experiment.yaml --output results/demo

test: $(READY)
	$(BIN)/python -m pytest -n auto

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(READY)
	for script in $(filter-out benchmarks/type_one_error.py,$(wildcard benchmarks/*.py)); do \
	  echo "== $$script"; $(BIN)/python $$script || exit 1; done

# Takes a quarter of an hour and writes the figures of docs/size-and-coverage.md
simulation: $(READY)
	$(BIN)/python benchmarks/type_one_error.py

# Every published pipeline on a small simulated cohort of its shape
published: $(READY)
	$(BIN)/radbench published run all --small --output results/published

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The lock holds versions and hashes, and no address: any mirror of the package index will do.
lock: $(READY)
	$(BIN)/python -m uv pip compile --quiet --universal --upgrade --generate-hashes --no-emit-index-url --no-header \
	  --extra dev pyproject.toml --output-file requirements.lock

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache build dist *.egg-info
