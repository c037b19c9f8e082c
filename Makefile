# Everything from a bare clone, with Python 3.11 and make alone. See README.md.

SYSTEM_PYTHON ?= python3
PYTHON := .venv/bin/python
# What the checks of production settings need; no server is asked.
PRODUCTION := DJANGO_SETTINGS_MODULE=apmsl.settings.prod ALLOWED_HOSTS=portail.apmsl.test \
	SECRET_KEY=only-to-check-the-settings-0123456789-abcdefghijklmnopqrstuvwxyz \
	DATABASE_URL=postgres://portail@127.0.0.1/portail REDIS_URL=redis://127.0.0.1:6379/0
PYTEST_WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup start test check bench pictures requirements

help:
	@echo "make start   the portal on http://127.0.0.1:8000 (PORT=…), with the records of 2023"
	@echo "make test    the whole suite"
	@echo "make check   format, linters, types, layers, migrations, deployment"
	@echo "make bench   what is measured, as JSON lines"
	@echo "make pictures the pictures of the guide, taken anew"
	@echo "make setup   the environment only"

setup: .venv/development

start: .venv/production
	@exec $(PYTHON) -m apmsl.embedded.start

test: .venv/development
	$(PYTHON) -m pytest -n $(PYTEST_WORKERS) -rs

check: .venv/development
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/djlint templates --lint --quiet
	$(PRODUCTION) .venv/bin/mypy
	.venv/bin/lint-imports
	$(PYTHON) manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(PYTHON) manage.py check --deploy --fail-level WARNING

bench: .venv/development
	@$(PYTHON) -m bench

# After a change of a page that docs/guide shows.
pictures: .venv/development
	@$(PYTHON) -m docs.guide.pictures

# The pinned versions anew, after a change of requirements*.in.
requirements:
	uv pip compile --quiet --upgrade --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links requirements.in -o requirements.txt
	uv pip compile --quiet --upgrade --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links requirements-dev.in -o requirements-dev.txt

.venv/production: requirements.txt apmsl/embedded/setup.py
	@$(SYSTEM_PYTHON) apmsl/embedded/setup.py requirements.txt
	@touch $@

.venv/development: requirements-dev.txt apmsl/embedded/setup.py
	@$(SYSTEM_PYTHON) apmsl/embedded/setup.py requirements-dev.txt
	@touch $@ .venv/production
