PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: all test lint bench docs fuzz mutants clean

# Install everything into $(VENV), then build examples/mlp.nn and write its source to mlp.py.
all: $(STAMP)
	$(BIN)/nndsl build examples/mlp.nn
	$(BIN)/nndsl codegen examples/mlp.nn -o mlp.py --force
	@echo "wrote mlp.py"

# torch first and pinned: nothing that comes later may pull another one.
$(STAMP): pyproject.toml requirements-dev.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "nndsl needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet -c requirements-dev.txt -e ".[dev]"
	touch $(STAMP)

# The linters run first and their verdict is kept, so that the tests' closing lines come last.
test: $(STAMP)
	@status=0; \
	$(BIN)/ruff check . || status=1; \
	$(BIN)/mypy --strict nndsl || status=1; \
	$(BIN)/python -W error -m pytest -W error -n 2 || status=$$?; \
	exit $$status

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/mypy --strict nndsl

# The reference of layers and functions, from their entries; the zoo's page, which proves each of
# its networks, and the page about printed source, which has it checked: some minutes.
docs: $(STAMP)
	$(BIN)/python -m nndsl.reference docs
	$(BIN)/python -m tests.zoo.page docs/zoo.md
	$(BIN)/python -m benchmarks.generated docs/generated.md

bench: $(STAMP)
	$(BIN)/python benchmarks/run.py

# Changed texts against what must hold for any text; says how many were tried and what was found.
SECONDS ?= 600
fuzz: $(STAMP)
	$(BIN)/python -m tests.fuzz.run --seconds $(SECONDS) --keep fuzz-found

# Changed lines of nndsl's own checks, some at random: how many the tests notice.
MUTANTS ?= 100
SEED ?= 1
mutants: $(STAMP)
	$(BIN)/python -m tests.fuzz.own_mutants --count $(MUTANTS) --seed $(SEED)

clean:
	rm -rf $(VENV) build dist mlp.py
