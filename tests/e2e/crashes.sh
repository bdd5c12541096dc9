#!/bin/sh
# Killed around the sending of a mail: none is lost, at most one goes out
# again, and then byte for byte the same.  And how short the moment is in
# which that can happen, counted in system calls.  Prints TAP.
. tests/e2e/lib/tap.sh
. tests/e2e/lib/people.sh
rmail=$PWD/build/rel/rmail

rules=$dir/smtp.log.rules
python3 -S "$here/fakes/smtp.py" "$dir/smtp.log" "hold=$dir/go" \
	>"$dir/port" 2>"$dir/err" &
children="$children $!"
until [ -s "$dir/port" ]; do sleep 0.05; done

"$rmail" init "$p" --now 2027-01-10T09:00Z >/dev/null || exit 1
setting mail out "smtp://127.0.0.1:$(cat "$dir/port")"
cat >"$dir/people.csv" <<'END'
address,name,role,level,department,locale
ann@example.com,Ann Young,mentor,2,IT,en
bob@example.com,Bob Boss,mentee,8,Sales,en
carl@example.com,Carl Chief,mentee,9,Law,en
END
"$rmail" import "$dir/people.csv" "$p" --now 2027-01-10T09:00Z >/dev/null
cp -R "$p" "$dir/fresh"
begin() {
	rm -rf "$p"
	cp -R "$dir/fresh" "$p"
	: >"$dir/smtp.log"
	: >"$rules"
	touch "$dir/go"
}
NOW=2027-01-11T09:00Z
once() { # MOST: each of the three has its mail, with MOST copies in all
	python3 - "$dir/smtp.log" "$p/rmail.db" "$1" <<'END'
import collections, re, sqlite3, sys
bodies = collections.defaultdict(list)
for line in open(sys.argv[1], encoding="latin1"):
    m = re.match(r"BODY .*?\\nTo: .*?<?(\w+)@", line)
    if m:
        bodies[m.group(1)].append(line)
rows = sqlite3.connect(sys.argv[2]).execute(
    "SELECT state, count(*) FROM outbox GROUP BY 1").fetchall()
if rows != [("sent", 3)]:
    sys.exit(f"outbox: {rows}")
if sorted(bodies) != ["ann", "bob", "carl"]:
    sys.exit(f"lost: only {sorted(bodies)} have one")
if any(len(set(b)) > 1 for b in bodies.values()):
    sys.exit("a copy differs")
copies = sum(len(b) - 1 for b in bodies.values())
if copies > int(sys.argv[3]):
    sys.exit(f"{copies} copies")
END
}
wait_for() { # PATTERN: the server has heard it
	until grep -q "$1" "$dir/smtp.log"; do sleep 0.02; done
}
senders() { # PID: the processes that it has started
	cat /proc/"$1"/task/"$1"/children
}

# --- the run is killed, its senders go on ------------------------------------

everywhere() {
	point=0 code=137
	while [ $code -eq 137 ]; do
		point=$((point + 1))
		begin
		RMAIL_FAULT_AT=$point "$rmail" run "$p" --now $NOW 2>"$dir/err"
		code=$?
		# What a sender has begun it ends: the next run waits for it.
		"$rmail" run "$p" --now $NOW || return 1
		once 0 || { echo "killed at point $point"; return 1; }
	done
	echo "$point points"
	[ $point -gt 15 ]
}
ok 'killed at any point, and run again: no copy' everywhere

# --- a server without TLS that should have it ----------------------------------------

unsafe() { # killed anywhere before such a server: no mail, and all go later
	point=0 code=137
	while [ $code -eq 137 ]; do
		point=$((point + 1))
		begin
		setting mail out "smtps://127.0.0.1:$(cat "$dir/port")"
		RMAIL_FAULT_AT=$point "$rmail" run "$p" --now $NOW 2>"$dir/err"
		code=$?
		! grep -q ^BODY "$dir/smtp.log" || return 1
		setting mail out "smtp://127.0.0.1:$(cat "$dir/port")"
		"$rmail" run "$p" --now $NOW || return 1
		once 0 || { echo "killed at point $point"; return 1; }
	done
	echo "$point points"
	[ $code -eq 76 ] && [ $point -gt 5 ]
}
ok 'killed at any point before a server that is not safe' unsafe

# --- run and senders are killed while the server has the mail --------------------

begin
rm "$dir/go"
setsid "$rmail" run "$p" --now $NOW &
group=$!
wait_for ^BODY
kill -9 -$group
wait $group 2>/dev/null
touch "$dir/go"
ok 'all killed between the dot and the reply' run $NOW
ok 'one copy at most' once 1

begin
rm "$dir/go"
"$rmail" run "$p" --now $NOW &
pid=$!
wait_for ^BODY
kill -9 $(senders $pid)
touch "$dir/go"
wait $pid
ok 'a sender killed there keeps no other mail waiting' [ $? -eq 0 ]
ok 'and its own goes with the next run' run 2027-01-11T09:10Z
ok 'with one copy at most' once 1

begin
rm "$dir/go"
"$rmail" run "$p" --now $NOW &
pid=$!
wait_for ^BODY
kill -9 $pid
wait $pid 2>/dev/null
(sleep 0.3; touch "$dir/go") &
ok 'a run waits for the sender of a dead one' run $NOW
ok 'and knows what it has sent' once 0

# --- connections that end --------------------------------------------------------

for at in body dot; do
	begin
	echo "^bob $at drop" >"$rules"
	"$rmail" run "$p" --now $NOW
	: >"$rules"
	ok "cut at the $at, and run again" run 2027-01-11T09:10Z
	ok 'one copy at most' once 1
done

# --- the moment between reply and mark ---------------------------------------------

traced() {
	begin
	strace -f -o "$dir/trace" -s 64 "$rmail" run "$p" --now $NOW 2>"$dir/err"
	grep -q '250 2.0.0' "$dir/trace"
}
window() { # of each mail: calls from the reply until the journal has it
	python3 - "$dir/trace" <<'END'
import re, sys
calls = []  # (pid, name, whole line), as they begin
answers = []  # index in calls of what ends with the reply to a dot
for line in open(sys.argv[1], errors="replace"):
    pid, rest = line.split(None, 1)
    m = re.match(r"(?:<\.\.\. )?(\w+)(?:\(| resumed>)", rest)
    if not m:
        continue
    if not rest.startswith("<..."):
        calls.append((pid, m.group(1), rest))
    if m.group(1) == "recvfrom" and '"250 2.0.0 Ok: queued' in rest:
        answers.append((len(calls), pid))
if len(answers) != 3:
    sys.exit(f"{len(answers)} mails")
run = calls[0][0]
for k, (at, sender) in enumerate(answers):
    after = [c for c in calls[at:] if c[0] == sender]
    if after[0][1] != "write" or after[1][1] != "sendto":
        sys.exit(f"after the reply: {after[:3]}")
    print(f"mail {k + 1}: in the journal by the next call")
    if k > 0:
        continue
    # The first one goes alone, so that the run does nothing but wait.
    path = [c[1] for c in after[:2]]
    told = next(i for i in range(at, len(calls)) if calls[i] is after[1])
    for pid, name, _ in calls[told + 1:]:
        if pid == run:
            path.append(name)
            if name == "fdatasync":
                break
    print("on the disk by:", *path)
    if path[-1] != "fdatasync" or len(path) > 6:
        sys.exit(f"{len(path)} calls")
END
}
if ! command -v strace >/dev/null; then
	ok 'skipped: strace is missing (contrib/deps.sh installs it)' true
elif ! strace -o /dev/null true 2>/dev/null; then
	ok 'skipped: nothing may be traced here' true
else
	ok 'three mails are traced' traced
	ok 'six system calls at most' window
	cat "$dir/log" | sed 's/^/# /'
fi

# --- mails that are read where nothing may be written ---------------------------------

begin
setting mail out maildir:out
"$rmail" run "$p" --now $NOW
answer ann@example.com '' yes 2027-01-12T09:00Z
answer bob@example.com '' no 2027-01-12T09:01Z
for f in "$p"/in/new/*; do
	echo 'From someone@example.com Tue Jan 12 09:00:00 2027'
	tr -d '\r' <"$f"
	echo
	rm "$f"
done >"$dir/box"
setting mail out "smtp://127.0.0.1:$(cat "$dir/port")"
setting mail in "mbox:$dir/box"
cp "$dir/box" "$dir/box.was"
rm -rf "$dir/fresh"
cp -R "$p" "$dir/fresh"
both() { # they are understood once each, and answered once
	python3 - "$dir/smtp.log" "$p/rmail.db" <<'END'
import re, sqlite3, sys
db = sqlite3.connect(sys.argv[2])
heard = db.execute("""SELECT p.address, i.state, p.state,
    (SELECT count(*) FROM change c WHERE c.inbox_id = i.id AND
     c.subject = 'person') FROM inbox i JOIN person p ON p.id = person_id
    ORDER BY 1""").fetchall()
if heard != [("ann@example.com", "handled", "asked", 1),
             ("bob@example.com", "handled", "declined", 1)]:
    sys.exit(f"heard: {heard}")
wait = db.execute("SELECT count(*) FROM outbox WHERE state <> 'sent'")
if wait.fetchone() != (0,):
    sys.exit("a mail waits")
to = [m.group(1) for m in
      re.finditer(r"^BODY .*?\\nTo: .*?<?(\w+)@", open(sys.argv[1],
      encoding="latin1").read(), re.M)]
print(sorted(to))
if "ann" not in to or len(to) != len(set(to)):
    sys.exit("lost, or twice")
END
}
reading() {
	point=0 code=137
	while [ $code -eq 137 ]; do
		point=$((point + 1))
		begin
		RMAIL_FAULT_AT=$point "$rmail" run "$p" \
			--now 2027-01-12T10:00Z 2>"$dir/err"
		code=$?
		"$rmail" run "$p" --now 2027-01-12T10:00Z || return 1
		both || { echo "killed at point $point"; return 1; }
	done
	echo "$point points"
	[ $point -gt 15 ]
}
ok 'killed at any point while an mbox is read: each mail counts once' reading
ok 'and the mbox is as it was' cmp "$dir/box" "$dir/box.was"

finish
