#!/bin/sh
# Mails a second: out to Postfix's smtp-sink beside its own smtp-source, out to
# a server that takes 20 ms for each reply, in by IMAP beside a Maildir; and
# a run with nothing to do.  All with rmail's full work.  From the top folder,
# after a build; contrib/deps.sh fetches the tools.
set -eu
n=${MAILS:-4000}
pf=$PWD/build/postfix/root
dir=$(mktemp -d /tmp/rmail-bm.XXXXXX)
chmod 755 "$dir"
children=
trap 'kill $children 2>/dev/null; rm -rf "$dir"' EXIT
now() { python3 -c 'import time; print(time.monotonic())'; }
rate() { python3 -c "print(f'{$1 / ($3 - $2):.0f}')"; }
free_port() {
	python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}
listens() { # PORT
	for i in $(seq 100); do
		python3 -c "import socket
socket.create_connection(('127.0.0.1', $1))" 2>/dev/null && return
		sleep 0.1
	done
	return 1
}
postfix() { # TOOL ARGUMENTS...
	tool=$1
	shift
	LD_LIBRARY_PATH=$pf/usr/lib/postfix "$pf/usr/sbin/$tool" "$@"
}

count() { # FOLDER STATE
	python3 - "$@" <<'END'
import sqlite3, sys
print(*sqlite3.connect(sys.argv[1] + "/rmail.db").execute(
    "SELECT count(*) FROM outbox WHERE state = ?", [sys.argv[2]]).fetchone())
END
}

# --- as many mails as are wanted, rendered and waiting ------------------------

waiting() { # MAILS FOLDER CONNECTIONS PORT
	build/rel/rmail init "$2" --now 2027-01-10T09:00Z >/dev/null
	{
		echo 'address,name,role,level,department'
		seq "$1" | sed 's/.*/p&@example.com,Person &,mentor,2,IT/'
	} >"$dir/people.csv"
	build/rel/rmail import "$dir/people.csv" "$2" \
		--now 2027-01-10T09:00Z >/dev/null
	sed -i "/^out *=/d; s|^\[mail\]|&\nout = smtp://127.0.0.1:1\nconnections = $3|
s|^\[limits\]|&\nmails-per-run = 1000000|" "$2/rmail.conf"
	grep -q '^mails-per-run' "$2/rmail.conf" ||
		printf '[limits]\nmails-per-run = 1000000\n' >>"$2/rmail.conf"
	# A run writes to so many people at most.
	minute=10
	until [ "$(count "$2" queued)" = "$1" ]; do
		build/rel/rmail run "$2" --now "2027-01-11T09:${minute}Z" ||
			[ $? -eq 75 ]
		minute=$((minute + 1))
		[ $minute -lt 50 ]
	done
	sed -i "s|^out = .*|out = smtp://127.0.0.1:$4|" "$2/rmail.conf"
}
sent() { # FOLDER MAILS: all of them
	[ "$(count "$1" sent)" = "$2" ] ||
		{ echo "not all of $1 were sent"; exit 1; }
}

# --- smtp-sink ---------------------------------------------------------------------

echo "sending $n mails to smtp-sink, 4 connections, mails a second"
if postfix postconf -d mail_version >/dev/null 2>&1; then
	port=$(free_port)
	as=
	[ "$(id -u)" != 0 ] || as='-u nobody'
	# Not by the function: its shell would be what is ended.
	env LD_LIBRARY_PATH="$pf/usr/lib/postfix" "$pf/usr/sbin/smtp-sink" \
		$as "127.0.0.1:$port" 512 >"$dir/sink.log" 2>&1 &
	children="$children $!"
	listens "$port"
	for round in 1 2 3; do
		waiting "$n" "$dir/sink$round" 4 "$port"
		a=$(now)
		postfix smtp-source -d -s 4 -m "$n" -l 4096 "127.0.0.1:$port"
		b=$(now)
		build/rel/rmail run "$dir/sink$round" --now 2027-01-11T09:50Z
		c=$(now)
		sent "$dir/sink$round" "$n"
		source=$(rate "$n" "$a" "$b")
		ours=$(rate "$n" "$b" "$c")
		echo "$source $ours" | tee -a "$dir/rounds" |
			sed 's/\(.*\) \(.*\)/  smtp-source -d \1, rmail with all work \2/'
	done
	python3 - "$dir/rounds" <<'END'
import statistics, sys
rounds = [[float(x) for x in line.split()] for line in open(sys.argv[1])]
ratio = statistics.median(ours / source for source, ours in rounds)
print(f"  rmail / smtp-source   {ratio:.2f}, the median (goal 0.5)")
END
else
	echo '  smtp-sink is missing: sh contrib/deps.sh fetches it'
fi

# --- 20 ms for each reply -----------------------------------------------------------

cat >"$dir/slow.py" <<'END'
import asyncio, os

async def serve(reader, writer):
    async def say(text):
        await asyncio.sleep(0.02)
        writer.write(text + b"\r\n")
    await say(b"220 slow")
    while line := await reader.readline():
        verb = line[:4].upper()
        if verb == b"DATA":
            await say(b"354 go on")
            await reader.readuntil(b"\r\n.\r\n")
            await say(b"250 2.0.0 Ok: queued as S1")
        elif verb == b"QUIT":
            break
        else:
            await say(b"250 ok")
    writer.close()

async def main():
    s = await asyncio.start_server(serve, "127.0.0.1", 0, limit=1 << 20)
    os.write(1, b"%d\n" % s.sockets[0].getsockname()[1])
    await s.serve_forever()

asyncio.run(main())
END
python3 "$dir/slow.py" >"$dir/port" &
children="$children $!"
until [ -s "$dir/port" ]; do sleep 0.1; done
echo 'sending to a server that takes 20 ms for each reply, mails a second'
for pair in 4:600:45 16:2000:170; do
	connections=${pair%%:*}
	goal=${pair##*:}
	count=${pair#*:}
	count=${count%:*}
	waiting "$count" "$dir/slow$connections" "$connections" "$(cat "$dir/port")"
	a=$(now)
	build/rel/rmail run "$dir/slow$connections" --now 2027-01-11T09:50Z
	b=$(now)
	sent "$dir/slow$connections" "$count"
	echo "  $connections connections	$(rate "$count" "$a" "$b") (goal $goal)"
done

# --- nothing to do ---------------------------------------------------------------------

python3 - "$dir/slow4" <<'END'
import resource, subprocess, sys, time
times = []
before = resource.getrusage(resource.RUSAGE_CHILDREN)
for i in range(20):
    a = time.monotonic()
    said = subprocess.run(
        ["build/rel/rmail", "run", sys.argv[1], "--now",
         "2027-01-11T09:51Z"], stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, check=True).stdout
    times.append((time.monotonic() - a) * 1000)
    if said:
        sys.exit(f"it said {said!r}")
times.sort()
after = resource.getrusage(resource.RUSAGE_CHILDREN)
cpu = (after.ru_utime + after.ru_stime - before.ru_utime -
       before.ru_stime) / 20 * 1000
print("a run with nothing to do, no network")
print(f"  median, least         {times[10]:.1f} ms, {times[0]:.1f} ms (goal 20)")
print(f"  of the processor      {cpu:.1f} ms")
print("  said                  0 bytes (goal 0)")
END

sh tests/bench/imap.sh
