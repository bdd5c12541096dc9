/*
 * What a run may know of the world besides its inputs: the time and a seed.
 * Everything rmail writes is a function of inputs, this time and this seed;
 * nothing asks the system's clock or dice.  Tests give another world.
 */
#ifndef BASE_WORLD_H
#define BASE_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

enum {
	WORLD_SEED_BYTES = 32,
	WORLD_MAC_BYTES = 32,
};

struct world {
	int64_t now_unix;                   /* this run's instant */
	uint8_t seed[WORLD_SEED_BYTES];     /* kept in the database */
	bool durable; /* false only in rehearsals: no fsync, nothing precious */
};

/*
 * A keyed digest of a purpose and a subject ("uid", "session 12"): the
 * source of all tokens, identifiers and boundaries.  Same seed, same words,
 * same bytes.
 */
void world_mac(const struct world *, const char *purpose, struct span subject,
    uint8_t out[WORLD_MAC_BYTES]);
/* A number below `below` (> 0) made the same way; for choices and jitter. */
uint64_t world_pick(const struct world *, const char *purpose,
    struct span subject, uint64_t below);

#endif
