/*
 * Confirmation codes: 8 digits, mailed to the owner, worth something only for one payout, amount, currency and
 * destination, or for one list of such (SECURITY L). Kept as a MAC under a key that is not in the database.
 */
#pragma once

#include <stdint.h>

#include "shared/base/arena.h"
#include "shared/base/bytes.h"
#include "shared/base/instant.h"

#define CODE_DIGITS 8

/* What was typed: spaces, hyphens and full-width digits are accepted. false: these are not 8 digits. */
bool code_normalise(struct arena *a, str typed, str *ret);
/* "1234 5678", as the mail shows it. */
str code_spaced(struct arena *a, str code);
/* The first code that stands so in a text, without the space. Absent: none does. */
str code_in_text(struct arena *a, str text);

/* How a code stands that somebody has in a mail. */
struct code_standing {
    bool is_waiting;  /* what it is for waits for a code */
    bool is_used;     /* that was confirmed, by this or another code for it */
    bool is_replaced; /* a later one was mailed for it */
    int attempts_left;
    instant expires_at;
};
enum code_state { CODE_WAITS = 1, CODE_DONE, CODE_OVER, CODE_REPLACED, CODE_EXPIRED, CODE_VOID };
enum code_state code_state_judge(const struct code_standing *code, instant now);

struct code_bind {
    str payout;
    int64_t amount_minor;
    str currency;
    digest destination;
};

/* SHA-256 of "payout|amount|currency|destination in hex": any change of these makes another bind. */
digest code_bind_hash(struct arena *a, const struct code_bind *bind);
/* SHA-256 of the list's id and, each behind a line feed, what is hashed of its payouts one by one, in their order. */
digest code_list_hash(struct arena *a, str list, const struct code_bind *binds, size_t n);
/* HMAC-SHA256 with the server's key over the code's own key, the bind and the digits. */
digest code_mac(struct arena *a, const digest *server_key, const digest *code_key, const digest *bind, str code);
