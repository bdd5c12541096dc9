#!/bin/sh
# Two people and an assistant agree on a time: by choices, by calendar, in
# words.  Each change is one mail to each of them.  Prints TAP.
set -u
: "${LSAN_OPTIONS:=suppressions=tests/lsan.supp:print_suppressions=0}"
export LSAN_OPTIONS
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
RMAIL=$PWD/build/san/rmail PYTHONPATH=$PWD/tests/e2e \
	PYTHONDONTWRITEBYTECODE=1 python3 - "$dir" <<'END'
import datetime, sys
from stage import Stage, sent_to, text, ics, UTC

PA = "pa@desk.example"
DAY1 = "Tue, 12 Jan 2027 10:00:00 +0100"
DAY2 = "Wed, 13 Jan 2027 10:00:00 +0100"


def at(t):
    """Berlin's wall time, in winter."""
    return datetime.datetime.fromtimestamp(t, UTC).strftime(
        "%d %b ") + f"{(t // 3600 + 1) % 24:02d}:{t // 60 % 60:02d}"


def said(mail):
    return " ".join(text(mail).split())


def day(t):
    return datetime.datetime.fromtimestamp(t + 3600, UTC).date()


def one_each(mails, *names):
    """Exactly one mail to each, and to nobody else of theirs."""
    return all(len(sent_to(mails, n)) == 1 for n in names)


def numbers(mail):
    return sum(1 for line in text(mail).split("\n") if line.startswith("-")
               and line != "-- ")


def options(s, n):
    return dict(s.sql("SELECT number, start FROM slot WHERE session_id = ?"
                      " AND number > 0", s.of(p[n])["id"]))


def say(n, words, date=DAY1, who="ann", **more):
    s.words(f"{who}{n}@example.com", words, date,
            rf"with {'bob' if who == 'ann' else 'ann'}{n}\b", **more)


def pa_says(n, words, date=DAY1):
    s.words(PA, words, date, rf"with ann{n}\b", to=PA)


def check(n, what, mails, *, state="invited", sequence=0, start=None,
          mailed=("ann", "bob"), people=None):
    now = s.of(p[n])
    good = now["state"] == state and now["sequence"] == sequence
    if start is not None:
        good = good and now["start"] == start
    who = people or [m + n for m in mailed]
    good = good and one_each(mails, *who)
    s.ok(good, what, (now["state"], now["sequence"], now["start"] and
                      at(now["start"]), start and at(start),
                      {w: len(sent_to(mails, w)) for w in who}))
    return now


# --- policy: ask -----------------------------------------------------------------

s = Stage(sys.argv[1] + "/ask", times="ask", tries="2")
names = """same first own late none clash desk drop yes any far""".split()
p = {n: s.pair("ann" + n, "bob" + n, PA if n == "desk" else "")
     for n in names}
mails = s.run("2027-01-11T09:00Z")
s.ok(all(s.of(p[n])["state"] == "offered" for n in names) and
     all(one_each(mails, "ann" + n, "bob" + n) for n in names),
     "both are asked before anything is booked")
s.ok(all(numbers(sent_to(mails, "ann" + n)[0]) == 3 for n in names),
     "with three times", text(sent_to(mails, "annsame")[0]))
s.ok(all("close to the date planned" in " ".join(text(sent_to(
    mails, "ann" + n)[0]).split()) for n in names), "and why these",
     text(sent_to(mails, "annsame")[0]))
s.ok(len(sent_to(mails, PA)) == 1 and "boss" not in text(
    sent_to(mails, PA)[0]) and numbers(sent_to(mails, PA)[0]) == 3,
     "and the assistant as well")
offer = {n: options(s, n) for n in names}
say("same", "2")
say("first", "1 or 3")
say("own", "28 January 14:00")
say("late", "28 January 20:00")
say("none", "none of these")
say("clash", "1")
say("desk", "2")
say("drop", "cancel")
say("yes", "yes")
say("any", "any of them")
say("far", "5 January 2999 10:00")
mails = s.run("2027-01-12T09:05Z")
for n in ("same", "first", "clash", "desk", "any"):
    check(n, f"one choice is no agreement: {n}", mails, state="offered",
          sequence=-1, mailed=())
tue = int(datetime.datetime(2027, 1, 28, 13, tzinfo=UTC).timestamp())
check("own", "a time of one's own that is free is taken", mails, start=tue)
check("late", "one outside the hours is put to the partner", mails,
      state="offered", sequence=-1)
m = sent_to(mails, "boblate")[0]
s.ok(numbers(m) == 4 and "20:00" in text(m), "beside those offered before",
     text(m))
m = sent_to(mails, "annlate")[0]
s.ok("is asked now" in said(m), "who asked is told so",
     text(m))
now = check("none", "none of them: others are offered", mails,
            state="offered", sequence=-1)
s.ok(not set(options(s, "none").values()) & set(offer["none"].values()),
     "and none of the old")
mail = [sent_to(mails, "anndrop"), sent_to(mails, "bobdrop")]
s.ok(all("cancelled" in text(m[0]) for m in mail), "a cancel is told to both")
s.ok("did not understand" in said(sent_to(mails, "annyes")[0]),
     "yes to three times is unclear")
s.ok(s.of(p["far"])["state"] == "offered" and "Nothing was changed" in said(
    sent_to(mails, "annfar")[0]), "a time beyond all planning")

say("same", "2 or 3", DAY2, "bob")
say("first", "3, 1", DAY2, "bob")
say("late", "4", DAY2, "bob")
say("clash", "2", DAY2, "bob")
pa_says("desk", "2", DAY2)
say("any", "3", DAY2, "bob")
mails = s.run("2027-01-13T09:05Z")
check("same", "the common choice is invited to", mails,
      start=offer["same"][2])
check("first", "the first of two", mails, start=offer["first"][1])
check("any", "any: what the other chose", mails, start=offer["any"][3])
late = int(datetime.datetime(2027, 1, 28, 19, tzinfo=UTC).timestamp())
check("late", "the partner takes the time that was asked for", mails,
      start=late)
check("desk", "the assistant chooses", mails, start=offer["desk"][2],
      people=["anndesk", "bobdesk", PA])
check("clash", "nothing in common: others are offered", mails,
      state="offered", sequence=-1)
s.ok(not set(options(s, "clash").values()) & set(offer["clash"].values()),
     "and none of the old")
say("clash", "1", "Thu, 14 Jan 2027 10:00:00 +0100")
mails = s.run("2027-01-14T09:05Z")
mails = s.run("2027-01-18T09:05Z")
s.ok(not sent_to(mails, "annclash") and len(sent_to(mails, "bobclash")) == 1,
     "only those who have not chosen are reminded",
     (len(sent_to(mails, "annclash")), len(sent_to(mails, "bobclash"))))
bad = s.bad
n = s.n

# --- policy: book ----------------------------------------------------------------

s = Stage(sys.argv[1] + "/book", tries="2")
s.n, s.bad = n, bad
names = """out outno outown tries week day move thursday clock next notnext
 cancel maybe number desk desk2 desk3 desk4 desk5 not two past""".split()
p = {n: s.pair("ann" + n, "bob" + n, PA if n.startswith("desk") else "")
     for n in names}
for i, who in enumerate(("one", "two", "three", "four")):
    s.person("group" + who)
s.sql("INSERT INTO person (id, address, key, name, state, created) VALUES"
      " (999, 'x@example.com', 'x@example.com', 'x', 'left', 1)")
group = s.session(0, ["groupone", "grouptwo", "groupthree", "groupfour"],
                  "group", "mentors")
mails = s.run("2027-01-11T09:00Z")
start = {n: s.of(p[n])["start"] for n in names}
s.ok(all(one_each(mails, "ann" + n, "bob" + n) for n in names),
     "both are invited")
s.ok(len(sent_to(mails, PA)) == 5, "and the assistant")
for n in ("out", "outno", "outown"):
    s.calendar("google", "ann" + n, "counter", DAY1, at="2027-01-28T19:00Z")
s.calendar("ios", "anntries", "decline", DAY1)
say("week", "not that week")
say("day", "another day")
say("move", "Move to Thu 28 January 14:00")
say("thursday", "move it to Thursday 28 January", who="bob")
say("clock", "15:30")
say("next", "move to next week")
say("notnext", "not that week please")
say("cancel", "cancel")
say("maybe", "maybe Thursday, I will see")
say("number", "2")
say("not", "not on Thursday 14:00")
say("two", "28 January 20:00 or 29 January 10:00")
pa_says("desk", "Move to Thu 28 January 14:00")
pa_says("desk2", "no")
pa_says("desk3", "cancel")
pa_says("desk4", "leave")
pa_says("desk5", "pause until 1 March")
s.calendar("microsoft", "grouptwo", "decline", DAY1)
s.words("groupthree@example.com", "cancel", DAY1, "group meeting")
s.calendar("google", "groupone", "accept", DAY1)
mails = s.run("2027-01-12T09:05Z")
for n in ("out", "outno", "outown"):
    check(n, "a counter outside the hours is put to the partner", mails,
          state="offered", sequence=1)
m = sent_to(mails, "bobout")[0]
s.ok("METHOD:CANCEL" in ics(m) and "SEQUENCE:1" in ics(m) and
     "20:00" in text(m) and "is off" in said(m),
     "and the mail takes the old time out", text(m))
now = check("tries", "a decline moves", mails, sequence=1)
now = check("week", "not that week: another", mails, sequence=1)
s.ok(day(now["start"]).isocalendar()[1] != day(
    start["week"]).isocalendar()[1], "week", at(now["start"]))
now = check("day", "another day", mails, sequence=1)
s.ok(day(now["start"]) != day(start["day"]), "is another", at(now["start"]))
check("move", "move to a time", mails, sequence=1, start=tue)
now = check("thursday", "move to a day keeps the hour", mails, sequence=1)
s.ok(at(now["start"]) == "28 Jan " + at(start["thursday"])[-5:], "and it is",
     at(now["start"]))
now = check("clock", "an hour alone keeps the day", mails, sequence=1)
s.ok(day(now["start"]) == day(start["clock"]) and
     at(now["start"]).endswith("15:30"), "and it is", at(now["start"]))
now = check("next", "move to next week", mails, sequence=1)
s.ok(day(now["start"]).isocalendar()[1] == 3, "is in it", at(now["start"]))
(n_old,), = s.sql("SELECT count(*) FROM session WHERE pair_id = ? AND state ="
                  " 'cancelled'", p["cancel"])
s.ok(n_old == 1 and sum("METHOD:CANCEL" in ics(m) for m in sent_to(
    mails, "bobcancel")) == 1 and sum("METHOD:CANCEL" in ics(m) for m in
    sent_to(mails, "anncancel")) == 1, "a cancel takes it out of both")
s.ok(s.of(p["cancel"])["state"] == "invited", "and the next is planned")
for n in ("maybe", "number", "not"):
    now = s.of(p[n])
    s.ok(now["start"] == start[n] and now["sequence"] == 0 and
         "did not understand" in said(sent_to(mails, "ann" + n)[0]) and not sent_to(
             mails, "bob" + n), f"what is doubtful changes nothing: {n}", now)
fri = int(datetime.datetime(2027, 1, 29, 9, tzinfo=UTC).timestamp())
check("two", "of two times the one that is free", mails, sequence=1,
      start=fri)
pa_mails = sent_to(mails, PA)
now = check("desk", "the assistant moves", mails, sequence=1, start=tue)
check("desk2", "the assistant declines", mails, sequence=1)
(n_old,), = s.sql("SELECT count(*) FROM session WHERE pair_id = ? AND state ="
                  " 'cancelled'", p["desk3"])
s.ok(n_old == 1, "the assistant cancels")
for n in ("desk4", "desk5"):
    (state,), = s.sql("SELECT state FROM person WHERE id = ?",
                      s.people["bob" + n])
    s.ok(state == "ready" and s.of(p[n])["sequence"] == 0 and not sent_to(
        mails, "bob" + n), "and nothing else", state)
s.ok(sum("did not understand" in said(m) for m in pa_mails) == 2,
     "which the assistant is told", [str(m["Subject"]) for m in pa_mails])
(gstate, gseq), = s.sql("SELECT state, sequence FROM session WHERE id = ?",
                        group)
s.ok((gstate, gseq) == ("invited", 0) and not any(sent_to(
    mails, "group" + w) for w in ("one", "two", "three", "four")),
     "one who does not come moves no group", (gstate, gseq))
s.ok([s.said(group, "group" + w) for w in ("one", "two", "three", "four")] ==
     ["ACCEPTED", "DECLINED", "DECLINED", "NEEDS-ACTION"],
     "and each answer is kept")

say("out", "yes", DAY2, "bob")
say("outno", "no", DAY2, "bob")
say("outown", "29 January 10:00", DAY2, "bob")
s.calendar("ios", "anntries", "decline", DAY2)
s.calendar("ios", "anndesk2", "decline", DAY2)
mails = s.run("2027-01-13T09:05Z")
check("out", "the partner says yes", mails, sequence=2, start=late)
m = sent_to(mails, "annout")[0]
s.ok("METHOD:REQUEST" in ics(m) and "SEQUENCE:2" in ics(m),
     "which puts it into calendars anew")
now = check("outno", "the partner says no: others are offered", mails,
            state="offered", sequence=1)
s.ok(late not in options(s, "outno").values(), "without that one")
check("outown", "the partner has another time", mails, sequence=2, start=fri)
now = check("tries", "declined too often: both choose", mails,
            state="offered", sequence=2)
m = sent_to(mails, "anntries")[0]
s.ok("METHOD:CANCEL" in ics(m) and numbers(m) == 3,
     "in one mail with the cancel", text(m))
check("desk2", "so with an assistant", mails, state="offered", sequence=2,
      people=["anndesk2", "bobdesk2"])
s.ok([numbers(m) for m in sent_to(mails, PA)].count(3) == 1,
     "who gets the offer too")
chosen = options(s, "desk2")
say("tries", "none", "Thu, 14 Jan 2027 10:00:00 +0100")
pa_says("desk2", "1 or 2", "Thu, 14 Jan 2027 10:00:00 +0100")
say("desk2", "2", "Thu, 14 Jan 2027 10:00:00 +0100")
mails = s.run("2027-01-14T09:05Z")
check("desk2", "and answers it", mails, sequence=3, start=chosen[2])
check("tries", "and if none suits, they are asked to settle it", mails,
      state="offered", sequence=2)
s.ok("settle it between you" in " ".join(text(
    sent_to(mails, "bobtries")[0]).split()), "in so many words",
     text(sent_to(mails, "bobtries")[0]))
say("tries", "28 January 14:00", "Fri, 15 Jan 2027 10:00:00 +0100", "bob")
mails = s.run("2027-01-15T09:05Z")
check("tries", "and what they reply is taken", mails, sequence=3, start=tue)
mails = s.run("2027-01-18T09:05Z")
lead = " ".join(text(sent_to(mails, "hanna.lead@example.com")[0]).split())
s.ok("1 yes, 2 no, 1 open" in lead, "the digest counts heads", lead)
bad = s.bad
n = s.n

# --- in German, and in words that name no date --------------------------------------

s = Stage(sys.argv[1] + "/words", place="https://meet.example.com/rm-{pair}")
s.n, s.bad = n, bad
WORDS = [  # words, sequence, when it is then; None: somewhere else
    ("de", "Verschieben auf Do 14:00", 1, "28 Jan 14:00"),
    ("de", "Do 28.1. 14:00 ginge", 1, "28 Jan 14:00"),
    ("de", "Können wir auf Freitag um 10 Uhr verschieben?", 1,
     "29 Jan 10:00"),
    ("de", "Lieber am Freitag, 29.1. um 10 Uhr", 1, "29 Jan 10:00"),
    ("de", "Nicht in dieser Woche", 1, "week"),
    ("de", "nicht diese Woche bitte", 1, "week"),
    ("de", "In der Woche geht es nicht", 1, "week"),
    ("de", "An dem Tag kann ich nicht", 1, "day"),
    ("de", "nicht am Montag", 0, None),
    ("de", "Absagen", 0, "cancelled"),
    ("de", "Ich muss leider absagen", 0, "cancelled"),
    ("de", "geht leider nicht", 1, "day"),
    ("de", "halb drei", 1, "26 Jan 14:30"),
    ("de", "Vielleicht", 0, None),
    ("en", "move to Thu 14:00", 1, "28 Jan 14:00"),
    ("en", "Thursday 28 Jan 2 pm works for me", 1, "28 Jan 14:00"),
    ("en", "not this week", 1, "week"),
    ("en", "not next week", 0, None),
    ("en", "not on Monday", 0, None),
    ("en", "that week is bad for me", 1, "week"),
    ("en", "I need to cancel", 0, "cancelled"),
    ("en", "can we cancel?", 0, None),
    ("en", "move to Mon 9:00", 1, "25 Jan 09:00"),
]
for i, (locale, *_) in enumerate(WORDS):
    p[i] = s.pair(f"ann{i}", f"bob{i}")
    s.sql("UPDATE person SET locale = ? WHERE name IN (?, ?)", locale,
          f"ann{i}", f"bob{i}")
mails = s.run("2027-01-11T09:00Z")
start = {i: s.of(p[i])["start"] for i in range(len(WORDS))}
got = ics(sent_to(mails, "ann20")[0])
link = f"https://meet.example.com/rm-{p[20]}"
s.ok("LOCATION:" + link in got and any(
    x.startswith(f"DESCRIPTION:{link}\\n") for x in got),
     "the link is the place, and the first line of the rest", got)
s.ok({at(t) for t in start.values()} == {"26 Jan 10:00"}, "all on one day",
     {at(t) for t in start.values()})
for i, (locale, words, *_) in enumerate(WORDS):
    s.words(f"bob{i}@example.com", words, DAY1, rf"(with|mit) ann{i}\b")
mails = s.run("2027-01-12T09:05Z")
for i, (locale, words, sequence, when) in enumerate(WORDS):
    state, now, seq = s.sql("SELECT state, start, sequence FROM session WHERE"
                            " pair_id = ? ORDER BY id LIMIT 1", p[i])[0]
    told = len(sent_to(mails, f"ann{i}"))
    if when is None:
        good = now == start[i] and told == 0 and seq == 0
    elif when == "cancelled":
        good = state == "cancelled" and told > 0
    elif when == "week":
        good = day(now).isocalendar()[1] != 4 and told == 1
    elif when == "day":
        good = day(now) != day(start[i]) and told == 1
    else:
        good = at(now) == when and told == 1
    if when not in (None, "cancelled"):
        good = good and seq == sequence and state == "invited"
    s.ok(good, words, (state, at(now), seq, told))
s.end()
END
