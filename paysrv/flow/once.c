/* See once.h; MONEY 6.A10, SECURITY N. */
#include "paysrv/flow/once.h"

#include "paysrv/faults.h"
#include "paysrv/store/idempotency.sql.h"
#include "paysrv/store/once.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"

err once_stored(struct task *t, partner_id partner, const struct once *once, bool *found, struct answer *ret)
{
    *found = false;
    if (!once->given)
        return OK;
    const struct idempotency_find_row *row;
    TRY(idempotency_find(t, partner, once->route, once->key, &row));
    if (!row)
        return OK;
    if (!equal_digest(&row->fingerprint, &once->fingerprint))
        return FAIL(t, IDEMPOTENCY_MISMATCH, "the key belongs to another request");
    if (!row->status_given) {
        struct failure *f = FAIL(t, IDEMPOTENCY_IN_PROGRESS, "the first request has no answer yet");
        f->retry_after_s = 1;
        return f;
    }
    *found = true;
    *ret = (struct answer){ .status = row->status, .body = row->body, .replayed = true };
    return OK;
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
    int64_t kept;
    if (once->given)
        TRY(once_answer(t, run->answer.status, run->answer.body, run->partner, once->route, once->key, &kept));
    return OK;
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
