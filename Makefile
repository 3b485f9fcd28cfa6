.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
PEERS ?= $(wildcard ../shared/peers)
DEV ?= $(wildcard ../shared/news/dev.jsonl)

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

run: .venv/run  ## set up what is missing, then start Cascade
	@$(BIN)/cascade run

test: .venv/dev  ## the everyday tests: no network, half a minute on two cores
	@$(BIN)/pytest -n auto

test-properties: .venv/dev  ## what holds for anything (generated words, histories, messages), tried 300 times
	@$(BIN)/pytest -n auto --timeout 900 --hypothesis-profile thorough -m hypothesis

test-chat: .venv/dev  ## Slack and Discord in full: 1,000 reactions on 50 cards, lost events, a dropping gateway
	@$(BIN)/pytest -m slow --timeout 900 tests/slack tests/discord

test-feeds: .venv/dev  ## long proofs of the feed readers: 20,000 spoiled documents, every odd and recorded one
	@$(BIN)/pytest -m slow --timeout 900 tests/sources

test-peers: .venv/dev  ## opt-in: Slack against an independent server and a failing proxy (PEERS=folder; Node, npm)
	@test -n "$(PEERS)" || { echo "name the folder of the peers: make test-peers PEERS=../shared/peers"; exit 1; }
	@sh tests/slack/peers.sh $(PEERS)

test-browser: .venv/dev  ## every page in Debian's chromium: errors, accessibility, keyboard, paper
	@command -v chromium > /dev/null || { echo "chromium is missing: apt-get install chromium"; exit 1; }
	@$(BIN)/pytest -m browser tests/browser --timeout 120

test-year: .venv/dev  ## a simulated year of digests, with a crash at every step in turn
	@$(BIN)/pytest -m slow --timeout 900 tests/simulation

lint: .venv/dev  ## style, types, and the direction of imports
	@$(BIN)/ruff format --check -q . && $(BIN)/ruff check -q . && $(BIN)/mypy && $(BIN)/lint-imports --no-logo

format: .venv/dev  ## let ruff write it the way lint wants it
	@$(BIN)/ruff format -q . && $(BIN)/ruff check -q --fix .

eval: .venv/dev  ## how good the classifier is on labelled items that its model did not see
	@$(BIN)/cascade eval tests/samples/labelled.jsonl --floor classifier/data/floor/own.toml
	@test -z "$(DEV)" || $(BIN)/cascade eval $(DEV) --split 2025-04-01 --floor classifier/data/floor/dev.toml

test-forecasts: .venv/dev  ## slow: every bar of the forecasts on the shipped history, and what each capability adds
	@OPENBLAS_NUM_THREADS=1 $(BIN)/pytest -m slow --timeout 900 tests/cascade

track-record: .venv/dev  ## the pictures of docs/track-record.md, and the figures that `law` tells of the backtest
	@OPENBLAS_NUM_THREADS=1 PYTHONPATH=. $(BIN)/python benchmarks/track_record.py

forecast-study: .venv/dev  ## slow: every table that docs/track-record.md quotes
	@OPENBLAS_NUM_THREADS=1 PYTHONPATH=. $(BIN)/python benchmarks/bench_forecast.py study

bench: .venv/dev  ## speed and memory, side by side with the named peers
	@for one in benchmarks/bench_*.py; do echo "== $$one"; OPENBLAS_NUM_THREADS=1 PYTHONPATH=. $(BIN)/python $$one || exit 1; done

procfile: .venv/dev  ## the Procfile's processes under honcho, on DATABASE_URL or a PostgreSQL of its own
	@$(BIN)/python -m tests.procfile $(SMOKE)

test-postgres: .venv/dev  ## what is kept, on both engines, and the processes' smoke test
	@$(BIN)/pytest tests/storage && $(BIN)/python -m tests.procfile --smoke

test-chaos: .venv/dev  ## workers killed every 2 seconds for SECONDS (20): nothing is lost, nothing done twice
	@CHAOS_SECONDS=$(or $(SECONDS),20) $(BIN)/pytest -m slow --timeout 900 tests/chaos

pins: .venv/dev  ## compile pyproject.toml into the pinned requirements
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --all-extras pyproject.toml -o requirements-dev.txt

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Cascade needs Python 3.11 or newer: make run PYTHON=python3.12")'
	@$(PYTHON) -m venv .venv

.venv/run: requirements.txt | .venv/bin/python
	@echo "Installing what Cascade needs into .venv (once) ..."
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@PYTHONWARNINGS=ignore $(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: requirements-dev.txt .venv/run
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

.PHONY: help run test test-properties test-year procfile test-postgres test-chaos test-chat test-feeds test-peers test-browser test-forecasts track-record forecast-study eval lint format bench pins
