# Every target is one command of the host in dev/; see `python3 -m dev --help`.
PYTHON ?= python3

.PHONY: demo check style test soak openapi bench day pictures up stop status clean

demo check style test soak openapi bench day pictures up stop status clean:
	@$(PYTHON) -m dev $@
