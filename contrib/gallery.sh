#!/bin/sh
# Rehearses two programmes that between them use every mail, and shows the
# mails on one page.  From the top folder, after a build.
# usage: contrib/gallery.sh [OUTPUT]
#        contrib/gallery.sh settings         prints the second one's settings
#        contrib/gallery.sh rehearse FOLDER  the programmes alone
#        contrib/gallery.sh strip [FILE]     the picture in README
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
# rehearse FOLDER: both, and the first again two years later
rehearse() {
	mkdir -p "$1/settings"
	settings >"$1/settings/rmail.conf"
	build/rel/rmail rehearse --people "${PEOPLE:-40}" --faults \
		--keep "$1/cohort" >/dev/null
	build/rel/rmail rehearse --people 30 --months 8 --seed 2 --faults \
		--keep "$1/rolling" "$1/settings" >/dev/null
	rm -rf "$1/later"
	cp -R "$1/cohort" "$1/later"
	find "$1/later/out" -type f -exec rm {} +
	build/rel/rmail run "$1/later" --now 2029-12-03T10:00Z
}
if [ "${1:-}" = rehearse ]; then
	rehearse "$2"
	exit
fi
# strip [FILE]: the picture in README
if [ "${1:-}" = strip ]; then
	dir=$(mktemp -d)
	trap 'rm -rf "$dir"' EXIT
	build/rel/rmail rehearse --people 40 --keep "$dir/cohort" >/dev/null
	python3 contrib/gallery.py --strip "${2:-contrib/mails.png}" \
		cohort="$dir/cohort"
	exit
fi
out=${1:-build/gallery}
rehearse "$out"
python3 contrib/gallery.py "$out" cohort="$out/cohort" \
	rolling="$out/rolling" later="$out/later"
