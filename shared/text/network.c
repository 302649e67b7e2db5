/* See network.h. */
#include "shared/text/network.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "shared/text/encode.h"

/* As IPv6 writes an IPv4 address (RFC 4291 section 2.5.5.2). */
static const unsigned char mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

/* false: it is neither. */
static bool address_of(struct arena *a, str peer, unsigned char ret[16], bool *is_v4)
{
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

/* Both kinds in one space of numbers: the first half of an IPv6 address, and the last of a mapped one. */
uint64_t network_place(const struct sockaddr *peer)
{
    unsigned char address[16];
    memcpy(address, mapped, sizeof mapped);
    if (peer->sa_family == AF_INET)
        memcpy(address + sizeof mapped, &((const struct sockaddr_in *)(const void *)peer)->sin_addr, 4);
    else if (peer->sa_family == AF_INET6)
        memcpy(address, &((const struct sockaddr_in6 *)(const void *)peer)->sin6_addr, sizeof address);
    else
        return 0;
    const unsigned char *half = memcmp(address, mapped, sizeof mapped) == 0 ? address + 8 : address;
    uint64_t place = 0;
    for (size_t i = 0; i < 8; i++)
        place = place << 8 | half[i];
    return place;
}
