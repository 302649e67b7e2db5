/* Agreeing to schedules, and ending them. See payout_schedule.h; MONEY 6.A8, B16; decision 0046. */
#include "paysrv/flow/payout/payout_schedule.h"

#include "paysrv/app.h"
#include "paysrv/domain/party/requisite.h"
#include "paysrv/domain/payout/payout.h"
#include "paysrv/faults.h"
#include "paysrv/flow/access/consent.h"
#include "paysrv/flow/party/party.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/payout/limits.h"
#include "paysrv/flow/payout/payout_code.h"
#include "paysrv/flow/payout/payout_order.h"
#include "paysrv/flow/payout/payout_permit.h"
#include "paysrv/flow/payout/payout_schedule_object.h"
#include "paysrv/flow/zones.h"
#include "paysrv/store/payout.sql.h"
#include "paysrv/store/payout_schedule.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"

#define WAITING_MOST 1000 /* as payout_schedules_open has it */

typedef struct payout_schedule_find_row schedule_row;

static err schedule_load(struct task *t, const struct caller *c, str id, const schedule_row **ret)
{
    str owner;
    TRY(party_owner(t, c, &owner));
    TRY(payout_schedule_find(t, c->partner, id, owner, ret));
    return *ret ? OK : FAIL(t, NOT_FOUND, "no such schedule of this caller");
}

static struct payout_schedule when_of(const schedule_row *s)
{
    struct payout_schedule when = { .day = s->day, .minute = s->minute, .settles = s->settles };
    (void)schedule_unit_parse(s->unit, &when.unit);
    return when;
}

/* The hash of what is stored now: what the code was made for. */
static digest terms_of(struct task *t, const schedule_row *s)
{
    const struct schedule_terms terms = {
        .schedule = s->schedule_id,
        .user = s->user_id.v,
        .requisite = s->requisite_id.v,
        .currency = s->currency,
        .zone = s->zone,
        .destination = s->destination,
        .when = when_of(s),
        .minimum_minor = s->minimum,
    };
    return schedule_terms_hash(t->arena, &terms);
}

static err next_of(struct task *t, const schedule_row *s, instant *ret)
{
    struct payout_schedule when = when_of(s);
    TRY(zone_load(t, s->zone, &when.zone));
    *ret = payout_schedule_next(&when, t->now);
    return OK;
}

/* ---- request ---- */

static err order_read(struct task *t, const struct schedule_order *o)
{
    const struct zone *zone;
    if (!schedule_day_fits(o->when.unit, o->when.day))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("day"), STR("week: 1 (Monday) to 7; month: 1 to 31; day: none"));
    return zone_load(t, o->zone, &zone);
}

static err schedule_plan(struct task *t, const struct caller *c, const struct user_find_row *user,
                         const struct schedule_order *o, schedule_row *ret)
{
    const struct app *app = t->app;
    const struct payout_order order = {
        .user = o->user, .requisite = o->requisite, .amount_minor = o->minimum_minor, .currency = o->currency
    };
    /* Nobody knows today how much it will pay out. */
    const struct limits_case any = { c->partner, user->user_id, o->currency, INT64_MAX };
    struct limits_found limits;
    const struct requisite_find_row *requisite;
    str_array labels;
    TRY(order_read(t, o));
    TRY(order_judge(t, c, &order, user, &requisite));
    TRY(order_user_may(t, c->partner, user, &labels));
    TRY(limits_find(t, &any, &limits));
    TRY(limits_log_in(t, c, &any, &limits));
    TRY(permit_schedule(t, c, &limits));
    *ret = (schedule_row){
        .schedule_id = random_id(t->arena, "pos_"),
        .partner_id = c->partner,
        .user_id = user->user_id,
        .requisite_id = requisite->requisite_id,
        .currency = o->currency,
        .unit = schedule_unit_name(o->when.unit),
        .day = o->when.day,
        .minute = o->when.minute,
        .zone = o->zone,
        .settles = o->when.settles,
        .minimum = o->minimum_minor,
        .label = order_payout(t, &order, requisite, &labels).label,
        .status = STR("awaiting_code"),
        .attempts_left = PAYOUT_CODE_ATTEMPTS,
        .attempts_left_given = true,
        .created_at = t->now,
        .expires_at = instant_add(t->now, app->config.payout_code_ttl),
        .rail = requisite->rail,
        .masked = requisite->masked,
        .destination = requisite->destination,
        .holder_name = requisite->holder_name,
    };
    ret->hash = terms_of(t, ret);
    return OK;
}

static err schedule_store(struct task *t, const struct caller *c, const struct once *once, const schedule_row *s,
                          const struct issued_code *code, struct answer *ret)
{
    const struct payout_schedule_request_args args = {
        .partner = c->partner,
        .route = once->route,
        .key = once->key,
        .fingerprint = once->fingerprint,
        .schedule = s->schedule_id,
        .body = schedule_document(t, s, NULL, 0),
        .user = s->user_id,
        .requisite = s->requisite_id,
        .currency = s->currency,
        .unit = s->unit,
        .day = s->day,
        .minute = s->minute,
        .zone = s->zone,
        .settles = s->settles,
        .minimum = s->minimum,
        .label = s->label,
        .bind_hash = s->hash,
        .requested_by = str_given(c->subject) ? c->subject : c->client_id,
        .client = c->client_id,
        .expires_at = s->expires_at,
        .code_key = code->code_key,
        .mac = code->mac,
        .max_attempts = PAYOUT_CODE_ATTEMPTS,
        .mail = code->mail.id,
        .recipient = code->mail.recipient,
        .content = code->mail.content,
        .event = { random_id(t->arena, "evt_") },
    };
    const struct payout_schedule_request_row *row;
    bool found;
    TRY(payout_schedule_request(t, &args, &row));
    if (row->is_first) {
        *ret = (struct answer){ .status = 201, .body = args.body };
        mail_wake(t);
        return OK;
    }
    TRY(once_stored(t, c->partner, once, &found, ret));
    return found ? OK : FAIL(t, UNAVAILABLE, "the key vanished between two statements");
}

static err request_new(struct task *t, const struct caller *c, const struct schedule_order *order,
                       const struct once *once, struct answer *ret)
{
    const struct user_find_row *user;
    struct issued_code code;
    schedule_row s;
    TRY(party_user(t, c, order->user, &user));
    TRY(consent_judge(t, c, user));
    TRY(schedule_plan(t, c, user, order, &s));
    TRY(code_issue_schedule(t, c, user, &s, &code));
    return schedule_store(t, c, once, &s, &code, ret);
}

err schedules_request(struct task *t, const struct caller *c, const struct schedule_order *order,
                      const struct once *once, struct answer *ret)
{
    bool found;
    TRY(once_stored(t, c->partner, once, &found, ret));
    if (found)
        return OK;
    return once_instead(t, c->partner, once, request_new(t, c, order, once, ret), ret);
}

/* ---- confirm ---- */

struct changing {
    const struct caller *caller;
    const struct code_attempt_row *code;
    schedule_row after;
    str event_name;
    str_array from;
};

/* The row in force goes first: there is one for each seller and currency. */
static err confirm_effect(struct task *t, void *context, struct answer *ret)
{
    const struct changing *x = context;
    const struct payout_schedule_take_row *taken;
    const struct payout_schedule_set_row *set;
    static const str waiting[] = { { "awaiting_code", 13 } };
    *ret = (struct answer){ .status = 200, .body = schedule_document(t, &x->after, NULL, 0) };
    TRY(payout_schedule_take(t, x->after.schedule_id, x->caller->partner, x->code->code_id,
                             (event_id){ random_id(t->arena, "evt_") }, ret->body, &taken));
    if (!taken->is_taken)
        return code_refuse(t, x->code->attempts_left, "the schedule no longer waits for this code");
    TRY(user_schedules_end(t, x->caller->partner, x->after.user_id, x->after.currency, "replaced"));
    const struct payout_schedule_set_args args = { .to = STR("active"),
                                                   .next_at = &x->after.next_at,
                                                   .schedule = x->after.schedule_id,
                                                   .partner = x->caller->partner,
                                                   .from = { waiting, 1 } };
    TRY(payout_schedule_set(t, &args, &set));
    return set ? OK : FAIL(t, PAYOUT_STATE, "it does not wait");
}

static err code_judge(struct task *t, const struct caller *c, const schedule_row *s, str typed,
                      const struct code_attempt_row **code)
{
    schedule_row last = *s;
    last.attempts_left = 0;
    const struct code_question question = { .subject = s->schedule_id,
                                            .bind = terms_of(t, s),
                                            .attempts_left = s->attempts_left_given ? s->attempts_left : 0,
                                            .typed = typed,
                                            .failed = "payout_schedule.confirmation_failed",
                                            .failed_body = schedule_document(t, &last, NULL, 0) };
    return code_check(t, c, &question, code);
}

err schedules_confirm(struct task *t, const struct caller *c, str schedule, str typed, const struct once *once,
                      struct answer *ret)
{
    bool found;
    TRY(once_stored(t, c->partner, once, &found, ret));
    if (found)
        return OK;
    const schedule_row *s;
    const struct user_find_row *user;
    TRY(schedule_load(t, c, schedule, &s));
    TRY(party_user(t, c, s->user_id.v, &user));
    if (user->payouts_frozen_at_given)
        return FAIL(t, PAYOUTS_FROZEN, "the owner has frozen payouts");
    struct changing x = { .caller = c, .after = *s };
    err e = code_judge(t, c, s, typed, &x.code);
    if (e)
        return once_instead(t, c->partner, once, e, ret);
    x.after.status = STR("active");
    x.after.next_at_given = true;
    TRY(next_of(t, s, &x.after.next_at));
    str op = arena_printf(t->arena, "confirm %.*s", STR_ARG(s->schedule_id));
    e = once_run(t, c->partner, once, op, confirm_effect, &x, ret);
    return e ? code_lost(t, x.code, e) : OK;
}

/* ---- paused, resumed, ended ---- */

static err set_effect(struct task *t, void *context, struct answer *ret)
{
    const struct changing *x = context;
    const struct payout_schedule_set_row *row;
    *ret = (struct answer){ .status = 200, .body = schedule_document(t, &x->after, NULL, 0) };
    const struct payout_schedule_set_args args = {
        .to = x->after.status,
        .reason = x->after.reason,
        .next_at = x->after.next_at_given ? &x->after.next_at : NULL,
        .schedule = x->after.schedule_id,
        .partner = x->caller->partner,
        .from = x->from,
        .event = random_id(t->arena, "evt_"),
        .data = ret->body,
    };
    TRY(payout_schedule_set(t, &args, &row));
    return row ? OK
               : FAIL_PARAM(t, PAYOUT_STATE, STR("schedule"),
                            arena_printf(t->arena, "it cannot become %.*s now", STR_ARG(x->after.status)));
}

err schedules_set(struct task *t, const struct caller *c, str schedule, str to, const struct once *once,
                  struct answer *ret)
{
    static const str active[] = { { "active", 6 } }, paused[] = { { "paused", 6 } };
    static const str any[] = { { "awaiting_code", 13 }, { "active", 6 }, { "paused", 6 } };
    const schedule_row *s;
    TRY(schedule_load(t, c, schedule, &s));
    struct changing x = { .caller = c, .after = *s };
    x.after.status = to;
    x.after.next_at_given = str_eq(to, STR("active"));
    x.after.reason = x.after.next_at_given ? STR_NONE : STR("requested");
    if (x.after.next_at_given && str_eq(s->reason, CONSENT_WITHDRAWN))
        return FAIL_PARAM(t, CONSENT_IS_WITHDRAWN, STR("schedule"), STR("ask for another, which its owner confirms"));
    if (x.after.next_at_given) {
        TRY(next_of(t, s, &x.after.next_at));
        x.from = (str_array){ paused, 1 };
    } else {
        x.from = str_eq(to, STR("paused")) ? (str_array){ active, 1 } : (str_array){ any, 3 };
    }
    str op = random_id(t->arena, "chg_"); /* paused and resumed again and again, each time under another key */
    return once_run(t, c->partner, once, op, set_effect, &x, ret);
}

static err schedule_move(struct task *t, partner_id partner, str schedule, str_array from, const char *to, str reason)
{
    const struct caller self = { .partner = partner };
    const schedule_row *s;
    struct answer answer;
    TRY(payout_schedule_find(t, partner, schedule, STR_NONE, &s));
    if (!s)
        return OK;
    struct changing x = { .caller = &self, .after = *s, .from = from };
    x.after.status = str_of(to);
    x.after.reason = reason;
    x.after.next_at_given = false;
    return set_effect(t, &x, &answer);
}

err schedule_end(struct task *t, partner_id partner, str schedule, str reason)
{
    static const str waiting[] = { { "awaiting_code", 13 } };
    return schedule_move(t, partner, schedule, (str_array){ waiting, 1 }, "ended", reason);
}

err user_schedules_end(struct task *t, partner_id partner, user_id user, str currency, const char *reason)
{
    static const str any[] = { { "awaiting_code", 13 }, { "active", 6 }, { "paused", 6 } };
    const struct payout_schedules_open_row *rows;
    size_t n;
    TRY(payout_schedules_open(t, partner, user, currency, &rows, &n));
    for (size_t i = 0; i < n; i++)
        TRY(schedule_move(t, partner, rows[i].schedule_id, (str_array){ any, 3 }, "ended", str_of(reason)));
    return OK;
}

struct expiring {
    partner_id partner;
    str schedule;
};

/* A code that was sent again a moment ago gives it more time. */
static err expire_in_tx(struct task *t, void *context)
{
    const struct expiring *x = context;
    const schedule_row *s;
    TRY(payout_schedule_find(t, x->partner, x->schedule, STR_NONE, &s));
    if (!s || !str_eq(s->status, STR("awaiting_code")) || instant_before(t->now, s->expires_at))
        return OK;
    return schedule_end(t, x->partner, x->schedule, STR("expired"));
}

err schedule_expire(struct task *t, partner_id partner, str schedule)
{
    struct expiring x = { partner, schedule };
    return db_tx(t, expire_in_tx, &x);
}

/* One that is agreed to at this moment stays, and is not run while payouts are frozen. */
err schedules_end_waiting(struct task *t, partner_id partner, user_id user)
{
    const schedule_row *rows;
    size_t n;
    TRY(payout_schedule_list(t, partner, user, STR_NONE, WAITING_MOST, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(rows[i].status, STR("awaiting_code")))
            continue;
        err e = schedule_end(t, partner, rows[i].schedule_id, STR("frozen"));
        if (e && !err_is(e, &FAULT_PAYOUT_STATE))
            return e;
    }
    return OK;
}

err schedule_pause(struct task *t, partner_id partner, str schedule, str reason)
{
    static const str agreed[] = { { "active", 6 }, { "paused", 6 } };
    return schedule_move(t, partner, schedule, (str_array){ agreed, 2 }, "paused", reason);
}

/* ---- reading ---- */

err schedules_read(struct task *t, const struct caller *c, str schedule, str *document)
{
    const schedule_row *s;
    const struct payout_schedule_runs_row *runs;
    size_t n;
    TRY(schedule_load(t, c, schedule, &s));
    TRY(payout_schedule_runs(t, s->schedule_id, &runs, &n));
    *document = schedule_document(t, s, runs ? runs : arena_array(t->arena, struct payout_schedule_runs_row, 1), n);
    return OK;
}
