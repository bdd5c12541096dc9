"""Bounces, kinds, form answers, odd mails and speed; used by understanding.sh."""
import email
import email.policy
import glob
import json
import os
import re
import shutil
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


def sent_form():
    """The form that was sent: the quote of a reply that answers nothing."""
    for mail, want in cases('form'):
        if any(json.loads(want).values()):
            continue
        lines = [l.rstrip() for l in open(mail, encoding='utf-8', errors='replace')]
        quoted = [re.sub('^> ?', '', l) for l in lines if l.startswith('>')]
        if any('end of form' in l for l in quoted):
            return '\n'.join(quoted) + '\n'
    return None


def forms():
    text = sent_form()
    if text is None:
        print('form answers: no sent form in the corpus')
        return
    n = right = wrong = 0
    with tempfile.NamedTemporaryFile('w', suffix='.txt') as sent:
        sent.write(text)
        sent.flush()
        for mail, want in cases('form'):
            got = inspect(mail, '--sent', sent.name)['answers'] or {}
            for q, a in json.loads(want).items():
                n += 1
                g = got.get(q)
                same = (g or '').strip().lower() == (a or '').strip().lower()
                right += same
                wrong += not same and g is not None and g != '?'
                if not same:
                    print('  %s, question %s: %r for %r' % (os.path.basename(mail), q, g, a))
    print('form answers: %d of %d right as written = %.1f %% (goal 98; best before 79.3), %d wrong (goal 0)'
          % (right, n, 100 * right / n, wrong))


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
    sent = ['--sent', 'tests/golden/form/plain.sent']
    mails['own points'] = '1. room was small\n' * n
    mails['answers'] = '1: 4\n2.b 3.x\n' * (n // 2)
    for name, text in mails.items():
        form = sent if name in ('own points', 'answers') else []
        with tempfile.NamedTemporaryFile('w', suffix='.eml') as f:
            f.write(head + text)
            f.flush()
            clock, used = map(min, zip(*(timed([rmail, 'inspect', '--json' if form else '--text', *form, f.name]) for _ in range(7))))
        print('odd mail, %-14s %4.0f ms of processor (goal 50), %4.0f ms by the clock'
              % (name + ':', 1000 * used, 1000 * clock))


def timed(command):
    """Seconds by the clock and of processors, children's included."""
    t = time.perf_counter()
    pid = os.posix_spawn(command[0], command, os.environ,
                         file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
    used = os.wait4(pid, 0)[2]
    return time.perf_counter() - t, used.ru_utime + used.ru_stime


def output(*command):
    out = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=120)
    return out.stdout.decode() if out.returncode == 0 else None


def python_email(mails):
    raw = [open(m, 'rb').read() for m in mails]
    t = time.process_time()
    for r in raw:
        msg = email.message_from_bytes(r, policy=email.policy.default)
        for field in ('From', 'Subject', 'Date', 'Message-ID'):
            try:
                str(msg[field])
            except (ValueError, IndexError, AttributeError):
                pass
        for part in msg.walk():
            if part.get_content_maintype() == 'text':
                try:
                    part.get_content()
                except (LookupError, ValueError):
                    part.get_payload(decode=True)
    return 1e6 * (time.process_time() - t) / len(raw)


def speed():
    """Processor time for each mail, all mails in one process for each peer."""
    mails = sorted(glob.glob(os.path.join(corpus, 'reply', '*.eml')))
    line = output('build/rel/bench/understanding_bench', *mails)
    if line is None:
        print('speed: build/rel/bench/understanding_bench is missing (make bench)')
        return
    print('speed: ' + line.strip())
    reading, meaning = [float(re.search(r'([0-9.]+) ' + w, line).group(1)) for w in ('reading', 'meaning')]
    ours = reading + meaning
    line = output('node', 'tests/bench/understanding.js', 'build/peers', *mails) if shutil.which('node') else None
    if line:
        parse, trim = map(float, line.split())
        print('speed: mailparser %.1f us + email-reply-parser %.1f us on node: %.1f times our time (goal 5)'
              % (parse, trim, (parse + trim) / ours))
    else:
        print('speed: mailparser and email-reply-parser are missing '
              '(npm i --prefix build/peers mailparser email-reply-parser)')
    line = output('build/peers/gmime', *mails) if os.path.exists('build/peers/gmime') else None
    if line:
        print('speed: GMime, fields and texts alone, no HTML, no reply: %.1f us; our reading alone: %.1f us'
              % (float(line), reading))
    else:
        print('speed: GMime is missing (libgmime-3.0-dev)')
    python = python_email(mails)
    print('speed: Python email, fields and texts alone: %.1f us, %.1f times our whole time' % (python, python / ours))


for part in (bounces, kinds, forms, odd, speed):
    part()
