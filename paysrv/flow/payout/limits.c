/* See limits.h. */
#include "paysrv/flow/payout/limits.h"

#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/store/payout_watch.sql.h"
#include "shared/base/num.h"
#include "shared/db/db.h"
#include "shared/ops/log.h"
#include "shared/text/money_text.h"

static const struct payout_limits NONE = { 0 };

static struct payout_limits limits_of(const struct payout_limit_list_row *row)
{
    return (struct payout_limits){ .least_minor = row->least_given ? row->least : 0,
                                   .most_minor = row->most_given ? row->most : 0,
                                   .per_day_minor = row->per_day_given ? row->per_day : 0,
                                   .per_month_minor = row->per_month_given ? row->per_month : 0,
                                   .count_per_day = row->count_per_day_given ? row->count_per_day : 0,
                                   .approve_from_minor = row->approve_from_given ? row->approve_from : 0,
                                   .step_up_from_minor = row->step_up_from_given ? row->step_up_from : 0,
                                   .step_up_max_age_s = row->step_up_max_age_given ? row->step_up_max_age : 0,
                                   .details_from_minor = row->details_from_given ? row->details_from : 0,
                                   .step_up_acr = row->step_up_acr };
}

err limits_find(struct task *t, const struct limits_case *c, struct limits_found *ret)
{
    const struct payout_limit_list_row *rows;
    const struct payout_watch_counts_row *watch;
    size_t n;
    TRY(payout_limits_of(t, c->partner, c->currency, c->user, &rows, &n));
    TRY(payout_watch_counts(t, c->partner, c->currency, &watch));
    *ret = (struct limits_found){ .is_any = n > 0, .is_counted = n > 0 || watch->counts, .seller = NONE, .all = NONE };
    for (size_t i = 0; i < n; i++)
        *(str_eq(rows[i].scope, STR("all")) ? &ret->all : &ret->seller) = limits_of(&rows[i]);
    return OK;
}

/* user "": all sellers of the partner. */
static err judge(struct task *t, const struct limits_case *c, str user, const struct payout_limits *limits)
{
    const struct payout_usage_find_row *row;
    TRY(payout_usage_find(t, payout_day(t->arena, t->now), payout_month(t->arena, t->now), c->partner, user,
                          c->currency, &row));
    const struct payout_usage used = { row->day_amount, row->day_payouts, row->month_amount };
    enum limit_verdict verdict = payout_limit_judge(limits, &used, c->amount_minor);
    if (verdict == LIMIT_KEPT)
        return OK;
    str explain = payout_limit_explain(t->arena, verdict, limits, c->currency);
    return FAIL_PARAM(t, PAYOUT_LIMIT, STR("amount"), explain);
}

err limits_check(struct task *t, const struct limits_case *c, const struct limits_found *found)
{
    if (!found->is_any)
        return OK;
    TRY(judge(t, c, c->user.v, &found->seller));
    return judge(t, c, STR(""), &found->all);
}

err limits_take(struct task *t, const struct limits_case *c, const struct limits_found *found)
{
    if (!found->is_any)
        return OK;
    TRY(limits_check(t, c, found));
    const str users[] = { c->user.v, STR("") };
    const str periods[] = { payout_day(t->arena, t->now), payout_month(t->arena, t->now) };
    int64_t affected;
    for (size_t i = 0; i < 4; i++)
        TRY(payout_usage_add(t, c->partner, users[i / 2], c->currency, periods[i % 2], c->amount_minor, &affected));
    return OK;
}

/* RFC 9470 section 3. */
static str challenge(struct task *t, const struct payout_limits *limits)
{
    const struct app *app = t->app;
    str age = limits->step_up_max_age_s
                  ? arena_printf(t->arena, ", max_age=\"%lld\"", (long long)limits->step_up_max_age_s)
                  : STR("");
    return arena_printf(t->arena,
                        "Bearer error=\"insufficient_user_authentication\", "
                        "error_description=\"A payout of this amount needs another log-in\", acr_values=\"%.*s\"%.*s, "
                        "resource_metadata=\"%.*s/.well-known/oauth-protected-resource\"",
                        STR_ARG(limits->step_up_acr), STR_ARG(age), STR_ARG(app->config.public_url));
}

/* With what the user has asked for before, as far as it counts. */
static err asked_for(struct task *t, const struct caller *caller, const struct limits_case *c,
                     const struct payout_limits *limits, int64_t *ret)
{
    const struct payouts_asked_row *row;
    const struct user_login here = { caller->acr, clock_of_wall(t, caller->logged_in) };
    instant since = payout_step_up_since(limits, &here, t->now);
    TRY(payouts_asked(t, c->partner, c->user, since, c->currency, caller->subject, &row));
    bool fits = num_add(c->amount_minor, c->beside_minor, ret) && num_add(*ret, row->amount, ret);
    *ret = fits ? *ret : INT64_MAX;
    return OK;
}

err limits_log_in(struct task *t, const struct caller *caller, const struct limits_case *c,
                  const struct limits_found *found)
{
    const struct user_login login = { caller->acr, caller->logged_in };
    const struct payout_limits *each[] = { &found->seller, &found->all };
    for (size_t i = 0; str_given(caller->subject) && i < 2; i++) {
        int64_t amount = 0;
        if (each[i]->step_up_from_minor)
            TRY(asked_for(t, caller, c, each[i], &amount));
        if (!payout_needs_step_up(each[i], amount, &login, task_wall(t)))
            continue;
        struct failure *f = FAIL(t, INSUFFICIENT_USER_AUTHENTICATION, "acr %.*s", STR_ARG(caller->acr));
        f->challenge = challenge(t, each[i]);
        return f;
    }
    return OK;
}

struct turn_work {
    const struct limits_case *c;
    err (*run)(struct task *t, void *context);
    void *context;
};

static err turn_take(struct task *t, void *context)
{
    const struct turn_work *w = context;
    const struct payout_limits_lock_row *taken;
    const struct payout_limits_unlock_row *given;
    TRY(payout_limits_lock(t, w->c->partner, w->c->currency, &taken));
    err e = w->run(t, w->context);
    err left = payout_limits_unlock(t, w->c->partner, w->c->currency, &given);
    if (left)
        log_failure(t, left); /* the connection is lost, and the lock with it */
    return e;
}

/* The lock is the connection's. */
static err turn_run(struct task *t, const struct limits_case *c, err (*run)(struct task *t, void *context),
                    void *context)
{
    struct turn_work w = { c, run, context };
    return db_hold(t, turn_take, &w);
}

struct in_tx {
    err (*run)(struct task *t, void *context);
    void *context;
};

static err tx_run(struct task *t, void *context)
{
    const struct in_tx *x = context;
    return db_tx(t, x->run, x->context);
}

err limits_in_turn(struct task *t, const struct limits_case *c, err (*run)(struct task *t, void *context),
                   void *context)
{
    struct in_tx x = { run, context };
    return turn_run(t, c, tx_run, &x);
}

err limits_hold_turn(struct task *t, const struct limits_case *c, err (*run)(struct task *t, void *context),
                     void *context)
{
    struct limits_found found;
    TRY(limits_find(t, c, &found));
    return found.is_counted ? turn_run(t, c, run, context) : run(t, context);
}

err limits_ask_in_turn(struct task *t, const struct caller *caller, user_id user,
                       err (*run)(struct task *t, void *context), void *context)
{
    const struct limits_case his = { .partner = caller->partner, .currency = user.v }; /* in all currencies */
    return str_given(caller->subject) ? turn_run(t, &his, run, context) : run(t, context);
}

err limits_need_approval(struct task *t, const struct limits_case *c, const struct limits_found *found, bool *ret)
{
    const instant day = { t->now.us - t->now.us % DAYS(1).us };
    const struct payouts_unapproved_row *row;
    int64_t sum;
    *ret = false;
    if (!found->seller.approve_from_minor && !found->all.approve_from_minor)
        return OK;
    TRY(payouts_unapproved(t, c->partner, c->user, day, c->currency, &row));
    sum = num_add(row->amount, c->amount_minor, &sum) ? sum : INT64_MAX;
    *ret = payout_needs_approval(&found->seller, sum) || payout_needs_approval(&found->all, sum);
    return OK;
}

/* ---- setting them ---- */

static err put_in_tx(struct task *t, void *context)
{
    const struct limits_change *c = context;
    struct payout_limit_set_args to = c->to;
    const struct payout_limit_approval_row *row;
    int64_t affected;
    TRY(payout_limit_approval(t, to.partner, to.scope, to.user, to.currency, &row));
    const int64_t own = row->own_given ? row->own : 0;
    const bool is_of_each = !own && str_eq(to.scope, STR("seller")) && row->of_each_given;
    const int64_t before = is_of_each ? row->of_each : own, asked = to.approve_from;
    if (c->is_of_one && (asked || c->ends_approval) && !payout_approval_is_kept(before, asked))
        return FAIL_PARAM(t, FOUR_EYES, STR("approve_from"),
                          arena_printf(t->arena, "two operators approve from %.*s on, and nobody alone says more",
                                       STR_ARG(money_text(t->arena, before, to.currency))));
    if (!asked && !c->ends_approval)
        to.approve_from = own;
    return payout_limit_set(t, &to, &affected);
}

err limits_put(struct task *t, const struct limits_change *change)
{
    struct limits_change c = *change;
    return db_tx(t, put_in_tx, &c);
}
