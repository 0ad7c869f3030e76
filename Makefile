PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EXTRAS ?= multilingual,mcp,dev

.PHONY: setup run test check bench eval clean

setup: $(VENV)/.installed ## make .venv and install everything

$(VENV)/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("askjapan needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make setup PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[$(EXTRAS)]'
	@touch $@

run: setup ## build the index if it is missing or stale, then open the chat
	$(BIN)/askjapan serve --browser

test: setup ## check style and types, run the tests
	$(BIN)/ruff check src tests app.py
	$(BIN)/ruff format --check src tests app.py
	$(BIN)/mypy
	$(BIN)/python -m pytest

clean: ## remove what can be made again
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache index/store-* index/CURRENT index/.lock
