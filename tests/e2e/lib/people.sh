# Stories with many people: a programme whose people are enrolled.  Source it
# after tap.sh.
LEAD=hanna.lead@example.com

programme() { # ROSTER-LINES...: made on 10 January 2027
	"$rmail" init "$p" --now 2027-01-10T09:00Z >/dev/null || exit 1
	{
		echo 'address,name,role,level,department,locale,capacity,manager'
		printf '%s\n' "$@"
	} >"$dir/people.csv"
	"$rmail" import "$dir/people.csv" "$p" --now 2027-01-10T09:00Z \
		>/dev/null || exit 1
}
setting() { # SECTION KEY VALUE: changed or added
	python3 - "$p/rmail.conf" "$@" <<'END'
import sys
path, section, key, value = sys.argv[1:]
out, here, done = [], False, False
for line in open(path).read().rstrip("\n").split("\n") + ["["]:
    if line.startswith("["):
        if here and not done:
            out.append(f"{key} = {value}")
            done = True
        here = line == f"[{section}]"
    if here and line.split("=")[0].strip() == key:
        line, done = f"{key} = {value}", True
    out.append(line)
out.pop()
if not done:
    out += [f"[{section}]", f"{key} = {value}"]
open(path, "w").write("\n".join(out) + "\n")
END
}
joined() { # DATE ADDRESS...: they say yes
	when=$1
	shift
	for a in "$@"; do answer "$a" '' yes "$when"; done
}
mentor_form='1: A
2: H
3: H
4: M
12: A
13: Mon-Fri 9-17
17: yes'
mentee_form='1: B
2: L -> H
3: L -> M
4: L -> M
11: A
12: Mon-Fri 9-17
16: yes'
enrol() { # MENTORS MENTEES: invited, asked and ready on 11 January, 10:00 UTC
	run 2027-01-11T08:00Z >&2
	joined 'Mon, 11 Jan 2027 09:30:00 +0100' $1 $2
	run 2027-01-11T09:00Z >&2
	for a in $1; do
		answer "$a" questions "$mentor_form" \
			'Mon, 11 Jan 2027 10:30:00 +0100'
	done
	for a in $2; do
		answer "$a" questions "$mentee_form" \
			'Mon, 11 Jan 2027 10:30:00 +0100'
	done
	run 2027-01-11T10:00Z >&2
}
newest() { # ADDRESS PATTERN...: the newest mail has them all; !PATTERN: not
	python3 - "$p" "$@" <<'END'
import email, email.policy, glob, sys
found = ""
for name in sorted(glob.glob(sys.argv[1] + "/out/new/*")):
    with open(name, "rb") as f:
        m = email.message_from_binary_file(f, policy=email.policy.default)
    if sys.argv[2] in m["To"]:
        found = str(m["Subject"]) + "\n" + m.get_body(
            ("plain",)).get_content()
text = " ".join(found.split())
for pattern in sys.argv[3:]:
    if (pattern.lstrip("!") in text) == pattern.startswith("!"):
        sys.exit(f"{pattern!r} against:\n{found}")
END
}
lead() { # SUBJECT TEXT DATE [NTH]: the lead answers a mail
	answer $LEAD "$@"
}
count_to() { # ADDRESS PATTERN WANTED: so many mails to it have that
	python3 - "$p" "$@" <<'END'
import email, email.policy, glob, sys
n = 0
for name in glob.glob(sys.argv[1] + "/out/new/*"):
    with open(name, "rb") as f:
        m = email.message_from_binary_file(f, policy=email.policy.default)
    text = str(m["Subject"]) + m.get_body(("plain",)).get_content()
    n += sys.argv[2] in m["To"] and sys.argv[3] in text
if n != int(sys.argv[4]):
    sys.exit(f"{n} mails to {sys.argv[2]} with {sys.argv[3]!r}")
END
}
