# SPDX-License-Identifier: Apache-2.0
# Everything starts from a bare checkout: each target makes its own virtual
# environment, installs what is missing and builds. A second run is quick.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
BUILD := build/check

ENGINE := $(wildcard csrc/*.c)
HEADERS := $(wildcard csrc/*.h)
C_TESTS := $(patsubst tests/c/%.c,%,$(wildcard tests/c/test_*.c))

# Debian may have no clang; the ziglang wheel carries one.
CLANG := $(or $(shell command -v clang 2>/dev/null),$(BIN)/python -m ziglang cc)

C11 := -std=c11 -ffp-contract=off -Icsrc
STRICT := $(C11) -O2 -Wall -Wextra -Wconversion -Wshadow -Wdouble-promotion -Werror
SANITIZED := $(C11) -O1 -g -D_GNU_SOURCE -fno-sanitize-recover=all

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: play test bench soak clean help \
        lint types warnings sanitize realtime pytest system-play system-test

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

play: $(VENV)/played ## Build and play; options go in ARGS, as in make play ARGS="--voice 3"
	@$(BIN)/sixop play $(ARGS)

test: lint types warnings sanitize realtime pytest ## Lint, type-check, sanitize, prove and test everything
	@echo "All is well."

bench: $(VENV)/tested ## Measure the speed and the latency of the engine
	@for script in $(filter-out %/soak.py,$(wildcard tests/bench/*.py)); do echo "== $$script"; $(BIN)/python $$script || exit 1; done

soak: $(VENV)/tested ## Play at random for an hour, with ports that come and go; options go in ARGS, as --minutes 5
	$(BIN)/python tests/bench/soak.py $(ARGS)

clean: ## Remove what was built, the virtual environment too
	rm -rf $(VENV) build dist sixop.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	rm -f synth/_engine.c synth/_engine*.so
	find synth bridge tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- installing ----------------------------------------------------------------

BUILT_FROM := pyproject.toml setup.py ffi_build.py $(ENGINE) $(HEADERS)

system-play:
	@PYTHON=$(PYTHON) tools/system.sh play

system-test:
	@PYTHON=$(PYTHON) tools/system.sh test

# A virtual environment that a stopped run left half made is completed.
$(VENV)/made: | system-play
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/played: $(VENV)/made $(BUILT_FROM) | system-play
	$(PIP) install --editable .
	@touch $@

$(VENV)/tested: $(VENV)/made $(BUILT_FROM) | system-test
	$(PIP) install --editable '.[dev,bench]'
	@touch $@ $(VENV)/played

# ---- checking ------------------------------------------------------------------

lint: $(VENV)/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/tested
	$(BIN)/mypy

warnings: $(ENGINE:csrc/%.c=$(BUILD)/gcc/%.o) $(ENGINE:csrc/%.c=$(BUILD)/clang/%.o)

$(BUILD)/gcc/%.o: csrc/%.c $(HEADERS) Makefile | system-test
	@mkdir -p $(@D)
	@echo "warnings, gcc: $<"
	@gcc $(STRICT) -c $< -o $@

$(BUILD)/clang/%.o: csrc/%.c $(HEADERS) Makefile | $(VENV)/tested
	@mkdir -p $(@D)
	@echo "warnings, clang: $<"
	@$(CLANG) $(STRICT) -c $< -o $@

# C tests run under address and undefined-behaviour sanitizers; those with threads under the thread sanitizer too.
THREADED := test_threads test_batch test_lanes
sanitize: $(C_TESTS:%=$(BUILD)/address/%.passed) $(THREADED:%=$(BUILD)/thread/%.passed)

$(BUILD)/address/%.o: csrc/%.c $(HEADERS) Makefile | system-test
	@mkdir -p $(@D)
	@gcc $(SANITIZED) -fsanitize=address,undefined,float-cast-overflow -c $< -o $@

$(BUILD)/thread/%.o: csrc/%.c $(HEADERS) Makefile | system-test
	@mkdir -p $(@D)
	@gcc $(SANITIZED) -fsanitize=thread -c $< -o $@

$(BUILD)/address/%.passed: tests/c/%.c tests/c/test.h $(ENGINE:csrc/%.c=$(BUILD)/address/%.o)
	@echo "address and undefined-behaviour sanitizers: $<"
	@gcc $(SANITIZED) -Wall -Wextra -Werror -fsanitize=address,undefined,float-cast-overflow $(filter-out %.h,$^) -lm -pthread -o $(@:.passed=)
	@$(@:.passed=)
	@touch $@

# The thread sanitizer of older compilers stumbles over randomised addresses; where setarch may, it switches them off.
STEADY := $(shell setarch -R true 2>/dev/null && echo setarch -R)

$(BUILD)/thread/%.passed: tests/c/%.c tests/c/test.h $(ENGINE:csrc/%.c=$(BUILD)/thread/%.o)
	@echo "thread sanitizer: $<"
	@gcc $(SANITIZED) -fsanitize=thread $(filter-out %.h,$^) -lm -pthread -o $(@:.passed=)
	@$(STEADY) $(@:.passed=)
	@touch $@

realtime: $(BUILD)/realtime.proved

$(BUILD)/realtime.proved: tools/realtime_proof.py $(ENGINE) $(HEADERS) | $(VENV)/tested
	@mkdir -p $(@D)
	$(BIN)/python tools/realtime_proof.py --cc gcc $(ENGINE)
	@touch $@

# Here a missing audio server is a failure, not a reason to skip.
pytest: $(VENV)/tested
	SIXOP_REQUIRE_JACK=1 $(BIN)/python -m pytest $(ARGS)
