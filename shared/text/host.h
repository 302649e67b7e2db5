/*
 * Names of hosts as they are written on the wire: lower case, and labels in other letters as IDNA writes them (RFC
 * 5891, RFC 3492). Names of people's computers are none: one label, addresses, ports.
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/str.h"

/* "Bücher.Example." becomes "xn--bcher-kva.example". */
bool host_normal(struct arena *a, str text, str *ret);
/* The host itself, or one below it. Both as above. */
bool host_is_within(str host, str domain);
