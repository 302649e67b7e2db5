/*
 * Bank accounts, cards and wallets of users: added as a new version that waits, with a notice to the owner's addresses,
 * and ended. What a payout names stays as it was: requisites are never edited.
 */
#pragma once

#include "paysrv/domain/access/caller.h"
#include "paysrv/domain/party/requisite.h"
#include "paysrv/flow/confirmation/confirmation.h"
#include "paysrv/flow/once.h"
#include "paysrv/store/requisite.rows.h"
#include "paysrv/store/user.rows.h"
#include "shared/base/task.h"

struct payee_question {
    partner_id partner;
    user_id user;
    enum rail rail;
    str name; /* a card's token, or the wallet */
};
/*
 * A card or wallet, as its connector says that it can be paid to. ACQUIRER_REFUSES where nothing is paid out so;
 * INVALID_PARAMETER; TOO_MANY_REQUESTS; UNAVAILABLE.
 */
MUST_USE err requisite_of_payee(struct task *t, const struct payee_question *q, struct requisite_find_row *ret);
/* fresh: all but version, times and id. */
MUST_USE err requisites_add(struct task *t, const struct caller *c, const struct user_find_row *user,
                            const struct requisite_find_row *fresh, const struct once *once, struct answer *ret);
MUST_USE err requisites_disable(struct task *t, const struct caller *c, const struct user_find_row *user, str requisite,
                                const struct once *once, struct answer *ret);

/* Of a new one that its owner has to confirm (flow/confirmation/confirmation.h). */
MUST_USE err requisite_lines(struct task *t, const struct confirmation_of *of, struct confirmation_lines *ret);
MUST_USE err requisite_confirmed(struct task *t, const struct confirmation_of *of);
MUST_USE err requisite_dropped(struct task *t, const struct confirmation_of *of, str why);
