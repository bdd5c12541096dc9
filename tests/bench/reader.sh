#!/bin/sh
# How fast mails are read, in this process and through the sandboxed child,
# beside Python's mail reader (header and first text, which is less work).
set -u
bench=build/rel/bench/reader_bench
shared=../shared
[ -d "$shared" ] || shared=../../shared
[ -x "$bench" ] || { echo "reader: $bench is missing (make bench)"; exit 1; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
"$bench" --make "$dir" || exit 1

python() {
	python3 - "$@" <<-'PY'
	import email, sys, time
	raw = [open(f, "rb").read() for f in sys.argv[1:]]
	begun = time.monotonic()
	for r in raw:
	    m = email.message_from_bytes(r)
	    m["Subject"], m["From"]
	    for p in m.walk():
	        if p.get_content_type() == "text/plain":
	            t = p.get_payload(decode=True) or b""
	            try:
	                t.decode(p.get_content_charset() or "utf-8", "replace")
	            except LookupError:
	                pass
	            break
	print("Python email: %.0f/s" % (len(raw) / (time.monotonic() - begun)))
	PY
}

echo "made for the purpose:"
"$bench" "$dir"/*.eml
python "$dir"/*.eml
if [ -d "$shared/corpus" ]; then
	echo "the corpus:"
	"$bench" "$shared"/corpus/*/*.eml
	python "$shared"/corpus/*/*.eml
else
	echo "reader: $shared/corpus is missing"
fi
