/* See refund_round.h. */
#include "paysrv/flow/payment/refund_round.h"

#include "paysrv/app.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/env.h"

#define ROUND_MOST 20
#define UNANSWERED_MOST 2

bool refund_round_goes_on(struct task *t, struct refund_round *round)
{
    const struct app *app = t->app;
    if (round->begun == ROUND_MOST || round->unanswered == UNANSWERED_MOST || app->service.is_stopping)
        return false;
    if (clock_is_live(t)) /* leases need the time of now: those before took as long as their acquirers */
        t->now = app->env->now();
    round->begun++;
    return true;
}

void refund_round_heard(struct refund_round *round, bool is_unanswered)
{
    round->unanswered = is_unanswered ? round->unanswered + 1 : 0;
}
