/*
 * The authorization_details (RFC 9396) of type "payout" in an access token: each allows one payout, of exactly this
 * amount to exactly this destination, which the user has read on the consent page. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "shared/base/str.h"
#include "shared/text/json_in.h"

#define PERMITS_MAX 10 /* as many details as a token may have */

struct permit_wish {
    int64_t amount_minor;
    str currency;
    str destination;    /* the requisite's id */
    str holder, masked; /* how it may have been called there; absent: not so */
};

/* Whether the token says anything of payouts: then it allows only what it says. NULL: it has no details. */
bool permits_say_anything(const struct json_value *details);
/* The number of the first detail that allows this and is not taken yet, which is taken then; -1: none. What has a
 * member that is not known here allows nothing. */
int permit_find(const struct json_value *details, const struct permit_wish *wish, bool taken[PERMITS_MAX]);
