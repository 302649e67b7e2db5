/*
 * Which addresses an outbound connection may reach: the public Internet, and what the configuration allows by name.
 * Judged on the address that is really connected to, so no name, redirect or second DNS answer changes the verdict.
 */
#pragma once

#include <sys/socket.h>

#include "shared/base/arena.h"

struct network {
    unsigned char address[16]; /* IPv4 as ::ffff:a.b.c.d */
    unsigned bits;
};

#define NETWORKS_MAX 16

struct networks {
    struct network items[NETWORKS_MAX];
    size_t n;
};

/* Space-separated CIDRs and addresses ("127.0.0.0/8 fd00::1"); bits beyond the prefix must be zero. */
bool networks_parse(str text, struct networks *ret);
/* The address is one of these. */
bool networks_contain(const struct networks *list, const struct sockaddr *address);
/* False for loopback, private, link-local, carrier, multicast, reserved, and for all that embeds such an address. */
bool networks_allow(const struct networks *allowed, const struct sockaddr *address);
/* The address that a URL's host is when it is an IP literal; false for names. */
bool networks_literal(str host, struct sockaddr_storage *ret);
