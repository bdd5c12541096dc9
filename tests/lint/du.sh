#!/bin/sh
# German with du: each text of templates/de that says Sie has a twin in
# templates/de-informal, with the same tags and without Sie; a text may hold
# both by {{#formal}} instead.  Prints TAP.
PYTHONDONTWRITEBYTECODE=1 python3 - <<'END'
import os
import re
import sys

SIE = re.compile(r"\b(Sie|Ihnen|Ihre?[mnrs]?)\b")
# A sentence may begin with "Sie" for they, and with "Ihr" for all of you.
FORMAL = re.compile(r"\bIhnen\b|\bIhre[mnrs]?\b|(?<=[\wäöüß,;:*] )Sie\b")
TAG = re.compile(r"\{\{[^}]*\}\}|\{[a-zA-Z-]+\}")
SAME = {"first-name": "name", "partner-first": "partner"}
DE, DU = "templates/de", "templates/de-informal"


def read(path):
    with open(path) as f:
        return f.read()


def files(top):
    return sorted(os.path.relpath(os.path.join(d, name), top)
                  for d, _, names in os.walk(top) for name in names)


def tags(text):
    found = TAG.findall(text)
    for new, old in SAME.items():
        found = [t.replace(new, old) for t in found]
    return sorted(found)


def phrases(text):
    return dict(line.split(" = ", 1) for line in text.splitlines()
                if " = " in line and not line.startswith("#"))


def keys(text):
    """What a survey words: its questions and what they have."""
    return [line.split(" =")[0] for line in text.splitlines()
            if " = " in line or line.startswith("[")]


def words_faults():
    de, du = phrases(read(DE + "/words")), phrases(read(DU + "/words"))
    for key, text in sorted(de.items()):
        if SIE.search(text) and key not in du:
            yield f"{DU}/words: {key} is missing"
    for key, text in sorted(du.items()):
        if key not in de:
            yield f"{DU}/words: {key} is not in {DE}/words"
        elif tags(text) != tags(de[key]):
            yield f"{DU}/words: {key} has other tags"
        if FORMAL.search(text):
            yield f"{DU}/words: {key} says Sie"


def faults():
    ours, theirs = files(DE), files(DU)
    for name in ours:
        text = read(f"{DE}/{name}")
        if name not in theirs and SIE.search(text) and \
                "{{#formal}}" not in text:
            yield f"{DU}/{name} is missing"
    for name in theirs:
        if name not in ours:
            yield f"{DU}/{name} has no twin in {DE}"
            continue
        if name == "words":
            continue
        text = read(f"{DU}/{name}")
        if tags(text) != tags(read(f"{DE}/{name}")):
            yield f"{DU}/{name} has other tags than its twin"
        if name.startswith("surveys/") and \
                keys(text) != keys(read(f"{DE}/{name}")):
            yield f"{DU}/{name} has other questions than its twin"
        found = FORMAL.search(text)
        if found:
            yield f"{DU}/{name}: says {found.group()}"
    yield from words_faults()


bad = list(faults())
for line in bad:
    print("#", line)
print("not ok" if bad else "ok", "1 - German with du is whole")
print("1..1")
sys.exit(bool(bad))
END
