/* A buyer of a sandbox partner transfers money: there is no bank that could show it. */
#pragma once

#include "paysrv/flow/once.h"
#include "paysrv/store/newtypes.h"
#include "shared/base/task.h"

struct test_transfer {
    str reference; /* as somebody typed it */
    int64_t amount;
    str payer_name, payer_iban; /* absent: a test buyer's */
};

/* LIVE_PARTNER; INVALID_PARAMETER (reference, payer_iban). */
MUST_USE err transfer_test(struct task *t, partner_id partner, const struct test_transfer *in, const struct once *once,
                           struct answer *ret);
