# make figures: everything from the data to the report. make: the other targets.
.DEFAULT_GOAL := help
.PHONY: help figures dataset test lint bench environment lock clean

CONFIG ?= config/config.yaml
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/installed

help:
	@echo "make figures                       make all figures, tables and the report (sets up .venv first)"
	@echo "make figures CONFIG=config/X.yaml  the same by another configuration"
	@echo "make dataset                       make an archive of all fooling images, with labels and a datasheet"
	@echo "make test                          run all tests"
	@echo "make lint                          check style, types, imports and the workflow"
	@echo "make bench                         measure speed against neat-python, pyribs and the bare network (10 minutes);"
	@echo "                                   close other programs first; tables and figure go to results/bench"
	@echo "make environment                   set up .venv alone; PYTHON=python3.12 chooses the interpreter"
	@echo "make lock                          renew requirements.txt from pyproject.toml and constraints.txt"
	@echo "make clean                         remove .venv and caches; data and results stay"

figures: $(INSTALLED)
	@results=$$($(BIN)/python -m fooling.workflow.results_folder "$(CONFIG)") && \
	$(BIN)/snakemake --cores all --configfile "$(CONFIG)" && \
	$(BIN)/snakemake --configfile "$(CONFIG)" --report "$$results/report.html" && \
	$(BIN)/python -m fooling.steps.release.make_ro_crate "$$results" && \
	printf '\nFigures: %s\nTables:  %s\nReport:  %s\nGallery: %s\n' "$$results/figures" "$$results/tables" \
	    "$$results/report.html" "$$results/gallery/index.html"

dataset: $(INSTALLED)
	@results=$$($(BIN)/python -m fooling.workflow.results_folder "$(CONFIG)") && \
	$(BIN)/snakemake --cores all --configfile "$(CONFIG)" -- dataset && \
	printf '\nData set: %s\n' "$$results/dataset"

test: $(INSTALLED)
	$(BIN)/pytest --numprocesses 2 --no-loadscope-reorder

lint: $(INSTALLED)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/snakemake --lint

# Outside the package, like the tests: run from this folder. Numbers are per thread.
bench: $(INSTALLED)
	$(BIN)/python -m benchmarks.ratios
	$(BIN)/python -m benchmarks.rendering
	$(BIN)/python -m benchmarks.loop
	$(BIN)/python -m benchmarks.scaling
	$(BIN)/python -m benchmarks.training
	$(BIN)/python -m benchmarks.plot

environment: $(INSTALLED)

# pip installs uv alone, with its hash checked; uv installs the rest. A constraint file of the user's
# has no hashes and would stop pip, so an empty one takes its place.
$(INSTALLED): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo \
	"Error: $(PYTHON) is missing or older than 3.11; name a newer one, as in: make environment PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	sed -n '/^uv==/,/# via/p' requirements.txt > .venv/uv.txt
	PIP_CONSTRAINT=/dev/null $(BIN)/python -m pip install --quiet --disable-pip-version-check \
	    --require-hashes --requirement .venv/uv.txt
	UV_CONSTRAINT= $(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.txt
	UV_CONSTRAINT= $(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

lock: $(INSTALLED)
	$(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	    --extra workflow --extra timm --extra openvino --extra bench --extra dev --constraint constraints.txt --custom-compile-command "make lock" \
	    --quiet pyproject.toml --output-file requirements.txt

clean:
	rm -rf .venv .snakemake .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache
