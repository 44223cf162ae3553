# `make run` and `make test` do all the set-up they need; `make help` lists the rest.
PYTHON ?= python3
UV := VIRTUAL_ENV=.venv UV_NO_CACHE=1 .venv/bin/uv
SEEDS ?= 200
# Of two makes at once the second waits for what the first installs, and finds it done.
ALONE := $(PYTHON) -c 'import fcntl, os, sys; file = os.open("Makefile", os.O_RDONLY); os.set_inheritable(file, True); \
	fcntl.flock(file, fcntl.LOCK_EX); os.execvp(sys.argv[1], sys.argv[1:])'

.PHONY: help run emulator test lint format bench simulate sabotage reset-demo lock

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ready.run  ## Service Genius, the worker and QuickBooks on this machine
	@.venv/bin/service-genius run

emulator: ready.run  ## QuickBooks alone, for any program: http://127.0.0.1:8001 (EMULATOR_PORT), data in var/
	@.venv/bin/qbo-emulator --port $(or $(EMULATOR_PORT),8001) --data $(or $(VAR_DIR),var)/books.sqlite3

test: ready.dev  ## every check and every test; prints the time of each layer
	@.venv/bin/python tests/run.py

lint: ready.dev  ## the checks alone
	@.venv/bin/python tests/run.py checks

format: ready.dev  ## put the code into its standard form
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix-only --quiet .

bench: ready.dev  ## measure; a table, and JSON in var/
	@.venv/bin/python -m benchmarks

simulate: ready.dev  ## SEEDS=n random schedules with every fault (FROM=k: from the k-th on), and the crash matrix; SEED=k replays one
	@if [ -n "$(SEED)" ]; then SEED=$(SEED) .venv/bin/pytest -q -s tests/simulation -k "must_always_hold"; \
	else SEEDS=$(SEEDS) FROM=$(FROM) .venv/bin/pytest -q -n 2 tests/simulation; fi

sabotage: ready.dev  ## switch off each guard in turn: the tests must go red; ONLY=words of its name
	@.venv/bin/python -m tests.sabotage $(ONLY)

reset-demo: ready.run  ## the demo as on the first day
	@.venv/bin/service-genius reset-demo

lock: ready.uv  ## choose the versions of the dependencies anew
	@set -e; compile=".venv/bin/uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --quiet --upgrade"; \
	$$compile --extra dev pyproject.toml -o requirements/dev.txt; \
	$$compile -c requirements/dev.txt pyproject.toml -o requirements/run.txt; \
	printf 'recordlinkage\nsplink>=5\nrapidfuzz\n' | $$compile - -o requirements/matching.txt; \
	echo uv | $$compile - -o requirements/uv.txt; \
	cd tests/contract/node; rm package-lock.json; \
	npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved --no-audit --no-fund

ready.%:
	@$(ALONE) $(MAKE) --silent --no-print-directory whole.$*

# An installation that was interrupted, or came along in a copy of another folder, is made anew.
whole.%:
	@if [ -e .venv/.half ] || ! grep -sqF '$(CURDIR)/.venv' .venv/pyvenv.cfg; then rm -rf .venv; fi
	@$(MAKE) .venv/.$*

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name it with: make PYTHON=python3.12 ..."; exit 1; }
	@echo "Making the virtual environment (.venv)"
	@mkdir -p .venv && touch .venv/.half
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@rm .venv/.half

.venv/.uv: requirements/uv.txt | .venv/bin/python
	@echo "Installing the installer (uv)"
	@touch .venv/.half
	@.venv/bin/pip install --quiet --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@rm .venv/.half
	@touch $@

.venv/.run: requirements/run.txt pyproject.toml .venv/.uv
	@echo "Installing what the application needs"
	@touch .venv/.half
	@$(UV) pip install --quiet --require-hashes -r requirements/run.txt
	@$(UV) pip install --quiet --no-deps --no-build-isolation -e .
	@rm .venv/.half
	@touch $@

.venv/.dev: requirements/dev.txt .venv/.run
	@echo "Installing what the tests need"
	@touch .venv/.half
	@$(UV) pip install --quiet --require-hashes --compile-bytecode -r requirements/dev.txt
	@rm .venv/.half
	@touch $@
