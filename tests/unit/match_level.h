/*
 * One more copy of the fast scorer, compiled for the processor that stands in
 * the pragma before; LEVEL(name) is its name here.  Included again and again.
 */
#define blend_points LEVEL(blend_points)
#define row_one      LEVEL(row_one)
#define row_two      LEVEL(row_two)
#define row_blends   LEVEL(row_blends)
#define row_skill    LEVEL(row_skill)
#define row_shared   LEVEL(row_shared)
#define row_time     LEVEL(row_time)
#define row_hours    LEVEL(row_hours)
#define row_levels   LEVEL(row_levels)
#define row_same     LEVEL(row_same)
#define row_other    LEVEL(row_other)
#define row_tongues  LEVEL(row_tongues)
#define row_list     LEVEL(row_list)
#define row_rules    LEVEL(row_rules)
#define fast_row     LEVEL(fast_row)
void fast_row(const struct market *, uint32_t row, int16_t *out);
#undef CLONES
#define CLONES          \
	__attribute__(( \
	    noinline, no_sanitize("address"), no_sanitize("undefined")))
#include "match/fast.c"
#undef CLONES
#undef blend_points
#undef row_one
#undef row_two
#undef row_blends
#undef row_skill
#undef row_shared
#undef row_time
#undef row_hours
#undef row_levels
#undef row_same
#undef row_other
#undef row_tongues
#undef row_list
#undef row_rules
#undef fast_row
#undef LEVEL
