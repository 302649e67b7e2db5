/* The mail that tells a buyer of a subscription that somebody has canceled it: what ends when, and what he gets back.
 */
#pragma once

#include "paysrv/flow/mail.h"
#include "paysrv/store/subscription.rows.h"
#include "shared/base/task.h"

enum farewell_kind { FAREWELL_NOW = 1, FAREWELL_WITH_PERIOD, FAREWELL_AT_MOMENT };
struct farewell {
    enum farewell_kind kind;
    instant at;   /* when it ends */
    bool refunds; /* what is paid beyond is given back */
};
MUST_USE err subscription_farewell(struct task *t, const struct subscription_find_row *s, const struct farewell *f,
                                   struct mail_draft *ret);
