/* Numbers from outside. */
#include "base/num.h"

size_t
num_lead(struct span s, int64_t high, int64_t *out)
{
	int64_t v = 0;
	size_t i;

	for (i = 0; i < s.n && ascii_digit(s.p[i]); i++) {
		int digit = s.p[i] - '0';

		if (v > (high - digit) / 10)
			return 0;
		v = v * 10 + digit;
	}
	if (i > 0)
		*out = v;
	return i;
}

bool
num_int(struct span s, int64_t low, int64_t high, int64_t *out)
{
	bool minus = s.n > 0 && s.p[0] == '-';
	int64_t v;

	if (s.n > 0 && (s.p[0] == '-' || s.p[0] == '+'))
		s = span_skip(s, 1);
	if (s.n == 0 || num_lead(s, INT64_MAX, &v) != s.n)
		return false;
	if (minus)
		v = -v;
	if (v < low || v > high)
		return false;
	*out = v;
	return true;
}

struct unit {
	const char *name;
	int64_t size;
};

static bool
with_unit(struct span s, const struct unit *units, size_t n, int64_t *out)
{
	int64_t v;
	size_t eaten;

	s = span_trim(s);
	eaten = num_lead(s, INT64_MAX, &v);
	if (eaten == 0)
		return false;
	s = span_trim(span_skip(s, eaten));
	for (size_t i = 0; i < n; i++) {
		if (!span_caseis(s, units[i].name))
			continue;
		if (v > INT64_MAX / units[i].size)
			return false;
		*out = v * units[i].size;
		return true;
	}
	return false;
}

bool
num_duration(struct span s, int64_t *seconds)
{
	static const struct unit units[] = {
	    {"s", 1},          {"sec", 1},       {"second", 1},
	    {"seconds", 1},    {"min", 60},      {"minute", 60},
	    {"minutes", 60},   {"h", 3600},      {"hour", 3600},
	    {"hours", 3600},   {"d", 86400},     {"day", 86400},
	    {"days", 86400},   {"w", 604800},    {"week", 604800},
	    {"weeks", 604800},
	};

	return with_unit(s, units, sizeof(units) / sizeof(*units), seconds);
}

bool
num_bytes(struct span s, int64_t *bytes)
{
	static const struct unit units[] = {
	    {"", 1},           {"b", 1},          {"kb", 1000},
	    {"kib", 1024},     {"mb", 1000000},   {"mib", 1048576},
	    {"gb", 1000000000}, {"gib", 1073741824},
	};

	return with_unit(s, units, sizeof(units) / sizeof(*units), bytes);
}
