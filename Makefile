# Kezek: `make run` and `make test` do all their own set-up; `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run lint test check bench faults lock format clean

VENV ?= .venv
BIN := $(VENV)/bin
ON_A_PI := $(shell grep -qs "Raspberry Pi" /proc/device-tree/model && echo yes)
LOCK := requirements/$(if $(ON_A_PI),pi,run).lock
DEBS := python3 python3-venv fonts-dejavu-core libusb-1.0-0 $(if $(ON_A_PI),python3-pygame python3-lgpio)
# libatomic1 is for the browser driver that playwright brings.
TEST_DEBS := chromium git libatomic1 systemd tesseract-ocr tesseract-ocr-kaz tesseract-ocr-rus
RUN_ARGS ?=

help: ## say what each target does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/.run-ready ## create .venv with what `kezek run` needs

setup-dev: $(VENV)/.dev-ready ## create .venv with what the tests need as well

$(VENV)/.run-ready: $(LOCK) pyproject.toml .ci/debs
	@bash .ci/debs $(DEBS)
	@bash .ci/venv "$(VENV)" "$(LOCK)" $(if $(ON_A_PI),--system-site-packages)
	@touch $@

$(VENV)/.dev-ready: requirements/dev.lock pyproject.toml .ci/debs
	@bash .ci/debs $(DEBS) $(TEST_DEBS)
	@bash .ci/venv "$(VENV)" requirements/dev.lock $(if $(ON_A_PI),--system-site-packages)
	@touch $@ $(VENV)/.run-ready

run: setup ## the whole appliance on embedded defaults, stand-ins for absent hardware; RUN_ARGS="--port 8080 ..."
	$(BIN)/kezek run $(RUN_ARGS)

lint: setup-dev ## style, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint ## the fast part: lint, then the unit tests
	$(BIN)/pytest -q tests/unit

CORE := tests/unit tests/store tests/api tests/command
COVERAGE := --cov=appliance/domain --cov=appliance/office --cov-branch --cov-report= --cov-fail-under=99

test: lint ## everything: lint, then unit to end-to-end tests; rules and office are covered to 99 %
	$(BIN)/pytest -q $(CORE) $(COVERAGE)
	$(BIN)/pytest -q tests $(addprefix --ignore=,$(CORE))

bench: setup-dev ## measure latency and memory on this machine; prints tables, judges nothing
	$(BIN)/python tests/bench/run.py

format: setup-dev ## rewrite the code in the project's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

faults: setup-dev ## print a slip under every fault at every stage on every wire; prints the table
	$(BIN)/pytest -q tests/faults

lock: setup-dev ## renew requirements/*.lock (needs uv); see docs/dependencies.md
	bash .ci/lock

clean: ## remove what the targets above made
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
