"""SMTP servers that misbehave on demand.

usage: smtp.py LOG OPTIONS...      prints one port for each OPTIONS

LOG holds each line received by the first one, LOG.1 by the second and so on;
bodies are one line.  Certificates (of certs.sh) lie beside LOG.

Recipients: rcpt550-5.1.1@, data451-4.3.0@ and dot554-5.6.0@ answer so at
that stage; dropdata@ hangs up in the body, dropdot@ behind the final dot,
mutedot@ falls silent there.  The file LOG.rules, read anew for each line,
says the same of any: "PATTERN STAGE REPLY", where STAGE is rcpt, data, body
or dot and REPLY a line, drop or mute; and of all: "* greet|mail REPLY".

OPTIONS, by commas:
auth, auth535, auth454, noauth    the login; mechs=PLAIN+LOGIN: offered
tls starttls                      TLS at once, or offered; else plain
cert=NAME                         which certificate (good)
tls10 tls11 reset junk stall      at the handshake
starttls-inject starttls-refuse starttls-454 starttls-junk
earlyauth                         AUTH is offered before STARTTLS alone
strip                             STARTTLS is not offered
size=N                            the limit told (400000)
slow                              20 ms for each reply
narrow                            takes little at once
hold=FILE                         no reply to a dot until FILE is there
"""
import os
import re
import select
import socket
import ssl
import sys
import time
import warnings

warnings.simplefilter("ignore")
LOG = sys.argv[1]


class Session:
    def __init__(self, s, options, log):
        self.s = s
        self.options = options
        self.log = log
        self.secured = False
        self.to = ""
        self.f = s.makefile("rb")

    def has(self, option):
        return option in self.options

    def value(self, name, default):
        for o in self.options:
            if o.startswith(name + "="):
                return o[len(name) + 1:]
        return default

    def note(self, text):
        self.log.write(text.replace("\r", "\\r").replace("\n", "\\n") + "\n")

    def say(self, *lines):
        if self.has("slow"):
            time.sleep(0.02)
        self.s.sendall("".join(x + "\r\n" for x in lines).encode())

    def line(self):
        line = self.f.readline().decode("latin1")
        if not line:
            raise EOFError
        self.note(line.rstrip("\r\n"))
        return line.strip()

    def rule(self, stage):
        """What the rules say of this recipient here."""
        try:
            with open(LOG + ".rules") as f:
                rules = [x.rstrip("\n").split(" ", 2) for x in f]
        except FileNotFoundError:
            rules = []
        for pattern, at, reply in rules:
            if at == stage and (pattern == "*" or
                                re.search(pattern, self.to)):
                return reply
        m = re.match(stage + r"(\d+)-(.*)@", self.to)
        return "%s %s told so" % m.groups() if m else None

    def answer(self, stage, usual):
        """False when the connection is over."""
        reply = self.rule(stage) or usual
        if reply == "mute":
            time.sleep(9)
            raise EOFError
        if reply == "drop":
            raise EOFError
        self.say(reply)
        if reply.startswith("421"):
            raise EOFError
        return reply == usual

    def secure(self):
        if self.has("reset"):
            self.note("HELLO " + repr(self.s.recv(1000)))
            raise EOFError
        if self.has("stall"):
            time.sleep(20)
        if self.has("junk") or self.has("starttls-junk"):
            self.say("220 this is no TLS", "250 nor is this")
            self.note("HELLO " + repr(self.s.recv(1000)))
            self.note("HELLO " + repr(self.s.recv(1000)))
            raise EOFError
        c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        name = self.value("cert", "good")
        c.load_cert_chain(f"{os.path.dirname(LOG)}/{name}.pem")
        for word, version in (("tls10", ssl.TLSVersion.TLSv1),
                              ("tls11", ssl.TLSVersion.TLSv1_1)):
            if self.has(word):
                c.set_ciphers("ALL:@SECLEVEL=0")
                c.minimum_version = version
                c.maximum_version = version
        self.s = c.wrap_socket(self.s, server_side=True)
        self.f = self.s.makefile("rb")
        self.secured = True

    def run(self):
        if self.has("tls"):
            self.secure()
        self.answer("greet", "220 fake ESMTP")
        while True:
            line = self.line()
            verb = line.upper().split(" ")[0].split(":")[0]
            getattr(self, "do_" + verb.lower(), self.do_other)(line)

    def do_other(self, line):
        self.say("250 ok")

    def do_ehlo(self, line):
        offers = ["SIZE " + self.value("size", "400000")]
        upgrade = not self.secured and not self.has("strip") and any(
            o.startswith("starttls") for o in self.options)
        login = any(o.startswith("auth") for o in self.options)
        if self.has("earlyauth"):
            login = not self.secured
        elif upgrade:
            login = False
        if login:
            mechs = self.value("mechs", "PLAIN+OAUTHBEARER")
            offers.append("AUTH " + mechs.replace("+", " "))
        if upgrade:
            offers.append("STARTTLS")
        if self.has("utf8"):
            offers.append("SMTPUTF8")
        self.say("250-fake", *["250-" + o for o in offers], "250 8BITMIME")

    def do_starttls(self, line):
        if self.has("starttls-refuse"):
            self.say("502 no")
        elif self.has("starttls-454"):
            self.say("454 4.7.0 TLS not available")
        elif self.has("starttls-inject"):
            self.say("220 go", "250-fake", "250 AUTH PLAIN")
            self.secure()
        else:
            self.say("220 go")
            self.secure()

    def do_auth(self, line):
        mech, _, first = line[5:].partition(" ")
        asks = {"LOGIN": ["334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6"]}.get(
            mech.upper(), ["334 "])
        for ask in asks[1 if first else 0:]:
            self.say(ask)
            self.line()
        if self.has("auth535"):
            if "OAUTH" in mech.upper():
                self.say("334 eyJzdGF0dXMiOiI0MDAifQ==")
                self.line()
            self.say("535 5.7.8 no")
        elif self.has("auth454"):
            self.say("454 4.7.0 not now")
        else:
            self.say("235 2.7.0 ok")

    def do_mail(self, line):
        self.to = ""
        self.answer("mail", "250 2.1.0 ok")

    def do_rcpt(self, line):
        self.to = re.search("<(.*?)>", line).group(1)
        self.answer("rcpt", "250 2.1.5 ok")

    def do_data(self, line):
        if not self.answer("data", "354 go on"):
            return
        if self.to.startswith("dropdata@") or self.rule("body") == "drop":
            self.f.read(1000)
            raise EOFError
        body = b""
        while not body.endswith(b"\r\n.\r\n"):
            got = self.f.readline()
            if not got:
                raise EOFError
            body += got
        self.note("BODY " + body.decode("latin1"))
        while not os.path.exists(self.value("hold", "/")):
            time.sleep(0.02)
        if self.to.startswith("dropdot@"):
            raise EOFError
        if self.to.startswith("mutedot@"):
            time.sleep(9)
        self.answer("dot", "250 2.0.0 Ok: queued as Q1")

    def do_quit(self, line):
        if not self.has("noquit"):
            self.say("221 bye")
        raise EOFError


listeners = {}
for n, words in enumerate(sys.argv[2:]):
    listener = socket.socket()
    if "narrow" in words.split(","):
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    listener.bind(("127.0.0.1", 0))
    listener.listen(50)
    log = LOG + (f".{n}" if n else "")
    open(log, "w").close()
    log = open(log, "a", buffering=1, encoding="latin1")
    listeners[listener] = (words.split(","), log)
    os.write(1, b"%d\n" % listener.getsockname()[1])
os.close(1)
parent = os.getppid()
while os.getppid() == parent:
    for listener in select.select(list(listeners), [], [], 1)[0]:
        c, _ = listener.accept()
        c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if os.fork() == 0:
            try:
                Session(c, *listeners[listener]).run()
            except (EOFError, OSError):
                pass
            os._exit(0)
        c.close()
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
