/*
 * Who asks, as far as an address tells: what limits and shares are counted by. Who has one address of an IPv6 network
 * has all of them (SECURITY G 186).
 */
#pragma once

#include <stdint.h>

#include "shared/base/arena.h"

struct sockaddr;

/* What counts as one place on the network: an IPv4 address, the /64 of an IPv6 address. Anything else as it is. */
str network_of(struct arena *a, str peer);
/* The same of a connection's address, as a number; 0: of no network. */
uint64_t network_place(const struct sockaddr *peer);
/* What one party may well have many places in: the /24 of an IPv4 address, the /56 of an IPv6 address. */
str wider_network_of(struct arena *a, str peer);
