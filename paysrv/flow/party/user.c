/* See user.h; MONEY 6.B15. */
#include "paysrv/flow/party/user.h"

#include "paysrv/faults.h"
#include "paysrv/flow/party/party_object.h"
#include "paysrv/flow/payout/payout_schedule.h"
#include "paysrv/store/event.sql.h"
#include "paysrv/store/user.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "shared/ops/log.h"

#define AGAIN MINUTES(1) /* when all that began before has ended */
#define LATER HOURS(1)   /* while something is on its way */

err user_tell(struct task *t, partner_id partner, const struct user_find_row *user, const char *type)
{
    int64_t n;
    event_id event = { random_id(t->arena, "evt_") };
    return event_insert(t, event, partner, str_of(type), user->user_id.v, user_document(t, user), &n);
}

/* ---- confirmed ---- */

static err waiting_user(struct task *t, const struct confirmation_of *of, struct user_find_row *ret)
{
    const struct user_find_row *user;
    TRY(user_find(t, of->partner, of->user, &user));
    if (!user || user->closed_at_given || !user->needs_code || user->confirmed_at_given)
        return FAIL(t, CONFIRMATION_STATE, "the user does not wait any more");
    *ret = *user;
    return OK;
}

err user_lines(struct task *t, const struct confirmation_of *of, struct confirmation_lines *ret)
{
    struct user_find_row user;
    TRY(waiting_user(t, of, &user));
    confirmation_line_add(ret, "name", TEXT_MAIL_NAME, user.name, STR_NONE);
    confirmation_line_add(ret, "email", TEXT_MAIL_EMAIL, user.email, STR_NONE);
    confirmation_line_add(ret, "country", TEXT_MAIL_COUNTRY, user.country, STR_NONE);
    return OK;
}

err user_confirmed(struct task *t, const struct confirmation_of *of)
{
    struct user_find_row user;
    int64_t changed;
    TRY(waiting_user(t, of, &user));
    TRY(user_confirm(t, of->partner, of->user, &changed));
    if (!changed)
        return FAIL(t, CONFIRMATION_STATE, "the user does not wait any more");
    user.confirmed_at = t->now;
    user.confirmed_at_given = true;
    user.email_verified = true;
    return user_tell(t, of->partner, &user, "user.activated");
}

err user_dropped(struct task *t, const struct confirmation_of *of, str why)
{
    const struct user_find_row *row;
    int64_t changed;
    TRY(user_drop(t, why, of->partner, of->user, &changed));
    TRY(user_find(t, of->partner, of->user, &row));
    return changed && row ? user_tell(t, of->partner, row, "user.closed") : OK;
}

/* ---- closed ---- */

struct closing {
    partner_id partner;
    struct user_find_row user;
};

static str named(struct task *t, str before, int64_t n, const char *what)
{
    if (n == 0)
        return before;
    return arena_printf(t->arena, "%.*s%s%s (%lld)", STR_ARG(before), before.n ? ", " : "", what, (long long)n);
}

static str still_open(struct task *t, const struct user_open_row *open)
{
    str still = STR("");
    still = named(t, still, open->stores, "stores");
    still = named(t, still, open->balances, "balances that are not zero");
    still = named(t, still, open->payouts, "payouts");
    still = named(t, still, open->payments, "payments");
    still = named(t, still, open->disputes, "disputes");
    still = named(t, still, open->subscriptions, "subscriptions");
    return named(t, still, open->refunds, "refunds that wait");
}

static err open_refuse(struct task *t, const struct user_open_row *open)
{
    str still = still_open(t, open);
    if (still.n == 0)
        return OK;
    return FAIL_PARAM(t, USER_STATE, STR("user"), arena_printf(t->arena, "still open: %.*s", STR_ARG(still)));
}

static err close_effect(struct task *t, void *context, struct answer *ret)
{
    const struct closing *x = context;
    struct user_find_row after = x->user;
    const struct user_open_row *open;
    const instant again = instant_add(task_wall(t), AGAIN);
    int64_t changed, killed;
    if (!after.closed_at_given) {
        TRY(user_close(t, x->partner, after.user_id, &changed));
        TRY(user_look_again(t, &again, x->partner, after.user_id, &changed));
        TRY(user_open(t, x->partner, after.user_id, &open));
        TRY(open_refuse(t, open));
        TRY(user_schedules_end(t, x->partner, after.user_id, STR_NONE, "user_closed"));
        TRY(user_codes_kill(t, x->partner, after.user_id, &killed));
        after.closed_at = t->now;
        after.closed_at_given = true;
        after.closed_reason = STR("requested");
        TRY(user_tell(t, x->partner, &after, "user.closed"));
    }
    *ret = (struct answer){ .status = 200, .body = user_document(t, &after) };
    return OK;
}

err users_close(struct task *t, const struct caller *c, const struct user_find_row *user, const struct once *once,
                struct answer *ret)
{
    struct closing x = { .partner = c->partner, .user = *user };
    str op = random_id(t->arena, "end_");
    TRY(once_run(t, c->partner, once, op, close_effect, &x, ret));
    log_info(t, "user.closed", L_STR("user", user->user_id.v));
    return OK;
}

/* ---- looked at again ---- */

/* What is on its way brings something yet, or nothing; what is left then is for a person. */
static err look_again(struct task *t, const struct users_look_again_row *row)
{
    const struct user_open_row *open;
    int64_t affected;
    TRY(user_open(t, row->partner_id, row->user_id, &open));
    if (open->payments + open->payouts + open->refunds > 0)
        return OK;
    if (open->balances + open->stores > 0) {
        str detail = arena_printf(t->arena, "closed, and still open: %.*s", STR_ARG(still_open(t, open)));
        TRY(user_owed_tell(t, detail, row->partner_id, row->user_id, &affected));
    }
    return user_look_again(t, NULL, row->partner_id, row->user_id, &affected);
}

err users_look(struct task *t)
{
    const struct users_look_again_row *rows;
    size_t n;
    err first = OK;
    TRY(users_look_again(t, instant_add(task_wall(t), LATER), &rows, &n));
    for (size_t i = 0; i < n; i++)
        first = failure_first(t, first, look_again(t, &rows[i]));
    return first;
}

/* ---- opened again ---- */

static err open_again_in_tx(struct task *t, void *context)
{
    const struct closing *x = context;
    const struct user_find_row *now;
    int64_t changed;
    TRY(user_reopen(t, x->partner, x->user.user_id, &changed));
    if (!changed)
        return FAIL_PARAM(t, USER_STATE, STR("user"),
                          STR("is not closed, was never confirmed, or nothing is kept of him any more"));
    TRY(user_find(t, x->partner, x->user.user_id, &now));
    return now ? user_tell(t, x->partner, now, "user.reopened") : FAIL(t, NOT_FOUND, "no such user");
}

err users_open_again(struct task *t, partner_id partner, const struct user_find_row *user)
{
    struct closing x = { .partner = partner, .user = *user };
    TRY(db_tx(t, open_again_in_tx, &x));
    log_warn(t, "user.reopened", L_STR("user", user->user_id.v));
    return OK;
}
