/*
 * Invented programmes: one seed = one life.  For tests of report/ only.
 */
#ifndef UNIT_INVENT_H
#define UNIT_INVENT_H

#include <string.h>

#include "base/vec.h"
#include "report/report.h"

struct dice {
	uint64_t state;
};

/* splitmix64. */
static inline uint64_t
dice_next(struct dice *d)
{
	uint64_t z = d->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static inline int64_t
dice_below(struct dice *d, int64_t n)
{
	return n <= 0 ? 0 : (int64_t)(dice_next(d) % (uint64_t)n);
}

static inline void
invent_answer(struct arena *a, struct facts *f, int64_t person, int64_t pair,
    const char *survey, const char *question, enum question_type type,
    enum share share, const char *value, int64_t at)
{
	struct fact_answer x = {.person_id = person,
	    .pair_id = pair,
	    .survey = span_of(survey),
	    .question = span_of(question),
	    .type = type,
	    .share = share,
	    .value = span_of(value),
	    .at_unix = at};

	vec_room(a, &f->answers, f->answers_n, sizeof(x));
	f->answers[f->answers_n++] = x;
}

static inline void
invent_person(
    struct arena *a, struct facts *f, struct dice *d, int64_t id, int64_t life)
{
	struct fact_person p = {
	    .id = id, .mentor = id % 2 == 0, .mentee = id % 2 == 1};
	int64_t t = f->begin_unix + dice_below(d, life / 2);

	p.target_group = p.mentee && dice_below(d, 4) > 0;
	if (dice_below(d, 12) == 0)
		p.mentor = p.mentee = true;
	p.invited_unix = t;
	if (dice_below(d, 10) > 0)
		p.joined_unix = t + dice_below(d, 20) * DAY;
	if (p.joined_unix > 0 && dice_below(d, 10) > 0)
		p.matched_unix = p.joined_unix + dice_below(d, 40) * DAY;
	if (p.joined_unix > 0 && dice_below(d, 8) == 0)
		p.left_company_unix =
		    p.joined_unix + dice_below(d, life / DAY) * DAY;
	vec_room(a, &f->people, f->people_n, sizeof(p));
	f->people[f->people_n++] = p;
}

enum {
	INVENT_SAID = 6
};

static const char *const invent_said[INVENT_SAID] = {
    "I learned how digital tools save my team hours",
    "Open and honest talk, I felt listened to",
    "I understand the younger generation better now",
    "A wider network and more visibility",
    "Finding time in the calendar was hard",
    "New ideas for our process and how we work"};

/* The numbers of the English themes that these words name, one each. */
static const char *const invent_themes[INVENT_SAID] = {
    "1", "6", "4", "8", "10", "11"};

static inline void
invent_words(struct arena *a, struct facts *f, struct dice *d, int64_t person,
    int64_t at)
{
	invent_answer(a, f, person, 0, "final", "learned", QUESTION_TEXT,
	    dice_below(d, 4) == 0 ? SHARE_LEAD : SHARE_COUNTED,
	    invent_said[dice_below(d, INVENT_SAID)], at);
	if (dice_below(d, 2) == 0)
		invent_answer(a, f, person, 0, "final", "improve",
		    QUESTION_TEXT, SHARE_COUNTED,
		    invent_said[dice_below(d, INVENT_SAID)], at);
}

static inline void
invent_levels(struct arena *a, struct facts *f, struct dice *d,
    const struct fact_person *p, int64_t end)
{
	static const char *const level[] = {"L", "M", "H"};

	for (size_t k = 0; k < f->skills_n; k++) {
		char *q = arena_printf(a, "levels/%s", f->skills[k].id.p);
		int64_t before = dice_below(d, 3);
		int64_t after = before + dice_below(d, 3 - before);
		int64_t when = end + dice_below(d, 30) * DAY;

		if (dice_below(d, 3) == 0)
			continue;
		invent_answer(a, f, p->id, 0, "signup", q, QUESTION_LEVEL,
		    SHARE_PARTNER, level[before], p->joined_unix);
		if (dice_below(d, 3) > 0)
			invent_answer(a, f, p->id, 0, "final", q,
			    QUESTION_LEVEL, SHARE_PARTNER, level[after], when);
	}
}

static inline void
invent_pair(struct arena *a, struct facts *f, struct dice *d, size_t mentor,
    size_t mentee, int64_t end)
{
	static const char *const kinds[] = {
	    "shadowing", "instruction", "collaboration"};
	const struct fact_person *x = &f->people[mentor];
	const struct fact_person *y = &f->people[mentee];
	struct fact_pair p = {.id = (int64_t)f->pairs_n + 1,
	    .mentor_id = x->id,
	    .mentee_id = y->id};

	if (x->matched_unix == 0 || y->matched_unix == 0)
		return;
	p.begun_unix = x->matched_unix > y->matched_unix ? x->matched_unix
							 : y->matched_unix;
	vec_room(a, &f->pairs, f->pairs_n, sizeof(p));
	f->pairs[f->pairs_n++] = p;
	for (int64_t t = p.begun_unix; t < end;
	     t += (20 + dice_below(d, 30)) * DAY) {
		struct fact_session s = {.id = (int64_t)f->sessions_n + 1,
		    .pair_id = p.id,
		    .start_unix = t,
		    .kind = span_of(kinds[dice_below(d, 3)]),
		    .state =
			dice_below(d, 5) > 0 ? SPAN("held") : SPAN("missed")};

		vec_room(a, &f->sessions, f->sessions_n, sizeof(s));
		f->sessions[f->sessions_n++] = s;
		if (dice_below(d, 3) > 0)
			invent_answer(a, f, x->id, p.id, "checkin", "useful",
			    QUESTION_SCALE, SHARE_COUNTED,
			    arena_printf(a, "%d", (int)dice_below(d, 3) + 3),
			    t + DAY);
		if (dice_below(d, 3) > 0)
			invent_answer(a, f, y->id, p.id, "checkin", "useful",
			    QUESTION_SCALE, SHARE_COUNTED,
			    arena_printf(a, "%d", (int)dice_below(d, 4) + 2),
			    t + DAY);
	}
}

static inline struct fact_skill
invent_skill(const char *id, const char *name)
{
	return (struct fact_skill){span_of(id), span_of(name), 1};
}

static inline struct fact_aim
invent_aim(const char *id, const char *text, const char *measure, int target)
{
	return (struct fact_aim){
	    span_of(id), span_of(text), span_of(measure), target};
}

/* All that will ever happen; a view at `now` is cut from it. */
static inline struct facts
invent(struct arena *a, uint64_t seed, int people, int months)
{
	struct dice d = {seed * 77 + 1};
	struct facts f = {.begin_unix = 1767225600 /* 2026-01-01 */,
	    .programme = SPAN("Reverse mentoring 2026"),
	    .group_min = 5,
	    .comment_min = 10,
	    .sessions_planned_each = months};
	int64_t life = (int64_t)months * 30 * DAY;

	f.end_unix = f.begin_unix + life;
	f.now_unix = f.end_unix + 40 * DAY;
	f.next_review_unix = f.end_unix + 180 * DAY;
	f.skills_n = 3;
	f.skills = arena_alloc(a, 3 * sizeof(*f.skills));
	f.skills[0] = invent_skill("digital", "Digital tools");
	f.skills[1] = invent_skill("social-media", "Social media");
	f.skills[2] = invent_skill("leading", "Leading people");
	f.aims_n = 7;
	f.aims = arena_alloc(a, 7 * sizeof(*f.aims));
	f.aims[0] = invent_aim("stay", "Keep young talent", "retention", 900);
	f.aims[1] = invent_aim("reach", "Reach the top floor", "coverage", 800);
	f.aims[2] =
	    invent_aim("good", "Meetings worth the time", "satisfaction", 800);
	f.aims[3] = invent_aim("digital", "Digital skills", "digital", 200);
	f.aims[4] = invent_aim("meet", "Meet as agreed", "sessions", 700);
	f.aims[5] = invent_aim("brave", "Speak up", "question/confidence", 700);
	f.aims[6] = invent_aim("use", "Of use", "question/useful", 700);
	for (int64_t i = 1; i <= people; i++)
		invent_person(a, &f, &d, i, life);
	for (size_t i = 0; i + 1 < f.people_n; i += 2)
		invent_pair(a, &f, &d, i + 1, i, f.end_unix);
	for (size_t i = 0; i < f.people_n; i++) {
		int64_t at = f.end_unix + dice_below(&d, 30) * DAY;

		if (f.people[i].joined_unix == 0)
			continue;
		invent_levels(a, &f, &d, &f.people[i], f.end_unix);
		if (dice_below(&d, 4) > 0)
			invent_words(a, &f, &d, f.people[i].id, at);
		if (dice_below(&d, 4) > 0)
			invent_answer(a, &f, f.people[i].id, 0, "final",
			    "confidence", QUESTION_SCALE, SHARE_COUNTED,
			    arena_printf(a, "%d", (int)dice_below(&d, 3) + 3),
			    at);
	}
	return f;
}

#endif
