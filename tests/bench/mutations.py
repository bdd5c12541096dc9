"""Spoilt mails through rmail inspect; used by mutations.sh."""
import glob
import json
import os
import random
import sys
import tempfile

rmail, corpus, total, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
MS, MIB = 100, 64
TOKENS = [b'\0', b'\r', b'\n\n', b'=?utf-8?q?', b'?=', b'--', b'boundary="', b'Content-Type: ', b'multipart/mixed; ',
          b'\xff\xfe', b'&#x', b'<div ' * 50, b'</blockquote>', b'> ' * 80, b'[ ', b'Q1: ', b'1: ', b'\xef\xb7\x90',
          b'BEGIN:VCALENDAR\r\n', b'message/rfc822', b'base64', b'quoted-printable', b'From: ', b'\xe2\x80\xae',
          b'On Mon, 3 May 2027 ', b' wrote:\n', b'=', b'%00', b'\x1b$B']


def seeds():
    names = [n for area in ('reply', 'bounce', 'auto', 'form', 'calendar')
             for n in glob.glob(os.path.join(corpus, area, '*.eml'))]
    names += glob.glob('tests/golden/mime/*.in') + glob.glob('tests/golden/reply/*.in')
    return [open(n, 'rb').read() for n in sorted(names)]


def spoil(rng, raw, others):
    b = bytearray(raw)
    for _ in range(rng.choice((1, 1, 2, 4, 16, 64))):
        at = rng.randrange(len(b) + 1)
        n = min(len(b) - at, rng.choice((1, 2, 8, 64, 500)))
        what = rng.randrange(8)
        if what == 0 and n:
            b[at] = rng.randrange(256)
        elif what == 1:
            del b[at:at + n]
        elif what == 2:
            b[at:at] = rng.choice(TOKENS)
        elif what == 3:
            b[at:at] = b[at:at + n] * rng.choice((1, 2, 30))
        elif what == 4:
            del b[at:]
        elif what == 5:
            other = rng.choice(others)
            k = rng.randrange(len(other) + 1)
            b[at:at] = other[k:k + 2000]
        elif what == 6:
            b[at:at] = bytes(rng.randrange(256) for _ in range(n))
        else:
            b[at:at + n] = b[at:at + n].swapcase()
        if len(b) > 400000:
            del b[400000:]
    return bytes(b)


def look(path, sent):
    """What one inspect said, its processor time and its memory, child's too."""
    out = path + '.out'
    more = ['--sent', sent] if sent else []
    pid = os.posix_spawn(rmail, [rmail, 'inspect', '--json', *more, path], os.environ, file_actions=[
        (os.POSIX_SPAWN_OPEN, 1, out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)])
    _, status, used = os.wait4(pid, 0)
    with open(out, 'rb') as f:
        said = f.read()
    return status, said, 1000 * (used.ru_utime + used.ru_stime), used.ru_maxrss / 1024


def fault(status, said, ms, mib):
    if status != 0:
        return 'status %d' % status
    try:
        got = json.loads(said)
    except ValueError:
        return 'no valid JSON'
    if 'kind' not in got and not got.get('refused_because'):
        return 'neither read nor refused'
    if ms > MS:
        return '%.0f ms' % ms
    return '%.0f MiB' % mib if mib > MIB else None


def main():
    rng = random.Random(seed)
    raws = seeds()
    forms = sorted(glob.glob('tests/golden/form/*.sent'))
    bad, worst_ms, worst_mib, refused = 0, 0, 0, 0
    kept = tempfile.mkdtemp(prefix='mutations.')
    path = os.path.join(kept, 'mail.eml')
    for i in range(total):
        raw = spoil(rng, rng.choice(raws), raws)
        with open(path, 'wb') as f:
            f.write(raw)
        status, said, ms, mib = look(path, rng.choice(forms) if i % 3 == 0 else None)
        why = fault(status, said, ms, mib)
        worst_ms, worst_mib = max(worst_ms, ms), max(worst_mib, mib)
        refused += b'"refused_because": null' not in said
        if why:
            bad += 1
            name = os.path.join(kept, 'bad%d.eml' % i)
            with open(name, 'wb') as f:
                f.write(raw)
            print('mutation %d: %s: %s' % (i, why, name), flush=True)
    print('mutations: %d mails from %d, %d wrong (goal 0), %d refused; at most %.0f ms of processor (goal %d), '
          '%.0f MiB (goal %d)' % (total, len(raws), bad, refused, worst_ms, MS, worst_mib, MIB))
    if not bad:
        for name in glob.glob(path + '*'):
            os.unlink(name)
        os.rmdir(kept)
    sys.exit(bad > 0)


main()
