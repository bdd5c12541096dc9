#!/bin/sh
# Mails a second from a Maildir of 20,000: rmail with all its work (reader
# child, classification, raw mail kept, commits) beside a plain read-and-hash
# of the same files and `notmuch new`.  From the top folder, after a build.
set -eu
n=${MAILS:-20000}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
build/rel/rmail init "$dir/p" --now 2027-01-10T09:00Z >/dev/null
mkdir -p "$dir/p/in/new" "$dir/p/in/cur" "$dir/p/in/tmp"
python3 - "$dir/p/in/new" "$n" <<'END'
import random, sys
folder, n = sys.argv[1], int(sys.argv[2])
random.seed(1)
words = "the session was useful and we agreed to meet again next week".split()
for i in range(n):
    text = "\r\n".join(
        " ".join(random.choice(words) for _ in range(10))
        for _ in range(random.randint(5, 80)))
    quote = "\r\n".join("> " + " ".join(random.choice(words)
        for _ in range(10)) for _ in range(random.randint(0, 40)))
    with open(f"{folder}/{1700000000 + i}.M{i}.bench", "w", newline="") as f:
        f.write(f"From: Person {i} <person{i}@example.com>\r\n"
                "To: mentoring@example.com\r\n"
                f"Subject: Re: something {i}\r\n"
                f"Message-ID: <{i}@bench.example>\r\n"
                "Date: Mon, 11 Jan 2027 10:00:00 +0100\r\n"
                "MIME-Version: 1.0\r\n"
                "Content-Type: text/plain; charset=utf-8\r\n\r\n"
                f"{text}\r\n\r\nOn Monday somebody wrote:\r\n{quote}\r\n")
END
now() { python3 -c 'import time; print(time.monotonic())'; }
rate() { python3 -c "print(f'{$n / ($2 - $1):.0f}')"; }

a=$(now)
find "$dir/p/in/new" -type f -print0 | xargs -0 sha256sum >"$dir/sums"
b=$(now)
hash=$(rate $a $b)
notmuch_rate=
if command -v notmuch >/dev/null 2>&1; then
	mkdir -p "$dir/nm"
	cp -R "$dir/p/in" "$dir/nm/mail"
	export NOTMUCH_CONFIG="$dir/nm/config"
	printf '[database]\npath=%s\n[new]\ntags=new\n' "$dir/nm/mail" \
		>"$NOTMUCH_CONFIG"
	a=$(now)
	notmuch new --quiet --no-hooks
	b=$(now)
	notmuch_rate=$(rate $a $b)
fi
a=$(now)
build/rel/rmail run "$dir/p" --now 2027-01-11T09:00Z
b=$(now)
ours=$(rate $a $b)
echo "intake of $n mails, mails a second"
echo "  rmail, all work       $ours"
echo "  read and sha256sum    $hash"
python3 -c "print(f'  rmail / hash          {$ours / $hash:.3f}')"
if [ -n "$notmuch_rate" ]; then
	echo "  notmuch new           $notmuch_rate"
	python3 -c "print(f'  rmail / notmuch       {$ours / $notmuch_rate:.2f}')"
else
	echo "  notmuch is missing: apt-get install notmuch"
fi
