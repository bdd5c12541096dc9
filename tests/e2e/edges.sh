#!/bin/sh
# Mails that come from the side: strangers, forwarders, assistants, machines,
# people with other addresses, people who want to be forgotten.  Prints TAP.
. tests/e2e/lib/tap.sh

mail() { # NAME: a raw mail from standard input, LF
	sed 's/$/\r/' >"$dir/p/in/new/$1"
}
newest() { # ADDRESS FIELD: of the newest mail to it
	python3 - "$dir/p" "$1" "$2" <<'END'
import email, email.policy, glob, sys
got = ""
for name in sorted(glob.glob(sys.argv[1] + "/out/new/*")):
    with open(name, "rb") as f:
        m = email.message_from_binary_file(f, policy=email.policy.default)
    if sys.argv[2] in m["To"]:
        got = m[sys.argv[3]]
print(got)
END
}
out_count() { ls "$dir/p/out/new" | wc -l; }

"$rmail" init "$dir/p" --now 2027-01-10T09:00Z >"$dir/log"
sed -i 's/^join = roster/join = domain\ndomains = example.com/' \
	"$dir/p/rmail.conf"
cat >"$dir/people.csv" <<'END'
address,name,role,level,department,zone,locale,alternates
ann@example.com,Ann Young,mentor,2,IT,Europe/Berlin,en,ann@home.example
bob@example.com,Bob Boss,mentee,8,Sales,Europe/Berlin,en,
END
"$rmail" import "$dir/people.csv" "$dir/p" >"$dir/log"
ok 'all are invited' silent 2027-01-11T09:00Z

mail stranger <<'END'
From: zoe@elsewhere.example
To: mentoring@example.com
Subject: hello
Message-ID: <z1@elsewhere.example>

join
END
before=$(out_count)
ok 'a stranger is read' silent 2027-01-11T09:10Z
ok 'and gets no answer' [ "$before" = "$(out_count)" ]
ok 'with a reason' db \
	"SELECT reason FROM inbox WHERE sender LIKE 'zoe%'" unknown-sender

mail colleague <<'END'
From: Kim New <kim@example.com>
To: mentoring@example.com
Subject: hello
Message-ID: <k1@example.com>

join
END
ok 'somebody of the domain' silent 2027-01-11T09:20Z
ok 'may join' db "SELECT state FROM person WHERE key LIKE 'kim%'" asked

id=$(newest ann@example.com Message-ID)
subject=$(newest ann@example.com Subject)
mail forwarded <<END
From: mallory@example.com
To: mentoring@example.com
Subject: Re: $subject
Message-ID: <m1@example.com>
In-Reply-To: $id

yes
END
ok 'a forwarded invitation answered by another' silent 2027-01-11T09:30Z
ok 'is held' db "SELECT state FROM inbox WHERE sender LIKE 'mallory%'" held
ok 'changes nothing' db "SELECT state FROM person WHERE id = 1" invited
ok 'and the owner is asked' sent ann@example.com mallory

mail away <<END
From: bob@example.com
To: mentoring@example.com
Subject: Automatic reply: $subject
Message-ID: <o1@example.com>
Auto-Submitted: auto-replied
In-Reply-To: $(newest bob@example.com Message-ID)

I am out of the office until 5 February 2027.
END
before=$(out_count)
ok 'an absence is read' silent 2027-01-11T09:40Z
ok 'it is no answer' db 'SELECT state FROM person WHERE id = 2' invited
ok 'it is remembered' db \
	'SELECT away_until > 1801400000 FROM person WHERE id = 2' 1
ok 'and not answered' [ "$before" = "$(out_count)" ]

mail bounce <<END
From: MAILER-DAEMON@mx.example.com
To: mentoring@example.com
Subject: Undelivered Mail Returned to Sender
Return-Path: <>
Auto-Submitted: auto-replied
Message-ID: <b1@mx.example.com>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

User unknown.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; ann@example.com
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--b
Content-Type: message/rfc822

From: mentoring@example.com
To: ann@example.com
Message-ID: $id
Subject: x

x

--b--
END
ok 'a bounce of our own mail' silent 2027-01-11T09:50Z
ok 'brings the other address' db \
	'SELECT address FROM person WHERE id = 1' ann@home.example
sed 's/Message-ID: <rm[^>]*>/Message-ID: <other@example.com>/
s/b1@/b2@/; s/ann@example/bob@example/' "$dir"/p/in/cur/bounce* \
	>"$dir/p/in/new/forged"
ok 'a forged bounce' silent 2027-01-11T10:00Z
ok 'does nothing' db 'SELECT bad_address FROM person WHERE id = 2' 0

printf 'From: a@b.c\r\nContent-Type: multipart/mixed; boundary="\\""\r\n\r\nx' \
	>"$dir/p/in/new/monster"
ok 'a monster' silent 2027-01-11T10:10Z
run 2027-01-11T10:11Z; run 2027-01-11T10:12Z; run 2027-01-11T10:13Z
ok 'ends somewhere' db "SELECT count(*) FROM inbox WHERE state = 'new'" 0

answer bob@example.com '' 'forget me' 'Mon, 11 Jan 2027 12:00:00 +0100'
ok 'to be forgotten' silent 2027-01-11T11:00Z
ok 'is confirmed first' sent bob@example.com 'cannot be undone'
answer bob@example.com 'confirm' 'yes' 'Mon, 11 Jan 2027 12:10:00 +0100'
ok 'then done' silent 2027-01-11T11:20Z
ok 'in the table' db 'SELECT state FROM person WHERE id = 2' erased
ok 'told once more' sent bob@example.com 'erased'
ok 'and the next run' silent 2027-01-11T11:30Z
ok 'leaves no trace' sh -c "! strings -a '$dir'/p/rmail.db* | grep -i 'bob'"
"$rmail" import "$dir/people.csv" "$dir/p" >"$dir/again" 2>&1
ok 'nor does the roster bring them back' grep -q 'asked to be forgotten' \
	"$dir/again"
finish
