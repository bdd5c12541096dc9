#!/bin/sh
# What people and operators may write into mails: names of 300 letters, letters
# from right to left, control characters, HTML and Markdown in a goal; and
# templates with faults, which check refuses by file, line and remedy.
. tests/e2e/lib/tap.sh

# --- what people write ------------------------------------------------------------

"$rmail" init "$p" --now 2027-01-10T09:00Z >/dev/null
python3 - "$dir" <<'END'
import csv, sys
long = ("Maximiliana " * 30)[:299].strip()
rows = [
    ("ann@example.com", "\u202eann\u202c <b>Ann</b> **Young** {{lead}}", "mentor", "en"),
    ("bob@example.com", long, "mentee", "de"),
    ("zoe@example.com", "W" * 300, "mentee", "en"),
    ("kim@example.com", "Kim\x07\x1b[31m\u2066Kim", "mentor", "en"),
]
with open(sys.argv[1] + "/people.csv", "w") as f:
    w = csv.writer(f)
    w.writerow("address,name,role,level,department,zone,locale".split(","))
    for address, name, role, locale in rows:
        w.writerow((address, name, role, 2 if role == "mentor" else 8, "IT" if role == "mentor" else "Sales", "Europe/Berlin", locale))
END
"$rmail" import "$dir/people.csv" "$p" >/dev/null
run 2027-01-11T09:00Z
for a in ann bob zoe kim; do answer $a@example.com '' yes 'Mon, 11 Jan 2027 10:00:00 +0100'; done
run 2027-01-11T10:00Z
goal='<img src=x onerror=alert(1)> **bold** [link](javascript:x) {{lead}}'
for a in ann kim; do answer $a@example.com 'few questions' "1: A
2: H
3: H
4: M
5: $goal
12: A
13: Mon-Fri 9-17
17: yes" 'Mon, 11 Jan 2027 11:00:00 +0100'; done
answer zoe@example.com 'few questions' "1: B
2: L -> H
3: L -> M
4: M
5: $goal
11: A, B
12: Mon-Fri 9-17
16: yes" 'Mon, 11 Jan 2027 11:00:00 +0100'
answer bob@example.com 'Fragen' "1: B
2: L -> H
3: L -> M
4: M
5: $goal
11: A, B
12: Mo-Fr 9-17
16: ja" 'Mon, 11 Jan 2027 11:00:00 +0100'
run 2027-01-11T13:00Z
run 2027-01-25T09:00Z
answer hanna.lead@example.com 'roposal' approve 'Mon, 25 Jan 2027 11:00:00 +0100'
run 2027-01-25T11:00Z
for a in ann zoe kim; do answer $a@example.com 'Meet' agree 'Mon, 25 Jan 2027 12:00:00 +0100'; done
answer bob@example.com 'Paar' einverstanden 'Mon, 25 Jan 2027 12:00:00 +0100'
run 2027-01-25T13:00Z
for day in 01 02 08 09 12; do run "2027-02-${day}T10:00Z"; done
answer ann@example.com 'How was' "1: yes
2: 5
4: $goal" 'Fri, 12 Feb 2027 12:00:00 +0100'
run 2027-02-12T12:00Z
answer kim@example.com 'How was' "$goal $goal" 'Fri, 12 Feb 2027 12:00:00 +0100'
run 2027-02-15T12:00Z
for day in 16 22 26; do run "2027-02-${day}T10:00Z"; done
for day in 01 09; do run "2027-03-${day}T10:00Z"; done
PYTHONDONTWRITEBYTECODE=1 python3 tests/e2e/words.py "$p/out/new" || bad=1
n=$((n + 8))

# --- what operators write ---------------------------------------------------------

now=2027-03-10T10:00Z
refused() { # WHAT PATTERN: check says so and exits 78
	ok "$1" sh -c "'$rmail' check '$p' --now $now >'$dir/said' 2>&1
		[ \$? -eq 78 ] || exit 1
		grep -q '$2' '$dir/said' || { cat '$dir/said'; exit 1; }"
	rm -rf "$p/templates"
}
mkdir -p "$p/templates/de/surveys"
printf 'Subject: {{laed}}\n\nHallo\n' >"$p/templates/de/goodbye.md"
refused 'an unknown tag in a subject' \
	'de/goodbye.md:1: .*{{laed}}.*did you mean {{lead}}'
mkdir -p "$p/templates/de/surveys"
printf '[question useful]\nlow-txt = x\n' >"$p/templates/de/surveys/checkin"
refused 'an unknown key in a survey' \
	'surveys/checkin:2:.*low-txt.*did you mean "low-text"'
mkdir -p "$p/templates/de"
printf 'Hallo\n' >"$p/templates/de/welcome.md"
refused 'a mail without a head' 'de/welcome.md:1:1: .*Subject'
mkdir -p "$p/templates"
sed 's/{{{body}}}//' templates/layout.html >"$p/templates/layout.html"
refused 'a layout without a body' 'layout.html: .*{{{body}}}'
mkdir -p "$p/templates/de"
printf 'day-3 = Mittwoch\ndy-4 = Donnerstag\n' >"$p/templates/de/words"
refused 'a phrase that nothing reads' 'de/words:2:1: .*did you mean "day-4"'
cp "$p/rmail.conf" "$dir/conf"
sed 's/^locales = .*/locales = en, de, fr/' "$dir/conf" >"$p/rmail.conf"
mkdir -p "$p/templates/fr"
printf 'day-3 = mercredi\n' >"$p/templates/fr/words"
refused 'a translation that is not whole' \
	'fr/words: .* phrases are missing, such as .*templates/en/words'
cp "$dir/conf" "$p/rmail.conf"
mkdir -p "$p/templates/de"
printf 'day-3 = Miwo\n' >"$p/templates/de/words"
ok 'one phrase of our own leaves the others as they are' \
	"$rmail" check "$p" --now $now
rm -r "$p/templates"
printf '\n[aim nothing]\ntext = We are better\n' >>"$p/rmail.conf"
refused 'an aim without a measure' \
	'rmail.conf:[0-9]*:1: aim nothing has no measure, such as measure = '
cp "$dir/conf" "$p/rmail.conf"

# --- a picture above each mail ------------------------------------------------------

printf 'address = x\n' >"$p/logo.png"
sed 's/^# *logo = .*//; s/^\[mail\]/logo = logo.png\n[mail]/' "$dir/conf" \
	>"$p/rmail.conf"
refused 'a logo that is no picture' 'logo.png: is no PNG, JPEG or GIF'
{ printf '\211PNG\r\n\032\n'; head -c 40000 /dev/zero; } >"$p/logo.png"
refused 'one that is too large for a mail' 'logo.png: .*at most 32768 bytes'
{ printf '\211PNG\r\n\032\n'; head -c 400 /dev/zero; } >"$p/logo.png"
rm -f "$p/out/new/"*
run 2027-03-15T10:00Z
ok 'a logo comes along, and has words in its place' python3 - "$p/out/new" <<'END'
import email, email.policy, glob, re, sys
for name in glob.glob(sys.argv[1] + "/*"):
    with open(name, "rb") as f:
        m = email.message_from_binary_file(f, policy=email.policy.default)
    page = m.get_body(("html",)).get_content()
    src, alt = re.search(r'<img src="cid:([^"]*)" alt="([^"]+)"', page).groups()
    if not any(p["Content-ID"] == f"<{src}>" and
               p.get_content_type() == "image/png" for p in m.walk()):
        sys.exit("no picture " + src)
    sys.exit(0)
sys.exit("no mail")
END
finish
