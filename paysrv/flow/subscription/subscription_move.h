/*
 * What subscriptions become without an invoice: paused, resumed, ended, or to end with a period or at a moment; asked
 * for, or by the job. What is asked for is declared in subscription.h.
 */
#pragma once

#include "paysrv/domain/subscription/subscription.h"
#include "paysrv/flow/subscription/subscription_farewell.h"
#include "paysrv/store/subscription.rows.h"
#include "shared/base/task.h"

enum subscription_status subscription_status_of(const struct subscription_find_row *s);
/* SUBSCRIPTION_STATE: "it is ..., and cannot be `what`". */
MUST_USE struct failure *subscription_refused(struct task *t, const struct subscription_find_row *s, const char *what);

/* A debt that was kept is paid first; without one, as when its payment was canceled, an unpaid one goes on as a paused
 * one does. What is to end such a one stays when it goes on, and is taken back of any other. */
bool subscription_waits_to_resume(const struct subscription_find_row *s);
/* Its last period was charged until the moment at which it is to end, and so it cannot be kept any more. */
MUST_USE err subscription_is_cut(struct task *t, const struct subscription_find_row *s, bool *ret);
/* There is no further period. Its buyer is told how, unless he was when it was canceled. */
MUST_USE err subscription_has_ended(struct task *t, const struct subscription_find_row *s, const struct farewell *how,
                                    bool *applied);
/* Nobody has asked for it: reason says why. SUBSCRIPTION_STATE: it has changed meanwhile. */
MUST_USE err subscription_end_now(struct task *t, const struct subscription_find_row *s, str reason);
/* The period of that moment is begun within it, in subscription.c. */
MUST_USE err subscription_rejoin(struct task *t, const struct subscription_find_row *s, instant at, bool *applied);
/* Those whose moment to end has come. */
MUST_USE err subscriptions_end(struct task *t);
