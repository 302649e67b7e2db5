/* See stored.h and SECURITY N. */
#include "paysrv/flow/stored.h"

#include "paysrv/app.h"
#include "paysrv/faults.h"

#define WAIT_STEP MILLISECONDS(50)
#define WAIT_STEPS 30

static const struct pay_env *env_of(struct task *t)
{
    return ((const struct app *)t->app)->env;
}

static err find(struct task *t, const struct stored_question *q, const struct idempotency_find_row **row)
{
    return env_of(t)->idempotency_find(t, q->partner, q->route, q->key, row);
}

err stored_own(struct task *t, const struct stored_question *q, struct answer *ret, bool *found)
{
    const struct idempotency_find_row *row = NULL;
    TRY(find(t, q, &row));
    *found = row && row->status_given;
    if (*found)
        *ret = (struct answer){ .status = row->status, .body = row->body };
    return OK;
}

err stored_answer(struct task *t, const struct stored_question *q, struct answer *ret, bool *found, bool *is_unknown)
{
    *found = true;
    *is_unknown = false;
    for (int i = 0; i < WAIT_STEPS; i++) {
        const struct idempotency_find_row *row = NULL;
        TRY(find(t, q, &row));
        switch (
            idempotency_judge(row != NULL, row ? &row->fingerprint : NULL, row && row->status_given, &q->fingerprint)) {
        case KEY_FRESH:
            *found = false;
            return OK;
        case KEY_MISMATCH:
            return FAIL(t, IDEMPOTENCY_MISMATCH, "another fingerprint is stored under the key");
        case KEY_ANSWERED:
            *ret = (struct answer){ .status = row->status, .body = row->body, .is_replayed = true };
            return OK;
        case KEY_IN_PROGRESS:
            if (str_eq(row->call_state, STR("unknown")) || str_eq(row->call_state, STR("action"))) {
                *is_unknown = true;
                return OK;
            }
            break;
        }
        env_of(t)->pause(WAIT_STEP);
    }
    struct failure *f = FAIL(t, IDEMPOTENCY_IN_PROGRESS, "no answer is stored yet");
    f->retry_after_s = 1;
    return f;
}
