/* Folder names: in a URL, in a key, and as an IMAP server wants them. */
#include "base/utf8.h"
#include "mailin/imap_int.h"

enum {
	NAME_BYTES = 1000
};

bool
imap_unescape(struct arena *arena, struct span s, struct span *out)
{
	struct str name;

	str_init(&name, arena, NAME_BYTES);
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '%') {
			if (i + 2 >= s.n || ascii_hex(s.p[i + 1]) < 0 ||
			    ascii_hex(s.p[i + 2]) < 0)
				return false;
			c = (char)(ascii_hex(s.p[i + 1]) * 16 +
				   ascii_hex(s.p[i + 2]));
			i += 2;
		}
		str_addc(&name, c);
	}
	*out = str_span(&name);
	return !name.cut && name.n > 0 && utf8_clean(*out) &&
	       !span_has(*out, "\n") && !span_has(*out, "\t");
}

struct span
imap_key_prefix(struct arena *arena, struct span name)
{
	struct str key;

	str_init(&key, arena, 3 * NAME_BYTES + 6);
	str_addz(&key, "imap:");
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (ascii_alnum(c) || c == '/' || c == '.' || c == '-' ||
		    c == '_')
			str_addc(&key, c);
		else
			str_addf(&key, "%%%02X", (unsigned char)c);
	}
	str_addc(&key, ':');
	return str_span(&key);
}

/* Base64 with "," for "/", no padding. */
static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789+,";

struct shift {
	struct str *out;
	uint32_t bits;
	int bits_n;
	bool open;
};

static void
put_bits(struct shift *s, uint32_t unit)
{
	if (!s->open)
		str_addc(s->out, '&');
	s->open = true;
	s->bits = s->bits << 16 | unit;
	s->bits_n += 16;
	while (s->bits_n >= 6) {
		s->bits_n -= 6;
		str_addc(s->out, digits[s->bits >> s->bits_n & 63]);
	}
	s->bits &= (1u << s->bits_n) - 1;
}

static void
close_shift(struct shift *s)
{
	if (s->open && s->bits_n > 0)
		str_addc(s->out, digits[s->bits << (6 - s->bits_n) & 63]);
	if (s->open)
		str_addc(s->out, '-');
	s->open = false;
	s->bits = 0;
	s->bits_n = 0;
}

const char *
imap_wire_name(struct arena *arena, struct span name, char delimiter)
{
	struct str out;
	struct shift shift = {.out = &out};
	uint32_t code;
	size_t n;

	str_init(&out, arena, 8 * NAME_BYTES);
	while ((n = utf8_next(name, &code)) > 0) {
		name = span_skip(name, n);
		if (code < 0x80)
			close_shift(&shift);
		if (code == '&')
			str_addz(&out, "&-");
		else if (code == '/' && delimiter != '\0')
			str_addc(&out, delimiter);
		else if (code < 0x80)
			str_addc(&out, (char)code);
		else if (code < 0x10000)
			put_bits(&shift, code);
		else {
			put_bits(&shift, 0xd800 + ((code - 0x10000) >> 10));
			put_bits(&shift, 0xdc00 + ((code - 0x10000) & 0x3ff));
		}
	}
	close_shift(&shift);
	return out.p;
}
