# Everything that a developer does. Needs make and Python 3.11 or newer with venv; the rest is
# installed into .venv, .venv-real and .venv-fuzz, in the versions of the lock files.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test versions golden archive check audit fuzz soak clients hosting webspace dns page world bench lock clean

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
REAL := .venv-real
FUZZ := .venv-fuzz
SECONDS ?= 600
REQUESTS ?= 1000000
# Tests that start servers or change a copy of the checkout, and those of what stands around it.
SLOW := tests/server tests/project
AS_ROOT := $(if $(filter-out 0,$(shell id -u)),sudo --preserve-env)

help:
	@echo "make run       serve deploy/autoconfig.example.toml on http://127.0.0.1:8000"
	@echo "make test      run the tests of the program, in about three minutes"
	@echo "make versions  run them on the oldest and the newest supported Python that can be had"
	@echo "make golden    write the golden files anew: read what git shows before it goes in"
	@echo "make archive   pack the program into one file for this system and this Python, below dist"
	@echo "make check     everything that must be green before a change lands"
	@echo "make audit     check the locked versions for known vulnerabilities (needs network)"
	@echo "make fuzz      search for inputs that break a parser or the application, for SECONDS=600;"
	@echo "               OPTIONS='xml -runs=1000' for one target, with options of libFuzzer"
	@echo "make soak      ask a running server REQUESTS=1000000 times, with a reload every second"
	@echo "make clients   Thunderbird, Evolution, Geary, Delta Chat and others ask; screenshots in build/clients"
	@echo "make hosting   the files of deploy/ under Caddy, nginx, Apache, systemd"
	@echo "make webspace  what \`autoconfig export\` writes under Apache with PHP, and nginx;"
	@echo "               RANDOM_REQUESTS=20000 RANDOM_SEED=1 for more random requests, or others"
	@echo "make dns       \`autoconfig detect\`, a server that reads the DNS, and zones of ours, with nsd and unbound"
	@echo "make page      the pages for people in Chromium, with axe, by keyboard alone, and a person's walk to"
	@echo "               a program that is set up; screenshots in build/page"
	@echo "make world     \`autoconfig check\` over domains that are broken in one way each"
	@echo "make bench     measure beside nginx, Flask and automx2; OPTIONS=--quick for a look"
	@echo "make lock      renew the lock files"
	@echo "make clean     remove what make has made"

run: $(READY)
	$(BIN)/autoconfig serve --config deploy/autoconfig.example.toml --port $(PORT)

# In this process alone: 140 seconds of a processor's time, and little to wait for, so a busy machine
# has the same result some minutes later. Over two processes (pytest-xdist), a run of 43 to 80 seconds
# took 36 to 89 between neighbours: not worth a dependency.
test: $(READY)
	$(BIN)/python -m pytest $(SLOW:%=--ignore=%)

versions:
	tools/versions

golden: $(READY)
	$(BIN)/python -m tests.support.golden

archive: $(READY)
	$(BIN)/python tools/archive.py

check: $(READY) audit
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(REAL)/bin/mypy
	$(REAL)/bin/python -m tests.yaml_files
	$(BIN)/python -m coverage run -m pytest $(SLOW:%=--ignore=%)
	$(BIN)/python -m coverage report
	$(BIN)/python -m pytest $(SLOW)
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && set -ex && \
	  $(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir "$$folder" . && \
	  $(PYTHON) -m venv "$$folder/venv" && \
	  "$$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && \
	  "$$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps "$$folder"/*.whl && \
	  (cd "$$folder" && venv/bin/autoconfig show autoconfig example.com --offer mx-plan) | \
	  cmp - tests/golden/mx-plan-eu.autoconfig.xml
	@echo "make check: all is well"

audit: $(REAL)/.ready
	$(REAL)/bin/python -m tests.audit

fuzz: $(FUZZ)/.ready
	$(FUZZ)/bin/python -m tests.fuzz $(SECONDS) $(OPTIONS)

soak: $(READY)
	$(BIN)/python -m tests.fuzz.soak $(REQUESTS)

# Real programs, which are installed by apt where they are missing. All but `webspace` build networks
# and machines to throw away, which takes root.
clients hosting webspace dns page world: $(REAL)/.ready
	tests/real/install $@
	mkdir -p build/clients build/page
	$(if $(filter webspace,$@),,$(AS_ROOT)) $(REAL)/bin/python -B -m pytest -p no:cacheprovider tests/real/$@

$(READY): pyproject.toml requirements-dev.lock
	PYTHON=$(PYTHON) tools/environment $(VENV) requirements-dev.lock

$(REAL)/.ready: pyproject.toml tests/real/requirements.lock
	PYTHON=$(PYTHON) tools/environment $(REAL) tests/real/requirements.lock

$(FUZZ)/.ready: pyproject.toml tests/fuzz/requirements.lock
	PYTHON=$(PYTHON) tools/environment $(FUZZ) tests/fuzz/requirements.lock

# The measured package is installed anew each time, as users have it.
bench: $(VENV)-bench/.ready
	$(VENV)-bench/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --force-reinstall .
	$(VENV)-bench/bin/python -m benchmarks $(OPTIONS)

$(VENV)-bench/.ready: requirements.lock benchmarks/requirements.lock benchmarks/peers.lock
	PYTHON=$(PYTHON) benchmarks/install
	@touch $@

lock:
	$(PYTHON) -m venv --clear $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet "uv>=0.9,<1"
	$(VENV)-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --upgrade pyproject.toml --output-file requirements.lock
	$(VENV)-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --upgrade pyproject.toml --extra ovh --extra sign --group dev --output-file requirements-dev.lock
	$(VENV)-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --upgrade --constraint requirements-dev.lock pyproject.toml --extra ovh --output-file requirements-ovh.lock
	$(VENV)-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --upgrade --constraint requirements-dev.lock pyproject.toml --extra sign --output-file requirements-sign.lock
	for each in requirements peers; do $(VENV)-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --upgrade --constraints requirements.lock benchmarks/$$each.in --output-file benchmarks/$$each.lock || exit; done
	for each in real fuzz; do $(VENV)-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --upgrade --constraint requirements-dev.lock pyproject.toml --extra ovh --extra sign --group dev tests/$$each/requirements.in --output-file tests/$$each/requirements.lock || exit; done
	rm -rf $(VENV)-lock

clean:
	rm -rf $(VENV) $(VENV)-* dist build .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis
