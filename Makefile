# SPDX-License-Identifier: MIT
#
# make               build/libguard.so, build/mmreport, build/mmguard
# make demo, check   on a new Debian machine too: they install what is missing
# make list          all targets
#
# CC, CXX, CFLAGS, CXXFLAGS, CPPFLAGS and LDFLAGS are the user's; ours are added around them. V=1 shows the commands.
# VARIANT=debug|sanitize|clang|fail builds into build/VARIANT.

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

CFLAGS ?= -O2 -g
CXXFLAGS ?= -O2 -g
CC := $(if $(filter default,$(origin CC)),gcc,$(CC))
CXX := $(if $(filter default,$(origin CXX)),g++,$(CXX))
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
MANDIR ?= $(PREFIX)/share/man

VARIANT ?=
BUILD := build$(if $(VARIANT),/$(VARIANT))
ifeq ($(VARIANT),debug)
# Without optimization gcc takes a buffer that a call is going to fill for one that is read.
variant_flags = -O0 -g3 -fno-lto -DGUARD_DEBUG $(if $(is_gcc),-Wno-maybe-uninitialized)
else ifeq ($(VARIANT),sanitize)
# For mmreport and the unit tests; libguard.so itself cannot live beside another allocator.
variant_flags := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined
else ifeq ($(VARIANT),clang)
CC := clang
CXX := clang++
else ifeq ($(VARIANT),fail)
# For tests/fail: memory calls of libguard fail when the environment says so.
variant_flags := -DSYS_FAIL
else ifneq ($(VARIANT),)
$(error VARIANT is debug, sanitize, clang or fail)
endif

# What is preloaded is named in a list that spaces and colons separate, and recipes quote paths by '.
unusable = $(filter-out 1,$(words [$(1)]))$(findstring :,$(1))$(findstring ',$(1))
ifneq ($(call unusable,$(LIBDIR)),)
$(error '$(LIBDIR)': LD_PRELOAD cannot name a library in a folder with a space, a colon or a quote; choose another PREFIX or LIBDIR)
endif
ifneq ($(filter-out all install uninstall clean list format deps,$(MAKECMDGOALS)),)
ifneq ($(call unusable,$(CURDIR)),)
$(error '$(CURDIR)': LD_PRELOAD cannot name a library in a folder with a space, a colon or a quote; \
	make and make install work here, the other targets in another place)
endif
endif

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-8s %s\n' $(1) $(2))

compiler := $(shell $(CC) --version 2>/dev/null)
is_gcc := $(findstring Free Software Foundation,$(compiler))
common_flags := -std=gnu11 -D_GNU_SOURCE -I. -Iinclude -Wall -Wextra -MMD -MP
# The heap's own loops must not become calls of the program's memset; frames and registers of the entry points must be
# found by unwinders when an exception passes through operator new.
guard_flags := $(common_flags) -Ilibguard -fPIC -fvisibility=hidden -ftls-model=initial-exec -fexceptions \
	-fasynchronous-unwind-tables -fno-builtin -U_FORTIFY_SOURCE \
	$(if $(is_gcc),-fno-tree-loop-distribute-patterns)
# A link-time optimizer does not see what assembly outside of functions defines.
asm_sources := $(shell grep -ls '^__asm__' libguard/*/*.c tests/unit/*.c)
without_lto = $(if $(filter $(asm_sources),$<),-fno-lto)
# See base/own_names.h.
own_names = $(if $(findstring libguard/calls/check_,$<),,-include libguard/base/own_names.h)
report_flags := $(common_flags) -Ireport
report_libs := -ldw -lelf -lisal -ljansson -lZydis -liberty -lz
test_flags := $(common_flags) -Ilibguard -Ireport -Itests/unit -Itests/fuzz

guard_sources := $(wildcard libguard/*/*.c)
report_sources := $(wildcard report/*/*.c)
# Of both halves: compiled for each with its flags.
common_sources := $(wildcard common/*.c)
unit_sources := $(wildcard tests/unit/*.c)
fuzz_sources := $(wildcard tests/fuzz/fuzz_*.c)
unit_guard_tests := $(shell grep -lE '^\#include "(base|page|stack|trace|heap|diag|leak)/' $(unit_sources) /dev/null)

guard_objects := $(patsubst %.c,$(BUILD)/obj/%.o,$(guard_sources) $(addprefix libguard/,$(common_sources)))
report_objects := $(patsubst %.c,$(BUILD)/obj/%.o,$(report_sources) $(addprefix report/,$(common_sources)))
unit_objects := $(patsubst %.c,$(BUILD)/obj/%.o,$(unit_sources) $(fuzz_sources))
# Unit tests link the modules themselves: everything but what takes the place of malloc, and mmreport's main.
entry_rooms := guard alloc signals calls process client start
unit_guard_objects := $(filter-out $(foreach room,$(entry_rooms),$(BUILD)/obj/libguard/$(room)/%),$(guard_objects))
unit_report_objects := $(filter-out $(BUILD)/obj/report/cli/main.o $(BUILD)/obj/report/common/%,$(report_objects))

sample_sources := $(wildcard samples/*.c samples/*.cc)
sample_programs := $(patsubst samples/%,$(BUILD)/samples/%,$(basename $(sample_sources)))

# What was compiled otherwise is compiled again: everything depends on this file, which is made anew where it differs. Where
# it is made, the packages for building are looked for.
flags_now := $(strip $(CC) $(CXX) $(CPPFLAGS) $(CFLAGS) $(CXXFLAGS) $(LDFLAGS) $(variant_flags) $(guard_flags) $(report_flags) \
	$(report_libs) $(test_flags) $(compiler))
flags := $(BUILD)/flags
ifneq ($(flags_now),$(file <$(flags)))
.PHONY: $(flags)
endif
$(flags): export FLAGS_NOW = $(flags_now)
$(flags): export CC := $(CC)
$(flags): export CPPFLAGS := $(CPPFLAGS)
$(flags):
	$(Q)bash tests/deps.sh --print build
	@mkdir -p $(@D)
	@printf '%s\n' "$$FLAGS_NOW" >$@

# Where mmguard looks for the library last.
libdir := $(BUILD)/libdir
ifneq ($(LIBDIR),$(file <$(libdir)))
.PHONY: $(libdir)
endif
$(libdir):
	@mkdir -p $(@D)
	@printf '%s\n' '$(LIBDIR)' >$@
$(BUILD)/obj/report/cli/launch.o: $(libdir)
$(BUILD)/obj/report/cli/launch.o: report_flags += -DMMGUARD_LIBDIR='"$(LIBDIR)"'

##
## Build
##
## all: the library, the reporter and the launcher
all: $(if $(filter sanitize,$(VARIANT)),,$(BUILD)/libguard.so $(BUILD)/libguard-gdb.py) $(BUILD)/mmreport $(BUILD)/mmguard
.PHONY: all

$(BUILD)/libguard.so: $(guard_objects) libguard/start/libguard.map
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) -shared -Wl,-soname,libguard.so -Wl,-z,defs,-z,relro,-z,now,-z,initfirst \
		-Wl,--version-script=libguard/start/libguard.map $(LDFLAGS) -o $@ $(guard_objects)

$(BUILD)/libguard-gdb.py: gdb/libguard-gdb.py
	@mkdir -p $(@D)
	$(Q)cp $< $@

$(BUILD)/mmreport: $(report_objects)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(variant_flags) -Wl,-z,defs,-z,relro,-z,now $(LDFLAGS) -o $@ $(report_objects) $(report_libs)

# The same program; its name tells it what to do.
$(BUILD)/mmguard: $(BUILD)/mmreport
	$(call say,LINK,$@)
	$(Q)ln -sf mmreport $@

# What is common lies beside the rooms of each half: of obj/libguard/common/NAME.o the source is common/NAME.c.
define compile_guard
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(guard_flags) $(own_names) $(without_lto) $(variant_flags) -c -o $@ $<
endef
$(BUILD)/obj/libguard/%.o: libguard/%.c $(flags)
	$(compile_guard)
$(BUILD)/obj/libguard/%.o: %.c $(flags)
	$(compile_guard)

define compile_report
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(report_flags) $(variant_flags) -c -o $@ $<
endef
$(BUILD)/obj/report/%.o: report/%.c $(flags)
	$(compile_report)
$(BUILD)/obj/report/%.o: %.c $(flags)
	$(compile_report)

$(BUILD)/obj/tests/%.o: tests/%.c $(flags)
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(test_flags) $(without_lto) $(variant_flags) -c -o $@ $<

$(BUILD)/tests/unit-tests: $(unit_objects) $(unit_guard_objects) $(unit_report_objects)
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(variant_flags) $(LDFLAGS) -o $@ $^ $(report_libs) -lcunit -lunwind -lpthread -ldl

## samples: the sample programs, each with one documented bug
samples: $(sample_programs)
.PHONY: samples

# Compiled as a user would, without any help for libguard; but a function whose last call is a jump is on no stack, and compilers
# differ in where they make one.
sample_flags := -O1 -g -w -fno-optimize-sibling-calls
$(BUILD)/samples/%: samples/%.c $(flags)
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(sample_flags) -o $@ $< -pthread

$(BUILD)/samples/%: samples/%.cc $(flags)
	$(call say,CXX,$@)
	@mkdir -p $(@D)
	$(Q)$(CXX) $(sample_flags) -o $@ $< -pthread

##
## Run
##
## demo: install what is missing for building, build, run a sample that overflows and leaks under mmguard, show its report and tree
demo:
	$(Q)CC='$(CC)' CPPFLAGS='$(CPPFLAGS)' bash tests/deps.sh build
	+$(Q)$(MAKE) --no-print-directory all $(BUILD)/samples/demo
	$(Q)BUILD=$(BUILD) bash samples/demo.sh
.PHONY: demo

##
## Test
##
## check: install what is missing, build, run all tests (under ten minutes)
check: deps
	+$(Q)$(MAKE) --no-print-directory all samples $(BUILD)/tests/unit-tests
	+$(Q)$(MAKE) --no-print-directory VARIANT=fail build/fail/libguard.so
	+$(Q)$(MAKE) --no-print-directory VARIANT=debug build/debug/libguard.so
	$(Q)BUILD=$(CURDIR)/$(BUILD) CC='$(CC)' CXX='$(CXX)' bash tests/check.sh
.PHONY: check

## quick: rules, options, unit tests and the misuse programs on one backend (a minute)
quick: all $(BUILD)/tests/unit-tests
	$(Q)BUILD=$(CURDIR)/$(BUILD) CC='$(CC)' CXX='$(CXX)' bash tests/check.sh --quick
.PHONY: quick

## unit: the unit tests alone; UNIT='-v -i PATTERN...' as in tests/unit/unit_main.c
UNIT ?=
unit: $(BUILD)/tests/unit-tests
	$(Q)$(BUILD)/tests/unit-tests $(UNIT)
.PHONY: unit

## failtest: every one of libguard's memory calls fails once (longer)
failtest: all
	+$(Q)$(MAKE) --no-print-directory VARIANT=fail build/fail/libguard.so
	$(Q)BUILD=$(CURDIR)/$(BUILD) CC='$(CC)' bash tests/fail/run.sh
.PHONY: failtest

## limits: how far the heap goes: millions of blocks, a budget, ulimit -v (longer, wants 16 GiB)
limits: all
	$(Q)BUILD=$(CURDIR)/$(BUILD) CC='$(CC)' bash tests/limits/run.sh
.PHONY: limits

## stack-oracle: stacks of PROG='program arguments', or of some real programs, against other unwinders
stack-oracle: $(BUILD)/tests/stack_oracle.so
	$(Q)BUILD=$(CURDIR)/$(BUILD) bash tests/oracle/run.sh $(PROG)
.PHONY: stack-oracle

$(BUILD)/tests/stack_oracle.so: tests/oracle/stack_oracle.c $(filter $(foreach room,base common stack,$(BUILD)/obj/libguard/$(room)/%),$(guard_objects))
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(filter-out -MMD -MP,$(guard_flags)) -shared -Wl,-z,defs $(LDFLAGS) -o $@ $^ -lgcc_s
## killtest: 300 kills at random moments; what the live file shows must agree with the killed program's journal (three minutes)
killtest: all
	$(Q)BUILD=$(CURDIR)/$(BUILD) CC='$(CC)' bash tests/killtest/run.sh
.PHONY: killtest

## compat: real programs, run bare and guarded, must behave alike (longer)
compat_packages := postgresql redis-server redis-tools nginx-light apache2-utils chromium emacs-nox php-cli lua5.4 \
	ffmpeg imagemagick
compat: all
	$(Q)bash tests/deps.sh test ruby valgrind $$(command -v node >/dev/null || echo nodejs)
	$(Q)for package in $(compat_packages) $$(command -v javac >/dev/null || echo default-jdk-headless); do \
		bash tests/deps.sh none "$$package" || echo "without $$package, what needs it is skipped"; \
	done
	$(Q)BUILD=$(CURDIR)/$(BUILD) CC='$(CC)' CXX='$(CXX)' bash tests/compat/run.sh
.PHONY: compat

## distributions: check in fresh roots of Debian 12, 13 and sid; FLAVOURS=all for other flags and compilers (longer, needs root)
distributions:
	$(Q)bash tests/deps.sh mmdebstrap
	$(Q)bash tests/distributions.sh
.PHONY: distributions

## fuzz: a million runs of each fuzz target under ASan and UBSan; FUZZ_RUNS=n for another number (longer)
FUZZ_RUNS ?= 1000000
fuzz:
	$(Q)CC='$(CC)' bash tests/deps.sh build
	$(Q)BUILD=$(CURDIR)/$(BUILD) CC='$(CC)' bash tests/fuzz/run.sh $(FUZZ_RUNS)
.PHONY: fuzz

## recipes: CTest, Meson, Automake, make and Python with mmguard, as README.md says (longer)
recipes: all
	$(Q)bash tests/deps.sh test cmake meson ninja-build automake python3-dev
	$(Q)BUILD=$(CURDIR)/$(BUILD) bash tests/ci/run.sh
.PHONY: recipes

## formats: what mmreport exports, checked by the programs it is for (longer; takes a validator from the npm registry)
formats: all samples
	$(Q)bash tests/deps.sh test libxml2-utils libtest-valgrind-perl
	$(Q)BUILD=$(CURDIR)/$(BUILD) bash tests/formats.sh
.PHONY: formats

## oracle: compare the names mmreport finds with those of llvm-symbolizer (longer)
oracle: all
	$(Q)bash tests/deps.sh build g++ python3 llvm clang lld dwz binutils elfutils
	$(Q)BUILD=$(CURDIR)/$(BUILD) python3 tests/symbolizer_oracle.py

## report-bench: CPU time and memory of mmreport on a million leaked blocks, and on 1,000 traces
report-bench: all
	$(Q)BUILD=$(CURDIR)/$(BUILD) bash tests/report_bench.sh
.PHONY: oracle report-bench

##
## Measure (bench/README.md)
##
## bench-quick: every benchmark once on small inputs, as a smoke test (one minute)
## bench: libguard and mmreport beside their peers; writes bench/RESULTS.md (ten minutes)
## bench-full: the same with more rounds and larger inputs (hours)
bench-quick bench bench-full: all $(BUILD)/tests/stack_oracle.so
	$(Q)bash bench/deps.sh
	$(Q)BUILD=$(CURDIR)/$(BUILD) CC='$(CC)' CXX='$(CXX)' python3 -B bench/run.py $(@:bench-%=%) \
		$(if $(filter bench-quick,$@),,--results=bench/RESULTS.md)
.PHONY: bench-quick bench bench-full

## profile: where the time of PROG='program arguments' goes under libguard (perf; needs root or perf_event_paranoid <= 1)
profile: all
	$(Q)BUILD=$(CURDIR)/$(BUILD) bash bench/profile.sh $(PROG)
.PHONY: profile

##
## Maintain
##
## deps: install the Debian packages that are missing for building and testing
deps:
	$(Q)CC='$(CC)' CPPFLAGS='$(CPPFLAGS)' bash tests/deps.sh test
.PHONY: deps

## install: into DESTDIR and PREFIX
install: all
	install -d '$(DESTDIR)$(BINDIR)' '$(DESTDIR)$(LIBDIR)' '$(DESTDIR)$(INCLUDEDIR)' $(call manual,1,) $(call manual,3,) \
		$(call manual,7,)
	install -m 755 $(BUILD)/mmreport '$(DESTDIR)$(BINDIR)/mmreport'
	ln -sf mmreport '$(DESTDIR)$(BINDIR)/mmguard'
	install -m 755 $(BUILD)/libguard.so '$(DESTDIR)$(LIBDIR)/libguard.so'
	install -m 644 gdb/libguard-gdb.py '$(DESTDIR)$(LIBDIR)/libguard-gdb.py'
	install -m 644 include/mmguard.h '$(DESTDIR)$(INCLUDEDIR)/mmguard.h'
	install -m 644 $(wildcard man/*.1) $(call manual,1,)
	install -m 644 $(wildcard man/*.3) $(call manual,3,)
	install -m 644 $(wildcard man/*.7) $(call manual,7,)
	@echo 'installed: mmguard in $(BINDIR); without it: LD_PRELOAD=$(LIBDIR)/libguard.so program'
.PHONY: install

# The folder of a section of the manual, or pages in it.
manual = $(if $(2),$(foreach page,$(2),'$(DESTDIR)$(MANDIR)/man$(1)/$(notdir $(page))'),'$(DESTDIR)$(MANDIR)/man$(1)')

## uninstall: what install has put there
uninstall:
	rm -f '$(DESTDIR)$(BINDIR)/mmreport' '$(DESTDIR)$(BINDIR)/mmguard' '$(DESTDIR)$(LIBDIR)/libguard.so' \
		'$(DESTDIR)$(LIBDIR)/libguard-gdb.py' \
		'$(DESTDIR)$(INCLUDEDIR)/mmguard.h' $(call manual,1,$(wildcard man/*.1)) \
		$(call manual,3,$(wildcard man/*.3)) $(call manual,7,$(wildcard man/*.7))
.PHONY: uninstall

## format: clang-format all sources
format:
	$(Q)clang-format -i $(wildcard common/*.[ch] libguard/*/*.[ch] report/*/*.[ch] tests/unit/*.[ch])
.PHONY: format

## clean: remove build/
clean:
	rm -rf build
.PHONY: clean

## list: this list
list:
	@sed -n 's/^## \{0,1\}//p' Makefile
.PHONY: list

-include $(guard_objects:.o=.d) $(report_objects:.o=.d) $(unit_objects:.o=.d)
