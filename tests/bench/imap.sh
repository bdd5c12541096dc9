#!/bin/sh
# Mails a second by IMAP from a Dovecot on loopback beside the same mails in a
# Maildir, both with all of rmail's work.  From the top folder, after a build.
set -eu
. tests/e2e/fakes/dovecot.sh
if dovecot_missing; then
	echo 'dovecot is missing: apt-get install dovecot-imapd dovecot-pop3d'
	exit 0
fi
n=${MAILS:-20000}
dir=$(mktemp -d /tmp/rmail-bi.XXXXXX)
chmod 755 "$dir"
trap 'dovecot_stop; rm -rf "$dir"' EXIT
dovecot_users imap
mkdir -p "$dir/mail/imap/new" "$dir/mail/imap/cur" "$dir/mail/imap/tmp"
python3 - "$dir/mail/imap/new" "$n" <<'END'
import random, sys
folder, n = sys.argv[1], int(sys.argv[2])
random.seed(1)
words = "the session was useful and we agreed to meet again next week".split()
for i in range(n):
    text = "\r\n".join(
        " ".join(random.choice(words) for _ in range(10))
        for _ in range(random.randint(5, 80)))
    with open(f"{folder}/{1700000000 + i}.M{i}.bench", "w", newline="") as f:
        f.write(f"From: Person {i} <person{i}@example.com>\r\n"
                "To: mentoring@example.com\r\n"
                f"Subject: Re: something {i}\r\n"
                f"Message-ID: <{i}@bench.example>\r\n"
                "Date: Mon, 11 Jan 2027 10:00:00 +0100\r\n\r\n"
                f"{text}\r\n")
END
now() { python3 -c 'import time; print(time.monotonic())'; }
rate() { python3 -c "print(f'{$n / ($2 - $1):.0f}')"; }
for p in maildir imap; do
	build/rel/rmail init "$dir/$p" --now 2027-01-10T09:00Z >/dev/null
done
mkdir -p "$dir/maildir/in"
cp -R "$dir/mail/imap/." "$dir/maildir/in/"
dovecot_start
printf '%s\n' 'p"w\ d' >"$dir/imap/password"
sed -i '/^in *=/d; /^\[mail\]/r /dev/stdin' "$dir/imap/rmail.conf" <<EOF
in = imaps://localhost:$imaps
in-user = imap@example.com
in-password-command = /bin/cat $dir/imap/password
ca-file = $dir/ca.pem
EOF
# Dovecot indexes what it has not seen, and looks anew through a Maildir that
# changed a moment ago; that is not what is measured.
python3 - "$imap" <<'END'
import imaplib, sys, time
for wait in 0, 10:
    time.sleep(wait)
    m = imaplib.IMAP4("127.0.0.1", int(sys.argv[1]))
    m.starttls()
    m.login("imap@example.com", 'p"w\\ d')
    m.select()
    m.uid("SEARCH", "UNDELETED")
    m.logout()
END
a=$(now)
build/rel/rmail run "$dir/maildir" --now 2027-01-11T09:00Z
b=$(now)
maildir=$(rate $a $b)
a=$(now)
python3 - "$dir/imap" <<'END'
import resource, subprocess, sys
subprocess.run(["build/rel/rmail", "run", sys.argv[1],
                "--now", "2027-01-11T09:00Z"], check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(f"  memory, IMAP          {used / 1024:.0f} MB")
END
b=$(now)
by_imap=$(rate $a $b)
echo "intake of $n mails, mails a second"
echo "  Maildir               $maildir"
echo "  IMAP                  $by_imap"
python3 -c "print(f'  IMAP / Maildir        {$by_imap / $maildir:.2f} (goal 0.7)')"
a=$(now)
build/rel/rmail run "$dir/imap" --now 2027-01-11T09:05Z
b=$(now)
python3 -c "print(f'  a run with no news    {($b - $a) * 1000:.0f} ms')"
