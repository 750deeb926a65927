# Each target does the whole set-up it needs; the second time it is instant.
# Pass more words to a command with ARGS: make test ARGS="tests/unit -k window"

.DEFAULT_GOAL := help
BIN := .venv/bin
MODEL := models/overture.tar.gz
LOCKS := pyproject.toml requirements/bootstrap.txt requirements/build.txt scripts/setup

# Rasa reports usage to its makers unless told otherwise; here only who wants to, does.
export RASA_TELEMETRY_ENABLED ?= false
# One line of advice for maintainers of TensorFlow and SQLAlchemy users less, at every start.
export TF_CPP_MIN_LOG_LEVEL ?= 2
export SQLALCHEMY_SILENCE_UBER_WARNING ?= 1

# A clone that was moved or copied is installed anew: the scripts in .venv carry its path.
ifneq ($(shell cat .venv/.place 2>/dev/null),$(realpath .))
$(shell rm -f .venv/.installed-*)
endif

# What a model is made of. Components of our own named in config.yml are part of it.
TRAINING := config.yml $(wildcard domain.yml domain) $(shell find data domain 2>/dev/null) \
	$(if $(shell grep 'name: overture\.' config.yml),$(wildcard overture/rasa_ext/*.py))

STORIES := $(firstword $(wildcard tests/test_stories.yml))

.PHONY: help
help:  ## list the targets
	@awk -F ':.*## *' '/^[a-z]+:.*##/ { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: .venv/.installed-dev  ## install Python 3.10 and all packages into .venv

.PHONY: run
run: $(MODEL)  ## start Overture with its sandbox, console and demo data
	@exec $(BIN)/overture up --demo $(ARGS)

.PHONY: shell
shell: $(MODEL)  ## talk to the default persona in the terminal
	@exec scripts/shell $(ARGS)

.PHONY: train
train: $(MODEL)  ## train Rasa's model if data/, domain.yml or config.yml changed

.PHONY: test
test: .venv/.installed-dev $(MODEL)  ## run every test
	$(if $(ARGS),,$(if $(STORIES),$(BIN)/rasa test core --model $(MODEL) --stories $(STORIES) \
		--fail-on-prediction-errors --no-plot --out .cache/rasa-test))
	$(BIN)/python -m pytest $(or $(ARGS),--numprocesses 2 --dist loadfile)

CHECKS := check-format check-lint check-types check-imports check-data check-configuration

.PHONY: check $(CHECKS)
check: $(CHECKS)  ## format, lint, types, import direction, training data, configuration

$(CHECKS): .venv/.installed-dev

check-format:
	$(BIN)/ruff format --check .

check-lint:
	$(BIN)/ruff check .

check-types:
	$(BIN)/mypy

check-imports:
	$(BIN)/lint-imports --no-logo --cache-dir .cache/import_linter

check-data:
	$(BIN)/rasa data validate

check-configuration:
	$(BIN)/overture check

.PHONY: format
format: .venv/.installed-dev  ## put the code into the form `make check` asks for
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: mutants
mutants: .venv/.installed-dev  ## change the rules of contact bit by bit: a test must notice each change
	$(BIN)/python -m tests.mutation.policy_mutants $(ARGS)

.PHONY: bench
bench: $(MODEL) .venv-bench/.installed  ## measure, side by side with other schedulers and channels
	$(BIN)/python -m bench $(ARGS)

.PHONY: lock
lock: .venv/.installed-dev  ## compile requirements/*.txt from pyproject.toml (ARGS=--upgrade for newer)
	scripts/lock $(ARGS)

.PHONY: clean
clean:  ## remove models, caches and reports; keeps var/ with its data, and .venv
	rm -rf models .rasa .cache .hypothesis .import_linter_cache .mypy_cache .pytest_cache \
		.ruff_cache results htmlcov bench/out *.egg-info
	find . -name __pycache__ -not -path './.venv*' -prune -exec rm -rf {} +

.PHONY: distclean
distclean: clean  ## remove the environments as well
	rm -rf .venv .venv-bench .tools .setup.lock

.venv/.installed-runtime: requirements/runtime.txt $(LOCKS)
	@scripts/setup runtime

.venv/.installed-dev: requirements/dev.txt $(LOCKS)
	@scripts/setup dev

.venv-bench/.installed: requirements/bench.txt requirements/bootstrap.txt scripts/setup
	@scripts/setup bench

$(MODEL): $(TRAINING) requirements/runtime.txt | .venv/.installed-runtime
	$(BIN)/rasa train --fixed-model-name overture
	@touch $@
