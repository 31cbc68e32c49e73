# make demo   what dockfix would do to the sample repository in examples/
# make test   sets everything up, then runs the tests: all but those end-to-end tests that take long
# make e2e    runs all end-to-end tests, which build real images, and all others that take long
# make lint, make types, make bench

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := dash git patch
# Without these, and where nobody may install them, tests are skipped, and say so. Program, or program:package+package.
WANTED := mmdebstrap rpm db5.3_load:db5.3-util chromium npm vim nvim:neovim
WANTED += emacs:emacs-nox+elpa-eglot+elpa-dockerfile-mode
WANTED += strace gpg:gnupg ssh-keygen:openssh-client
# Of these, too, some tests take long.
LONG := tests/test_bot_converges.py tests/test_bot_fleet_of_corpus.py
PYTEST := $(BIN)/python -m pytest -n 2 --dist worksteal
.DEFAULT_GOAL := demo

.PHONY: demo test e2e compiled engines lint types bench packages clean

demo: $(VENV)/.installed
	@cd examples && ../$(BIN)/dockfix --diff --exit-zero

test: packages compiled
	$(PYTEST) -m "not full"

e2e: packages compiled
	DOCKFIX_E2E=required $(PYTEST) tests/e2e $(LONG)

# Where Python may not write byte code (PYTHONDONTWRITEBYTECODE), each program that a test starts would compile dockfix.
compiled: $(VENV)/.installed-dev
	@$(BIN)/python -m compileall -q rewriter transforms

# What the tests with real engines would make when the first of them asks for it, where they can run at all.
engines: packages
	@PYTHONPATH=tests/e2e $(BIN)/python -c 'from rig import made; made.why_not() or made.hold()'

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check

# mypy does not follow setuptools' editable finder: .types/dockfix is the package as it is installed, made of links.
types: $(VENV)/.installed-dev
	@rm -rf .types && mkdir -p .types/dockfix
	@cd .types/dockfix && ln -s ../../rewriter/* ../../transforms .
	$(BIN)/mypy

# Measures what users get: an installed package, not an editable one, which starts slower.
bench: | $(VENV)/.created
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip install --quiet --disable-pip-version-check --force-reinstall '.[bench]'
	.venv-bench/bin/python tools/bench.py

$(VENV)/.created:
	@command -v $(PYTHON) >/dev/null || { echo "make: $(PYTHON) is not installed"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "make: dockfix needs Python 3.11 or later; say which with 'make PYTHON=python3.12 ...'"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || $(call apt,python3-venv) || \
	    { echo "make: this Python cannot make virtual environments; install the package python3-venv, then try again"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: pyproject.toml | $(VENV)/.created
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(VENV)/.created
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.installed

# The tests run real shells, git and patch; build engines in a root of their own; rpm, Berkeley DB,
# npm, a browser, editors, strace, and what signs commits. Not at once with the virtual environment: it may need apt, too.
packages: | $(VENV)/.created
	@missing=; for tool in $(PACKAGES) $(WANTED); do \
	    command -v $${tool%%:*} >/dev/null || missing="$$missing $${tool##*:}"; \
	done; \
	[ -z "$$missing" ] || $(call apt,$$missing) || true
	@for tool in $(PACKAGES); do \
	    command -v $$tool >/dev/null || \
	        { echo "make: the tests need $$tool; install it with your package manager, then try again"; exit 1; }; \
	done
	@without=; for tool in $(WANTED); do \
	    command -v $${tool%%:*} >/dev/null || without="$$without $${tool%%:*}"; \
	done; \
	[ -z "$$without" ] || echo "make: some tests will be skipped without$$without"

clean:
	rm -rf $(VENV) .venv-bench .types .e2e build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis

# Installs Debian packages, `a+b` where two belong together, where that is possible without asking: as root, with apt-get.
# All at once, which is several times as fast; where one cannot be had, each by itself.
apt = { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && \
    { $(call install,$(1)) || for some in $(1); do $(call install,$$some); done; }; }
install = DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$(echo $(1) | tr + ' ') >/dev/null
