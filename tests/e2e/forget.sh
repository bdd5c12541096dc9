#!/bin/sh
# Somebody is forgotten whom others knew by first name: in what partners and
# the lead wrote, in lists of whom to meet or not, in mails about them; and
# mails that are held stay held when they are read again.  Prints TAP.
. tests/e2e/lib/tap.sh
. tests/e2e/lib/people.sh

programme 'anja@example.com,Anja Able,mentor,2,IT,en,,' \
	'quentin.zork@example.com,Quentin Zork,mentee,8,Sales,en,,' \
	'prue@example.com,Xanthippe,mentee,8,Sales,en,,' \
	'carl@example.com,Carl Cole,mentor,2,IT,en,,'
enrol 'anja@example.com' 'quentin.zork@example.com prue@example.com'
joined 'Mon, 11 Jan 2027 12:30:00 +0100' carl@example.com
run 2027-01-11T11:40Z
answer carl@example.com questions "$mentor_form
16: quentin.zork
18: prue, xanthippe" 'Mon, 11 Jan 2027 12:50:00 +0100'
run 2027-01-11T12:00Z
run 2027-01-18T08:00Z
lead 'the week' match 'Mon, 18 Jan 2027 09:30:00 +0100'
run 2027-01-18T09:00Z
lead 'proposal of' approve 'Mon, 18 Jan 2027 10:05:00 +0100'
run 2027-01-18T09:10Z
pair() { db "SELECT count(*) FROM pair WHERE state <> 'ended'" "$1"; }
ok 'two pairs' pair 2
for a in anja quentin.zork prue carl; do
	answer $a@example.com '' agree 'Mon, 18 Jan 2027 10:30:00 +0100'
done
run 2027-01-18T10:00Z
run 2027-01-18T11:00Z
ok 'that meet' db "SELECT count(*) FROM session WHERE state = 'invited'" 2
answer anja@example.com '' 'send my data' 'Mon, 18 Jan 2027 12:10:00 +0100'
run 2027-01-18T11:20Z
data() { # WORD...: the newest copy of Anja's data has it
	python3 - "$p" "$@" <<'END'
import email, email.policy, glob, json, sys
for name in sorted(glob.glob(sys.argv[1] + "/out/new/*")):
    with open(name, "rb") as f:
        m = email.message_from_binary_file(f, policy=email.policy.default)
    for part in m.walk():
        if part.get_filename() == "my-data.json" and "anja" in m["To"]:
            text = part.get_payload(decode=True).decode()
json.loads(text)
for word in sys.argv[2:]:
    if word not in text:
        sys.exit(f"no {word!r} in {text}")
END
}
ok 'my data has all: pair, sessions, mails both ways, changes' data \
	'"partner": "Quentin Zork"' '"your-answer": "NEEDS-ACTION"' \
	'"mails-you-wrote"' '"event": "enrolled"' '"at": "2027-01-11T'
answer anja@example.com '' 'stuck: Quentin is never there' \
	'Mon, 18 Jan 2027 12:30:00 +0100'
answer carl@example.com '' "stuck: Xanthippe's calendar is full" \
	'Mon, 18 Jan 2027 12:30:00 +0100'
run 2027-01-18T12:00Z
ok 'partners write first names' db \
	"SELECT count(*) FROM note WHERE text LIKE '%Quentin%' OR
	text LIKE '%Xanthippe%'" 2

# --- an answer that is held -------------------------------------------------
python3 - "$p" <<'END'
import email, email.policy, glob, re, sys
for name in sorted(glob.glob(sys.argv[1] + "/out/new/*")):
    with open(name, "rb") as f:
        m = email.message_from_binary_file(f, policy=email.policy.default)
    for part in m.walk():
        if part.get_content_type() == "text/calendar" and "anja" in m["To"]:
            ics, to = part.get_content(), m["From"]
ics = re.sub(r"\r?\n[ \t]", "", ics).replace("METHOD:REQUEST", "METHOD:REPLY")
ics = re.sub(r"ATTENDEE[^\r\n]*\r?\n", "", ics)
ics = ics.replace("END:VEVENT", "ATTENDEE;PARTSTAT=DECLINED:"
                  "mailto:eve@example.com\r\nEND:VEVENT", 1)
with open(sys.argv[1] + "/in/new/eve", "w", newline="") as f:
    f.write(f"From: eve@example.com\r\nTo: {to}\r\nSubject: Declined\r\n"
            "Message-ID: <eve@x>\r\nMIME-Version: 1.0\r\nContent-Type: "
            "text/calendar; method=REPLY; charset=utf-8\r\n\r\n"
            + ics.replace("\r\n", "\n").replace("\n", "\r\n"))
END
ok 'an answer of nobody who was invited' silent 2027-01-18T12:10Z
held() {
	db "SELECT state || ' ' || reason FROM inbox WHERE message_id = 'eve@x'" \
		'held uninvited-answer'
}
ok 'is held' held
id=$(python3 -c "
import sqlite3
print(sqlite3.connect('$p/rmail.db').execute(
    \"SELECT id FROM inbox WHERE message_id = 'eve@x'\").fetchone()[0])")
"$rmail" quarantine release "$id" "$p" >/dev/null
ok 'read again it still is nobody' silent 2027-01-18T12:20Z
ok 'and held again' held
ok 'the session stands' \
	db "SELECT count(*) FROM session WHERE state = 'invited'" 2
lead 'the week' "release $id" 'Mon, 18 Jan 2027 13:25:00 +0100'
run 2027-01-18T12:30Z
run 2027-01-18T12:40Z
ok 'the lead cannot let it in either' held

# --- forgotten --------------------------------------------------------------
erase() { "$rmail" person erase "$1" --yes "$p" --now "$2" >/dev/null; }
ok 'one is forgotten' erase quentin.zork@example.com 2027-01-19T09:00Z
ok 'and one with a name of one word' erase prue@example.com 2027-01-19T09:00Z
run 2027-01-19T10:00Z
ok 'the partner loses the meeting' sent anja@example.com ancel
ok 'without a word on why' newest anja@example.com '!erased' '!forg'
run 2027-01-20T10:00Z
ok 'no trace is left' python3 "$here/traces.py" "$p" quentin zork xanthippe \
	prue@ 'prue,'
ok 'in the logs and folders of the programme' sh -c \
	"! grep -rilE 'quentin|xanthippe' '$p' --exclude-dir=out --exclude-dir=in"
ok 'what the partner wrote else is kept' \
	db "SELECT text FROM note WHERE text LIKE '%never there%'" \
	'… is never there'
ok 'and the partner is' db \
	"SELECT state FROM person WHERE name = 'Anja Able'" ready
finish
