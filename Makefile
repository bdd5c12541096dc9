# rmail.  Targets for people:
#   make            build/rel/rmail
#   make demo       plays a nine-month programme on real mail files
#   make gallery    every mail of rehearsed programmes on one page
#   make check      all tests that finish in two minutes, sanitizers on
#   make check-long the rest; make bench prints the figures
#   make install    into $(DESTDIR)$(PREFIX); make uninstall
#   make deb        a Debian package, below build/
#   make format     lays the sources out by .clang-format
# V=1 shows each command whole.
SHELL    := /bin/sh
PREFIX   ?= /usr/local
DESTDIR  ?=
CC       ?= cc
FUZZ_CC  ?= clang
VERSION  := 1.0

LIBS := libical md4c libseccomp gnutls libidn2 libzstd zlib sqlite3 cairo \
	fontconfig \
	libcurl libxml-2.0
PKG_CFLAGS := $(patsubst -I%,-isystem%,$(shell pkg-config --cflags $(LIBS) 2>/dev/null))
# libetpan's pkg-config file would make a program that is not
# position-independent; libytnef and libunistring have none.
LDLIBS := $(shell pkg-config --libs $(LIBS) 2>/dev/null) \
	-letpan -lytnef -lunistring -lm

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wpointer-arith -Wwrite-strings -Wvla -Wformat=2 -Wundef
BASE := -std=gnu17 -D_GNU_SOURCE -DRMAIL_VERSION='"$(VERSION)"' -Isrc \
	$(PKG_CFLAGS) -MMD -MP

CFLAGS  ?= -O2 -g
HARDEN  := -fPIE -fstack-protector-strong -D_FORTIFY_SOURCE=2 \
	-fstack-clash-protection
REL_CFLAGS  := $(BASE) $(WARN) $(CFLAGS) $(HARDEN) $(CPPFLAGS)
REL_LDFLAGS := -pie -Wl,-z,relro,-z,now,-z,noexecstack $(LDFLAGS)
SAN         := -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
SAN_CFLAGS  := $(BASE) $(WARN) -Werror -O1 -g $(SAN) -Itests
FUZZ_CFLAGS := $(BASE) -O1 -g -fsanitize=fuzzer,address,undefined \
	-fno-sanitize-recover=all -Itests

SOURCES := $(sort $(wildcard src/*/*.c))
EMBEDDED := $(sort $(wildcard templates/* templates/*/* templates/*/*/* src/store/schema/*.sql)) \
	rmail.conf.sample
EMBEDDED := $(filter-out %/,$(foreach f,$(EMBEDDED),$(if $(wildcard $(f)/.),,$(f))))

.PHONY: all san check check-long demo bench lint format install uninstall \
	clean deb deps fuzz gallery
all: build/rel/rmail

Q := $(if $(V),,@)
say = $(if $(V),,@echo "  $(1)  $@")

# --- what is built ----------------------------------------------------------

build/embed.S: $(EMBEDDED) contrib/embed.sh Makefile
	@mkdir -p build
	$(call say,EMBED)
	$(Q)sh contrib/embed.sh $(EMBEDDED) > $@.new && mv $@.new $@

define VARIANT
build/$(1)/%.o: src/%.c
	@mkdir -p $$(@D)
	$$(call say,CC)
	$$(Q)$(2) $(3) -c -o $$@ $$<
build/$(1)/embed.o: build/embed.S
	@mkdir -p $$(@D)
	$$(call say,CC)
	$$(Q)$(2) -fPIE -c -o $$@ $$<
build/$(1)/librmail.a: $(SOURCES:src/%.c=build/$(1)/%.o) build/$(1)/embed.o
	@rm -f $$@
	$$(call say,AR)
	$$(Q)ar rcs $$@ $$^
endef
$(eval $(call VARIANT,rel,$$(CC),$$(REL_CFLAGS)))
$(eval $(call VARIANT,san,$$(CC),$$(SAN_CFLAGS)))
$(eval $(call VARIANT,fuzz,$$(FUZZ_CC),$$(FUZZ_CFLAGS)))

build/rel/rmail: build/rel/main.o build/rel/librmail.a
	$(call say,LD)
	$(Q)$(CC) $(REL_LDFLAGS) -o $@ $^ $(LDLIBS)
build/san/rmail: build/san/main.o build/san/librmail.a
	$(call say,LD)
	$(Q)$(CC) $(SAN) -o $@ $^ $(LDLIBS)
san: build/san/rmail

# --- tests ------------------------------------------------------------------
# unit/X_test.c, golden/X.c, sim/X.c, fuzz/X_fuzz.c: one program each, printing
# TAP.  A fuzz target is also built with a main that replays its seeds.

UNIT   := $(patsubst tests/unit/%.c,build/san/unit/%,$(wildcard tests/unit/*_test.c))
GOLDEN := $(patsubst tests/golden/%.c,build/san/golden/%,$(filter-out tests/golden/golden.c,$(wildcard tests/golden/*.c)))
REPLAY := $(patsubst tests/fuzz/%.c,build/san/replay/%,$(wildcard tests/fuzz/*_fuzz.c))
FUZZ   := $(patsubst tests/fuzz/%.c,build/fuzz/%,$(wildcard tests/fuzz/*_fuzz.c))
SIM    := $(patsubst tests/sim/%.c,build/rel/sim/%,$(wildcard tests/sim/*_sim.c))
BENCH  := $(patsubst tests/bench/%.c,build/rel/bench/%,$(wildcard tests/bench/*_bench.c))

build/san/unit/%: tests/unit/%.c build/san/librmail.a
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(SAN_CFLAGS) -o $@ $< build/san/librmail.a $(LDLIBS) -lcmocka
build/san/golden/%: tests/golden/%.c tests/golden/golden.c build/san/librmail.a
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(SAN_CFLAGS) -o $@ $< tests/golden/golden.c build/san/librmail.a $(LDLIBS)
build/san/replay/%: tests/fuzz/%.c tests/fuzz/replay.c build/san/librmail.a
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(SAN_CFLAGS) -o $@ $< tests/fuzz/replay.c build/san/librmail.a $(LDLIBS)
# Thousands of runs: the release build, which is four times as fast.
build/rel/sim/%: tests/sim/%.c build/rel/librmail.a
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(REL_CFLAGS) -Itests -o $@ $< build/rel/librmail.a $(REL_LDFLAGS) $(LDLIBS)
build/fuzz/%: tests/fuzz/%.c build/fuzz/librmail.a
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(FUZZ_CC) $(FUZZ_CFLAGS) -o $@ $< build/fuzz/librmail.a $(LDLIBS)
build/rel/bench/%: tests/bench/%.c build/rel/librmail.a
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(REL_CFLAGS) -Itests -o $@ $< build/rel/librmail.a $(REL_LDFLAGS) $(LDLIBS)

check: deps
	@$(MAKE) --no-print-directory -j$$(nproc) tests-built
	@sh tests/run.sh check
check-long: deps
	@$(MAKE) --no-print-directory -j$$(nproc) tests-built
	@sh tests/run.sh long
.PHONY: tests-built
tests-built: build/rel/rmail build/san/rmail $(UNIT) $(GOLDEN) $(REPLAY) $(SIM)
lint:
	@for t in tests/lint/*.sh; do sh $$t || exit 1; done
fuzz: $(FUZZ)
# make fuzz-NAME SECONDS=600
fuzz-%: build/fuzz/%_fuzz
	@mkdir -p build/corpus/$* tests/fuzz/seeds/$*
	build/fuzz/$*_fuzz -max_total_time=$(or $(SECONDS),60) -timeout=5 \
		-rss_limit_mb=2048 -artifact_prefix=build/ \
		build/corpus/$* tests/fuzz/seeds/$*
bench: build/rel/rmail $(BENCH)
	@for t in tests/bench/*.sh; do sh $$t || exit 1; done
bench-%: build/rel/rmail $(BENCH)
	@sh tests/bench/$*.sh

demo: deps
	@$(MAKE) --no-print-directory -j$$(nproc) build/rel/rmail
	@build/rel/rmail rehearse --people 40 --months 9 --keep build/demo

# Every mail on one page, as several mail programs show it.
gallery: build/rel/rmail
	@sh contrib/gallery.sh

deps:
	@sh contrib/deps.sh
format:
	clang-format -i $$(git ls-files '*.c' '*.h')

# --- install ----------------------------------------------------------------

BIN := $(DESTDIR)$(PREFIX)/bin
MAN := $(DESTDIR)$(PREFIX)/share/man
SHARE := $(DESTDIR)$(PREFIX)/share/rmail
DOC := $(DESTDIR)$(PREFIX)/share/doc/rmail
COMPLETION := $(DESTDIR)$(PREFIX)/share/bash-completion/completions

install: build/rel/rmail
	install -d $(BIN) $(MAN)/man1 $(MAN)/man5 $(MAN)/man7 $(SHARE) \
		$(DOC)/systemd $(COMPLETION)
	install -m 755 build/rel/rmail $(BIN)/rmail
	install -m 644 man/rmail.1 $(MAN)/man1/
	install -m 644 man/rmail.conf.5 man/rmail-templates.5 $(MAN)/man5/
	install -m 644 man/rmail-mail.7 $(MAN)/man7/
	cp -R templates $(SHARE)/
	chmod -R u=rwX,go=rX $(SHARE)
	install -m 644 README.md CHANGES.md LICENSE rmail.conf.sample \
		contrib/crontab contrib/roster.csv $(DOC)/
	install -m 644 contrib/systemd/rmail@.service \
		contrib/systemd/rmail@.timer $(DOC)/systemd/
	install -m 644 contrib/rmail.bash $(COMPLETION)/rmail
# A package for this Debian, with all of it below /opt/rmail.
deb: build/rel/rmail
	@sh contrib/deb.sh $(VERSION)
uninstall:
	rm -f $(BIN)/rmail $(MAN)/man1/rmail.1 $(MAN)/man5/rmail.conf.5 \
		$(MAN)/man5/rmail-templates.5 $(MAN)/man7/rmail-mail.7 \
		$(COMPLETION)/rmail
	rm -rf $(SHARE) $(DOC)

clean:
	rm -rf build

-include $(shell find build -name '*.d' -type f 2>/dev/null)
