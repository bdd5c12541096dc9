/*
 * Time-zone rules: TZif files (RFC 8536) as the system has them, and the
 * POSIX rule in their footer for the time behind the last transition.
 * Loading touches the disk; all else is pure.
 */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/civil.h"
#include "base/err.h"
#include "base/span.h"

struct zone_type {
	int32_t offset; /* seconds east of UTC */
	bool dst;
	char abbr[12];
};

/* When a POSIX rule changes: Jn, n, or Mm.w.d, and the second of the day. */
struct zone_change {
	char kind; /* 'J', 'N' or 'M' */
	int month, week, day;
	int32_t seconds; /* local wall time before the change; may be < 0 */
};

struct zone_rule {
	bool valid;
	struct zone_type standard, summer;
	bool has_summer;
	struct zone_change to_summer, to_standard;
};

struct zone {
	struct span name;   /* "Europe/Berlin" */
	struct span footer; /* "CET-1CEST,M3.5.0,M10.5.0/3" */
	struct zone_rule rule;
	int64_t *at;        /* transitions, ascending */
	uint8_t *type_at;
	size_t at_n;
	struct zone_type *types;
	size_t types_n;
};

/* How many instants a wall time has. */
enum zone_times {
	ZONE_ONCE,
	ZONE_NEVER, /* in the hour that is skipped */
	ZONE_TWICE, /* in the hour that is repeated */
};

/*
 * By IANA name below /usr/share/zoneinfo (or $TZDIR); a name that is not
 * there, or climbs out, is ERR_ITEM.
 */
int zone_load(struct arena *, struct span name, struct zone *, struct err *);
/* From the bytes of a TZif file; for tests and fuzzing. */
int zone_parse(struct arena *, struct span name, struct span bytes,
    struct zone *, struct err *);
/* The POSIX footer alone; false when it is not one. */
bool zone_parse_rule(struct span footer, struct zone_rule *);
struct zone zone_utc(void);

struct zone_type zone_at(const struct zone *, int64_t unix_time);
struct civil zone_civil(const struct zone *, int64_t unix_time);
/*
 * The instant of a wall time.  NEVER: the instant as if the clock had not
 * yet been moved (so 02:30 becomes 03:30).  TWICE: the first one.
 */
enum zone_times zone_unix(
    const struct zone *, const struct civil *, int64_t *unix_time);
/* Midnight (or the first instant) of the local day that holds unix_time. */
int64_t zone_day_start(const struct zone *, int64_t unix_time);

#endif
