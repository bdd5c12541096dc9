#!/bin/sh
# How well and how fast mail is understood, on the corpus beside the checkout.
set -u
corpus=${CORPUS:-../shared/corpus}
[ -d "$corpus" ] || corpus=../../shared/corpus
rmail=build/rel/rmail
[ -d "$corpus/reply" ] || {
	echo "understanding: no corpus in $corpus (set CORPUS)"
	exit 0
}
command -v python3 >/dev/null || {
	echo "understanding: python3 is needed"
	exit 0
}
# The peers, as far as they can be had.
mkdir -p build/peers
if [ ! -d build/peers/node_modules ] && command -v npm >/dev/null; then
	timeout 120 npm i --silent --no-audit --no-fund --prefix build/peers \
		mailparser email-reply-parser >/dev/null 2>&1
fi
if [ ! -x build/peers/gmime ] && pkg-config --exists gmime-3.0; then
	${CC:-cc} -O2 -o build/peers/gmime tests/bench/understanding_gmime.c \
		$(pkg-config --cflags --libs gmime-3.0) || rm -f build/peers/gmime
fi
echo "new text (goal: CORE strict 90, tolerant 95)"
python3 "$corpus/score.py" --cmd "$rmail inspect --text {}" | cut -c28-
python3 tests/bench/understanding.py "$rmail" "$corpus"
