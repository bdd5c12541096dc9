#!/bin/sh
# How long the lead's digest and the sponsor's report take for 500 pairs, all
# told: from the database to the bytes of the mail, charts and PDF included.
# Goal: a digest in 200 ms.
set -u
bench=build/rel/bench/digest_bench
[ -x "$bench" ] || { echo "digest: $bench is missing (make bench)"; exit 1; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
build/rel/rmail init "$dir/p" --now 2027-01-10T09:00Z >/dev/null || exit 1
python3 - "$dir/p/rmail.db" "${PAIRS:-500}" <<'PY' || exit 1
import random, sqlite3, sys
pairs, day, r = int(sys.argv[2]), 86400, random.Random(1)
begin = 1800000000  # January 2027
c = sqlite3.connect(sys.argv[1])
c.execute("UPDATE programme SET state = 'running', begun = ?, next_match = 1",
          (begin,))
said = ["the younger generation listens", "digital tools save time",
        "open and honest talk", "a wider network"]


def answer(person, survey, question, kind, value, at, pair=0, session=0):
    c.execute("INSERT INTO answer VALUES (?,?,?,?,?,?,'counted',?,'',?,0)",
              (person, survey, question, pair, session, kind, value, at))


session = 0
for i in range(1, 2 * pairs + 1):
    c.execute("INSERT INTO person (id, address, key, name, state, mentor,"
              " mentee, level, created, invited, joined, ready, matched,"
              " last_heard) VALUES (?,?,?,?,'ready',?,?,?,?,?,?,?,?,?)",
              (i, f"p{i}@example.com", f"p{i}@example.com", f"Person {i}",
               i % 2, 1 - i % 2, 2 if i % 2 else 8, begin, begin, begin,
               begin + day, begin + 14 * day, begin))
    for skill in ("social-media", "mobile-work", "new-views"):
        answer(i, "signup", f"levels/{skill}", "level", r.choice("LM"), begin)
        answer(i, "final", f"levels/{skill}", "level", r.choice("MH"),
               begin + 250 * day)
    answer(i, "midpoint", "learned", "text", r.choice(said),
           begin + 130 * day)
for p in range(1, pairs + 1):
    c.execute("INSERT INTO pair (id, mentor_id, mentee_id, state, begun,"
              " active, sessions, last_sign) VALUES (?,?,?,'active',?,?,6,?)",
              (p, 2 * p - 1, 2 * p, begin + 14 * day, begin + 15 * day,
               begin + (220 + p % 50) * day))
    for k in range(1, 10):
        session += 1
        at = begin + (20 + 28 * k + p % 5) * day
        c.execute("INSERT INTO session (id, pair_id, number, kind, state,"
                  " target, start, finish, uid, created) VALUES"
                  " (?,?,?,?,?,?,?,?,?,?)",
                  (session, p, k, r.choice(["shadowing", "instruction"]),
                   r.choice(["held"] * 8 + ["missed"]) if k < 9
                   else "confirmed", at, at, at + 3600, f"u{session}", begin))
        if k < 9:
            for who in (2 * p - 1, 2 * p):
                answer(who, "checkin", "useful", "scale",
                       str(r.randint(2, 5)), at + day, p, session)
for k in range(40):
    c.execute("INSERT INTO note (at, kind, person_id, pair_id, text) VALUES"
              " (?, ?, ?, ?, 'a few words')",
              (begin + 265 * day, r.choice(["stuck", "no-time", "checkin"]),
               2 * k + 1, k + 1))
c.commit()
PY
"$bench" "$dir/p" 2027-10-08T08:00:00Z
