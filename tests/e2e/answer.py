"""A participant at a mail program: answers the newest mail that fits.

usage: answer.py FOLDER ADDRESS SUBJECT TEXT DATE [NTH]
       answer.py FOLDER ADDRESS SUBJECT ics:ACCEPTED DATE
       answer.py FOLDER ADDRESS SUBJECT tap:yes DATE
NTH, from 0, is for another mail than the newest.
FOLDER holds out/ (what the programme sent) and in/ (its mailbox).  A tap sends
what the mailto: link of that word in the HTML part opens.
"""
import email
import email.policy
import glob
import os
import re
import sys
import urllib.parse

folder, address, subject, text, date = sys.argv[1:6]
fitting = []
for name in sorted(glob.glob(folder + "/out/new/*")):
    with open(name, "rb") as f:
        mail = email.message_from_binary_file(f, policy=email.policy.default)
    if address in mail["To"] and subject in mail["Subject"]:
        fitting.append(mail)
nth = int(sys.argv[6]) if len(sys.argv) > 6 else -1
if not -1 <= nth < len(fitting) or not fitting:
    sys.exit(f"no mail to {address} about {subject!r}")
found = fitting[nth]

number = len(os.listdir(folder + "/in/new")) + len(
    os.listdir(folder + "/in/cur"))
head = [
    f"From: <{address}>", f"To: {found['From']}",
    f"Subject: Re: {found['Subject']}", f"Date: {date}",
    f"Message-ID: <{number}.{os.getpid()}@client.example>",
    "MIME-Version: 1.0",
]
if text.startswith("tap:"):
    page = found.get_body(("html",)).get_content().replace("&amp;", "&")
    for to, subject, body in re.findall(
            r'href="mailto:([^"?]*)\?subject=([^"&]*)&body=([^"]*)"', page):
        if urllib.parse.unquote(body) == text[4:]:
            break
    else:
        sys.exit(f"no link for {text[4:]!r}")
    head[1] = f"To: {urllib.parse.unquote(to)}"
    head[2] = f"Subject: {urllib.parse.unquote(subject)}"
    head.append("Content-Type: text/plain; charset=utf-8")
    body = text[4:]
elif text.startswith("ics:"):
    part = next(p for p in found.walk()
                if p.get_content_type() == "text/calendar")
    ics = part.get_content().replace("\r\n ", "").replace("\r\n", "\n")
    ics = ics.replace("\n ", "").replace("METHOD:REQUEST", "METHOD:REPLY")
    ics = re.sub(r"ATTENDEE[^\n]*", f"ATTENDEE;PARTSTAT={text[4:]}:mailto:"
                 + address, ics)
    head.append("Content-Type: text/calendar; method=REPLY; charset=utf-8")
    body = ics
else:
    head += [f"In-Reply-To: {found['Message-ID']}",
             f"References: {found['Message-ID']}",
             "Content-Type: text/plain; charset=utf-8"]
    quote = found.get_body(("plain",)).get_content().splitlines()
    body = text + "\n\nOn Monday somebody wrote:\n" + "".join(
        "> " + line + "\n" for line in quote)
with open(f"{folder}/in/new/{number:06d}.{os.getpid()}.client", "w",
          newline="") as f:
    f.write("\r\n".join(head) + "\r\n\r\n" + body.replace("\n", "\r\n"))
