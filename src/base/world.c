/* Chance as a function of the seed. */
#include "base/world.h"

#include <string.h>

#include "base/digest.h"

void
world_mac(const struct world *w, const char *purpose, struct span subject,
    uint8_t out[WORLD_MAC_BYTES])
{
	struct hmac h;

	hmac_begin(&h, (struct span){(const char *)w->seed, sizeof(w->seed)});
	hmac_add(&h, span_of(purpose));
	hmac_add(&h, (struct span){"", 1});
	hmac_add(&h, subject);
	hmac_end(&h, out);
}

uint64_t
world_pick(const struct world *w, const char *purpose, struct span subject,
    uint64_t below)
{
	uint8_t mac[WORLD_MAC_BYTES];
	uint64_t v;

	world_mac(w, purpose, subject, mac);
	memcpy(&v, mac, sizeof(v));
	return v % below;
}
