/* What the fast scorer looks at, laid out by columns.c, read by fast.c. */
#ifndef MATCH_FAST_INT_H
#define MATCH_FAST_INT_H

#include "match/match_int.h"

enum {
	ATTRIBUTES = 5,     /* learning, kinds, ways, personality, hours */
	VALUES = 745,       /* of an attribute, at most */
	BLEND_CODES = 1024, /* of joined attributes, at most */
	WEEK_BYTES = 42     /* six for each day */
};

struct extra {
	uint64_t key;
	int16_t points;
};

/* What a value of a mentee and one of a mentor are worth, by codes. */
struct attribute {
	uint16_t *row_code;
	int16_t *points; /* by row code, then column code */
	uint32_t codes;  /* of columns */
};

/* Attributes looked up as one. */
struct blend {
	uint16_t *code; /* of columns */
	uint32_t codes;
	uint16_t *part[ATTRIBUTES]; /* a code's column codes of attributes */
	int attribute[ATTRIBUTES], n;
};

/* Columns whose number is x: cols[at[x]..at[x + 1]]. */
struct list {
	uint32_t *at, *cols;
};

struct fast {
	int part[MATCH_CRITERIA];
	struct attribute attribute[ATTRIBUTES];
	struct blend blend[ATTRIBUTES];
	int blends_n;
	struct list self, reports, far_reports;
	/* of columns */
	uint8_t *now[MATCH_SKILLS]; /* NULL beyond the catalogue */
	uint8_t *week[WEEK_BYTES];
	int32_t *department, *confidentiality; /* numbers; 0 unknown */
	uint32_t *languages;
	uint8_t *level, *no_hours;
	/* of rows */
	int32_t *row_id, *row_manager, *row_skip;
	int32_t *row_department, *row_confidentiality;
	/* picks, sorted by row and column */
	struct extra *extra;
	uint32_t *extra_at;
	uint8_t *shared; /* scratch: shared half hours */
};

#endif
