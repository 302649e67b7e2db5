/* See consent.h. */
#include "paysrv/flow/access/consent.h"

#include "paysrv/domain/payout/payout.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/message/mail.h"
#include "paysrv/flow/message/speech.h"
#include "paysrv/flow/party/freeze.h"
#include "paysrv/flow/party/user.h"
#include "paysrv/flow/payout/payout_code.h"
#include "paysrv/flow/payout/payout_list.h"
#include "paysrv/flow/payout/payout_schedule.h"
#include "paysrv/flow/payout/payout_step.h"
#include "paysrv/store/consent.sql.h"
#include "paysrv/store/mail.sql.h"
#include "paysrv/store/user.sql.h"
#include "shared/db/db.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"
#include "web/paysrv/pages.h"

#define ASIDE_MAX_BYTES ((size_t)16 << 20)
#define GRANTS_MAX 1000

typedef struct withdrawals_open_row withdrawal;

/* ---- what the feed tells ---- */

err consent_withdrawal_note(struct task *t, const struct json_value *item)
{
    const struct json_value *grants = json_get(item, "grants");
    str id, subject, client, partner;
    int64_t at_s, n;
    size_t n_grants = json_kind(grants) == JSON_ARRAY ? json_size(grants) : 0;
    if (!json_get_str(item, "withdrawal", &id) || !json_get_str(item, "sub", &subject) ||
        !json_get_str(item, "client_id", &client) || !json_get_i64(item, "withdrawn_at", &at_s) ||
        n_grants > GRANTS_MAX)
        return OK;
    if (!json_get_str(item, "partner", &partner))
        return OK; /* of a client that is nobody's: paysrv knows no such tokens */
    str *names = arena_array(t->arena, str, n_grants + 1);
    for (size_t i = 0; i < n_grants; i++)
        if (!json_is_str(json_item(grants, i), &names[i]))
            return OK;
    return withdrawal_note(t, id, (partner_id){ partner }, subject, client, (str_array){ names, n_grants },
                           instant_of_seconds(at_s), &n);
}

/* ---- what rests on it ---- */

struct ending {
    const withdrawal *w;
    const struct user_find_row *user;
    bool stops; /* something that the owner is told of */
};

/* Confirmed a moment ago it is paused, like the others. */
static err schedule_stop(struct task *t, struct ending *x, const struct schedules_of_consent_row *s)
{
    err e = str_eq(s->status, STR("awaiting_code"))
                ? schedule_end(t, x->w->partner_id, s->schedule_id, CONSENT_WITHDRAWN)
                : schedule_pause(t, x->w->partner_id, s->schedule_id, CONSENT_WITHDRAWN);
    if (err_is(e, &FAULT_PAYOUT_STATE))
        e = schedule_pause(t, x->w->partner_id, s->schedule_id, CONSENT_WITHDRAWN);
    if (err_is(e, &FAULT_PAYOUT_STATE))
        return OK; /* it ended by itself */
    TRY(e);
    x->stops = true;
    log_warn(t, "payout_schedule.consent_withdrawn", L_STR("schedule", s->schedule_id),
             L_STR("withdrawal", x->w->withdrawal_id));
    return OK;
}

static err schedules_stop(struct task *t, struct ending *x)
{
    const struct schedules_of_consent_row *rows;
    size_t n;
    TRY(schedules_of_consent(t, x->w->partner_id, x->user->user_id, x->w->client_id, x->w->subject, x->w->withdrawn_at,
                             &rows, &n));
    for (size_t i = 0; i < n; i++)
        TRY(schedule_stop(t, x, &rows[i]));
    return OK;
}

/* What was allowed once and not used yet: the codes that were mailed for it are worth nothing. */
static err permits_stop(struct task *t, struct ending *x)
{
    const struct payout_closing closing = { .to = PAYOUT_CANCELED,
                                            .from = payout_state_name(PAYOUT_AWAITING_CODE),
                                            .reason = CONSENT_WITHDRAWN };
    const struct payouts_of_grants_row *rows;
    str list = STR_NONE;
    size_t n;
    bool done;
    TRY(payouts_of_grants(t, x->w->partner_id, x->user->user_id, x->w->grants, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        if (!str_given(rows[i].list_id)) {
            TRY(payout_step_close(t, x->w->partner_id, rows[i].payout_id, &closing, &done, NULL));
        } else if (!str_given(list) || !str_eq(list, rows[i].list_id)) {
            list = rows[i].list_id;
            err e = payout_list_end(t, x->w->partner_id, list, CONSENT_WITHDRAWN);
            if (e && !err_is(e, &FAULT_PAYOUT_STATE)) /* confirmed a moment ago */
                return e;
        }
    }
    return OK;
}

static err owner_tell(struct task *t, const struct ending *x)
{
    enum language lang = speech_to(t, x->user->locale);
    str partner_name;
    int64_t n;
    if (!str_given(x->user->email))
        return OK;
    TRY(code_partner_name(t, x->w->partner_id, &partner_name));
    const struct mail_consent_withdrawn m = { .partner_name = partner_name, .time = moment_in(t, lang, t->now) };
    struct mail_draft draft = mail_draft_make(t, x->user->email, lang, mail_consent_withdrawn(t->arena, lang, &m));
    return mail_insert(t, draft.id, STR("consent_withdrawn"), draft.recipient, draft.content, &n);
}

static err apply_effect(struct task *t, void *context)
{
    struct ending *x = context;
    int64_t taken, changed;
    x->stops = false;
    TRY(withdrawal_take(t, x->w->withdrawal_id, &taken));
    if (taken == 0)
        return OK;
    TRY(clock_enter(t, x->w->partner_id));
    TRY(user_of_subject(t, x->w->partner_id, x->w->subject, &x->user));
    if (!x->user)
        return OK; /* nobody who sells here */
    struct user_find_row after = *x->user;
    after.consent_withdrawn_at = x->w->withdrawn_at;
    after.consent_withdrawn_at_given = true;
    TRY(user_consent_withdrawn(t, x->w->withdrawn_at, x->w->partner_id, x->user->user_id, &changed));
    TRY(user_tell(t, x->w->partner_id, &after, "user.updated"));
    TRY(schedules_stop(t, x));
    TRY(permits_stop(t, x));
    CRASH_POINT("consent.before_commit");
    return x->stops ? owner_tell(t, x) : OK;
}

static err apply_one(struct task *t, void *context)
{
    struct ending x = { .w = context };
    int64_t n;
    TRY(withdrawal_tried(t, x.w->withdrawal_id, &n));
    err e = db_tx(t, apply_effect, &x);
    clock_leave(t);
    if (!e && x.stops)
        mail_wake(t);
    return e;
}

err consent_withdrawals_apply(struct task *t)
{
    const withdrawal *rows;
    size_t n;
    err first = OK;
    TRY(withdrawals_open(t, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        withdrawal w = rows[i];
        first = failure_first(t, first, task_aside(t, ASIDE_MAX_BYTES, apply_one, &w));
    }
    return first;
}

/* ---- coming back ---- */

err consent_judge(struct task *t, const struct caller *c, const struct user_find_row *user)
{
    int64_t changed;
    if (!user->consent_withdrawn_at_given)
        return OK;
    if (!str_given(c->subject) || instant_before(c->issued, user->consent_withdrawn_at))
        return FAIL_PARAM(t, CONSENT_IS_WITHDRAWN, STR("user"), STR("has to log in at the partner again and agree"));
    return user_consent_given(t, c->partner, user->user_id, c->issued, &changed);
}
