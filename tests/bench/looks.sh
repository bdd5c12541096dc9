#!/bin/sh
# What mail programs make of every mail of two rehearsals: features that one
# of them does not know (caniemail), a score of each (Emailens), the largest
# mail.  The judges come by npm into build/ once; later runs need no network.
# From the top folder, after a build.
set -eu
command -v npm >/dev/null 2>&1 || {
	echo "looks: npm is missing (apt-get install nodejs npm)"
	exit 0
}
judges=$PWD/build/looks
mkdir -p "$judges"
if [ ! -d "$judges/node_modules/caniemail" ] ||
	[ ! -d "$judges/node_modules/@emailens/engine" ]; then
	npm install --silent --no-audit --no-fund --prefix "$judges" \
		caniemail@1 @emailens/engine@0.9 >/dev/null 2>&1 || {
		echo "looks: npm could not fetch caniemail and @emailens/engine"
		exit 0
	}
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/html"
sh contrib/gallery.sh rehearse "$dir"
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=contrib python3 - "$dir/html" \
	cohort="$dir/cohort" rolling="$dir/rolling" later="$dir/later" <<'END'
import sys
from gallery import mails_of
n = 0
largest = (0, "")
for argument in sys.argv[2:]:
    name, _, folder = argument.partition("=")
    for m in mails_of(name, folder):
        n += 1
        name = f"{n:05d}.{m.template}.{m.locale}.html"
        with open(f"{sys.argv[1]}/{name}", "w") as f:
            f.write(m.html)
        largest = max(largest, (len(m.bytes), f"{m.template} {m.locale}"))
print(f"  largest whole mail, KB    {largest[0] / 1024:.1f}"
      f"   (goal 60): {largest[1]}")
END
cp tests/bench/looks.mjs "$judges/looks.mjs"
node "$judges/looks.mjs" "$dir/html"
