/* See holdback.h. */
#include "paysrv/flow/holdback.h"

#include "paysrv/app.h"
#include "paysrv/domain/holdback.h"
#include "paysrv/domain/split.h"
#include "paysrv/flow/env.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"

#define PER_ROUND 200
#define ROUNDS 50

static const struct pay_env *env_of(struct task *t)
{
    const struct app *app = t->app;
    return app->env;
}

/* What is written of one payment or capture: parts[n], and what each of its sellers has at once. */
struct plan {
    str users[2 * SPLIT_RULES_MAX], parts[2 * SPLIT_RULES_MAX];
    int64_t amounts[2 * SPLIT_RULES_MAX], helds[2 * SPLIT_RULES_MAX], available_us[2 * SPLIT_RULES_MAX];
    size_t n;
    int64_t freed[SPLIT_RULES_MAX];
};

static int64_t part_add(struct task *t, struct plan *p, const struct settlements_due_row *row, str user,
                        const char *part, int64_t amount, instant until)
{
    if (amount == 0 || !instant_before(t->now, until))
        return 0;
    p->users[p->n] = user;
    p->parts[p->n] = str_of(part);
    p->amounts[p->n] = amount;
    p->helds[p->n] = holdback_left(amount, row->captured, row->returned);
    p->available_us[p->n] = until.us;
    return p->helds[p->n++];
}

/* A seller's share of a part of a payment may be a unit below zero: nothing of that is held. */
static bool plan_make(struct task *t, const struct settlements_due_row *row, struct plan *p)
{
    const struct holdback_terms terms = { row->delay_days, row->is_working, row->reserve_bp, row->reserve_days };
    *p = (struct plan){ .n = 0 };
    if (row->share_users.n > SPLIT_RULES_MAX || row->share_users.n != row->share_amounts.n)
        return false;
    for (size_t i = 0; i < row->share_users.n; i++) {
        int64_t share = row->share_amounts.items[i] > 0 ? row->share_amounts.items[i] : 0;
        const struct holdback_parts parts = holdback_split(&terms, share, row->paid_at);
        str user = row->share_users.items[i];
        p->freed[i] = share;
        p->freed[i] -= part_add(t, p, row, user, "delay", parts.delay_minor, parts.delay_until);
        p->freed[i] -= part_add(t, p, row, user, "reserve", parts.reserve_minor, parts.reserve_until);
    }
    return true;
}

static err settle(struct task *t, const struct settlements_due_row *row)
{
    struct plan p;
    if (!plan_make(t, row, &p))
        return FAIL(t, INTERNAL, "a payment whose sellers do not fit its shares");
    const struct settlement_make_args args = {
        .payment = row->payment_id,
        .returned = row->returned,
        .capture = row->is_capture,
        .source = row->source,
        .users = { p.users, p.n },
        .parts = { p.parts, p.n },
        .amounts = { p.amounts, p.n },
        .helds = { p.helds, p.n },
        .available_us = { p.available_us, p.n },
        .sellers = row->share_users,
        .freed = { p.freed, row->share_users.n },
    };
    const struct settlement_make_row *made; /* not: something went back meanwhile, and the next round sees it */
    CRASH_POINT("holdback.before_make");
    return env_of(t)->settlement_make(t, &args, &made);
}

static err settle_all(struct task *t)
{
    const struct settlements_due_row *rows;
    int64_t closed;
    size_t n;
    TRY(env_of(t)->settlements_due(t, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        err e = settle(t, &rows[i]);
        if (e)
            log_failure(t, e); /* one payment must not keep the others waiting, nor what is to be released */
    }
    return env_of(t)->settlements_close(t, &closed);
}

static err follow(struct task *t, const struct holdbacks_returned_row *row)
{
    int64_t *helds = arena_array(t->arena, int64_t, row->amounts.n + 1);
    const struct holdbacks_adjust_row *adjusted;
    for (size_t i = 0; i < row->amounts.n; i++)
        helds[i] = holdback_left(row->amounts.items[i], row->captured, row->returned);
    return env_of(t)->holdbacks_adjust(t, row->payment_id, row->returned, row->holdback_ids,
                                       (i64_array){ helds, row->amounts.n }, &adjusted);
}

static err follow_all(struct task *t)
{
    const struct holdbacks_returned_row *rows;
    size_t n;
    TRY(env_of(t)->holdbacks_returned(t, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        err e = follow(t, &rows[i]);
        if (e)
            log_failure(t, e);
    }
    return OK;
}

/* After any downtime all that is due at once, in parts, so that no statement is long. */
static err release_all(struct task *t)
{
    const struct holdbacks_release_row *released;
    int64_t all = 0;
    for (int i = 0; i < ROUNDS; i++) {
        TRY(env_of(t)->holdbacks_release(t, PER_ROUND, &released));
        all += released->n;
        if (released->n < PER_ROUND)
            break;
    }
    if (all > 0)
        log_info(t, "holdbacks.released", L_I64("parts", all));
    return OK;
}

err holdbacks_run(struct task *t)
{
    TRY(settle_all(t));
    TRY(follow_all(t));
    return release_all(t);
}
