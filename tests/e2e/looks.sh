#!/bin/sh
# Every mail of two small rehearsals is fit to be seen: one in the sample's
# settings, one rolling, with du and roles of its own name.  Prints TAP.
. tests/e2e/lib/tap.sh
rmail=$PWD/build/rel/rmail

"$rmail" rehearse --people 12 --months 3 --seed 3 --keep "$dir/cohort" \
	>"$dir/log" 2>&1 || cat "$dir/log"
mkdir "$dir/settings"
sh contrib/gallery.sh settings >"$dir/settings/rmail.conf"
"$rmail" rehearse --people 8 --months 3 --seed 4 --faults \
	--keep "$dir/rolling" "$dir/settings" >"$dir/log" 2>&1 || cat "$dir/log"
PYTHONDONTWRITEBYTECODE=1 python3 tests/e2e/looks.py \
	cohort="$dir/cohort" rolling="$dir/rolling"
