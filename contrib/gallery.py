#!/usr/bin/env python3
"""Every mail and report of rehearsed programmes on one page.

usage: gallery.py OUTPUT NAME=FOLDER...
       gallery.py --strip FILE.png NAME=FOLDER...   a strip of four, for README

Of each programme (a folder that `rmail rehearse --keep` made) one mail of
each template, locale and form of address is shown as a desktop, a phone, a
phone in dark mode and a plain text program shows it: the longest one.  The
pictures are taken by a headless Chromium; without one the page shows the
mails themselves, and no dark view.  Prints which templates no programme used.
"""
import base64
import email
import email.policy
import fcntl
import html
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Mail:
    """One mail as it lies in the folder, and which template made it."""

    def __init__(self, programme, path, template):
        self.programme, self.path, self.template = programme, path, template
        with open(path, "rb") as f:
            self.bytes = f.read()
        self.message = email.message_from_bytes(
            self.bytes, policy=email.policy.default)
        part = self.message.get_body(("html",))
        self.html = part.get_content() if part else ""
        part = self.message.get_body(("plain",))
        self.text = part.get_content() if part else ""
        found = re.search(r'<html lang="([^"]*)"', self.html)
        self.locale = found.group(1) if found else ""
        self.subject = str(self.message["Subject"])
        self.to = str(self.message["To"])

    def files(self):
        """Attachments and inline pictures: (name, type, content-id, bytes)"""
        for part in self.message.walk():
            if part.is_multipart() or part.get_content_type() in (
                    "text/plain", "text/calendar"):
                continue
            name = part.get_filename()
            if name is None:
                continue
            content = part.get_content()
            if isinstance(content, str):
                content = content.encode()
            yield (name, part.get_content_type(),
                   str(part["Content-ID"] or "").strip("<>"), content)

    def page(self):
        """The HTML part with its inline pictures in it."""
        text = self.html
        for name, kind, cid, content in self.files():
            if cid:
                data = base64.b64encode(content).decode()
                text = text.replace("cid:" + cid, f"data:{kind};base64,{data}")
        return text


def mails_of(name, folder):
    """All mails that a programme sent, in order."""
    with sqlite3.connect(os.path.join(folder, "rmail.db")) as db:
        templates = dict(db.execute("SELECT message_id, template FROM outbox"))
    for sub in ("cur", "new"):
        where = os.path.join(folder, "out", sub)
        for file in sorted(os.listdir(where) if os.path.isdir(where) else []):
            path = os.path.join(where, file)
            with open(path, "rb") as f:
                head = f.read(8192)
            found = re.search(rb"^Message-ID:\s*<([^>]*)>", head, re.M | re.I)
            template = templates.get(found.group(1).decode()) if found else None
            if template is not None:
                yield Mail(name, path, template)


def pick(mails):
    """The longest of each template, programme and locale."""
    best = {}
    for m in mails:
        key = (m.template, m.locale, m.programme)
        if key not in best or len(m.text) > len(best[key].text):
            best[key] = m
    return [best[k] for k in sorted(best)]


# --- pictures ----------------------------------------------------------------


class Chromium:
    """A headless Chromium, spoken to over a pipe."""

    def __init__(self, program):
        self.home = tempfile.mkdtemp()
        down, up = os.pipe(), os.pipe()
        def wire():
            # It reads commands from descriptor 3 and writes to 4; copies
            # first, since the pipes may lie there themselves.
            there = fcntl.fcntl(down[0], fcntl.F_DUPFD, 20)
            back = fcntl.fcntl(up[1], fcntl.F_DUPFD, 20)
            os.dup2(there, 3)
            os.dup2(back, 4)
            os.close(there)
            os.close(back)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox",
             "--disable-gpu", "--hide-scrollbars", "--no-first-run",
             "--disable-background-networking", "--remote-debugging-pipe",
             "--host-resolver-rules=MAP * ~NOTFOUND",
             "--user-data-dir=" + self.home, "about:blank"],
            preexec_fn=wire, close_fds=False, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(down[0])
        os.close(up[1])
        self.to, self.back = down[1], os.fdopen(up[0], "rb")
        self.number, self.session = 0, None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target,
                                flatten=True)["sessionId"]
        self.ask("Page.enable")

    def read(self):
        data = b""
        while True:
            c = self.back.read1(1) if data == b"" else self.back.read1(1 << 16)
            if not c:
                raise SystemExit("gallery: chromium ended early")
            data += c
            if data.endswith(b"\0"):
                return [json.loads(x) for x in data.split(b"\0") if x]

    def ask(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.to, data):]
        while True:
            for answer in self.read():
                if answer.get("id") == self.number:
                    if "error" in answer:
                        raise SystemExit(f"gallery: {method}: "
                                         f"{answer['error']['message']}")
                    return answer["result"]

    def shoot(self, page, width, dark, out):
        """A picture of the whole page, as WebP; gives width and height.

        Dark is as programs show it that darken mails by themselves and do
        not ask the mail; this browser would.
        """
        if dark:
            page = re.sub(r'<meta name="[a-z-]*color-schemes?"[^>]*>', "",
                          page)
        with open(os.path.join(self.home, "page.html"), "w") as f:
            f.write(page)
        self.ask("Emulation.setDeviceMetricsOverride", width=width,
                 height=400, deviceScaleFactor=1, mobile=width < 600)
        self.ask("Emulation.setAutoDarkModeOverride", enabled=dark)
        self.ask("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme",
             "value": "dark" if dark else "light"}])
        self.ask("Page.navigate",
                 url="file://" + os.path.join(self.home, "page.html"))
        for _ in range(200):
            state = self.ask("Runtime.evaluate",
                             expression="document.readyState + location.href",
                             returnByValue=True)["result"]["value"]
            if state.startswith("complete") and "page.html" in state:
                break
        size = self.ask("Page.getLayoutMetrics")["cssContentSize"]
        shot = self.ask("Page.captureScreenshot", format="webp", quality=85,
                        captureBeyondViewport=True,
                        clip={"x": 0, "y": 0, "width": size["width"],
                              "height": min(size["height"], 8000), "scale": 1})
        with open(out, "wb") as f:
            f.write(base64.b64decode(shot["data"]))
        return int(size["width"]), int(size["height"])

    def strip(self, pages, out):
        """The heads of some pages side by side, as phones show them."""
        frames = "".join(
            f'<iframe srcdoc="{html.escape(page, quote=True)}"></iframe>'
            for page in pages)
        with open(os.path.join(self.home, "strip.html"), "w") as f:
            f.write("<!DOCTYPE html><style>body{margin:0;padding:6px;"
                    "background:#fff;width:1612px;display:flex;gap:12px}"
                    "iframe{width:388px;height:640px;border:1px solid "
                    f"#d0d7de;overflow:hidden}}</style>{frames}")
        self.ask("Emulation.setDeviceMetricsOverride", width=1624,
                 height=654, deviceScaleFactor=0.62, mobile=False)
        self.ask("Page.navigate",
                 url="file://" + os.path.join(self.home, "strip.html"))
        for _ in range(200):
            state = self.ask("Runtime.evaluate",
                             expression="document.readyState + location.href",
                             returnByValue=True)["result"]["value"]
            if state.startswith("complete") and "strip.html" in state:
                break
        shot = self.ask("Page.captureScreenshot", format="png",
                        optimizeForSpeed=False)
        with open(out, "wb") as f:
            f.write(base64.b64decode(shot["data"]))

    def close(self):
        try:
            self.session = None
            self.ask("Browser.close")
        except SystemExit:
            pass
        self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)


def find_chromium():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if shutil.which(name):
            return shutil.which(name)
    return None


VIEWS = (("desktop", 800, False), ("phone", 375, False), ("dark", 375, True))


# --- the page -----------------------------------------------------------------

STYLE = """
body{font:15px/1.45 system-ui,'Segoe UI',Helvetica,Arial,sans-serif;margin:0;
color:#1f2328;background:#fff}
header,section{padding:16px 24px}header{background:#f3f4f6}
nav a{display:inline-block;margin:0 10px 4px 0}
section{border-top:1px solid #d0d7de}h2{font-size:20px;margin:0 0 4px}
.sub{color:#57606a;margin:0 0 12px}.views{display:flex;gap:16px;overflow-x:auto;
align-items:flex-start}figure{margin:0;flex:none}figcaption{color:#57606a;
font-size:13px}img,iframe{border:1px solid #d0d7de;display:block}
pre{margin:0;border:1px solid #d0d7de;padding:12px;font:13px/1.4 Consolas,
'DejaVu Sans Mono',monospace;width:74ch;white-space:pre-wrap;
box-sizing:border-box}
"""


def figure(caption, inside):
    return (f"<figure><figcaption>{html.escape(caption)}</figcaption>"
            f"{inside}</figure>\n")


def views(browser, m, number, out):
    result = ""
    if browser is None:
        page = html.escape(m.page(), quote=True)
        for name, width, dark in VIEWS:
            if not dark:
                result += figure(f"{name}, {width} px", f'<iframe width="{width}" '
                                 f'height="700" srcdoc="{page}"></iframe>')
    else:
        for name, width, dark in VIEWS:
            file = f"{number:03d}-{m.template}-{m.locale}-{name}.webp"
            w, h = browser.shoot(m.page(), width, dark,
                                 os.path.join(out, file))
            result += figure(f"{name}, {width} px", f'<img loading="lazy" '
                             f'src="{file}" width="{w}" height="{min(h, 8000)}"'
                             f' alt="{html.escape(m.subject)}, {name}">')
    return result + figure("text", f"<pre>{html.escape(m.text)}</pre>")


def attached(m, number, out):
    """Reports and other files of a mail, to be opened from the page."""
    links = []
    for name, kind, cid, content in m.files():
        if cid:
            continue
        file = f"{number:03d}-{m.template}-{m.locale}-{name}"
        with open(os.path.join(out, file), "wb") as f:
            f.write(content)
        links.append(f'<a href="{html.escape(file)}">{html.escape(name)}</a>')
    return "attached: " + ", ".join(links) if links else ""


def section(browser, m, number, out):
    words = [m.template, m.locale, m.programme, f"to {m.to}",
             f"{len(m.bytes) / 1024:.0f} KB"]
    more = attached(m, number, out)
    return (f'<section id="m{number}"><h2>{html.escape(m.subject)}</h2>'
            f'<p class="sub">{html.escape(", ".join(words))} {more}</p>'
            f'<div class="views">{views(browser, m, number, out)}</div>'
            "</section>\n")


def write_page(picked, unused, missing, out):
    program = find_chromium()
    browser = Chromium(program) if program else None
    if browser is None:
        missing.append("chromium is missing (apt-get install chromium): the "
                       "mails are shown as they are, without the dark view")
    body = ""
    for number, m in enumerate(picked):
        body += section(browser, m, number, out)
    if browser:
        browser.close()
    links = " ".join(f'<a href="#m{n}">{m.template} {m.locale} '
                     f"{html.escape(m.programme)}</a>"
                     for n, m in enumerate(picked))
    notes = "".join(f"<p>{html.escape(x)}</p>" for x in missing)
    if unused:
        notes += "<p>Used by no programme: " + ", ".join(unused) + "</p>"
    with open(os.path.join(out, "index.html"), "w") as f:
        f.write('<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
                "<title>Mails of rmail</title>"
                f"<style>{STYLE}</style></head><body>"
                f"<header><h1>Mails of rmail</h1>{notes}<nav>{links}</nav>"
                f"</header>\n{body}</body></html>\n")


STRIP = ("invitation", "introduction", "survey-checkin", "digest")


def strip(out, arguments):
    """One picture of four mails in English."""
    every = []
    for argument in arguments:
        name, _, folder = argument.partition("=")
        every += [m for m in mails_of(name, folder) if m.locale == "en"]
    program = find_chromium()
    if program is None:
        sys.exit("gallery: chromium is missing (apt-get install chromium)")
    browser = Chromium(program)
    browser.strip([[m for m in every if m.template == t][-1].page()
                   for t in STRIP], out)
    browser.close()
    print(f"{out}: {os.path.getsize(out) / 1024:.0f} KB")


def main(arguments):
    if len(arguments) < 2:
        sys.exit(__doc__)
    if arguments[0] == "--strip":
        strip(arguments[1], arguments[2:])
        return
    out, missing = arguments[0], []
    os.makedirs(out, exist_ok=True)
    for file in os.listdir(out):
        if re.match(r"\d{3}-|index\.html$", file):
            os.remove(os.path.join(out, file))
    every = []
    for argument in arguments[1:]:
        name, _, folder = argument.partition("=")
        every += mails_of(name, folder)
    picked = pick(every)
    used = {m.template for m in every}
    known = {f[:-3] for f in os.listdir(os.path.join(TOP, "templates", "en"))
             if f.endswith(".md")}
    unused = sorted(known - used)
    write_page(picked, unused, missing, out)
    for line in missing:
        print(line)
    print(f"{len(every)} mails; {len(known & used)} of {len(known)} templates "
          f"used; {len(picked)} shown")
    if unused:
        print("used by no programme: " + ", ".join(unused))
    print(f"{out}/index.html")


if __name__ == "__main__":
    main(sys.argv[1:])
