"""Looks for what an erasure must not leave.

usage: traces.py FOLDER WORD...
Every cell of every table, mails unpacked and decoded, and the bytes of the
database's files.  Prints where a WORD is found and fails, else says nothing.
"""
import ctypes
import ctypes.util
import email
import email.policy
import os
import sqlite3
import sys

folder, words = sys.argv[1], [w.lower() for w in sys.argv[2:]]
zstd = ctypes.CDLL(ctypes.util.find_library("zstd") or "libzstd.so.1")
zstd.ZSTD_decompress.restype = ctypes.c_size_t
zstd.ZSTD_decompress.argtypes = [
    ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]
found = []


def unpacked(data):
    """The text of a packed mail, headers and parts decoded."""
    if data[:4] != b"\x28\xb5\x2f\xfd":
        return data.decode("latin-1")
    room = ctypes.create_string_buffer(1 << 24)
    n = zstd.ZSTD_decompress(room, len(room), data, len(data))
    mail = email.message_from_bytes(room.raw[:n], policy=email.policy.default)
    text = "\n".join(f"{k}: {v}" for k, v in mail.items())
    for part in mail.walk():
        body = part.get_payload(decode=True)
        if body:
            text += "\n" + body.decode("utf-8", "replace")
    return text


def look(place, text):
    text = text.lower()
    found.extend(f"{place}: {w}" for w in words if w in text)


db = sqlite3.connect(f"file:{folder}/rmail.db?mode=ro", uri=True)
for (table,) in db.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
    rows = db.execute(f'SELECT rowid, * FROM "{table}"')
    names = [d[0] for d in rows.description]
    for row in rows:
        for name, cell in zip(names, row):
            if isinstance(cell, bytes):
                look(f"{table}.{name} of {row[0]}", unpacked(cell))
            elif isinstance(cell, str):
                look(f"{table}.{name} of {row[0]}", cell)
db.close()
for name in os.listdir(folder):
    if name.startswith("rmail.db"):
        with open(f"{folder}/{name}", "rb") as f:
            look(name, f.read().decode("latin-1"))
if found:
    sys.exit("\n".join(found))
