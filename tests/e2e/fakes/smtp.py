"""An SMTP server that does what the recipient's name says.

usage: smtp.py LOG OPTIONS      prints its port; plain text on loopback

Recipients: rcpt550-5.1.1@, data451-4.3.0@ and dot554-5.6.0@ answer so at
that stage; dropdata@ hangs up in the body, dropdot@ behind the final dot,
mutedot@ falls silent there.  Options, by commas: auth (PLAIN, OAUTHBEARER),
auth535, auth454, noauth, slow, starttls-inject, starttls-refuse,
starttls-junk.  The log holds each line received, bodies as one line.
"""
import os
import re
import socket
import sys
import time

log = open(sys.argv[1], "w", buffering=1)
options = sys.argv[2].split(",")


def note(text):
    log.write(text.replace("\r", "\\r").replace("\n", "\\n") + "\n")


def serve(s):
    f = s.makefile("rb")

    def say(*lines):
        s.sendall("".join(x + "\r\n" for x in lines).encode())

    starttls = [o for o in options if o.startswith("starttls-")]
    auth = [o for o in options if o.startswith("auth")]
    to = ""
    say("220 fake ESMTP")
    while True:
        line = f.readline().decode("latin1")
        if not line:
            return
        note(line.rstrip("\r\n"))
        verb = line.strip().upper()
        if verb.startswith("EHLO"):
            offers = ["SIZE 400000"]
            if auth and not starttls:
                offers.append("AUTH PLAIN OAUTHBEARER")
            if starttls:
                offers.append("STARTTLS")
            say("250-fake", *["250-" + o for o in offers], "250 8BITMIME")
        elif verb.startswith("STARTTLS"):
            if "starttls-refuse" in options:
                say("502 no")
            elif "starttls-inject" in options:
                say("220 go", "250-fake", "250 AUTH PLAIN")
            else:
                say("220 go", "this is no TLS")
        elif verb.startswith("AUTH"):
            if verb in ("AUTH PLAIN", "AUTH OAUTHBEARER"):
                say("334 ")
                note(f.readline().decode("latin1").rstrip())
            if "auth535" in options:
                say("535 5.7.8 no")
            elif "auth454" in options:
                say("454 4.7.0 not now")
            else:
                say("235 2.7.0 ok")
        elif verb.startswith("MAIL"):
            say("250 2.1.0 ok")
        elif verb.startswith("RCPT"):
            to = re.search("<(.*?)@", line).group(1)
            m = re.match(r"rcpt(\d+)-(.*)", to)
            if m:
                say("%s %s told so" % m.groups())
                if m.group(1) == "421":
                    return
            else:
                say("250 2.1.5 ok")
        elif verb == "DATA":
            m = re.match(r"data(\d+)-(.*)", to)
            if m:
                say("%s %s told so" % m.groups())
                continue
            say("354 go on")
            if to == "dropdata":
                f.read(1000)
                return
            body = b""
            while not body.endswith(b"\r\n.\r\n"):
                got = f.readline()
                if not got:
                    return
                body += got
            note("BODY " + body.decode("latin1"))
            if "slow" in options:
                time.sleep(0.02)
            if to == "dropdot":
                return
            if to == "mutedot":
                time.sleep(9)
            m = re.match(r"dot(\d+)-(.*)", to)
            say("%s %s told so" % m.groups() if m
                else "250 2.0.0 Ok: queued as Q1")
        elif verb == "QUIT":
            say("221 bye")
            return
        else:
            say("250 ok")


listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(50)
os.write(1, b"%d\n" % listener.getsockname()[1])
os.close(1)
while True:
    c, _ = listener.accept()
    if os.fork() == 0:
        try:
            serve(c)
        except OSError:
            pass
        os._exit(0)
    c.close()
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
