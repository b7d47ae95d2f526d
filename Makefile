# SPDX-License-Identifier: GPL-3.0-or-later
# The face of the house. Each target is a line or so into meson or a script; docs are in docs/.
BUILD = build
MESON_FLAGS =
PREFIX = /usr/local
DESTDIR =

.PHONY: help setup build page screens demo check check-asan check-valgrind check-ct sim bench fuzz lint format install clean

help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

## make setup            install what is missing to build (apt packages by name, npm by lock file)
setup:
	@scripts/setup

## make build            compile everything into build/
build: $(BUILD)/build.ninja
	@ninja -C $(BUILD)
	@web/build $(BUILD)

$(BUILD)/build.ninja:
	@meson setup $(MESON_FLAGS) $(BUILD)

## make page             only the person's page, into build/web/person
page:
	@web/build $(BUILD)

## make demo             a person writes, a desk answers, through a real relay (TEXT=... ANSWER=...)
demo: setup
	@$(MAKE) --no-print-directory build
	@$(BUILD)/src/cli/cairn demo $(if $(TEXT),--text "$$TEXT") $(if $(ANSWER),--answer "$$ANSWER")
# To the letter: make would take $ for its own.
override TEXT := $(value TEXT)
override ANSWER := $(value ANSWER)
export TEXT ANSWER

## make screens          pictures of every screen of the page, into docs/screens
screens:
	@scripts/setup check
	@$(MAKE) --no-print-directory build
	@SCREENS=docs/screens CAIRN_BUILD=$(BUILD) node tests/browser/run.mjs tests/browser/screens.mjs

## make check            build and pass every test
check:
	@scripts/setup check
	@$(MAKE) --no-print-directory build
	@tests/lib/run $(BUILD) --setup check

## make check-asan       the same under AddressSanitizer and UndefinedBehaviorSanitizer
check-asan:
	@scripts/setup check
	@test -f build-asan/build.ninja || CC=clang-14 meson setup build-asan \
	    -Db_sanitize=address,undefined -Db_lundef=false -Db_pie=false
	@ninja -C build-asan
	@tests/lib/run build-asan --setup asan

## make check-valgrind   unit tests and vectors under valgrind's memory check
check-valgrind:
	@scripts/setup check
	@$(MAKE) --no-print-directory build
	@tests/lib/run $(BUILD) --setup valgrind --suite unit --suite vectors --no-suite npm

## make check-ct         secrets in core never decide a branch or an address (valgrind)
check-ct:
	@scripts/setup check
	@$(MAKE) --no-print-directory build
	@tests/lib/run $(BUILD) --suite ct

## make sim              10,000 simulated desks of up to 30 devices (SEEDS=10000 FIRST=1)
sim: build
	@$(BUILD)/tests/sim/sim $(or $(FIRST),1) $(or $(SEEDS),10000)

## make bench            one line a figure, also in build/bench.tsv (ONLY=name)
bench:
	@scripts/setup check bench
	@$(MAKE) --no-print-directory build
	@bench/run $(ONLY)

## make fuzz             each fuzz target for FUZZ_SECONDS (60)
fuzz:
	@scripts/setup check
	@fuzz/run $(or $(FUZZ_SECONDS),60)

## make lint             layout, static analysis, lengths, includes, words
lint:
	@scripts/setup lint
	@$(MAKE) --no-print-directory build
	@scripts/lint $(BUILD)

## make format           lay out the source as .clang-format says
format:
	@git ls-files '*.c' '*.h' | xargs clang-format-14 -i

## make install          PREFIX=/usr/local, DESTDIR=
install: build
	@meson configure $(BUILD) -Dprefix=$(PREFIX)
	@DESTDIR=$(DESTDIR) meson install -C $(BUILD)

## make clean            remove what was built
clean:
	@rm -rf build build-asan build-fuzz
