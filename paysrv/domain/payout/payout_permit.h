/*
 * The authorization_details (RFC 9396) in an access token. Each "payout" allows one payout, of exactly this amount to
 * exactly this destination, each "payment" one payment, to exactly this store, each "store_management" some of what can
 * be done with one store: what the user has read on the consent page, and nothing else of their kind. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "shared/base/str.h"
#include "shared/text/json_in.h"

#define PERMITS_MAX 10 /* as many details as a token may have */

enum permit_kind { PERMIT_PAYOUT = 1, PERMIT_PAYMENT, PERMIT_STORE, PERMIT_KINDS };
/* The `type` of such details. */
const char *permit_type(enum permit_kind kind);

struct permit_wish {
    enum permit_kind kind; /* PERMIT_PAYOUT or PERMIT_PAYMENT */
    int64_t amount_minor;
    str currency;
    str payee;          /* the requisite's id, or the store's */
    str holder, masked; /* how it may have been called there; absent: not so */
    str purpose;        /* of a payment, what it is for */
};

/* Whether the token says anything of these: then it allows only what it says. NULL: it has no details. */
bool permits_say_anything(const struct json_value *details, enum permit_kind kind);
/* The number of the first detail that allows this and is not taken yet, which is taken then; -1: none. What has a
 * member that is not known here allows nothing. */
int permit_find(const struct json_value *details, const struct permit_wish *wish, bool taken[PERMITS_MAX]);
/* Where the detail of that number stands among all of its consent, which is the same in each token, however few it has
 * of them. NULL: its issuer does not say, and it has them all. false: nobody can tell. */
bool permit_place(const struct json_value *places, int number, int64_t *ret);

/* ---- what a request may be for at all, before anybody reads its body ---- */

struct permit_request {
    enum permit_kind kind; /* what its route is about; 0: nothing of these */
    bool is_reading;
    bool is_making;  /* of a payment: its route makes one, and looks whether it is allowed */
    bool is_lasting; /* of payouts: its route is about those of a schedule, which nobody has allowed one by one */
    bool is_closing;
    str store; /* absent: of no one store */
};
/* NULL: it may go on. Else what is wrong, as words after "the access token". */
const char *permit_request_judge(const struct json_value *details, const struct permit_request *rq);
