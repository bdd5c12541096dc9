#!/bin/sh
# What the commands show: tables of 80 columns whatever the names, colour on a
# terminal alone, ASCII where there is no UTF-8, JSON for scripts.  Prints TAP.
. tests/e2e/lib/tap.sh
. tests/e2e/lib/people.sh

long=$(printf 'Ü%.0s' $(seq 1 300))
programme \
	"ann@example.com,$long,mentor,2,IT,en,," \
	'ben@example.com,王小明与李大华来自北京总部国际合作与交流司的高级顾问,mentor,2,HR,de,,' \
	'cleo@example.com,"Cleo \"\"De\"\" Clever-Donaudampfschifffahrtsgesellschaft",mentor,2,IT,en,,' \
	'xenia@example.com,שלום עולם,mentee,8,Sales,en,,' \
	'yves@example.com,Yves Müller-Lüdenscheidt von und zu Hohenstein-Waldeck,mentee,8,Sales,en,,'
db "INSERT INTO pair (mentor_id, mentee_id, state, begun, sessions) VALUES
	(1, 4, 'active', 1799700000, 6), (2, 5, 'introduced', 1799700000, 6),
	(3, 4, 'paused', 1799700000, 6)" None
db "UPDATE person SET name = name || char(8238) || 'x' || char(27) || '[31m'
	WHERE id = 3" None
ok 'invitations' silent 2027-01-11T08:00Z

columns() { # COMMAND...: no line over 80 columns, no control, no override
	"$@" >"$dir/shown" || return 1
	python3 - "$dir/shown" <<'END'
import sys, unicodedata
text = open(sys.argv[1], encoding="utf-8").read()
bad = [c for c in text if c != "\n" and (ord(c) < 32 or c in "\u202e\u2066")]
wide = max(sum(0 if unicodedata.combining(c) else
               2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in line) for line in text.splitlines())
if bad or wide > 80 or len(text) < 80:
    sys.exit(f"{wide} columns, {bad}\n{text}")
END
}
ascii() { columns "$@" && ! LC_ALL=C grep -q "[^ -~]" "$dir/shown"; }
terminal() { # COMMAND...: what it writes on a terminal
	python3 - "$@" >"$dir/seen" <<'END'
import os, pty, sys
pty.spawn(sys.argv[1:], lambda fd: os.read(fd, 4096))
END
}
bold() { terminal "$@" && grep -q "$(printf '\033')" "$dir/seen"; }
plain() { terminal "$@" && ! grep -q "$(printf '\033')" "$dir/seen"; }
json() { # PYTHON COMMAND...: it is JSON, and of j the expression holds
	test=$1
	shift
	"$@" >"$dir/j" && python3 -c "
import json
j = json.load(open('$dir/j'))
assert ($test), j"
}

LC_ALL=C.UTF-8
export LC_ALL
for a in ann ben cleo xenia; do
	ok "what happened to $a" columns "$rmail" why $a@example.com "$p"
done
ok 'the status' columns "$rmail" status "$p"
ok 'the report' columns "$rmail" report "$p"
LC_ALL=C
ok 'the status in ASCII' ascii "$rmail" status "$p"
ok 'a person in ASCII' ascii "$rmail" why ben@example.com "$p"
ok 'the report in ASCII' ascii "$rmail" report "$p"
LC_ALL=C.UTF-8
unset NO_COLOR
TERM=xterm
export TERM
ok 'headings are bold on a terminal' bold "$rmail" status "$p"
ok 'not with NO_COLOR' plain env NO_COLOR=1 "$rmail" status "$p"
ok 'nor on one that cannot' plain env TERM=dumb "$rmail" status "$p"
ok 'nor in a pipe' sh -c "! '$rmail' status '$p' | grep -q '$(printf '\033')'"
ok 'the status for a script' json "len(j['pairs']) == 3 and
	j['people']['roster']['all'] == 5" "$rmail" status --json "$p"
ok 'what is wrong for a script' json "not j['ok'] and j['exit'] == 78 and
	'settings' in j['problems'][0]" sh -c "'$rmail' check --json /nowhere; :"
ok 'a rehearsal for a script' json "j['people'] == 6 and j['invited'] == 6 and
	j['mails-lost-or-doubled'] == 0" \
	"$rmail" rehearse --people 6 --months 1 --json
ok 'a person for a script' json "j[0]['because-of-mail'] is None" \
	"$rmail" why ann@example.com --json "$p"
ok 'the report for a script' json "all(f['withheld'] or f['people'] >= 7
	for f in j['figures'])" "$rmail" report --format json "$p"
ok 'and as a table' sh -c \
	"'$rmail' report --format csv '$p' | head -1 | grep -q '^figure,value'"
finish
