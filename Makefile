# Everything that is done with this project, by name; `make` alone lists it.
#
# The stamps in .venv make a second run start at once and install anew when pyproject.toml changes.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

WORKERS ?= 2
ARGS ?=
BIN := .venv/bin
RUN := $(BIN)/python -m
PYTEST := $(RUN) pytest -n $(WORKERS)
EXAMPLE := examples/own_queries
OWN := --queries $(EXAMPLE)/queries --dto examples.own_queries.dtos --migrations $(EXAMPLE)/migrations

# An environment of another folder (a copied or moved clone) does not count as installed.
ifneq ($(shell cat .venv/.lumia-place 2>/dev/null),$(CURDIR))
.PHONY: .venv/.lumia-demo .venv/.lumia-dev
endif

.venv/.lumia-demo: pyproject.toml tools/venv
	@PYTHON="$(PYTHON)" tools/venv cli,seed $@

.venv/.lumia-dev: pyproject.toml tools/venv
	@PYTHON="$(PYTHON)" tools/venv dev $@

##@ See it

.PHONY: help
help: ## list the targets
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile
	@printf '\nPYTHON=... chooses the interpreter (>= 3.11), WORKERS=... how many tests run at once, ARGS=... goes to the tool.\n'

.PHONY: demo
demo: .venv/.lumia-demo ## set up .venv and show a shop's day on an embedded SQLite file (under a minute)
	@$(BIN)/lumia demo $(ARGS)

##@ Test it

.PHONY: test
test: .venv/.lumia-dev ## all tests on both engines; brings its own PostgreSQL
	@$(PYTEST) $(ARGS)

.PHONY: check
check: lint types sql-check docs bench-quick test ## lint, types, SQL checks, generated docs, a trial of the benchmarks, tests: what .ci/run calls

.PHONY: lint
lint: .venv/.lumia-dev ## ruff: rules and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

.PHONY: types
types: .venv/.lumia-dev ## mypy --strict, and pyright strict for the library
	@$(BIN)/mypy
	@PYRIGHT_PYTHON_IGNORE_WARNINGS=1 $(BIN)/pyright --pythonpath $(BIN)/python

.PHONY: sql
sql: .venv/.lumia-dev ## prove every query on both live engines, and write its contract and typed protocols
	@$(BIN)/lumia sql check --write $(ARGS)
	@$(BIN)/lumia sql check --write $(OWN)

.PHONY: sql-check
sql-check: .venv/.lumia-dev ## the same proof, and nothing written: fails when contract or protocols are stale
	@$(BIN)/lumia sql check $(ARGS)
	@$(BIN)/lumia sql check $(OWN)
	@$(BIN)/lumia sql check --offline

.PHONY: docs
docs: .venv/.lumia-dev ## the generated parts of the docs are fresh
	@$(BIN)/python tools/gen_docs.py --check
	@$(BIN)/python tools/gen_reference.py --check
	@$(BIN)/python tools/gen_mistakes.py --check
	@$(BIN)/python tools/gen_life.py --check

.PHONY: soak
soak: .venv/.lumia-dev ## the property tests with many more, random examples, and every fault at every method
	@$(PYTEST) --hypothesis-profile=soak tests/properties tests/faults $(ARGS)

##@ Measure it

.PHONY: bench
bench: .venv/.lumia-dev ## ratios to the bare driver and to SQLAlchemy's ORM, equal results asserted first
	@$(RUN) benchmarks $(ARGS)

.PHONY: bench-quick
bench-quick: .venv/.lumia-dev ## every benchmark once, with little data: proves that they work
	@$(RUN) pytest benchmarks --benchmark-disable -q
	@$(RUN) benchmarks --quick

.PHONY: bench-detail
bench-detail: .venv/.lumia-dev ## every variant's own statistics by pytest-benchmark; ARGS=--benchmark-save=NAME keeps them
	@$(RUN) pytest benchmarks --benchmark-only --benchmark-group-by=group --benchmark-columns=median,iqr,rounds $(ARGS)

.PHONY: bench-import
bench-import: .venv/.lumia-dev ## the import beside the engines' own tools
	@$(RUN) benchmarks.import_lines $(ARGS)

##@ Change it

.PHONY: fmt
fmt: .venv/.lumia-dev ## format, apply safe fixes, write the generated docs
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(BIN)/python tools/gen_docs.py
	@$(BIN)/python tools/gen_reference.py
	@$(BIN)/python tools/gen_mistakes.py
	@$(BIN)/python tools/gen_life.py

.PHONY: clean
clean: ## remove the environment, caches and the demo's files
	rm -rf .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache .benchmarks build dist
	rm -f lumia-demo.db lumia-demo.db-wal lumia-demo.db-shm
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
