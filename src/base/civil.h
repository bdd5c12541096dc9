/*
 * Calendar arithmetic in the proleptic Gregorian calendar, without zones
 * (see zone.h for those), and the date forms of mail and settings.
 */
#ifndef BASE_CIVIL_H
#define BASE_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"

enum {
	MINUTE = 60,
	HOUR = 3600,
	DAY = 86400,
	WEEK = 604800,
};

struct civil {
	int year;   /* 1970..2999 from outside */
	int month;  /* 1..12 */
	int day;    /* 1..31 */
	int hour;   /* 0..23 */
	int minute; /* 0..59 */
	int second; /* 0..59 */
};

/* Days since 1970-01-01. */
int64_t civil_days(int year, int month, int day);
/* Date part of a day number; the time part becomes 00:00:00. */
struct civil civil_of_days(int64_t days);
/* As if it were UTC. */
int64_t civil_unix(const struct civil *);
struct civil civil_of_unix(int64_t unix_time);
/* 1 = Monday .. 7 = Sunday (ISO 8601). */
int civil_weekday(int64_t days);
int civil_month_days(int year, int month);
bool civil_check(const struct civil *);

/*
 * "2026-11-23", "2026-11-23T09:00", "2026-11-23 09:00:05"; with_zone takes
 * "Z", "+01:00", "+0100" behind it and yields the instant, without a zone it
 * is taken as UTC.
 */
bool civil_parse(struct span, struct civil *);
bool civil_parse_instant(struct span, int64_t *unix_time);
/* "2026-11-23" / "2026-11-23T09:00:05Z" */
struct span civil_write_date(struct arena *, int64_t unix_time);
struct span civil_write_instant(struct arena *, int64_t unix_time);
/* RFC 5322 3.3 in UTC: "Mon, 23 Nov 2026 09:00:05 +0000". */
struct span civil_write_mail(struct arena *, int64_t unix_time);
/* RFC 5322 dates with obsolete zones and comments; false when hopeless. */
bool civil_parse_mail(struct span, int64_t *unix_time);

#endif
