"""IMAP and POP3 servers that misbehave on demand.

usage: mailbox.py FOLDER WORDS...     prints one port for each WORDS

FOLDER holds the certificates of certs.sh and gets the logs 0.log, 1.log, ...
of what the clients said, one line each.  WORDS are joined by commas:

imap pop3         the protocol (three mails, UIDs 11 12 13)
mails=N           so many mails, from UID 11 on
odd=N             the faults of mail 12 are those of this UID
tls starttls      TLS at once, or offered; else plain
cert=NAME         which certificate (good)
tls10 tls11 reset junk stall      at the handshake
inject refuse     at STARTTLS
preauth bye drip endless          in place of a greeting
loginno loginbye unavailable echo at the login
validity=N readonly many          at SELECT; many announces 4e9 mails
nasty             answers that kill careless parsers, all through
huge short cut gone nil size      mail 12's FETCH or RETR; size: told wrong
once              the fault above only in the first session
big               mail 12 is told to be of 20,000,000 bytes
nomove nouidplus storeno nocreate others
noquit            POP3: hangs up at QUIT
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
folder = sys.argv[1]


def mail(u):
    return (f"From: ann@example.com\r\nSubject: mail {u}\r\n"
            f"Message-ID: <{u}@example.com>\r\n\r\n"
            f"Hello {u}\r\n.dot\r\n").encode()


class Session:
    def __init__(self, s, words, log):
        self.s = s
        self.words = words
        self.log = log
        self.f = None
        self.odd = int(self.value("odd", 12))
        self.mails = {u: mail(u)
                      for u in range(11, 11 + int(self.value("mails", 3)))}

    def has(self, word):
        if "once" in self.words and word in (
                "huge", "short", "cut", "gone", "nil", "size"):
            if os.path.exists(self.log + ".once"):
                return False
        return word in self.words

    def spent(self):
        open(self.log + ".once", "w").close()

    def value(self, name, default):
        for w in self.words:
            if w.startswith(name + "="):
                return w[len(name) + 1:]
        return default

    def note(self, text):
        with open(self.log, "a") as f:
            f.write(text + "\n")

    def send(self, data):
        if isinstance(data, str):
            data = data.encode()
        self.s.sendall(data)

    def say(self, *lines):
        self.send("".join(x + "\r\n" for x in lines))

    def line(self):
        line = self.f.readline().decode("latin1")
        if not line:
            raise EOFError
        self.note(line.rstrip("\r\n"))
        return line.rstrip("\r\n")

    def secure(self):
        if self.has("reset"):
            self.s.recv(100)
            raise EOFError
        if self.has("stall"):
            time.sleep(20)
        if self.has("junk"):
            self.say("* OK this is no TLS", "+OK nor is this")
            self.s.recv(1000)
            return self.open_file()
        c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        name = self.value("cert", "good")
        c.load_cert_chain(f"{folder}/{name}.pem")
        for word, version in (("tls10", ssl.TLSVersion.TLSv1),
                              ("tls11", ssl.TLSVersion.TLSv1_1)):
            if self.has(word):
                c.set_ciphers("ALL:@SECLEVEL=0")
                c.minimum_version = version
                c.maximum_version = version
        self.s = c.wrap_socket(self.s, server_side=True)
        self.open_file()

    def open_file(self):
        self.f = self.s.makefile("rb")

    def bad_greeting(self, greeting):
        if self.has("drip"):
            while True:
                self.send("* OK "[:1])
                time.sleep(0.02)
        if self.has("endless"):
            while True:
                self.send(greeting + "x" * 60000)

    def run(self):
        self.open_file()
        if self.has("tls"):
            self.secure()
        self.imap() if self.has("imap") else self.pop3()

    # --- IMAP ---------------------------------------------------------------

    def imap(self):
        self.bad_greeting("* OK ")
        if self.has("preauth"):
            self.say("* PREAUTH [CAPABILITY IMAP4rev1] come in")
        elif self.has("bye"):
            self.say("* BYE too many of you")
            return
        else:
            self.say("* OK [CAPABILITY IMAP4rev1 STARTTLS] ready")
        while True:
            line = self.line()
            tag, _, rest = line.partition(" ")
            if not self.imap_command(tag, rest):
                return

    def nasty(self):
        if self.has("nasty"):
            self.say("* OK [PERMANENTFLAGS ]", '* FLAGS ("', "* STATUS x ()",
                     "* OK [PERMANENTFLAGS (\"x", "* ESEARCH (TAG \"1\") ALL",
                     "* NAMESPACE ((((((((", "* OK", "* 0 RECENT",
                     "* LSUB () {5}", "abcde", "* XYZ {10}", "* BYE no\r\nx")

    def imap_command(self, tag, rest):
        verb = rest.upper()
        ok = tag + " OK done"
        self.nasty()
        if verb == "STARTTLS":
            if self.has("refuse"):
                self.say(tag + " BAD no")
            elif self.has("inject"):
                self.say(tag + " OK go", "* OK injected")
            else:
                self.say(tag + " OK go")
                self.secure()
        elif verb == "CAPABILITY":
            c = "IMAP4rev1"
            c += "" if self.has("nomove") else " MOVE"
            c += "" if self.has("nouidplus") else " UIDPLUS"
            self.say("* CAPABILITY " + c, ok)
        elif verb.startswith(("LOGIN", "AUTHENTICATE")):
            return self.imap_login(tag, rest)
        elif verb.startswith("LIST"):
            self.say('* LIST (\\Noselect) "." ""', ok)
        elif verb.startswith("SELECT"):
            if "missing" in rest:
                self.say(tag + " NO there is no such folder")
                return True
            n = 4000000000 if self.has("many") else len(self.mails)
            self.say(f"* {n} EXISTS", "* 0 RECENT",
                     f"* OK [UIDVALIDITY {self.value('validity', '7')}] ok",
                     tag + (" OK [READ-ONLY] done" if self.has("readonly")
                            else " OK [READ-WRITE] done"))
        elif verb.startswith("UID SEARCH DELETED"):
            self.say("* SEARCH 11" + (" 99" if self.has("others") else ""),
                     ok)
        elif verb.startswith("UID SEARCH"):
            uids = " ".join(str(u) for u in sorted(self.mails)[::-1])
            self.say(f"* SEARCH {uids} 12", ok)
        elif verb.startswith("UID FETCH"):
            return self.imap_fetch(tag, rest)
        elif verb.startswith(("UID STORE", "UID MOVE", "UID COPY")):
            if self.has("storeno"):
                self.say(tag + " NO quota")
            elif "INBOX." not in rest and self.has("nocreate") and \
                    "STORE" not in verb:
                self.say(tag + " NO [TRYCREATE] no such folder")
            else:
                self.say(ok)
        elif verb.startswith("CREATE") and self.has("nocreate"):
            self.say(tag + " NO only below INBOX")
        elif verb == "LOGOUT":
            self.say("* BYE so long", ok)
            return False
        else:
            self.say(ok)
        return True

    def imap_login(self, tag, rest):
        if self.has("loginno"):
            if rest.startswith("AUTHENTICATE"):
                self.say("+ eyJzdGF0dXMiOiI0MDAifQ==")
                self.line()
            self.say(tag + " NO [AUTHENTICATIONFAILED] not you")
        elif self.has("unavailable"):
            self.say(tag + " NO [UNAVAILABLE] not now")
        elif self.has("echo"):
            self.say(tag + " NO what is " + rest)
        elif self.has("loginbye"):
            self.say("* BYE going down")
            return False
        else:
            self.say(tag + " OK welcome")
        return True

    def imap_fetch(self, tag, rest):
        uids = []
        for part in re.match(r"UID FETCH (\S+)", rest).group(1).split(","):
            a, _, b = part.partition(":")
            uids += range(int(a), int(b or a) + 1)
        for n, uid in enumerate(u for u in uids if u in self.mails):
            raw = self.mails[uid]
            if "RFC822.SIZE" in rest:
                size = len(raw)
                if uid == self.odd:
                    size = 20000000 if self.has("big") else size
                    size += 5 if self.has("size") else 0
                if uid == self.odd and self.has("gone"):
                    continue
                self.say(f"* {n + 1} FETCH (UID {uid} RFC822.SIZE {size} "
                         'INTERNALDATE "10-Jan-2027 10:00:00 +0200")')
                continue
            if uid == self.odd and self.has("size") and "once" in self.words:
                self.spent()
                raw = raw + b"five\n"[:4]
            part = "BODY[]"
            if "HEADER" in rest:
                raw = raw[:raw.index(b"\r\n\r\n") + 4]
                part = "BODY[HEADER]<0>"
            if uid == self.odd and not self.imap_body(n, part, raw):
                return False
            if uid != self.odd:
                self.say(f'* {n + 1} FETCH (FLAGS (\\Seen $x) UID {uid} '
                         f"{part} {{{len(raw)}}}")
                self.send(raw + b")\r\n")
        self.say(tag + " OK done")
        return True

    def imap_body(self, n, part, raw):
        head = f"* {n + 1} FETCH (UID {self.odd} {part} "
        if self.has("gone"):
            return True
        if self.has("nil"):
            self.say(head + "NIL)")
            return True
        size = len(raw)
        if self.has("huge"):
            size = 3000000000
        if self.has("short"):
            size += 4
        self.say(head + f"{{{size}}}")
        if self.has("huge"):
            self.spent()
            try:
                for i in range(1000):
                    self.send(b"x" * 65536)
            except OSError:
                pass
            return False
        if self.has("cut"):
            self.spent()
            self.send(raw[:20])
            return False
        self.send(raw + b")\r\n")
        if self.has("short"):
            self.spent()
        return True

    # --- POP3 ---------------------------------------------------------------

    def pop3(self):
        self.bad_greeting("+OK ")
        if self.has("bye"):
            self.say("-ERR [SYS/TEMP] too many of you")
            return
        self.say("+OK ready")
        while True:
            line = self.line()
            if not self.pop3_command(line, line.upper().split(" ")[0]):
                return

    def pop3_command(self, line, verb):
        lists = sorted(self.mails)
        if verb == "STLS":
            if self.has("refuse"):
                self.say("-ERR no")
            elif self.has("inject"):
                self.say("+OK go", "+OK injected")
            else:
                self.say("+OK go")
                self.secure()
        elif verb == "AUTH":
            self.say("+ ")
            self.line()
            if self.has("loginno"):
                self.say("+ eyJzdGF0dXMiOiI0MDAifQ==")
                self.line()
                self.say("-ERR [AUTH] not you")
            else:
                self.say("+OK in")
        elif verb == "PASS":
            if self.has("loginno"):
                self.say("-ERR [AUTH] not you")
            elif self.has("unavailable"):
                self.say("-ERR [IN-USE] somebody is reading")
            elif self.has("echo"):
                self.say("-ERR what is " + line)
            elif self.has("loginbye"):
                return False
            else:
                self.say("+OK in")
        elif verb == "UIDL":
            if self.has("nasty"):
                self.say("+OK", "0 x", ".")
            else:
                self.say("+OK", *[f"{i + 1} u{u}"
                                  for i, u in enumerate(lists)], ".")
        elif verb == "LIST":
            self.say("+OK")
            for i, u in enumerate(lists):
                size = len(self.mails[u])
                if u == self.odd and self.has("big"):
                    size = 20000000
                self.say(f"{i + 1} {size}")
            self.say(".")
        elif verb in ("RETR", "TOP"):
            return self.pop3_mail(line, verb, lists)
        elif verb == "QUIT" and self.has("noquit"):
            return False
        elif verb == "QUIT":
            self.say("+OK bye")
            return False
        else:
            self.say("+OK")
        return True

    def pop3_mail(self, line, verb, lists):
        uid = lists[int(line.split(" ")[1]) - 1]
        raw = self.mails[uid]
        if verb == "TOP":
            raw = raw[:raw.index(b"\r\n\r\n") + 4]
        if uid == self.odd and self.has("gone"):
            self.say("-ERR no such message")
            return True
        self.say("+OK")
        raw = raw.replace(b"\r\n.", b"\r\n..")
        if uid == self.odd and self.has("cut"):
            self.spent()
            self.send(raw[:20])
            return False
        if uid == self.odd and self.has("huge"):
            self.spent()
            while True:
                self.send(b"x" * 65536)
        self.send(raw + b".\r\n")
        return True


def serve(s, words, log):
    session = Session(s, words, log)
    try:
        session.run()
    except (EOFError, OSError) as e:
        session.note("# " + type(e).__name__)


listeners = {}
for n, words in enumerate(sys.argv[2:]):
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(20)
    log = f"{folder}/{n}.log"
    open(log, "w").close()
    listeners[listener] = (words.split(","), log)
    os.write(1, b"%d\n" % listener.getsockname()[1])
os.close(1)
parent = os.getppid()
while os.getppid() == parent:
    for listener in select.select(list(listeners), [], [], 1)[0]:
        c, _ = listener.accept()
        c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if os.fork() == 0:
            serve(c, *listeners[listener])
            os._exit(0)
        c.close()
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
