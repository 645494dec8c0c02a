# Two commands to begin with: `make up` and `make test`. Everything they need comes into this checkout by itself.
STACK ?= demo
ARGS ?=
TESTS ?= tests
# Test processes at a time.
JOBS ?= 3
TOOLS = tools/python -m tools
GENERATE = python -m ccc_numbers.provider.generate
UNTRIED = python docs/site/untried.py
MESSAGES = python -m ccc_numbers.messages.catalogue

.DEFAULT_GOAL := help
.PHONY: help tools up preview refresh destroy test test-deps lint lint-pipelines format generate messages bench dist docs pictures docs-serve lock sbom audit clean clean-tools

help: ## Show what can be done
	@echo "ccc-numbers: phone numbers of Alibaba Cloud Call Center as code"
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(firstword $(MAKEFILE_LIST)) | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'
	@echo
	@echo "  STACK=acme          which stack of stacks/ (up, preview, refresh, destroy); demo needs no account"
	@echo "  ARGS='--diff'       Pulumi's own options, and its own view;  TESTS=tests/tools  which tests;  UPGRADE=1  newer packages in lock"
	@echo
	@echo "  tools/run COMMAND   runs pulumi, ccc-numbers or anything else in the same environment"

tools: ## Bring uv, the Python packages and the Pulumi CLI into .venv/ and .tools/
	@$(TOOLS) tools

up: tools ## Make CCC hold what stacks/$STACK.yaml declares, then show its numbers
	@tools/run $(TOOLS) stack up $(STACK) $(ARGS)

preview: tools ## Show what `make up` would change, in a few lines
	@tools/run $(TOOLS) stack preview $(STACK) $(ARGS)

refresh: tools ## Look at CCC and bring Pulumi's state up to date
	@tools/run $(TOOLS) stack refresh $(STACK) $(ARGS)

destroy: tools ## Take the stack's numbers out of their instances (refused while protected)
	@tools/run $(TOOLS) stack destroy $(STACK) $(ARGS)

test: tools test-deps ## Run all tests, the real Pulumi CLI included
	@tools/run python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(TESTS)

test-deps: ## Bring the programs only tests need: Redis and Chromium where apt may be used, act, mkdocs, YAML's and TypeScript's hosts
	@$(TOOLS) test-deps

lint: tools lint-pipelines ## Check style, types, which room imports which, lock and generated files, pipelines and manifests
	@tools/run ruff check .
	@tools/run ruff format --check .
	@tools/run mypy
	@tools/run lint-imports --no-cache --no-logo
	@$(TOOLS) check-lock
	@tools/run $(GENERATE) --check
	@tools/run $(UNTRIED) --check
	@tools/run $(MESSAGES) --check

lint-pipelines: tools
	@tools/run pipelines/lint

format: tools ## Put the source in the project's style
	@tools/run ruff format .
	@tools/run ruff check --fix .

generate: tools ## Write the provider's schema and typed classes, and what the READMEs say was never tried
	@tools/run $(GENERATE)
	@tools/run $(UNTRIED)

messages: tools ## Bring the catalogues of the languages up to date after a change of a text
	@tools/run $(MESSAGES) $(ARGS)

bench: tools ## Run the benchmarks, half an hour (ARGS='--sizes 100,1000': less); prints one JSON object
	@tools/run python -m bench $(ARGS)

dist: tools ## Make what a release holds in out/dist: wheel, source, plugin archives (REPOSITORY=https://…: its address)
	@$(TOOLS) dist $(if $(REPOSITORY),--repository $(REPOSITORY))

docs: tools ## Build the documentation as pages in out/site, links and anchors checked
	@$(TOOLS) docs

pictures: tools ## Draw the pictures of README and site again, and docs/situations.md: what the commands print now
	@tools/run python docs/site/pictures.py
	@tools/run python docs/site/situations.py

docs-serve: tools ## Show the documentation at http://127.0.0.1:8000, and again after each change
	@$(TOOLS) docs-serve

lock: ## Pin the Python packages anew after a change in pyproject.toml
	@$(TOOLS) lock $(if $(UPGRADE),--upgrade)

sbom: ## List the locked packages in out/sbom.json (CycloneDX)
	@$(TOOLS) sbom

audit: ## Ask the advisory service what is known against the locked packages; needs the network
	@$(TOOLS) audit

clean: ## Delete caches and reports; stacks' state and the tool chain stay
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis out
	@find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +

clean-tools: ## Delete .venv/ and .tools/; the next `make tools` makes them anew
	@rm -rf .venv .tools
