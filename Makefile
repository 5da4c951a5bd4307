# `make help` lists what can be done. Everything runs in .venv, which is made when it is missing.
# Variables from the environment: HOST, PORT and all settings of docs/operators.md; PYTHON (the
# interpreter .venv is made from); ARGS (options for pytest, as in ARGS="-k parks").

SHELL := /bin/sh
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
APPS := cluster_site core publishing library parks investment news inquiries portal staff operation
# They ask every address or every model, or start whole portals.
LONG_TESTS := tests/security tests/publishing/test_never_stale.py tests/operation/test_copy.py
.DEFAULT_GOAL := help
.PHONY: help install install-dev run dev admin test test-long test-browser test-postgres test-faults \
	test-cluster test-security check format messages translations bench load lighthouse clean

help:  ## list these targets
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):[^#]*## (.*)/  make \1|\2/' | awk -F'|' '{printf "%-22s %s\n", $$1, $$2}'

install:  ## make .venv with what the portal needs; does nothing when nothing changed
	@bin/install requirements.txt

install-dev:  ## the same with the tools for tests and checks
	@bin/install requirements-dev.txt

run: install  ## prepare everything and run the portal on http://127.0.0.1:8000 (HOST, PORT)
	@$(MANAGE) bootstrap
	@exec $(BIN)/python -m cluster_site.supervisor

dev: install-dev  ## run Django's development server with DEBUG and reloading (HOST, PORT)
	@DEBUG=true $(MANAGE) bootstrap
	@DEBUG=true exec $(MANAGE) runserver $${HOST:-127.0.0.1}:$${PORT:-8000}

admin: install  ## make one more superuser; asks for name and password
	@$(MANAGE) createsuperuser

test: install-dev translations  ## unit and integration tests on SQLite
	@$(BIN)/python -m pytest -n 2 --ignore=tests/browser --ignore=tests/faults \
		--ignore=tests/cluster $(addprefix --ignore=,$(LONG_TESTS)) $(ARGS)

test-long: install-dev translations  ## the same for what takes minutes: odd requests, every edit, whole copies
	@$(BIN)/python -m pytest -n 2 $(LONG_TESTS) $(ARGS)

test-browser: install-dev translations  ## tests in Chromium: journeys, accessibility, CSP
	@bin/test-browser $(ARGS)

test-postgres: install-dev translations  ## the same tests on throwaway PostgreSQL and Redis servers
	@$(BIN)/python bin/test_postgres.py $(ARGS)

test-faults: install-dev translations  ## kill, hang and fill up what inquiries need; nothing may be lost
	@$(BIN)/python bin/test_faults.py $(ARGS)

test-cluster: install-dev translations  ## two nodes behind nginx: kill, hang, fill up, upgrade
	@$(BIN)/python bin/test_cluster.py $(ARGS)

test-security: install-dev translations  ## HTTP Observatory, and 2,000 odd requests to each door (needs npm)
	@$(BIN)/python bin/test_security.py $(ARGS)

check: install-dev translations  ## lint, format, templates, types, spelling, migrations, deployment
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/mypy $(APPS)
	$(BIN)/codespell
	$(MANAGE) makemigrations --check --dry-run
	@# The settings of a production deployment, with a key that is used for nothing else.
	DEPLOYMENT=production ALLOWED_HOSTS=portal.example.org DEFAULT_FROM_EMAIL=desk@example.org \
	SECURE_HSTS_INCLUDE_SUBDOMAINS=true SECURE_HSTS_PRELOAD=true EMAIL_URL=smtp+tls://mail.example.org:587 \
	SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
	$(MANAGE) check --deploy --fail-level WARNING

format: install-dev  ## put the code into its common form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

messages: install-dev  ## collect new texts for translation into locale/ (needs gettext)
	@$(MANAGE) makemessages --locale=zh_Hans --no-obsolete --no-wrap --add-location=file \
		--ignore=var --ignore=.venv --ignore=node_modules --ignore=tests
	@$(MANAGE) convert_translations

translations: install  ## compile locale/ where it has changed
	@$(MANAGE) compile_translations --verbosity=0

bench: install-dev translations  ## cost of each page, speed of servers, growth, Lighthouse (15 minutes)
	@$(BIN)/python -m tests.bench $(ARGS)

load: install-dev translations  ## inquiries a second on both databases, beside bare rows
	@$(BIN)/python bin/load.py

lighthouse: install-dev translations  ## Lighthouse on a phone, worst of three runs (needs npm)
	@$(BIN)/python -m tests.bench.lighthouse $(ARGS)

clean:  ## remove .venv and caches of tools; keeps var/ with database and files
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache htmlcov .coverage
