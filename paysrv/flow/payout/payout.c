/* See payout.h; docs/protocol/pay/payouts.md; SECURITY L. */
#include "paysrv/flow/payout/payout.h"

#include "paysrv/app.h"
#include "paysrv/domain/payout/payout.h"
#include "paysrv/faults.h"
#include "paysrv/flow/party/party.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/payout/limits.h"
#include "paysrv/flow/payout/payout_booking.h"
#include "paysrv/flow/payout/payout_code.h"
#include "paysrv/flow/payout/payout_fee.h"
#include "paysrv/flow/payout/payout_object.h"
#include "paysrv/flow/payout/payout_order.h"
#include "paysrv/flow/payout/payout_permit.h"
#include "paysrv/flow/payout/payout_step.h"
#include "paysrv/store/payout.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "shared/ops/process.h"

#define LABEL_ROUNDS 5

static err payout_load(struct task *t, const struct caller *c, str id, const struct payout_find_row **ret)
{
    str owner;
    TRY(party_owner(t, c, &owner));
    TRY(payout_find(t, c->partner, (payout_id){ id }, owner, ret));
    if (!*ret)
        return FAIL(t, NOT_FOUND, "no such payout of this caller");
    return OK;
}

/* What waits with its list is confirmed, or canceled, with it. */
static err is_by_itself(struct task *t, const struct payout_find_row *p)
{
    if (!str_given(p->list_id) || !str_eq(p->status, payout_state_name(PAYOUT_AWAITING_CODE)))
        return OK;
    return FAIL_PARAM(t, PAYOUT_STATE, STR("payout"),
                      arena_printf(t->arena, "it waits with its list, %.*s", STR_ARG(p->list_id)));
}

/* ---- request ---- */

static err request_store(struct task *t, const struct caller *c, const struct once *once,
                         const struct payout_find_row *p, str permit, const struct issued_code *code,
                         struct answer *ret)
{
    const struct payout_request_args args = {
        .partner = c->partner,
        .route = once->route,
        .key = once->key,
        .fingerprint = once->fingerprint,
        .payout = p->payout_id,
        .body = payout_document(t, p),
        .user = p->user_id,
        .requisite = p->requisite_id,
        .amount = p->amount,
        .currency = p->currency,
        .destination = p->destination,
        .rail = p->rail,
        .permit = permit,
        .external_id = p->external_id,
        .label = p->label,
        .expires_at = p->expires_at,
        .code_key = code->code_key,
        .mac = code->mac,
        .bind_hash = code->bind_hash,
        .max_attempts = PAYOUT_CODE_ATTEMPTS,
        .mail = code->mail.id,
        .recipient = code->mail.recipient,
        .content = code->mail.content,
        .event = { random_id(t->arena, "evt_") },
        .requested_by = str_given(c->subject) ? c->subject : c->client_id,
    };
    const struct payout_request_row *row;
    TRY(payout_request(t, &args, &row));
    if (row->is_first) {
        *ret = (struct answer){ .status = 201, .body = args.body };
        pay_metrics_payout(t, STEP_REQUESTED);
        mail_wake(t);
        return OK;
    }
    bool found;
    TRY(once_stored(t, c->partner, once, &found, ret));
    return found ? OK : FAIL(t, UNAVAILABLE, "the key vanished between two statements");
}

struct asked {
    const struct caller *caller;
    const struct user_find_row *user;
    const struct payout_order *order;
    const struct requisite_find_row *requisite;
    const struct once *once;
    struct answer *answer;
    str permit;       /* of authorization_details; absent: none */
    str_array labels; /* of his that wait */
};

static err store_once(struct task *t, const struct asked *a, struct answer *ret)
{
    struct issued_code code;
    struct payout_find_row payout = order_payout(t, a->order, a->requisite, &a->labels);
    TRY(payout_fee_apply(t, a->caller->partner, &payout));
    TRY(order_is_covered(t, a->caller->partner, a->user->user_id, a->order->currency, payout_total(&payout)));
    TRY(code_issue(t, a->caller, a->user, &payout, &code));
    return request_store(t, a->caller, a->once, &payout, a->permit, &code, ret);
}

/* Another request of this moment may have taken the label: then one that neither has. */
static err named_store(struct task *t, struct asked *a, struct answer *ret)
{
    err e = store_once(t, a, ret);
    for (int i = 1; i < LABEL_ROUNDS && err_is(e, &FAULT_LABEL_TAKEN); i++) {
        TRY(order_user_may(t, a->caller->partner, a->user, &a->labels));
        e = store_once(t, a, ret);
    }
    return e;
}

static err allowed_store(struct task *t, void *context)
{
    struct asked *a = context;
    const struct caller *c = a->caller;
    struct limits_case limits = { c->partner, a->user->user_id, a->order->currency };
    struct limits_found found;
    struct payout_permits permits;
    TRY(payout_fee_net(t, c->partner, a->order->currency, a->order->amount_minor, &limits.amount_minor));
    TRY(limits_find(t, &limits, &found));
    TRY(limits_check(t, &limits, &found));
    TRY(limits_log_in(t, c, &limits, &found));
    TRY(permits_open(t, c, &permits));
    TRY(permit_take(t, c, &permits, &limits, &found, a->requisite, a->order->amount_minor, &a->permit));
    return named_store(t, a, a->answer);
}

/* Before anything else is judged, as for refunds. */
static err name_check(struct task *t, partner_id partner, str external_id)
{
    const struct payout_by_name_row *row;
    if (!str_given(external_id))
        return OK;
    TRY(payout_by_name(t, partner, external_id, &row));
    return row ? FAIL_PARAM(t, EXTERNAL_ID_TAKEN, STR("external_id"), STR("names another payout")) : OK;
}

static err request_new(struct task *t, const struct caller *c, const struct payout_order *order,
                       const struct once *once, struct answer *ret)
{
    const struct user_find_row *user;
    if (!str_given(c->subject) && !str_given(order->user))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("user"),
                          STR("a partner's token has to name the user; what the partner sells itself (own_sales) is "
                              "paid out by the operator"));
    TRY(party_user(t, c, order->user, &user));
    TRY(name_check(t, c->partner, order->external_id));
    const struct requisite_find_row *requisite;
    TRY(order_judge(t, c, order, user, &requisite));
    if (user->payouts_frozen_at_given)
        return FAIL(t, PAYOUTS_FROZEN, "the owner has frozen payouts");
    struct asked asked = { c, user, order, requisite, once, ret, STR_NONE, { 0 } };
    TRY(order_user_may(t, c->partner, user, &asked.labels));
    TRY(order_is_covered(t, c->partner, user->user_id, order->currency, order->amount_minor));
    TRY(limits_ask_in_turn(t, c, user->user_id, allowed_store, &asked));
    CRASH_POINT("payout.before_reply");
    return OK;
}

err payouts_request(struct task *t, const struct caller *c, const struct payout_order *order, const struct once *once,
                    struct answer *ret)
{
    bool found;
    TRY(once_stored(t, c->partner, once, &found, ret));
    if (found)
        return OK;
    return once_instead(t, c->partner, once, request_new(t, c, order, once, ret), ret);
}

/* ---- confirm ---- */

/* Somebody else was faster: with the same key it was this request's twin, whose answer is ours. */
static err confirm_lost(struct task *t, const struct caller *c, const struct once *once, int attempts_left,
                        struct answer *ret)
{
    bool found;
    TRY(once_stored(t, c->partner, once, &found, ret));
    return found ? OK : code_refuse(t, attempts_left, "the payout no longer waits for this code");
}

struct booking {
    const struct payout_find_row *payout;
    struct payout_booking *b;
};

/* Without limits it is one statement; with them what was counted and what was booked are one transaction. */
static err book_in_tx(struct task *t, void *context)
{
    const struct booking *x = context;
    TRY(payout_booking_look(t, x->payout, x->b)); /* the others that it is counted with are done by now */
    TRY(payout_booking_take(t, x->b));
    return x->b->row->is_confirmed ? OK : FAIL(t, PAYOUT_STATE, "not confirmed, so not counted");
}

static err book_run(struct task *t, const struct payout_find_row *payout, struct payout_booking *b)
{
    struct booking x = { payout, b };
    CRASH_POINT("payout.before_confirm_commit");
    if (!b->found.is_counted && b->fee_minor == 0 && !b->why.has[APPROVAL_SCREENING])
        return payout_booking_take(t, b);
    err e = limits_in_turn(t, &b->limits, book_in_tx, &x);
    return e && b->row && !b->row->is_confirmed ? OK : e;
}

static err confirm_book(struct task *t, const struct caller *c, const struct payout_find_row *payout,
                        const struct code_attempt_row *code, const struct once *once, struct answer *ret)
{
    struct payout_booking b;
    TRY(payout_booking_make(t, c->partner, payout, &b));
    b.args.code = &code->code_id;
    b.args.route = once->route;
    b.args.key = once->key;
    b.args.fingerprint = once->fingerprint;
    TRY(book_run(t, payout, &b));
    CRASH_POINT("payout.after_confirm_commit");
    if (b.row->is_confirmed) {
        payout_booking_count(t, &b);
        *ret = (struct answer){ .status = 200, .body = b.args.body };
        return OK;
    }
    if (!b.row->is_waiting)
        return confirm_lost(t, c, once, code->attempts_left, ret);
    if (b.row->is_frozen)
        return FAIL(t, PAYOUTS_FROZEN, "frozen while the code was on its way");
    /* The code may have been replaced between counting and booking; otherwise the money is gone. */
    const struct payout_find_row *now_row;
    TRY(payout_load(t, c, payout->payout_id.v, &now_row));
    if (now_row->coded_at.us != payout->coded_at.us || !instant_before(t->now, now_row->expires_at))
        return code_refuse(t, code->attempts_left, "the code was replaced or has expired");
    return FAIL(t, INSUFFICIENT_FUNDS, "the balance no longer holds it");
}

static err code_judge(struct task *t, const struct caller *c, const struct payout_find_row *payout, str typed,
                      const struct code_attempt_row **code)
{
    struct payout_find_row last = *payout;
    last.attempts_left = 0;
    const struct code_question question = { .subject = payout->payout_id.v,
                                            .bind = payout_bind(t, payout),
                                            .attempts_left = payout->attempts_left_given ? payout->attempts_left : 0,
                                            .typed = typed,
                                            .failed = "payout.confirmation_failed",
                                            .failed_body = payout_document(t, &last) };
    return code_check(t, c, &question, code);
}

err payouts_confirm(struct task *t, const struct caller *c, str id, str typed, const struct once *once,
                    struct answer *ret)
{
    bool found;
    TRY(once_stored(t, c->partner, once, &found, ret));
    if (found)
        return OK;
    const struct payout_find_row *payout;
    const struct code_attempt_row *code;
    TRY(payout_load(t, c, id, &payout));
    TRY(is_by_itself(t, payout));
    TRY(permit_own(t, c, payout->payout_id.v));
    err e = code_judge(t, c, payout, typed, &code);
    if (e)
        return once_instead(t, c->partner, once, e, ret);
    e = confirm_book(t, c, payout, code, once, ret);
    if (e)
        return code_lost(t, code, e);
    CRASH_POINT("payout.before_reply");
    return OK;
}

/* ---- resend ---- */

struct resend {
    const struct caller *caller;
    const struct payout_find_row *payout;
    struct issued_code code;
};

static err resend_refuse(struct task *t, const struct payout_find_row *p)
{
    const struct code_waiting w = {
        .is_waiting = str_eq(p->status, payout_state_name(PAYOUT_AWAITING_CODE)),
        .expires_at = p->expires_at,
        .attempts_left = p->attempts_left_given ? p->attempts_left : 0,
        .resends = p->resends,
        .coded_at = p->coded_at,
    };
    return code_resend_refuse(t, &w);
}

static err resend_effect(struct task *t, void *context, struct answer *ret)
{
    struct resend *r = context;
    const struct app *app = t->app;
    struct payout_find_row fresh = *r->payout;
    fresh.expires_at = instant_add(t->now, app->config.payout_code_ttl);
    const struct code_resend_args args = {
        .subject = fresh.payout_id.v,
        .partner = r->caller->partner,
        .resends = PAYOUT_RESENDS,
        .not_after = { t->now.us - SECONDS(PAYOUT_RESEND_PAUSE_S).us },
        .code_key = r->code.code_key,
        .mac = r->code.mac,
        .bind_hash = r->code.bind_hash,
        .expires_at = fresh.expires_at,
        .mail = r->code.mail.id,
        .recipient = r->code.mail.recipient,
        .content = r->code.mail.content,
    };
    const struct code_resend_row *row;
    TRY(code_resend(t, &args, &row));
    if (!row)
        return resend_refuse(t, r->payout);
    fresh.attempts_left = row->attempts_left;
    *ret = (struct answer){ .status = 200, .body = payout_document(t, &fresh) };
    return OK;
}

static err resend_new(struct task *t, const struct caller *c, str id, const struct once *once, struct answer *ret)
{
    struct resend r = { .caller = c };
    TRY(payout_load(t, c, id, &r.payout));
    TRY(permit_own(t, c, r.payout->payout_id.v));
    TRY(is_by_itself(t, r.payout));
    const struct user_find_row *user;
    TRY(party_user(t, c, r.payout->user_id.v, &user));
    str_array labels;
    TRY(order_user_may(t, c->partner, user, &labels));
    TRY(code_issue(t, c, user, r.payout, &r.code));
    TRY(once_run(t, c->partner, once, r.code.mail.id, resend_effect, &r, ret));
    mail_wake(t);
    return OK;
}

err payouts_resend(struct task *t, const struct caller *c, str id, const struct once *once, struct answer *ret)
{
    bool found;
    TRY(once_stored(t, c->partner, once, &found, ret));
    if (found)
        return OK;
    return once_instead(t, c->partner, once, resend_new(t, c, id, once, ret), ret);
}

/* ---- cancel, expire ---- */

static err cancel_effect(struct task *t, void *context, struct answer *ret)
{
    const struct resend *r = context;
    const struct payout_closing closing = { .to = PAYOUT_CANCELED };
    bool done;
    *ret = (struct answer){ .status = 200 };
    TRY(payout_step_close(t, r->caller->partner, r->payout->payout_id, &closing, &done, &ret->body));
    return done ? OK : FAIL(t, PAYOUT_STATE, "it can be canceled only before it is sent");
}

err payouts_cancel(struct task *t, const struct caller *c, str id, const struct once *once, struct answer *ret)
{
    struct resend r = { .caller = c };
    TRY(payout_load(t, c, id, &r.payout));
    TRY(permit_own(t, c, r.payout->payout_id.v));
    TRY(is_by_itself(t, r.payout));
    str op = arena_printf(t->arena, "cancel %.*s", STR_ARG(r.payout->payout_id.v));
    return once_run(t, c->partner, once, op, cancel_effect, &r, ret);
}

err payouts_expire(struct task *t)
{
    int64_t expired;
    return payout_expire(t, &expired);
}
