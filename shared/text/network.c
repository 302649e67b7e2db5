/* See network.h. */
#include "shared/text/network.h"

#include <arpa/inet.h>
#include <string.h>

#include "shared/text/encode.h"

/* An IPv4 address is written as IPv6 does (RFC 4291 section 2.5.5.2). false: it is neither. */
static bool address_of(struct arena *a, str peer, unsigned char ret[16], bool *is_v4)
{
    static const unsigned char mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
    memcpy(ret, mapped, sizeof mapped);
    if (!peer.n)
        return false;
    const char *text = arena_cstr(a, peer);
    bool good = inet_pton(AF_INET, text, ret + sizeof mapped) == 1 || inet_pton(AF_INET6, text, ret) == 1;
    *is_v4 = memcmp(ret, mapped, sizeof mapped) == 0;
    return good;
}

static str prefix_of(struct arena *a, str peer, size_t v4_bytes, size_t v6_bytes)
{
    unsigned char address[16];
    bool is_v4;
    if (!address_of(a, peer, address, &is_v4))
        return peer;
    return hex_encode(a, (bytes){ address, is_v4 ? 12 + v4_bytes : v6_bytes });
}

str network_of(struct arena *a, str peer)
{
    return prefix_of(a, peer, 4, 8);
}

str wider_network_of(struct arena *a, str peer)
{
    return prefix_of(a, peer, 3, 7);
}
