/* See once.h; MONEY 6.A10, SECURITY N. */
#include "paysrv/flow/once.h"

#include "paysrv/faults.h"
#include "paysrv/flow/stored.h"
#include "paysrv/store/once.sql.h"
#include "shared/db/db.h"

err once_stored(struct task *t, partner_id partner, const struct once *once, bool *found, struct answer *ret)
{
    bool is_unknown;
    *found = false;
    if (!once->given)
        return OK;
    const struct stored_question question = { partner, once->route, once->key, once->fingerprint };
    TRY(stored_answer(t, &question, ret, found, &is_unknown));
    return is_unknown ? FAIL(t, IDEMPOTENCY_IN_PROGRESS, "its call has no outcome yet") : OK;
}

err once_instead(struct task *t, partner_id partner, const struct once *once, err refused, struct answer *ret)
{
    bool found;
    if (!refused || refused->fault->status >= 500)
        return refused;
    TRY(once_stored(t, partner, once, &found, ret));
    return found ? OK : refused;
}

err once_correct(struct task *t, partner_id partner, const struct once *once, const struct answer *answer)
{
    int64_t kept;
    return once->given ? once_answer(t, answer->status, answer->body, partner, once->route, once->key, &kept) : OK;
}

struct run {
    partner_id partner;
    const struct once *once;
    str op;
    once_effect effect;
    void *context;
    bool is_first;
    struct answer answer;
};

static err run_in_tx(struct task *t, void *context)
{
    struct run *run = context;
    const struct once *once = run->once;
    run->answer = (struct answer){ 0 };
    run->is_first = true;
    if (once->given) {
        int64_t claimed;
        TRY(once_claim(t, run->partner, once->route, once->key, once->fingerprint, run->op, &claimed));
        run->is_first = claimed == 1;
    }
    if (!run->is_first)
        return OK;
    TRY(run->effect(t, run->context, &run->answer));
    return once_correct(t, run->partner, once, &run->answer);
}

err once_run(struct task *t, partner_id partner, const struct once *once, str op, once_effect effect, void *context,
             struct answer *ret)
{
    struct run run = { .partner = partner, .once = once, .op = op, .effect = effect, .context = context };
    TRY(db_tx(t, run_in_tx, &run));
    if (run.is_first) {
        *ret = run.answer;
        return OK;
    }
    bool found;
    TRY(once_stored(t, partner, once, &found, ret));
    return found ? OK : FAIL(t, UNAVAILABLE, "the key vanished between two statements");
}
