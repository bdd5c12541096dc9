"""Submission by aiosmtpd: AUTH behind STARTTLS, delivery by LMTP.

usage: submission.py PORT LMTP-PORT FOLDER     (FOLDER of dovecot.sh)
"""
import smtplib
import ssl
import sys
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

port, lmtp, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
with open(folder + "/users") as f:
    users = {line.split(":", 1)[0].encode() for line in f}
PASSWORD = b'p"w\\ d'


def authenticate(server, session, envelope, mechanism, data):
    good = data.login in users and data.password == PASSWORD
    return AuthResult(success=good)


class Deliver:
    async def handle_DATA(self, server, session, envelope):
        try:
            with smtplib.LMTP("127.0.0.1", lmtp) as s:
                s.sendmail(envelope.mail_from, envelope.rcpt_tos,
                           envelope.content)
        except smtplib.SMTPRecipientsRefused as e:
            code, text = next(iter(e.recipients.values()))
            return f"{code} {text.decode()}"
        return "250 2.0.0 Ok: queued as A1"


tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(folder + "/good.pem")
Controller(Deliver(), hostname="127.0.0.1", port=port, tls_context=tls,
           require_starttls=True, auth_required=True,
           authenticator=authenticate).start()
while True:
    time.sleep(1)
