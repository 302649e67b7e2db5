/*
 * A mail that comes back after the relay has taken it: a delivery status notification (RFC 3464 in a multipart/report,
 * RFC 6522). Only what says `failed` with a status of class 5 counts, and only when it names one mail of ours: by the
 * address that it came back to (local+ID@domain), by its envelope id, or by the Message-ID of what it returns.
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/str.h"

#define BOUNCE_MAX_BYTES ((size_t)1 << 20)

struct bounce {
    str mail;   /* mail_... */
    str status; /* "5.1.1" (RFC 3463) */
};

/* false: it is no such report, or tells of no failure for good; why says which. */
bool bounce_read(struct arena *a, str message, struct bounce *ret, str *why);
