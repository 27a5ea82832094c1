# WebNova. Plain GNU make; every object lands under $(B).
#
#	make [B=build] [CC=gcc|clang] [SAN=1]	both programs and the grammars
#	make help				the targets people use
#
# Rooms are found by directory, so a new file or module needs no line here.

# No built-in rules: trying them on every header of every object is most of what a make with nothing to do costs.
MAKEFLAGS += -r
.SUFFIXES:

B	?= build
CC	?= gcc
# make's built-in default for CC is "cc": use gcc, which we test with.
ifeq ($(origin CC),default)
CC	:= gcc
endif
PREFIX	?= /usr/local
DESTDIR	?=
VERSION	:= 0.1.0

WARN	:= -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	   -Wpointer-arith -Wwrite-strings -Wvla -Wformat=2 -Wundef
ifneq ($(WERROR),0)
WARN	+= -Werror
endif
OPT	?= -O2 -g
ifeq ($(SAN),1)
OPT	:= -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
LDSAN	:= -fsanitize=address,undefined
endif
HARDEN	:= -fstack-protector-strong -fPIC
CPPFLAGS_ALL := -I. -I$(B) -D_GNU_SOURCE -DWN_VERSION='"$(VERSION)"' $(CPPFLAGS)
CFLAGS_ALL   := -std=c11 $(WARN) $(OPT) $(HARDEN) $(CFLAGS)
LDFLAGS_ALL  := $(LDSAN) -Wl,-z,relro -Wl,--as-needed $(LDFLAGS)

pkg	= $(shell pkg-config $(1) $(2) 2>/dev/null)

# ---- rooms -----------------------------------------------------------------
BASE_SRC   := $(wildcard runtime/base/*.c)
GENTOOL_SRC:= $(wildcard schemas/gen/*.c)
KERNEL_SRC := $(wildcard runtime/kernel/*.c)
SHIM_SRC   := $(wildcard runtime/shim/*.c)
ENGINE_SRC := $(wildcard runtime/engine/*.c)
# A module is a directory with a module.json.
MODULE_DIRS:= $(patsubst %/module.json,%,$(wildcard runtime/adapter/*/module.json \
		runtime/modules/*/module.json runtime/extensions/*/module.json \
		runtime/plugin/module.json ai/*/module.json ai/provider/*/module.json \
		deploy/*/module.json deploy/provider/*/module.json))
MODULE_SRC := $(sort $(shell find $(MODULE_DIRS) -name '*.c'))
EDITOR_SRC := $(shell find editor -name '*.c' 2>/dev/null)
TUI_SRC    := $(shell find tui -name '*.c' 2>/dev/null)
TUI_LIB_SRC:= $(filter-out tui/main.c,$(TUI_SRC))
TESTLIB_SRC:= $(wildcard tests/lib/*.c)
UNIT_SRC   := $(shell find tests/unit tests/contract tests/tui tests/fault -name '*_test.c' 2>/dev/null)

obj	= $(patsubst %.c,$(B)/obj/%.o,$(1))

# ---- outside libraries (one home each; see docs/DEPENDENCIES.md) --------------
BASE_LIBS  := $(call pkg,--libs,libcjson libutf8proc libsodium libxxhash libpcre2-8) -lm -lpthread
KERNEL_LIBS:= $(call pkg,--libs,libuv) -ldl
ENGINE_LIBS:= $(KERNEL_LIBS) $(call pkg,--libs,sqlite3 libseccomp vterm)
EDITOR_LIBS:= -ldl
TUI_LIBS   := $(call pkg,--libs,libuv ncursesw md4c) -ldl
INC_TS	   := -I$(B)/tree-sitter/include -Inode_modules/tree-sitter/vendor/tree-sitter/lib/include

.DEFAULT_GOAL := all
.PHONY: all programs grammars gen help
all: programs grammars
programs: $(B)/webnova $(B)/webnovad

# ---- compile -----------------------------------------------------------------
$(B)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(INC_$(firstword $(subst /, ,$*))) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<
Q := @
ifeq ($(V),1)
Q :=
endif

INC_editor := $(INC_TS)

$(B)/libbase.a: $(call obj,$(BASE_SRC))
$(B)/libkernel.a: $(call obj,$(KERNEL_SRC))
$(B)/libmodules.a: $(call obj,$(MODULE_SRC)) $(B)/obj/codegen_pack.o $(B)/obj/sandbox_launcher.o
$(B)/libshim.a: $(call obj,$(SHIM_SRC))
$(B)/libeditor.a: $(call obj,$(EDITOR_SRC)) $(B)/obj/tree-sitter/lib.o
$(B)/libtui.a: $(call obj,$(TUI_LIB_SRC))
$(B)/libtest.a: $(call obj,$(TESTLIB_SRC))
%.a:
	@mkdir -p $(@D)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

# ---- contracts: schemas -> build/gen -------------------------------------------
SCHEMAS := $(shell find schemas -name '*.json' 2>/dev/null) $(addsuffix /module.json,$(MODULE_DIRS)) \
	   $(foreach d,$(MODULE_DIRS) runtime/kernel,$(wildcard $(d)/migrations/*.sql)) \
	   $(wildcard runtime/kernel/module.json)
$(B)/wn-gen: $(call obj,$(GENTOOL_SRC)) $(B)/libbase.a
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $(call obj,$(GENTOOL_SRC)) $(B)/libbase.a $(BASE_LIBS)
# A contract or module that came or went is a change too.
$(B)/gen.list: FORCE
	@mkdir -p $(@D)
	@echo '$(sort $(SCHEMAS))' | cmp -s - $@ || echo '$(sort $(SCHEMAS))' >$@
.PHONY: FORCE contracts
# One run writes everything; files that did not change keep their time.
$(B)/gen.stamp: $(B)/wn-gen $(B)/gen.list $(SCHEMAS)
	@mkdir -p $(B)/gen
	$(Q)$(B)/wn-gen --out $(B)/gen schemas $(MODULE_DIRS)
	@touch $@
gen: $(B)/gen.stamp
# A header's time is looked at after the compiler ran, not before: without this rule one make could
# build half of its objects on the old one. ":" costs no process.
$(B)/gen/%.h: $(B)/gen.stamp
	@:
# The published documents and the reference pages, as they are checked in.
contracts: gen
	@mkdir -p docs/contracts
	@for f in $(B)/gen/contracts/*.md $(B)/gen/*.json; do \
		cmp -s $$f docs/contracts/$${f##*/} || cp $$f docs/contracts/; done
	@[ -f docs/contracts/published.json ] || python3 tests/lint/compat.py --publish $(B)
# At a release: the contracts as they are become the baseline that later changes may not break.
.PHONY: publish
publish: contracts
	@python3 tests/lint/compat.py --publish $(B)
# Which C files the compiler writes is known only after it ran: a second make reads them, and knows
# which of their headers changed.
$(B)/libgen.a: $(B)/gen.stamp $(wildcard runtime/abi/*.h runtime/base/*.h)
	$(Q)$(MAKE) --no-print-directory -f tests/lib/gen.mk B=$(B) CC="$(CC)" \
		CPPFLAGS_ALL='$(CPPFLAGS_ALL)' CFLAGS_ALL='$(CFLAGS_ALL)' AR="$(AR)" Q="$(Q)" $@
	@touch $@
$(call obj,$(KERNEL_SRC) $(MODULE_SRC) $(ENGINE_SRC) $(TUI_SRC) $(TESTLIB_SRC) $(UNIT_SRC)): | $(B)/gen.stamp

# ---- tree-sitter core and grammars (pinned in package.json, built by us) ----------
TS_CORE := node_modules/tree-sitter/vendor/tree-sitter/lib
$(B)/obj/tree-sitter/lib.o: $(TS_CORE)/src/lib.c
	@mkdir -p $(@D)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE $(OPT) -fPIC -w -I$(TS_CORE)/include -I$(TS_CORE)/src -c -o $@ $<
# What npm fetches comes in one piece, once, however many files of it are missing.
NPM_LOCK := node_modules/.webnova-lock
$(NPM_LOCK): package-lock.json
	$(Q)$(MAKE) --no-print-directory deps
	@touch $@
$(TS_CORE)/src/lib.c: | $(NPM_LOCK) ;
-include editor/syntax/grammars.mk
-include ai/codegen/pack.mk
-include ai/blueprint/words/data.mk
-include runtime/shim/launcher/launcher.mk

# ---- programs ------------------------------------------------------------------
$(B)/webnovad: $(call obj,$(ENGINE_SRC)) $(B)/libmodules.a $(B)/libshim.a $(B)/libkernel.a $(B)/libgen.a $(B)/libbase.a
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $(call obj,$(ENGINE_SRC)) -Wl,--start-group $(B)/libmodules.a $(B)/libshim.a \
		$(B)/libkernel.a $(B)/libgen.a $(B)/libbase.a -Wl,--end-group $(ENGINE_LIBS) $(BASE_LIBS)
$(B)/webnova: $(B)/obj/tui/main.o $(B)/libtui.a $(B)/libeditor.a $(B)/libgen.a $(B)/libbase.a
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $(B)/obj/tui/main.o $(B)/libtui.a $(B)/libeditor.a $(B)/libgen.a \
		$(B)/libbase.a $(TUI_LIBS) $(EDITOR_LIBS) $(BASE_LIBS)

# ---- tests ---------------------------------------------------------------------
# A test links the room its path mirrors and what that room may stand on.
TEST_LIBS := $(call pkg,--libs,cmocka)
UNIT_BIN  := $(patsubst %.c,$(B)/%,$(UNIT_SRC))
TL_BASE   := $(B)/libbase.a
TL_GEN	  := $(B)/libgen.a $(B)/libbase.a
TL_SCHEMAS:= $(B)/sample/libgen.a $(B)/libbase.a
TL_EDITOR := $(B)/libeditor.a $(B)/libbase.a
TL_TUI	  := $(B)/libtui.a $(B)/libeditor.a $(B)/libgen.a $(B)/libbase.a
TL_SHIM	  := $(B)/libshim.a $(B)/libbase.a
TL_ENGINE := $(B)/libmodules.a $(B)/libshim.a $(B)/libkernel.a $(B)/libgen.a $(B)/libbase.a
$(B)/tests/%_test: $(B)/obj/tests/%_test.o $(B)/libtest.a $(B)/libbase.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $< -Wl,--start-group $(B)/libtest.a $(filter %.a,$^) -Wl,--end-group \
		$(TEST_LIBS) $(TEST_EXTRA) $(BASE_LIBS)
test-rule = $(eval $(filter $(B)/tests/$(1)/%,$(UNIT_BIN)): $(2))$(eval $(filter $(B)/tests/$(1)/%,$(UNIT_BIN)): TEST_EXTRA := $(3))
$(call test-rule,unit/schemas,$(TL_SCHEMAS),)
$(call test-rule,unit/editor,$(TL_EDITOR),$(EDITOR_LIBS))
$(call test-rule,unit/tui,$(TL_TUI),$(TUI_LIBS) $(EDITOR_LIBS))
$(call test-rule,unit/tui/term,$(TL_TUI) $(B)/libshim.a,$(TUI_LIBS) $(EDITOR_LIBS) $(call pkg,--libs,vterm))
$(call test-rule,tui,$(TL_TUI),$(TUI_LIBS) $(EDITOR_LIBS) $(call pkg,--libs,vterm))
$(call test-rule,unit/runtime/shim,$(TL_SHIM),$(call pkg,--libs,vterm libuv))
$(call test-rule,unit/runtime/kernel,$(TL_ENGINE),$(ENGINE_LIBS))
$(call test-rule,unit/runtime/adapter,$(TL_ENGINE),$(ENGINE_LIBS))
$(call test-rule,unit/runtime/modules,$(TL_ENGINE),$(ENGINE_LIBS))
$(call test-rule,unit/runtime/extensions,$(TL_ENGINE),$(ENGINE_LIBS))
$(call test-rule,unit/ai,$(TL_ENGINE),$(ENGINE_LIBS))
$(call test-rule,contract,$(TL_ENGINE),$(ENGINE_LIBS))
$(call test-rule,fault,$(TL_ENGINE),$(ENGINE_LIBS))

# The shim alone, for its tests and its bench.
$(B)/shim: $(B)/obj/tests/tools/shim_main.o $(B)/libshim.a $(B)/libbase.a
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(call pkg,--libs,vterm libuv) $(BASE_LIBS)
$(B)/tests/unit/runtime/shim/process_test $(B)/tests/unit/runtime/shim/service_test $(B)/tests/bench/shim_bench: | $(B)/shim

.PHONY: tests
tests: $(UNIT_BIN)
-include tests/unit/schemas/fixture.mk

-include tui/embed.mk

# Runs a checkout of the official JSON Schema test suite: schema_suite [--format] [--remotes DIR] FILE|DIR...
$(B)/schema_suite: $(B)/obj/tests/tools/schema_suite.o $(B)/libbase.a
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(BASE_LIBS)

# Holds the record of a test run against the contracts: contract_check UNPROVOKED RECORD.
$(B)/contract_check: $(B)/obj/tests/tools/contract_check.o $(B)/libgen.a $(B)/libbase.a
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(BASE_LIBS)
$(B)/obj/tests/tools/contract_check.o: | $(B)/gen.stamp

# Everything that crosses the wire in a test run; judged at its end.
RECORD	 := $(abspath $(B))/wire.record
# Python tests drive the built programs; they speak TAP like the rest.
PY_TESTS := $(sort $(shell find tests/e2e tests/fault tests/contract tests/tui -name '*_test.py' -not -path '*/node_modules/*' 2>/dev/null))
# Seed inputs of every fuzz target are replayed in each run, whatever the compiler.
FUZZ_SRC := $(wildcard tests/fuzz/*_fuzz.c)
REPLAY	 := $(patsubst tests/fuzz/%.c,$(B)/tests/fuzz/%_replay,$(FUZZ_SRC))
ALL_LIBS := $(B)/libtui.a $(B)/libeditor.a $(B)/libmodules.a $(B)/libshim.a $(B)/libkernel.a $(B)/libgen.a $(B)/libbase.a
OUTSIDE	 := $(ENGINE_LIBS) $(TUI_LIBS) $(EDITOR_LIBS) $(BASE_LIBS)
$(call obj,$(FUZZ_SRC)): | $(B)/gen.stamp
$(B)/tests/fuzz/%_fuzz_replay: $(B)/obj/tests/fuzz/%_fuzz.o $(B)/obj/tests/fuzz/replay.o $(ALL_LIBS)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $(filter %.o,$^) -Wl,--start-group $(ALL_LIBS) -Wl,--end-group $(OUTSIDE)

.PHONY: deps deps-test run test check lint bench fuzz install
deps:
	@.ci/deps build
deps-test:
	@.ci/deps test

# Opens the IDE; without a terminal carries one example platform to a running service.
run: deps
	@$(MAKE) --no-print-directory all
	@if [ -t 0 ] && [ -t 1 ]; then exec $(B)/webnova; else exec sh docs/examples/run-shop.sh $(B); fi

# Installs what tests need, builds, runs all of them; ends with `N passed, N failed, N skipped`.
test: deps-test
	@$(MAKE) --no-print-directory all
	@$(MAKE) --no-print-directory check
check: all tests $(REPLAY) $(B)/schema_suite $(B)/contract_check $(B)/codegen
	@rm -f $(RECORD)
	@WEBNOVA_BUILD=$(B) WEBNOVA_RECORD=$(RECORD) python3 tests/lib/run.py --skips tests/skips.txt \
		--last tests/contract/zz_coverage_check.py $(RUNFLAGS) $(UNIT_BIN) $(REPLAY) $(PY_TESTS)

# The C tests alone: what a sanitizer build runs.
.PHONY: check-san
check-san: all tests $(REPLAY)
	@WEBNOVA_BUILD=$(B) python3 tests/lib/run.py $(RUNFLAGS) $(UNIT_BIN) $(REPLAY)

lint: deps-test
	@$(MAKE) --no-print-directory programs
	@sh tests/lint/run.sh $(B)

BENCH_SRC := $(wildcard tests/bench/*_bench.c)
BENCH_BIN := $(patsubst %.c,$(B)/%,$(BENCH_SRC))
$(call obj,$(BENCH_SRC)): | $(B)/gen.stamp
$(B)/tests/bench/sandbox_bench: $(B)/obj/tests/lib/fake_host.o $(B)/obj/tests/lib/fake_host_drive.o
$(B)/tests/bench/%: $(B)/obj/tests/bench/%.o $(ALL_LIBS)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $(filter %.o,$^) -Wl,--start-group $(ALL_LIBS) -Wl,--end-group $(OUTSIDE)
bench: deps-test
	@$(MAKE) --no-print-directory all $(BENCH_BIN)
	@WEBNOVA_BUILD=$(B) python3 tests/bench/run.py $(B)

# What tests/fuzz/run.sh builds, in its own build directory with its own flags.
FUZZ_BIN := $(patsubst tests/fuzz/%_fuzz.c,$(B)/fuzz/%,$(FUZZ_SRC))
.PHONY: fuzz-bin
fuzz-bin: $(FUZZ_BIN)
$(B)/fuzz/%: $(B)/obj/tests/fuzz/%_fuzz.o $(ALL_LIBS)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_ALL) -fsanitize=fuzzer -o $@ $< -Wl,--start-group $(ALL_LIBS) -Wl,--end-group $(OUTSIDE)

# Coverage-guided fuzzing of every target, or of FUZZ="name...", TIME seconds each (clang).
TIME ?= 60
fuzz: deps-test
	@sh tests/fuzz/run.sh $(B)/fuzz $(TIME) $(FUZZ)

# A module that passes lint and tests, to be changed into what is wanted: NAME=x [DIR=runtime/modules].
.PHONY: new-module
new-module:
	@python3 tests/lib/new_module.py '$(NAME)' $(DIR)

# Manual pages of the commands are written by the program from their own table.
$(B)/man/webnova.1: $(B)/webnova docs/man/webnovad.1
	@rm -rf $(@D) && mkdir -p $(@D)
	@for c in $$($< --json help | sed 's/^{"name":"\([a-z]*\)".*/\1/'); do $< help --man $$c >$(@D)/webnova-$$c.1 || exit 1; done
	@cp docs/man/webnovad.1 $(@D)/
	@$< help --man >$@
.PHONY: man
man: $(B)/man/webnova.1

install: all man
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/webnova/grammars $(DESTDIR)$(PREFIX)/share/webnova
	install -m 755 $(B)/webnova $(B)/webnovad $(DESTDIR)$(PREFIX)/bin
	install -m 644 $(GRAMMAR_SO) $(DESTDIR)$(PREFIX)/lib/webnova/grammars
	install -d $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 $(B)/man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1
	cd $(B)/grammars && find queries -type f -exec install -D -m 644 {} $(abspath $(DESTDIR)$(PREFIX))/lib/webnova/grammars/{} \;
	find themes -type f -exec install -D -m 644 {} $(DESTDIR)$(PREFIX)/share/webnova/{} \;

help:
	@echo 'make run      install what is missing, build, open the IDE (or run the example without a terminal)'
	@echo 'make test     install what tests need, build, run every test'
	@echo 'make          build both programs and the grammars into $(B)/'
	@echo 'make check    run every test with what is installed'
	@echo 'make lint     layers, rules, objects, formatting, static analysis'
	@echo 'make bench    ratios against peers measured in the same run'
	@echo 'make fuzz     fuzz every parser of outside bytes, TIME=60 seconds each'
	@echo 'make new-module NAME=x [DIR=runtime/modules]  a module from the template'
	@echo 'make contracts  docs/contracts: OpenRPC, OpenAPI, AsyncAPI, reference pages, from schemas/'
	@echo 'make publish  at a release: makes the contracts the baseline that make lint holds later ones against'
	@echo 'make man      the manual pages, into $(B)/man'
	@echo 'make install  PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)'
	@echo 'make deps     install what is missing to build and run'
	@echo 'SAN=1 B=build/san builds with AddressSanitizer and UBSan; CC=clang with clang; V=1 shows commands'

DEPS := $(shell find $(B)/obj -name '*.d' 2>/dev/null)
-include $(DEPS)
