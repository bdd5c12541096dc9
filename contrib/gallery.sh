#!/bin/sh
# Rehearses two programmes that between them use every mail, and shows the
# mails on one page.  From the top folder, after a build.
# usage: contrib/gallery.sh [OUTPUT]
#        contrib/gallery.sh settings    prints the second one's settings
# The first is the sample's cohort; the second is a rolling one in German
# with du, roles of its own name, and a door that is open to all.
set -eu
settings() {
	sed -e 's/^locale = .*/locale = de/' \
		-e 's/^locales = .*/locales = de, en/' \
		-e 's/^name = Reverse.*/name = Lernpaare/' \
		-e 's/\(^text.*\)hat eine Mentor.*/\1lernt von Jüngeren/' \
		-e 's/\(^text.*\)has a mentor.*/\1learns from a junior/' \
		-e 's/^kind = .*/kind = rolling/' \
		-e '/^match-on\|^midpoint\|^end =/d' \
		-e 's/^join = .*/join = lead\
unknown-senders = help\
form-of-address = informal\
review-on = 06-01\
mentor = learning guide\
mentors = learning guides\
mentor.de = Impulsgeber:in\
mentors.de = Impulsgeber:innen/' \
		-e 's/^times = book/times = ask/' rmail.conf.sample
}
if [ "${1:-}" = settings ]; then
	settings
	exit
fi
out=${1:-build/gallery}
mkdir -p "$out/settings"
settings >"$out/settings/rmail.conf"
build/rel/rmail rehearse --people 60 --faults --keep "$out/cohort" >/dev/null
build/rel/rmail rehearse --people 30 --months 8 --seed 2 --faults \
	--keep "$out/rolling" "$out/settings" >/dev/null
python3 contrib/gallery.py "$out" cohort="$out/cohort" \
	rolling="$out/rolling"
