/*
 * Which addresses may be spoken to.  A feed's URL comes from a participant,
 * and a name can resolve to anything: without this a mail could make the
 * server fetch from its own network.
 */
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

#include "web/web_int.h"

struct range {
	uint32_t net;
	int bits;
	enum reach reach;
};

/* IANA's special-purpose registry (RFC 6890); what is not here is public. */
static const struct range v4[] = {
    {0x00000000, 8, REACH_NEVER},    /* this host: Linux takes it as us */
    {0x0a000000, 8, REACH_PRIVATE},  /* 10/8 */
    {0x64400000, 10, REACH_PRIVATE}, /* 100.64/10, shared by a carrier */
    {0x7f000000, 8, REACH_LOOPBACK},
    {0xa9fe0000, 16, REACH_NEVER},   /* 169.254/16, clouds' secrets */
    {0xac100000, 12, REACH_PRIVATE}, /* 172.16/12 */
    {0xc0000000, 24, REACH_NEVER},   /* protocol assignments */
    {0xc0000200, 24, REACH_NEVER},   /* documentation */
    {0xc0586300, 24, REACH_NEVER},   /* 6to4 relays */
    {0xc0a80000, 16, REACH_PRIVATE}, /* 192.168/16 */
    {0xc6120000, 15, REACH_NEVER},   /* benchmarks */
    {0xc6336400, 24, REACH_NEVER},   /* documentation */
    {0xcb007100, 24, REACH_NEVER},   /* documentation */
    {0xe0000000, 3, REACH_NEVER},    /* multicast, reserved, broadcast */
};

static enum reach
reach_v4(uint32_t address)
{
	for (size_t i = 0; i < sizeof(v4) / sizeof(*v4); i++)
		if ((address ^ v4[i].net) >> (32 - v4[i].bits) == 0)
			return v4[i].reach;
	return REACH_PUBLIC;
}

static uint32_t
be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static enum reach
reach_v6(const uint8_t a[16])
{
	static const uint8_t loopback[16] = {[15] = 1};
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	static const uint8_t nat64[12] = {0x00, 0x64, 0xff, 0x9b};

	if (memcmp(a, loopback, sizeof(loopback)) == 0)
		return REACH_LOOPBACK;
	if (memcmp(a, mapped, sizeof(mapped)) == 0 ||
	    memcmp(a, nat64, sizeof(nat64)) == 0)
		return reach_v4(be32(a + 12));
	if ((a[0] & 0xfe) == 0xfc) /* fc00::/7 */
		return REACH_PRIVATE;
	if ((a[0] & 0xe0) != 0x20) /* all that is global lies in 2000::/3 */
		return REACH_NEVER;
	if (a[0] == 0x20 && a[1] == 0x02) /* 6to4: an IPv4 address inside */
		return reach_v4(be32(a + 2));
	if (a[0] == 0x20 && a[1] == 0x01 &&
	    ((a[2] & 0xfe) == 0 || (a[2] == 0x0d && a[3] == 0xb8)))
		return REACH_NEVER; /* Teredo and the like, documentation */
	return REACH_PUBLIC;
}

enum reach
reach_of(const struct sockaddr *address)
{
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	if (address->sa_family == AF_INET) {
		memcpy(&in, address, sizeof(in));
		return reach_v4(ntohl(in.sin_addr.s_addr));
	}
	if (address->sa_family == AF_INET6) {
		memcpy(&in6, address, sizeof(in6));
		return reach_v6(in6.sin6_addr.s6_addr);
	}
	return REACH_NEVER;
}
