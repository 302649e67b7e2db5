/* The mails of a sandbox partner, as its owners get them, for its own tests (docs/protocol/pay/sandbox.md). */
#pragma once

#include "paysrv/store/newtypes.h"
#include "shared/base/task.h"

struct test_mail {
    str id, kind, to, subject, text;
    str code;       /* the digits that a mail of kind payout_code asks to be typed; absent in all others */
    str failure;    /* a word of the column's: why nobody got it; absent: somebody did, or may yet */
    str unreadable; /* why there are no subject and no text; absent: there are */
    instant created_at;
};

/* The newest first, at most limit; recipient, before (an id): absent or not. LIVE_PARTNER. */
MUST_USE err test_mails_read(struct task *t, partner_id partner, str recipient, str before, size_t limit,
                             const struct test_mail **ret, size_t *n);
