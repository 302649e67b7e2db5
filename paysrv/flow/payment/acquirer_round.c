/* See acquirer_round.h. */
#include "paysrv/flow/payment/acquirer_round.h"

#include "paysrv/app.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/env.h"

#define ROUND_MOST 1000
#define SLOW SECONDS(2) /* what is refused or answered at once as pending holds up nobody */
#define SLOW_MOST 2
#define ASIDE_MAX_BYTES ((size_t)16 << 20)

bool acquirer_round_goes_on(struct task *t, struct acquirer_round *round)
{
    const struct app *app = t->app;
    const instant now = app->env->now();
    bool was_slow = round->begun > 0 && instant_before(instant_add(round->begun_at, SLOW), now);
    round->slow = was_slow ? round->slow + 1 : 0;
    if (round->begun == ROUND_MOST || round->slow == SLOW_MOST || app->service.is_stopping)
        return false;
    clock_catch_up(t); /* those before took as long as their acquirers */
    round->begun_at = now;
    round->begun++;
    return true;
}

err acquirer_round_run(struct task *t, err (*first)(struct task *t, void *found))
{
    struct acquirer_round round = { 0 };
    bool found = true;
    while (found && acquirer_round_goes_on(t, &round))
        TRY(task_aside(t, ASIDE_MAX_BYTES, first, &found));
    return OK;
}
