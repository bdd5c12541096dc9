/* Names of states, from the lists of life.h. */
#include "model/life.h"

#define LIFE_WORD(id, word) word,

/* One name and one parse function for each list. */
#define LIFE(type, prefix, LIST)                                               \
	static const char *const prefix##_words[] = {LIST(LIFE_WORD)};         \
	const char *prefix##_name(enum type state)                             \
	{                                                                      \
		return prefix##_words[state];                                  \
	}                                                                      \
	bool prefix##_parse(struct span word, enum type *out)                  \
	{                                                                      \
		return word_index(word, prefix##_words,                        \
		    sizeof(prefix##_words) / sizeof(*prefix##_words),          \
		    (unsigned *)out);                                          \
	}

static bool
word_index(struct span word, const char *const *words, size_t n, unsigned *out)
{
	for (unsigned i = 0; i < n; i++)
		if (span_is(word, words[i])) {
			*out = i;
			return true;
		}
	return false;
}

LIFE(programme_state, programme_state, PROGRAMME_STATES)
LIFE(person_state, person_state, PERSON_STATES)
LIFE(pair_state, pair_state, PAIR_STATES)
LIFE(session_state, session_state, SESSION_STATES)
LIFE(form_state, form_state, FORM_STATES)
LIFE(disposition, disposition, DISPOSITIONS)
LIFE(outbox_state, outbox_state, OUTBOX_STATES)
LIFE(round_state, round_state, ROUND_STATES)
LIFE(thread_kind, thread_kind, THREAD_KINDS)
