# What every story here begins with: a scratch folder, the binary, TAP.
# Source it from the top folder; end with `finish`.
#
#	$dir      the scratch folder, gone at the end
#	$p        the programme's folder in it
#	$rmail    the binary with sanitizers
#	children  pids that are ended with the story
set -u
rmail=$PWD/build/san/rmail
here=$PWD/tests/e2e
dir=$(mktemp -d)
p=$dir/p
n=0 bad=0 children=
trap 'kill $children 2>/dev/null; rm -rf "$dir"' EXIT
# fontconfig keeps its cache until the process ends.
export LSAN_OPTIONS=suppressions=$PWD/tests/lsan.supp:print_suppressions=0

ok() { # WHAT COMMAND...
	n=$((n + 1))
	what=$1
	shift
	if "$@" >"$dir/log" 2>&1; then
		echo "ok $n - $what"
	else
		sed 's/^/# /' "$dir/log" | head -20
		echo "not ok $n - $what"
		bad=1
	fi
}
finish() {
	echo "1..$n"
	exit $bad
}
run() { "$rmail" run "$p" --now "$1"; }
silent() { # TIME: a run then, without a word
	out=$(run "$1" 2>&1) && [ -z "$out" ] || { echo "$out"; false; }
}
answer() { python3 "$here/answer.py" "$p" "$@"; }
sent() { # ADDRESS PATTERN: a mail to it whose subject or text has that
	python3 - "$p" "$1" "$2" <<'END'
import email, email.policy, glob, sys
for name in glob.glob(sys.argv[1] + "/out/new/*"):
    with open(name, "rb") as f:
        m = email.message_from_binary_file(f, policy=email.policy.default)
    text = str(m["Subject"]) + m.get_body(("plain",)).get_content()
    text += " ".join(text.split())  # however its lines are broken
    if sys.argv[2] in m["To"] and sys.argv[3] in text:
        sys.exit(0)
sys.exit(f"nothing to {sys.argv[2]} with {sys.argv[3]!r}")
END
}
db() { # SQL WANTED: the first cell is that; a change is kept
	python3 - "$p/rmail.db" "$1" "$2" <<'END'
import sqlite3, sys
c = sqlite3.connect(sys.argv[1])
got = c.execute(sys.argv[2]).fetchone()
c.commit()
if str(got and got[0]) != sys.argv[3]:
    sys.exit(f"{sys.argv[2]}: {got} instead of {sys.argv[3]}")
END
}
