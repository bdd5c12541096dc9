"""A web server that does what the path says.

usage: web.py LOG DIR [tls]     prints its port; on 127.0.0.1

/files/NAME         DIR/NAME with an ETag; DIR/status holds a status to answer
                    with instead
/status/404         that status
/bytes/N            N bytes with their length told; /stream: without end
/drip               a byte now and then
/redirect/N         N redirects; /go?URL: one, to there
/gzip               more than it says, compressed
/cut                the connection ends in the body
/cal/NAME           PUT and DELETE for ann with the password s3cret-word
/token/MODE         a token endpoint: ok, rotate, text, endless, refused,
                    denied, tells, busy, broken, html400, slow, junk, list,
                    empty, mac, crlf, long; count: a new one each time;
                    strict: of refresh tokens the newest and the one before
                    it are taken, and no other
With tls: a certificate of its own, for 127.0.0.1 and localhost, in
DIR/ca.pem.  The log holds a line for each request.
"""
import base64
import gzip
import hashlib
import http.server
import json
import os
import ssl
import subprocess
import sys
import time
import urllib.parse

log = open(sys.argv[1], "w", buffering=1)
top = sys.argv[2]
EVENT = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"
LOGIN = "Basic " + base64.b64encode(b"ann:s3cret-word").decode()
given = 0
newest, before = "hidden-refresh", None


def token(mode, form):
    """Status and body."""
    global given, newest, before
    given += 1
    good = {"access_token": "ya29.token-1", "token_type": "Bearer",
            "expires_in": 3599}
    if mode == "rotate":
        good["refresh_token"] = form.get("refresh_token", "") + "+1"
    if mode == "strict":
        shown = form.get("refresh_token", "")
        if shown == newest:
            newest, before = f"hidden-{given}", newest
        elif shown != before:
            return 400, json.dumps({"error": "invalid_grant"})
        good["refresh_token"] = newest
    if mode == "count":
        good["access_token"] = f"ya29.token-{given}"
    if mode == "text":
        good["expires_in"] = "7200"
    if mode == "endless":
        good["expires_in"] = 10 ** 12
    if mode == "mac":
        good["token_type"] = "mac"
    if mode == "long":
        good["access_token"] = "a" * 20000
    if mode == "crlf":
        good["access_token"] = "a\r\nb"
    if mode == "empty":
        good = {}
    if mode in ("refused", "denied"):
        return 400 if mode == "refused" else 401, json.dumps({
            "error": "invalid_grant",
            "error_description": "AADSTS70008: The grant has expired.\r\n"
                                 "Trace ID: 12"})
    if mode == "tells":
        return 400, json.dumps({"error": "invalid_grant",
                                "error_description": "no " + str(form)})
    if mode == "busy":
        return 429, json.dumps({"error": "slow_down"})
    if mode == "broken":
        return 503, "<html>"
    if mode == "html400":
        return 400, "<html>"
    if mode == "slow":
        time.sleep(5)
    if mode == "junk":
        return 200, "<html>log in, please</html>"
    if mode == "list":
        return 200, "[1]"
    return 200, json.dumps(good)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def note(self, more=""):
        h = self.headers
        log.write(" ".join(filter(None, [
            self.command, self.path, "etag=" + h.get("If-None-Match", ""),
            "login" if "Authorization" in h else "", more])) + "\n")

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def files(self, name):
        try:
            with open(os.path.join(top, "status")) as f:
                return self.answer(int(f.read()))
        except FileNotFoundError:
            pass
        try:
            with open(os.path.join(top, name), "rb") as f:
                body = f.read()
        except FileNotFoundError:
            return self.answer(404)
        etag = '"' + hashlib.sha256(body).hexdigest()[:16] + '"'
        if self.headers.get("If-None-Match") == etag:
            return self.answer(304)
        self.answer(200, body, ETag=etag, Content_Type="text/calendar")

    def do_GET(self):
        self.note()
        path, _, query = self.path.partition("?")
        words = path.strip("/").split("/")
        if words[0] == "files":
            return self.files(words[1])
        if words[0] == "status":
            return self.answer(int(words[1]))
        if words[0] == "bytes":
            return self.answer(200, b"x" * int(words[1]))
        if words[0] == "redirect":
            n = int(words[1])
            if n == 0:
                return self.answer(200, EVENT, ETag='"v1"')
            return self.answer(302, Location=f"/redirect/{n - 1}")
        if words[0] == "go":
            return self.answer(301, Location=query)
        if words[0] == "gzip":
            return self.answer(200, gzip.compress(b"x" * 100000),
                               Content_Encoding="gzip")
        if words[0] == "etag":
            return self.answer(200, EVENT, ETag="x" * int(words[1]))
        self.send_response(200)
        if words[0] == "cut":
            self.send_header("Content-Length", "100")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        if words[0] == "cut":
            return self.wfile.write(b"BEGIN")
        try:
            while True:
                if words[0] == "drip":
                    self.wfile.write(b"x")
                    self.wfile.flush()
                    time.sleep(0.05)
                else:
                    self.wfile.write(b"x" * 65536)
        except OSError:
            pass

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def do_POST(self):
        text = self.body().decode()
        form = dict(urllib.parse.parse_qsl(text, strict_parsing=True))
        self.note(" ".join(f"{k}={v}" for k, v in sorted(form.items())))
        status, text = token(self.path.split("/")[-1], form)
        self.answer(status, text.encode(), Content_Type="application/json")

    def do_PUT(self):
        body = self.body()
        self.note()
        if self.headers.get("Authorization") != LOGIN:
            return self.answer(401)
        if self.path.startswith("/moved/"):
            return self.answer(301, Location="/cal/x.ics")
        with open(os.path.join(top, self.path.split("/")[-1]), "wb") as f:
            f.write(body)
        self.answer(201)

    def do_DELETE(self):
        self.note()
        if self.headers.get("Authorization") != LOGIN:
            return self.answer(401)
        try:
            os.unlink(os.path.join(top, self.path.split("/")[-1]))
        except FileNotFoundError:
            return self.answer(404)
        self.answer(204)


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        pass  # who hangs up has had enough


server = Server(("127.0.0.1", 0), Handler)
server.daemon_threads = True
if sys.argv[3:] == ["tls"]:
    pem, key = os.path.join(top, "ca.pem"), os.path.join(top, "key.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out",
         pem, "-days", "2", "-subj", "/CN=throwaway", "-addext",
         "subjectAltName=IP:127.0.0.1,DNS:localhost"],
        check=True, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
# In one piece even when Python does not buffer.
sys.stdout.write(f"{server.server_address[1]}\n")
sys.stdout.flush()
server.serve_forever()
