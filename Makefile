# Two commands on a machine that has Python 3.11+ and make:
#   make run    watch the service (the built-in demo organisation until there is a config.toml)
#   make test   every check: format, lint, types, architecture, tests

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test bench bench-detect lock clean test-local-slack

run: $(VENV)/installed
	@if [ -f config.toml ]; then exec $(BIN)/claude-spend run; else exec $(BIN)/claude-spend demo; fi

test: $(VENV)/checks-installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest

bench: $(VENV)/checks-installed
	$(BIN)/python -m bench

# How well trouble is found, against ten other methods on labelled organisations: about 1 GB to install, hours to
# run in full. DETECT="--report 10000-10004 --methods ours" runs less.
bench-detect: .venv-bench/installed
	.venv-bench/bin/python -m bench.detect.run $(DETECT)

# The conversation in Slack once more, in a Slack that others wrote: needs npm, and leave to make a network of its own.
LOCAL_SLACK := .local-slack/node_modules/local-slack-linux-x64/bin/local-slack
test-local-slack: $(VENV)/checks-installed $(LOCAL_SLACK)
	LOCAL_SLACK=$(LOCAL_SLACK) unshare --map-root-user --net \
	  sh -c 'ip link set lo up && exec $(BIN)/pytest tests/peers'

$(LOCAL_SLACK):
	npm install --silent --no-save --prefix .local-slack local-slack-linux-x64@0.1.8

.venv-bench/installed: bench/detect/requirements.lock requirements.lock
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip install --quiet --disable-pip-version-check --require-hashes -r bench/detect/requirements.lock
	.venv-bench/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	.venv-bench/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "claude-spend needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/checks-installed: $(VENV)/installed tests/requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.lock
	@touch $@

# Needs uv (https://docs.astral.sh/uv); everything else here does not.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --extra build -o requirements.lock pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --extra build --extra dev -c requirements.lock -o tests/requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) .venv-bench
