/*
 * The mail that tells a buyer that his subscription ends: because somebody has canceled it, with what ends when and
 * what he gets back, or by itself, of which no mail has told him (docs/decisions/0094).
 */
#pragma once

#include "paysrv/flow/message/mail.h"
#include "paysrv/store/subscription.rows.h"
#include "shared/base/task.h"

enum farewell_kind {
    FAREWELL_NOW = 1,
    FAREWELL_WITH_PERIOD,
    FAREWELL_AT_MOMENT,
    FAREWELL_RAN_OUT, /* it was sold until then */
    FAREWELL_PRICE,   /* he has not agreed to what follows */
};
struct farewell {
    enum farewell_kind kind;
    instant at;   /* when it ends */
    bool refunds; /* what is paid beyond is given back */
};
/* Of its mail (mail.kind). */
str farewell_mail_kind(enum farewell_kind kind);
MUST_USE err subscription_farewell(struct task *t, const struct subscription_find_row *s, const struct farewell *f,
                                   struct mail_draft *ret);
