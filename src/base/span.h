/*
 * base: what every module stands on.  Depends on libc only, save digest.c
 * (GnuTLS) and uni.c (libunistring, libidn2), whose headers stay inside.
 *
 *   file      purpose
 *   arena     memory whose life is decided by who gives the arena
 *   span      looking at text that somebody else owns
 *   str       building text, always NUL-ended, always with a maximum
 *   vec       growing arrays inside an arena
 *   err       what the caller must do about a failure, and why
 *   log       one line for each event, key=value
 *   num       numbers from outside
 *   utf8      checking and cleaning text from outside, display width
 *   uni       letter case and compatibility forms, domain names
 *   civil     calendar arithmetic, ISO 8601 and RFC 5322 dates
 *   zone      time-zone rules from the system's TZif files
 *   digest    SHA-256, HMAC, base32, base64
 *   value     a tree of data: template values, JSON out
 *   json      JSON in, strictly
 *   ini       [section] and key = value files with places for messages
 *   csv       RFC 4180 in and out
 *   command   other programs, without a shell
 *   secret    what such a program prints as a password or token
 *   file      whole files in and out, locks, permissions
 *   limits    every limit, with its reason
 *   fault     where the tests may kill us
 *   colour    "#rrggbb", and what can be read on it
 *   world     this run's time and seed
 *
 * This file: struct span, a view of bytes owned elsewhere.  Not NUL-ended.
 */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct span {
	const char *p;
	size_t n;
};

#define SPAN(literal) ((struct span){"" literal, sizeof(literal) - 1})

/* A view of a NUL-ended string; NULL gives the empty span. */
static inline struct span
span_of(const char *z)
{
	return (struct span){z != NULL ? z : "", z != NULL ? strlen(z) : 0};
}

static inline bool
span_eq(struct span a, struct span b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool
span_is(struct span a, const char *z)
{
	return span_eq(a, span_of(z));
}

/* ASCII letters compared without case; other bytes exactly. */
bool span_caseeq(struct span a, struct span b);
bool span_caseis(struct span a, const char *z);

static inline bool
span_starts(struct span s, const char *z)
{
	size_t n = strlen(z);

	return s.n >= n && (n == 0 || memcmp(s.p, z, n) == 0);
}

bool span_casestarts(struct span s, const char *z);
bool span_ends(struct span s, const char *z);
bool span_is_ascii(struct span s);
/* memcmp order, shorter first; for sorting. */
int span_cmp(struct span a, struct span b);

/* Offset of the first occurrence, or s.n when there is none. */
size_t span_find(struct span s, struct span needle);
size_t span_casefind(struct span s, struct span needle);
size_t span_findc(struct span s, char c);
bool span_has(struct span s, const char *z);
bool span_casehas(struct span s, const char *z);

/* s[from..to), both clamped to the span. */
static inline struct span
span_sub(struct span s, size_t from, size_t to)
{
	if (to > s.n)
		to = s.n;
	if (from > to)
		from = to;
	/* C17 allows no arithmetic on NULL, not even adding nothing. */
	return (struct span){from > 0 ? s.p + from : s.p, to - from};
}

/* s without its first n bytes (at most all). */
static inline struct span
span_skip(struct span s, size_t n)
{
	return span_sub(s, n, s.n);
}

/* Without blanks, tabs, CR and LF at both ends / the left / the right. */
struct span span_trim(struct span s);
struct span span_ltrim(struct span s);
struct span span_rtrim(struct span s);

/*
 * Walkers: take the next piece off *rest; false when nothing is left.
 * span_line strips LF or CR LF (a lone CR ends a line as well).
 * span_part splits at one separator; "a,,b" gives three parts.
 * span_word splits at blanks and tabs; no empty words.
 */
bool span_line(struct span *rest, struct span *line);
bool span_part(struct span *rest, char sep, struct span *part);
bool span_word(struct span *rest, struct span *word);

static inline char
ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static inline char
ascii_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

static inline bool
ascii_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* What a hexadecimal digit is worth, -1 = it is none. */
static inline int
ascii_hex(char c)
{
	if (ascii_digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static inline bool
ascii_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool
ascii_alnum(char c)
{
	return ascii_alpha(c) || ascii_digit(c);
}

static inline bool
ascii_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

#endif
