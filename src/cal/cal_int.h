/* The inside of cal/. */
#ifndef CAL_INT_H
#define CAL_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/civil.h"
#include "base/span.h"
#include "base/str.h"
#include "base/zone.h"
#include "model/cal.h"

/* --- scan: content lines (RFC 5545 3.1) --------------------------------- */

/* One unfolded line; the spans look into it. */
struct cal_line {
	struct span name;   /* "DTSTART", as written */
	struct span params; /* ";TZID=...;VALUE=DATE" without the colon */
	struct span value;
};

/*
 * The next logical line off *rest.  Unfolded into the arena only when it was
 * folded; at most `max` bytes of it are kept.  Line ends may be CR LF, LF, CR
 * or CR CR LF.  False at the end.
 */
bool cal_line_next(
    struct arena *, struct span *rest, size_t max, struct cal_line *);
/* The value of a parameter (case-blind name), without its quotes, or "". */
struct span cal_param(const struct cal_line *, const char *name);
/* Undoes backslashes; a clean text of many lines. */
struct span cal_text(struct arena *, struct span value);
/* NULL, or what is wrong; on bytes, before anything is parsed. */
const char *cal_scan(struct span part);

/* --- values -------------------------------------------------------------- */

struct cal_time {
	struct civil civil;
	bool date; /* no time of day */
	bool utc;  /* ends in Z */
};

bool cal_parse_time(struct span, struct cal_time *);
/* RFC 5545 3.3.6; weeks to seconds; false when it is none, or negative. */
bool cal_parse_duration(struct span, int64_t *seconds);

/* --- tz ------------------------------------------------------------------ */

struct windows_zone {
	const char *windows, *iana;
};
extern const struct windows_zone windows_zones[];
extern const size_t windows_zones_n;

/* NULL when the TZID is none that we know. */
const struct zone *cal_zone_find(struct span tzid);
/*
 * Can this zone's rule be said with one STANDARD and one DAYLIGHT, and does
 * it hold at these instants?
 */
bool cal_zone_plain(const struct zone *, int64_t start, int64_t end);
void cal_zone_write(struct str *, const struct zone *);

/*
 * What a mail's VTIMEZONE says that needs no evaluation: a place name, or one
 * fixed offset.
 */
struct cal_vtimezone {
	struct span tzid, location;
	int subs;
	bool rules;
	bool has_offset;
	int32_t offset;
};

/* --- recur --------------------------------------------------------------- */

enum recur_freq {
	FREQ_YEARLY,
	FREQ_MONTHLY,
	FREQ_WEEKLY,
	FREQ_DAILY,
	FREQ_HOURLY,
	FREQ_MINUTELY,
	FREQ_SECONDLY,
};

enum {
	RECUR_LIST = 64,
	RECUR_TIMES = 96
};

struct recur_list {
	int16_t v[RECUR_LIST];
	int n;
};

struct recur {
	enum recur_freq freq;
	int64_t interval, count; /* count 0: none */
	bool has_until;
	struct cal_time until;
	struct recur_list month, monthday, yearday, weekno, setpos;
	struct recur_list hour, minute, second;
	int8_t weekday[RECUR_LIST]; /* 1..7 */
	int8_t nth[RECUR_LIST];     /* 0: each */
	int weekdays_n;
	int wkst; /* 1..7 */
};

bool recur_parse(struct span rule, struct recur *);

/*
 * Walks the wall times (seconds since 1970 as if UTC) from `low` to `high`.
 * Calls fn for each; work is counted down and the walk ends, false, when it
 * is used up.
 */
typedef void recur_fn(void *data, int64_t wall);
bool recur_walk(const struct recur *, int64_t first_wall, int64_t low,
    int64_t high, int64_t until_wall, int64_t *work, recur_fn *, void *data);

#endif
