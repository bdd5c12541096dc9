"""A participant's mail program on real servers: IMAP in, submission out.

usage: post.py FOLDER IMAPS-PORT SMTP-PORT ADDRESS answer SUBJECT TEXT DATE
       post.py FOLDER IMAPS-PORT SMTP-PORT ADDRESS has PATTERN

FOLDER is that of dovecot.sh and holds ca.pem.  What answer.py makes of the
mails in the mailbox is sent to the address that a mail program would take:
Reply-To, or else From.
"""
import email
import email.policy
import glob
import imaplib
import os
import runpy
import shutil
import smtplib
import ssl
import sys

folder, imaps, smtp, address, what, *more = sys.argv[1:]
PASSWORD = 'p"w\\ d'
tls = ssl.create_default_context(cafile=folder + "/ca.pem")
own = f"{folder}/client/{address}"
for part in ("out/new", "in/new", "in/cur"):
    shutil.rmtree(f"{own}/{part}", ignore_errors=True)
    os.makedirs(f"{own}/{part}")


def read(name):
    with open(name, "rb") as f:
        return email.message_from_binary_file(f, policy=email.policy.default)


with imaplib.IMAP4_SSL("localhost", int(imaps), ssl_context=tls) as box:
    box.login(address, PASSWORD)
    box.select("INBOX", readonly=True)
    numbers = box.search(None, "ALL")[1][0].split()
    for n in numbers:
        with open(f"{own}/out/new/{int(n):06d}", "wb") as f:
            f.write(box.fetch(n, "(BODY.PEEK[])")[1][0][1])
mails = sorted(glob.glob(own + "/out/new/*"))
if what == "has":
    for m in map(read, mails):
        text = str(m["Subject"]) + m.get_body(("plain",)).get_content()
        if more[0] in text:
            sys.exit(0)
    sys.exit(f"{len(mails)} mails to {address}, none with {more[0]!r}")
sys.argv = ["answer.py", own, address, *more]
runpy.run_path(os.path.dirname(__file__) + "/answer.py")
(answer,) = glob.glob(own + "/in/new/*")
with open(answer, "rb") as f:
    bytes_ = f.read()
subject = str(read(answer)["Subject"]).removeprefix("Re: ")
found = [m for m in map(read, mails) if str(m["Subject"]) == subject][-1]
to = email.utils.parseaddr(str(found["Reply-To"] or found["From"]))[1]
with smtplib.SMTP("localhost", int(smtp)) as s:
    s.starttls(context=tls)
    s.login(address, PASSWORD)
    s.sendmail(address, [to], bytes_)
