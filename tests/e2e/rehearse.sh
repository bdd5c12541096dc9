#!/bin/sh
# A small programme with invented people: it ends by itself, everybody's
# mails are read, and the same seed plays the same programme.  Prints TAP.
. tests/e2e/lib/tap.sh
# Without sanitizers first, for speed.
rmail=$PWD/build/rel/rmail

play() { # FOLDER SEED [OPTION]: into it
	"$rmail" rehearse --people 8 --months 4 --seed "$2" --keep "$dir/$1" \
		${3:+"$3"} >"$dir/$1.out" 2>"$dir/$1.err" && [ ! -s "$dir/$1.err" ]
}
figures() { sed "s,$dir/[a-z]*,,; s/seed [0-9]*//" "$dir/$1.out"; }
same() { figures "$1" >"$dir/1" && figures "$2" >"$dir/2" && cmp "$dir/1" "$dir/2"; }
differ() { ! same "$1" "$2"; }
figure() { sed -n "s/^  $2 *\([0-9]*\) .*/\1/p" "$dir/$1.out"; }
at_least() { [ "$(figure "$1" "$2")" -ge "$3" ]; }
none() { [ "$(figure "$1" "$2")" -eq 0 ]; }

ok 'a rehearsal runs in silence to its end' play a 1
ok 'some sign up' at_least a 'signed up' 4
ok 'pairs are made' at_least a 'pairs' 1
ok 'sessions are held' at_least a 'sessions held' 1
ok 'mails come' at_least a 'mails received' 30
ok 'none is lost or doubled' none a 'mails lost or doubled'
ok 'the programme has ended' sh -c "! grep -q 'programme goes on' '$dir/a.out'"
ok 'the report is where it says' test -s \
	"$(sed -n 's/^The report  *//p' "$dir/a.out")"
ok 'the digest is where it says' test -s \
	"$(sed -n 's/^The last digest  *//p' "$dir/a.out")"
ok 'the same seed' play b 1
ok 'plays the same programme' same a b
rmail=$PWD/build/san/rmail
ok 'another seed with faults, into the same folder' play b 2 --faults
ok 'is another programme' differ a b
ok 'runs were killed' at_least b 'runs killed' 5
ok 'and mails came that nobody wants' at_least b 'unwanted mails' 5
ok 'but none was lost or doubled' none b 'mails lost or doubled'
# A proposal too large for a mail shows the weakest and has a table beside it.
rmail=$PWD/build/rel/rmail
"$rmail" rehearse --people 100 --months 1 --keep "$dir/large" >/dev/null
python3 - "$dir/large" >"$dir/proposal" <<'END'
import email, email.policy, glob, re, sys
for file in sorted(glob.glob(f"{sys.argv[1]}/out/*/*")):
    with open(file, "rb") as f:
        m = email.message_from_bytes(f.read(), policy=email.policy.default)
    if "proposal of" in m["Subject"]:
        text = m.get_body(("plain",)).get_content()
        print("told", len(re.findall(r"\(\d+ of 1000\)", text)))
        print("says", "The 15 with the fewest points" in text)
        for part in m.iter_attachments():
            print("file", part.get_filename(), part.get_content()[:5])
        break
END
ok 'a large proposal: fifteen are told' grep -q '^told 15$' "$dir/proposal"
ok 'it says which' grep -q '^says True$' "$dir/proposal"
ok 'all are in a table' grep -q "^file proposal-1.pdf b'%PDF-'" "$dir/proposal"
mkdir "$dir/full" && : >"$dir/full/mine"
ok 'a folder with something in it stays' sh -c \
	"! '$rmail' rehearse --keep '$dir/full' && test -e '$dir/full/mine'"
finish
