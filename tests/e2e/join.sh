#!/bin/sh
# Who may join: anybody, a domain, the roster, whom the lead admits; the
# roster by the lead's mail; people who pause, leave, move, come back, come
# too late.  Prints TAP.
. tests/e2e/lib/tap.sh
. tests/e2e/lib/people.sh

says() { # ADDRESS TEXT DATE: a mail of their own, no reply
	k=$((${k:-0} + 1))
	printf 'From: %s\r\nTo: mentoring@example.com\r\nSubject: hello\r\nMessage-ID: <j%s@x>\r\nDate: %s\r\n\r\n%s\r\n' \
		"$1" "$k" "$3" "$2" >"$p/in/new/join$k"
}
state() { db "SELECT state FROM person WHERE address = '$1'" "$2"; }
nobody() { db "SELECT count(*) FROM person WHERE address = '$1'" 0; }
last_mail() { # ADDRESS TEMPLATE
	db "SELECT template FROM outbox WHERE recipient = '$1'
		ORDER BY id DESC LIMIT 1" "$2"
}
begin() { # POLICY [DOMAINS]: a programme of its own
	p=$dir/$1
	programme 'rosa@example.com,Rosa Roster,mentor,2,IT,en,,'
	setting programme join "$1"
	[ -z "${2-}" ] || setting programme domains "$2"
	run 2027-01-11T08:00Z
}
mon='Mon, 11 Jan 2027 10:00:00 +0100'

# --- open ------------------------------------------------------------------------
begin open
says kim@elsewhere.org join "$mon"
says spam@elsewhere.org 'You have won' "$mon"
ok 'open: anybody' silent 2027-01-11T09:10Z
ok 'may join' state kim@elsewhere.org asked
ok 'and has the survey' sent kim@elsewhere.org 'Answer Q1: [ ]'
ok 'who says something else is no participant' nobody spam@elsewhere.org
says kim@elsewhere.org join "$mon"
ok 'joining twice' silent 2027-01-11T09:20Z
ok 'makes one person' db \
	"SELECT count(*) FROM person WHERE address LIKE 'kim%'" 1

# --- domain -----------------------------------------------------------------------
begin domain 'example.com, example.org'
says kim@elsewhere.org join "$mon"
says lou@example.org join "$mon"
says evil@notexample.org join "$mon"
ok 'domain: addresses of it' silent 2027-01-11T09:10Z
ok 'may join' state lou@example.org asked
ok 'others may not' nobody kim@elsewhere.org
ok 'nor those that only look like it' nobody evil@notexample.org
ok 'and get no answer' count_to kim@elsewhere.org '' 0

# --- roster -------------------------------------------------------------------------
begin roster
says rosa@example.com 'I would like to join, please.' "$mon"
says lou@example.org join "$mon"
ok 'roster: whom it has' silent 2027-01-11T09:10Z
ok 'may join by a word of their own' state rosa@example.com asked
ok 'others may not' nobody lou@example.org

# --- lead ------------------------------------------------------------------------------
begin lead
says kim@elsewhere.org join "$mon"
says lou@elsewhere.org join "$mon"
ok 'lead: anybody' silent 2027-01-11T09:10Z
ok 'may ask' state kim@elsewhere.org applied
ok 'and is told to wait' last_mail kim@elsewhere.org applied
run 2027-01-18T08:00Z
ok 'the digest names them and the reply' newest $LEAD \
	'admit kim@elsewhere.org' 'refuse kim@elsewhere.org'
lead 'the week' 'admit kim@elsewhere.org
refuse lou@elsewhere.org' 'Mon, 18 Jan 2027 10:00:00 +0100'
ok 'the lead decides by reply' silent 2027-01-18T09:10Z
ok 'admits' state kim@elsewhere.org asked
ok 'with the survey' sent kim@elsewhere.org 'Answer Q1: [ ]'
ok 'refuses' state lou@elsewhere.org declined
ok 'kindly' last_mail lou@elsewhere.org refused
answer lou@elsewhere.org '' join 'Mon, 18 Jan 2027 10:30:00 +0100'
ok 'a refused one who replies join' silent 2027-01-18T09:40Z
ok 'is not in, but asks once more' state lou@elsewhere.org applied
answer rosa@example.com '' no 'Mon, 18 Jan 2027 10:30:00 +0100'
run 2027-01-18T09:50Z
ok 'an invited one may say no' state rosa@example.com declined
answer rosa@example.com '' join 'Mon, 18 Jan 2027 11:00:00 +0100'
run 2027-01-18T10:10Z
ok 'and change their mind without the lead' state rosa@example.com asked
lead 'the week' 'remove kim@elsewhere.org' 'Mon, 18 Jan 2027 11:20:00 +0100'
run 2027-01-18T10:25Z
word=$(python3 -c "
import sqlite3
c = sqlite3.connect('$p/rmail.db')
print(c.execute('SELECT word FROM confirm ORDER BY id DESC').fetchone()[0])")
lead '' "confirm $word" 'Mon, 18 Jan 2027 11:30:00 +0100'
run 2027-01-18T10:35Z
ok 'a removed one is out' state kim@elsewhere.org left
answer kim@elsewhere.org '' join 'Mon, 18 Jan 2027 11:40:00 +0100'
run 2027-01-18T10:45Z
ok 'and comes back by the lead alone' state kim@elsewhere.org applied

# --- the roster by mail ------------------------------------------------------------------
python3 - "$p" <<'END'
import email.message, email.policy, glob, sys
p = sys.argv[1]
for name in sorted(glob.glob(p + "/out/new/*")):
    m = email.message_from_binary_file(open(name, "rb"),
                                       policy=email.policy.default)
    if "hanna.lead" in m["To"]:
        found = m
def send(key, text, data, **attachment):
    m = email.message.EmailMessage(policy=email.policy.SMTP)
    m["From"], m["To"] = "hanna.lead@example.com", found["From"]
    m["Subject"] = "Re: " + found["Subject"]
    m["Date"] = "Mon, 18 Jan 2027 12:00:00 +0100"
    m["Message-ID"] = f"<{key}@client.example>"
    m["In-Reply-To"] = m["References"] = found["Message-ID"]
    m.set_content(text)
    m.add_attachment(data, **attachment)
    open(p + "/in/new/" + key, "wb").write(m.as_bytes())
send("roster1", "roster\n", ("address;name;role;level;departement\r\n"
    "nina@example.com;Nina Nagel;mentor;2;IT\r\n"
    "rosa@example.com;Rosa Roster;mentor;3;IT\r\n"
    "bad@@example.com;Bad Bad;mentor;2;IT\r\n"
    "otto@example.com;Otto Ober;king;9;HR\r\n"
    "jörg@example.com;Jörg;mentor;99;HR\r\n").encode("cp1252"),
    maintype="text", subtype="csv", filename="people.csv")
send("roster2", "Hello!\n", "address;name\r\nmax@example.com;Mäx\r\n".encode(
    "utf-16"), maintype="application", subtype="vnd.ms-excel",
    filename="Leute.csv")
send("roster3", "roster\n", b"PK\3\4", maintype="application",
     subtype="octet-stream", filename="people.xlsx")
END
ok 'the roster by the lead as an attachment' silent 2027-01-18T11:05Z
ok 'good rows are taken' db "SELECT name || state || level FROM person
	WHERE address = 'nina@example.com'" 'Nina Nagelinvited2'
ok 'changed ones too' db \
	"SELECT level FROM person WHERE address = 'rosa@example.com'" 3
for what in 'line 4, column address' 'line 5, column role: king' 'line 6'; do
	ok "bad ones are listed with their place: $what" sent $LEAD "$what"
done
ok 'a misspelt heading is named' sent $LEAD 'did you mean department'
ok 'a table without a word is one' \
	db "SELECT name FROM person WHERE address = 'max@example.com'" Mäx
ok 'a workbook is told what it should be' sent $LEAD \
	'people.xlsx cannot be read as a table'

# --- whoever comes and goes -----------------------------------------------------------------
p=$dir/people
programme 'ann@example.com,Ann Able,mentor,2,IT,en,,' \
	'bob@example.com,Bob Boss,mentee,8,Sales,en,,'
enrol ann@example.com bob@example.com
answer ann@example.com '' 'my address is now ann@new.example.com' \
	'Mon, 11 Jan 2027 12:00:00 +0100'
ok 'a new address' silent 2027-01-11T11:05Z
ok 'is asked whether it is one' sent ann@new.example.com 'ann@new.example.com'
ok 'and not used before' state ann@example.com ready
answer ann@new.example.com '' yes 'Mon, 11 Jan 2027 12:30:00 +0100'
ok 'it says yes' silent 2027-01-11T11:35Z
ok 'and is used' state ann@new.example.com ready
answer bob@example.com '' 'my assistant is pa@example.com' \
	'Mon, 11 Jan 2027 12:40:00 +0100'
run 2027-01-11T11:45Z
ok 'an assistant by reply' db \
	"SELECT assistant FROM person WHERE address = 'bob@example.com'" \
	pa@example.com
answer bob@example.com '' 'my assistant is none' \
	'Mon, 11 Jan 2027 12:50:00 +0100'
run 2027-01-11T11:55Z
ok 'and none by reply' db "SELECT assistant || '.' FROM person
	WHERE address = 'bob@example.com'" .
answer bob@example.com '' 'pause until 2027-02-15' \
	'Mon, 11 Jan 2027 13:00:00 +0100'
run 2027-01-11T12:05Z
ok 'a pause until a date' state bob@example.com paused
run 2027-02-14T09:00Z
ok 'lasts' state bob@example.com paused
run 2027-02-15T09:00Z
ok 'until that date' state bob@example.com ready
answer bob@example.com '' pause 'Mon, 15 Feb 2027 11:00:00 +0100'
run 2027-02-15T10:05Z
answer bob@example.com '' resume 'Mon, 15 Feb 2027 12:00:00 +0100'
run 2027-02-15T11:05Z
ok 'a pause without a date ends by a word' state bob@example.com ready
answer bob@example.com '' 'leave, too busy' 'Mon, 15 Feb 2027 13:00:00 +0100'
run 2027-02-15T12:05Z
ok 'leave' state bob@example.com left
answer bob@example.com '' join 'Mon, 15 Feb 2027 14:00:00 +0100'
run 2027-02-15T13:05Z
ok 'and come back' state bob@example.com asked
ok 'with the survey to be looked at' newest bob@example.com 'Answer Q1'

# --- too late ------------------------------------------------------------------------------------
setting programme join open
run 2027-09-30T08:00Z
answer bob@example.com '' leave 'Thu, 30 Sep 2027 11:00:00 +0200'
run 2027-09-30T09:30Z
answer bob@example.com '' join 'Thu, 30 Sep 2027 12:00:00 +0200'
says late@example.com join 'Thu, 30 Sep 2027 12:00:00 +0200'
ok 'when the programme closes' silent 2027-09-30T10:30Z
ok 'nobody comes back' state bob@example.com left
ok 'and is told so' last_mail bob@example.com too-late
ok 'nor comes in' nobody late@example.com
finish
