/*
 * Content lines and simple values of iCalendar, and the limits that are
 * checked on bytes before anything is parsed.  Lenient where real clients
 * differ (line ends, case, blank lines), strict in what a value may be.
 */
#include "cal/cal_int.h"

#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "base/utf8.h"

/* One physical line; CR CR LF is one line end. */
static bool
physical(struct span *rest, struct span *line)
{
	const char *p = rest->p, *end, *lf;

	if (rest->n == 0)
		return false;
	lf = memchr(p, '\n', rest->n);
	end = lf != NULL ? lf : p + rest->n;
	if (lf != NULL || memchr(p, '\r', rest->n) != NULL) {
		const char *cr = memchr(p, '\r', (size_t)(end - p));

		/* A lone CR ends a line too. */
		if (cr != NULL) {
			const char *after = cr;

			while (after < end && *after == '\r')
				after++;
			*line = (struct span){p, (size_t)(cr - p)};
			if (after == end && lf != NULL)
				after = lf + 1;
			*rest = span_skip(*rest, (size_t)(after - p));
			return true;
		}
	}
	*line = (struct span){p, (size_t)(end - p)};
	*rest = span_skip(*rest, (size_t)(end - p) + (lf != NULL));
	return true;
}

static bool
is_fold(struct span rest)
{
	return rest.n > 0 && (rest.p[0] == ' ' || rest.p[0] == '\t');
}

/* The colon in ";TZID=tzone://Microsoft/Utc:", which should be quoted. */
static bool
is_scheme(struct span s, size_t name, size_t colon)
{
	struct span after = span_skip(s, colon + 1);

	return colon > name && span_starts(after, "//") &&
	       span_findc(after, ':') < after.n;
}

static bool
is_person(struct span name)
{
	return span_caseis(name, "ATTENDEE") || span_caseis(name, "ORGANIZER");
}

/* A name or SENT-BY may hold colons without quotes; the address is last. */
static size_t
person_colon(struct span s, size_t colon)
{
	static const char mark[] = ":mailto:";
	size_t from = 0, at;

	while ((at = span_casefind(span_skip(s, from), span_of(mark))) <
	       s.n - from) {
		colon = from + at;
		from = colon + 1;
	}
	return colon;
}

/* Name, parameters and value; a colon inside quotes does not count. */
static void
split(struct span s, struct cal_line *l)
{
	size_t i = 0, name;
	bool quoted = false;

	while (i < s.n && s.p[i] != ';' && s.p[i] != ':')
		i++;
	name = i;
	for (; i < s.n; i++) {
		if (s.p[i] == '"')
			quoted = !quoted;
		else if (s.p[i] == ':' && !quoted && !is_scheme(s, name, i))
			break;
	}
	if (i == s.n && quoted) /* a stray quote: the first colon then */
		i = name + span_findc(span_skip(s, name), ':');
	if (is_person(span_trim(span_sub(s, 0, name))))
		i = person_colon(s, i);
	l->name = span_trim(span_sub(s, 0, name));
	l->params = span_sub(s, name, i);
	l->value = span_skip(s, i + 1);
}

bool
cal_line_next(
    struct arena *arena, struct span *rest, size_t max, struct cal_line *l)
{
	struct span line, more;

	do {
		if (!physical(rest, &line))
			return false;
	} while (span_trim(line).n == 0);
	if (is_fold(*rest)) {
		struct str s;

		str_init(&s, arena, max);
		str_add(&s, line);
		while (is_fold(*rest) && physical(rest, &more))
			str_add(&s, span_skip(more, 1));
		line = str_span(&s);
	}
	split(line, l);
	return true;
}

static struct span
find_param(struct span p, const char *name, bool quotes)
{
	size_t i = 0;

	while (i < p.n) {
		size_t start = ++i, eq, end;
		bool quoted = false;

		while (i < p.n && (quoted || p.p[i] != ';')) {
			if (p.p[i] == '"' && quotes)
				quoted = !quoted;
			i++;
		}
		end = i;
		eq = start + span_findc(span_sub(p, start, end), '=');
		if (span_caseis(span_trim(span_sub(p, start, eq)), name)) {
			struct span v = span_trim(span_sub(p, eq + 1, end));

			if (v.n >= 2 && v.p[0] == '"' && v.p[v.n - 1] == '"')
				v = span_sub(v, 1, v.n - 1);
			return v;
		}
	}
	return SPAN("");
}

struct span
cal_param(const struct cal_line *l, const char *name)
{
	size_t marks = 0;

	for (size_t i = 0; i < l->params.n; i++)
		marks += l->params.p[i] == '"';
	/* An odd one would hide all that follows. */
	return find_param(l->params, name, marks % 2 == 0);
}

struct span
cal_text(struct arena *arena, struct span v)
{
	struct str s;

	str_init(&s, arena, v.n + 1);
	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] != '\\' || i + 1 == v.n) {
			str_addc(&s, v.p[i]);
			continue;
		}
		i++;
		if (v.p[i] == 'n' || v.p[i] == 'N')
			str_addc(&s, '\n');
		else
			str_addc(&s, v.p[i]);
	}
	return utf8_scrub(arena, str_span(&s));
}

const char *
cal_scan(struct span s)
{
	struct span line;
	int depth = 0, components = 0, lines = 0;

	if (s.n > LIMIT_ICS_BYTES)
		return "larger than a calendar part may be";
	if (!span_casehas(s, "BEGIN:VCALENDAR"))
		return "no calendar";
	while (physical(&s, &line)) {
		if (++lines > LIMIT_ICS_LINES)
			return "too many lines";
		line = span_trim(line);
		if (span_casestarts(line, "BEGIN:")) {
			if (++depth > LIMIT_ICS_DEPTH)
				return "nested too deeply";
			if (++components > LIMIT_ICS_COMPONENTS)
				return "too many components";
		} else if (span_casestarts(line, "END:")) {
			depth--;
		}
	}
	return NULL;
}

/* --- values -------------------------------------------------------------- */

static bool
fixed(struct span s, size_t from, size_t n, int *out)
{
	int v = 0;

	if (from + n > s.n)
		return false;
	for (size_t i = from; i < from + n; i++) {
		if (!ascii_digit(s.p[i]))
			return false;
		v = v * 10 + (s.p[i] - '0');
	}
	*out = v;
	return true;
}

bool
cal_parse_time(struct span s, struct cal_time *out)
{
	struct cal_time t = {0};
	struct civil check;

	s = span_trim(s);
	if (!fixed(s, 0, 4, &t.civil.year) || !fixed(s, 4, 2, &t.civil.month) ||
	    !fixed(s, 6, 2, &t.civil.day))
		return false;
	if (s.n == 8) {
		t.date = true;
	} else {
		if ((s.p[8] != 'T' && s.p[8] != 't') ||
		    !fixed(s, 9, 2, &t.civil.hour) ||
		    !fixed(s, 11, 2, &t.civil.minute) ||
		    !fixed(s, 13, 2, &t.civil.second))
			return false;
		if (t.civil.second == 60) /* a leap second */
			t.civil.second = 59;
		if (s.n == 16 && (s.p[15] == 'Z' || s.p[15] == 'z'))
			t.utc = true;
		else if (s.n != 15)
			return false;
	}
	/*
	 * Series may begin long ago (a birthday, Outlook's 1601); 400 years
	 * have the same days as any other 400.
	 */
	check = t.civil;
	if (check.year >= 1600 && check.year < 1970)
		check.year += 400;
	if (!civil_check(&check))
		return false;
	*out = t;
	return true;
}

bool
cal_parse_duration(struct span s, int64_t *seconds)
{
	int64_t sum = 0, v;
	bool any = false;

	s = span_trim(s);
	if (span_starts(s, "+"))
		s = span_skip(s, 1);
	if (!span_casestarts(s, "P"))
		return false;
	s = span_skip(s, 1);
	while (s.n > 0) {
		size_t n;

		if (ascii_upper(s.p[0]) == 'T') {
			s = span_skip(s, 1);
			continue;
		}
		n = num_lead(s, 10000000, &v);
		if (n == 0 || n == s.n)
			return false;
		switch (ascii_upper(s.p[n])) {
		case 'W':
			sum += v * WEEK;
			break;
		case 'D':
			sum += v * DAY;
			break;
		case 'H':
			sum += v * HOUR;
			break;
		case 'M':
			sum += v * MINUTE;
			break;
		case 'S':
			sum += v;
			break;
		default:
			return false;
		}
		any = true;
		s = span_skip(s, n + 1);
	}
	if (!any)
		return false;
	*seconds = sum;
	return true;
}
