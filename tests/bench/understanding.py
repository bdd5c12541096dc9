"""Bounces, kinds, form answers, odd mails and speed; used by understanding.sh."""
import email
import email.policy
import glob
import json
import os
import subprocess
import sys
import tempfile
import time

rmail, corpus = sys.argv[1:3]


def inspect(path, *more):
    out = subprocess.run([rmail, 'inspect', '--json', *more, path],
                         stdout=subprocess.PIPE, timeout=20).stdout
    return json.loads(out)


def cases(area):
    for want in sorted(glob.glob(os.path.join(corpus, area, '*.expect'))):
        yield want[:-7] + '.eml', open(want, encoding='utf-8').read()


def bounces():
    n = exact = lasting = 0
    for mail, want in cases('bounce'):
        want = {r['addr'].lower(): r['klass'] for r in json.loads(want)['recipients']}
        got = inspect(mail)
        got = {r['address'].lower(): r['permanent'] for r in (got['bounce'] or {}).get('recipients', [])}
        n += 1
        exact += set(got) == set(want)
        lasting += set(got) == set(want) and all((want[a] == 'permanent') == got[a] for a in got)
    print('bounces: %d of %d addresses exact = %.1f %% (goal 92; flufl 78.3, sisimai on foreign mail 86.5); '
          'permanence too: %d' % (exact, n, 100 * exact / n, lasting))


def kinds():
    n = right = 0
    for mail, want in cases('auto'):
        n += 1
        right += inspect(mail)['kind'] == want.strip().replace('human-list', 'human')
    humans = glob.glob(os.path.join(corpus, 'reply', '*.eml'))
    flagged = sum(inspect(h)['kind'] != 'human' for h in humans)
    print('automatic mail: %d of %d kinds right = %.1f %% (goal 98); %d of %d human mails flagged (goal 0)'
          % (right, n, 100 * right / n, flagged, len(humans)))


def forms():
    sent = [f for f in glob.glob(os.path.join(corpus, 'form', '*')) if 'sent' in os.path.basename(f)]
    if not sent:
        print('form answers: no sent form in the corpus')
        return
    n = right = wrong = 0
    for mail, want in cases('form'):
        want = json.loads(want)
        got = inspect(mail, '--sent', sent[0])['answers'] or {}
        for q, a in want.items():
            n += 1
            g = got.get(q)
            same = (g or '').strip().lower() == (a or '').strip().lower()
            right += same
            wrong += not same and g is not None and g != '?'
    print('form answers: %d of %d right as written = %.1f %% (goal 98), %d wrong' % (right, n, 100 * right / n, wrong))


def odd():
    head = 'From: a@example.org\nTo: b@example.com\nSubject: x\nDate: Tue, 24 Nov 2026 09:00:00 +0000\n\n'
    n = 40000
    mails = {
        'attributions': ''.join('On Tue, 3 May 2016 at 3:0%d PM\n' % (i % 10) for i in range(n)),
        'deep quotes': ''.join('>' * (i % 200) + ' deep\n' for i in range(n)),
        'header lines': 'From: a@example.org\n' * n,
        'yes and quote': 'yes\n> no\n' * (n // 2),
        'blank lines': '\n' * n + 'x',
        'long line': 'On ' * n * 3 + 'wrote:\n> x\n',
    }
    for name, text in mails.items():
        with tempfile.NamedTemporaryFile('w', suffix='.eml') as f:
            f.write(head + text)
            f.flush()
            t = min(timed([rmail, 'inspect', '--text', f.name]) for _ in range(3))
        print('odd mail, %-14s %4.0f ms (goal 50)' % (name + ':', 1000 * t))


def timed(command):
    t = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL)
    return time.perf_counter() - t


def speed():
    mails = glob.glob(os.path.join(corpus, 'reply', '*.eml'))
    t = time.perf_counter()
    for m in mails:
        subprocess.run([rmail, 'inspect', '--json', m], stdout=subprocess.DEVNULL)
    ours = (time.perf_counter() - t) / len(mails)
    t = time.perf_counter()
    for m in mails:
        msg = email.message_from_bytes(open(m, 'rb').read(), policy=email.policy.default)
        for part in msg.walk():
            if part.get_content_maintype() == 'text':
                try:
                    part.get_content()
                except (LookupError, ValueError):
                    part.get_payload(decode=True)
    python = (time.perf_counter() - t) / len(mails)
    print('one mail: rmail with a process for each %.2f ms; python email, parse alone in one process, %.2f ms'
          % (1000 * ours, 1000 * python))


for part in (bounces, kinds, forms, odd, speed):
    part()
