/* See payout_list.h; docs/protocol/pay/payouts.md; MONEY 6.B16; docs/decisions/0046-payouts-complete.md. */
#include "paysrv/flow/payout/payout_list.h"

#include <string.h>

#include "paysrv/app.h"
#include "paysrv/domain/confirmation/code.h"
#include "paysrv/domain/payout/payout.h"
#include "paysrv/faults.h"
#include "paysrv/flow/message/speech.h"
#include "paysrv/flow/party/party.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/payout/payout_booking.h"
#include "paysrv/flow/payout/payout_code.h"
#include "paysrv/flow/payout/payout_fee.h"
#include "paysrv/flow/payout/payout_list_object.h"
#include "paysrv/flow/payout/payout_permit.h"
#include "paysrv/store/payout_list.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/process.h"

static err list_load(struct task *t, const struct caller *c, str id, struct payout_list *ret)
{
    str owner;
    const struct payout_list_find_row *row;
    TRY(party_owner(t, c, &owner));
    TRY(payout_list_find(t, c->partner, id, owner, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such list of this caller");
    ret->row = *row;
    return payouts_of_list(t, c->partner, id, &ret->payouts, &ret->n);
}

static bool is_waiting(const struct payout_list *l)
{
    return str_eq(l->row.status, payout_state_name(PAYOUT_AWAITING_CODE));
}

/* "amount" of the fourth payout is "payouts[3].amount". */
static err in_list(struct task *t, err e, size_t i)
{
    if (!e)
        return OK;
    struct failure *f = arena_new(t->arena, struct failure);
    *f = *e;
    f->param = str_given(e->param) ? arena_printf(t->arena, "payouts[%zu].%.*s", i, STR_ARG(e->param))
                                   : arena_printf(t->arena, "payouts[%zu]", i);
    return f;
}

/* ---- request ---- */

static err payout_plan(struct task *t, const struct caller *c, const struct user_find_row *user,
                       const struct payout_order *order, const str_array *labels, int64_t beside_minor,
                       struct payout_permits *permits, str *permit, struct payout_find_row *ret)
{
    const struct requisite_find_row *requisite;
    struct limits_case limits = { c->partner, user->user_id, order->currency, 0, beside_minor };
    struct limits_found found;
    TRY(order_judge(t, c, order, user, &requisite));
    TRY(payout_fee_net(t, c->partner, order->currency, order->amount_minor, &limits.amount_minor));
    TRY(limits_find(t, &limits, &found));
    TRY(limits_check(t, &limits, &found));
    TRY(limits_log_in(t, c, &limits, &found));
    TRY(permit_take(t, c, permits, &limits, &found, requisite, order->amount_minor, permit));
    *ret = order_payout(t, order, requisite, labels);
    return payout_fee_apply(t, c->partner, ret);
}

/* Each is bounded, and so is how many there are. */
static int64_t sum_before(const struct payout_find_row *payouts, size_t n, str currency)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += str_eq(payouts[i].currency, currency) ? payouts[i].amount : 0;
    return sum;
}

/* The balance has to cover all of it. */
static err totals_cover(struct task *t, partner_id partner, const struct payout_list *l)
{
    struct payout_totals totals;
    if (!payout_list_totals(l, &totals))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("payouts"), STR("together they are too much for one list"));
    for (size_t i = 0; i < totals.n; i++)
        TRY(order_is_covered(t, partner, l->row.user_id, totals.items[i].currency, totals.items[i].amount_minor));
    return OK;
}

static err list_plan(struct task *t, const struct caller *c, const struct user_find_row *user,
                     const struct payout_list_order *order, struct payout_list *ret)
{
    const struct app *app = t->app;
    str_array labels;
    struct payout_permits permits;
    TRY(order_user_may(t, c->partner, user, &labels));
    TRY(permits_open(t, c, &permits));
    struct payout_find_row *payouts = arena_array(t->arena, struct payout_find_row, order->n + 1);
    str *given = arena_array(t->arena, str, order->n + 1);
    *ret = (struct payout_list){ .payouts = payouts, .permits = given, .n = order->n };
    ret->row = (struct payout_list_find_row){
        .list_id = random_id(t->arena, "pol_"),
        .user_id = user->user_id,
        .status = payout_state_name(PAYOUT_AWAITING_CODE),
        .payouts = (int32_t)order->n,
        .attempts_left = PAYOUT_CODE_ATTEMPTS,
        .attempts_left_given = true,
        .created_at = t->now,
        .expires_at = instant_add(t->now, app->config.payout_code_ttl),
    };
    for (size_t i = 0; i < order->n; i++) {
        int64_t beside_minor = sum_before(payouts, i, order->payouts[i].currency);
        TRY(in_list(
            t, payout_plan(t, c, user, &order->payouts[i], &labels, beside_minor, &permits, &given[i], &payouts[i]),
            i));
        payouts[i].list_id = ret->row.list_id;
        payouts[i].label = payouts[0].label;
    }
    ret->row.label = payouts[0].label;
    ret->row.hash = payout_list_bind(t, ret->row.list_id, payouts, order->n);
    return totals_cover(t, c->partner, ret);
}

static struct payout_list_request_item *items_of(struct task *t, const struct payout_list *l)
{
    struct payout_list_request_item *items = arena_array(t->arena, struct payout_list_request_item, l->n);
    for (size_t i = 0; i < l->n; i++)
        items[i] = (struct payout_list_request_item){ .payout_id = l->payouts[i].payout_id.v,
                                                      .requisite_id = l->payouts[i].requisite_id.v,
                                                      .amount = l->payouts[i].amount,
                                                      .currency = l->payouts[i].currency,
                                                      .destination = l->payouts[i].destination,
                                                      .permit = l->permits[i] };
    return items;
}

static err list_store(struct task *t, const struct caller *c, const struct once *once, const struct payout_list *l,
                      const struct issued_code *code, struct answer *ret)
{
    const struct payout_list_request_args args = {
        .partner = c->partner,
        .route = once->route,
        .key = once->key,
        .fingerprint = once->fingerprint,
        .list = l->row.list_id,
        .body = payout_list_document(t, l, true),
        .user = l->row.user_id,
        .label = l->row.label,
        .bind_hash = l->row.hash,
        .expires_at = l->row.expires_at,
        .requested_by = str_given(c->subject) ? c->subject : c->client_id,
        .code_key = code->code_key,
        .mac = code->mac,
        .max_attempts = PAYOUT_CODE_ATTEMPTS,
        .mail = code->mail.id,
        .recipient = code->mail.recipient,
        .content = code->mail.content,
        .event = { random_id(t->arena, "evt_") },
        .data = payout_list_document(t, l, false),
    };
    const struct payout_list_request_row *row;
    TRY(payout_list_request(t, items_of(t, l), l->n, &args, &row));
    if (row->is_first) {
        *ret = (struct answer){ .status = 201, .body = args.body };
        for (size_t i = 0; i < l->n; i++)
            pay_metrics_payout(t, STEP_REQUESTED);
        mail_wake(t);
        return OK;
    }
    bool found;
    TRY(once_stored(t, c->partner, once, &found, ret));
    return found ? OK : FAIL(t, UNAVAILABLE, "the key vanished between two statements");
}

static err code_make(struct task *t, const struct caller *c, const struct user_find_row *user,
                     const struct payout_list *l, struct issued_code *ret)
{
    enum language lang = speech_to(t, user->locale);
    const struct listed_payouts listed = { .id = l->row.list_id,
                                           .label = l->row.label,
                                           .payouts = l->payouts,
                                           .n = l->n,
                                           .totals_text = payout_list_totals_text(t, lang, l) };
    return code_issue_list(t, c, user, &listed, ret);
}

struct list_asked {
    const struct caller *caller;
    const struct user_find_row *user;
    const struct payout_list_order *order;
    const struct once *once;
    struct answer *answer;
};

static err allowed_store(struct task *t, void *context)
{
    const struct list_asked *a = context;
    struct payout_list list;
    struct issued_code code;
    TRY(list_plan(t, a->caller, a->user, a->order, &list));
    TRY(code_make(t, a->caller, a->user, &list, &code));
    return list_store(t, a->caller, a->once, &list, &code, a->answer);
}

static err request_new(struct task *t, const struct caller *c, const struct payout_list_order *order,
                       const struct once *once, struct answer *ret)
{
    const struct user_find_row *user;
    TRY(party_user(t, c, order->user, &user));
    struct list_asked asked = { c, user, order, once, ret };
    TRY(limits_ask_in_turn(t, c, user->user_id, allowed_store, &asked));
    CRASH_POINT("payout_list.before_reply");
    return OK;
}

err payout_lists_request(struct task *t, const struct caller *c, const struct payout_list_order *order,
                         const struct once *once, struct answer *ret)
{
    bool found;
    TRY(once_stored(t, c->partner, once, &found, ret));
    if (found)
        return OK;
    return once_instead(t, c->partner, once, request_new(t, c, order, once, ret), ret);
}

/* ---- confirm ---- */

struct confirming {
    const struct caller *caller;
    const struct once *once;
    struct answer *answer;
    const struct code_attempt_row *code;
    struct payout_list list;
    struct payout_booking *bookings;
    str turn; /* the last currency that it has its turn in */
};

static err code_take(struct task *t, const struct confirming *x, const struct payout_list *after)
{
    const struct payout_list_take_row *row;
    TRY(payout_list_take(t, x->list.row.list_id, x->caller->partner, x->code->code_id,
                         (event_id){ random_id(t->arena, "evt_") }, payout_list_document(t, after, false), &row));
    if (!row->is_waiting)
        return code_refuse(t, x->code->attempts_left, "the list no longer waits for this code");
    if (row->is_frozen)
        return FAIL(t, PAYOUTS_FROZEN, "frozen while the code was on its way");
    return row->is_taken ? OK : code_refuse(t, x->code->attempts_left, "the code was replaced or has expired");
}

static err one_take(struct task *t, struct confirming *x, struct payout_find_row *payout, struct payout_booking *b)
{
    TRY(payout_booking_make(t, x->caller->partner, payout, b));
    TRY(payout_booking_take(t, b));
    if (!b->row->is_waiting)
        return FAIL(t, PAYOUT_STATE, "a payout of the list does not wait any more");
    if (!b->row->is_confirmed)
        return FAIL(t, INSUFFICIENT_FUNDS, "the balance does not hold all of the list");
    payout->status = b->args.status;
    payout->confirmed_at = t->now;
    payout->confirmed_at_given = true;
    return OK;
}

/* All of it or nothing: the first payout that cannot be held takes the whole transaction back. */
static err confirm_effect(struct task *t, void *context, struct answer *ret)
{
    struct confirming *x = context;
    struct payout_list after = x->list;
    struct payout_find_row *payouts = arena_array(t->arena, struct payout_find_row, after.n);
    memcpy(payouts, x->list.payouts, after.n * sizeof *payouts);
    after.payouts = payouts;
    after.row.status = payout_state_name(PAYOUT_CONFIRMED);
    after.row.confirmed_at = t->now;
    after.row.confirmed_at_given = true;
    TRY(code_take(t, x, &after));
    for (size_t i = 0; i < after.n; i++)
        TRY(in_list(t, one_take(t, x, &payouts[i], &x->bookings[i]), i));
    *ret = (struct answer){ .status = 200, .body = payout_list_document(t, &after, true) };
    CRASH_POINT("payout_list.before_confirm_commit");
    return OK;
}

static err code_judge(struct task *t, const struct caller *c, const struct payout_list *l, str typed,
                      const struct code_attempt_row **code)
{
    struct payout_list last = *l;
    last.row.attempts_left = 0;
    const struct code_question question = { .subject = l->row.list_id,
                                            .bind = payout_list_bind(t, l->row.list_id, l->payouts, l->n),
                                            .attempts_left = l->row.attempts_left_given ? l->row.attempts_left : 0,
                                            .typed = typed,
                                            .failed = "payout_list.confirmation_failed",
                                            .failed_body = payout_list_document(t, &last, false) };
    return code_check(t, c, &question, code);
}

static err confirm_run(struct task *t, void *context)
{
    struct confirming *x = context;
    str op = arena_printf(t->arena, "confirm %.*s", STR_ARG(x->list.row.list_id));
    return once_run(t, x->caller->partner, x->once, op, confirm_effect, x, x->answer);
}

/* Names of currencies are of one length; nothing comes before them. */
static bool comes_after(str currency, str other)
{
    return !str_given(other) || memcmp(currency.p, other.p, currency.n) > 0;
}

/* A turn in each of its currencies, in an order that all lists have. */
static err confirm_in_turns(struct task *t, void *context)
{
    struct confirming *x = context;
    str next = STR_NONE;
    for (size_t i = 0; i < x->list.n; i++) {
        str currency = x->list.payouts[i].currency;
        if (comes_after(currency, x->turn) && (!str_given(next) || comes_after(next, currency)))
            next = currency;
    }
    if (!str_given(next))
        return confirm_run(t, x);
    x->turn = next;
    const struct limits_case limits = { x->caller->partner, x->list.row.user_id, next };
    return limits_hold_turn(t, &limits, confirm_in_turns, x);
}

err payout_lists_confirm(struct task *t, const struct caller *c, str list, str typed, const struct once *once,
                         struct answer *ret)
{
    bool found;
    TRY(once_stored(t, c->partner, once, &found, ret));
    if (found)
        return OK;
    struct confirming x = { .caller = c, .once = once, .answer = ret };
    TRY(list_load(t, c, list, &x.list));
    TRY(permit_own(t, c, x.list.row.list_id));
    err e = code_judge(t, c, &x.list, typed, &x.code);
    if (e)
        return once_instead(t, c->partner, once, e, ret);
    x.bookings = arena_array(t->arena, struct payout_booking, x.list.n);
    e = confirm_in_turns(t, &x);
    if (e)
        return code_lost(t, x.code, e);
    for (size_t i = 0; i < x.list.n && !ret->is_replayed; i++)
        payout_booking_count(t, &x.bookings[i]);
    CRASH_POINT("payout_list.before_reply");
    return OK;
}

/* ---- resend ---- */

struct resend {
    const struct caller *caller;
    const struct payout_list *list;
    struct issued_code code;
};

static err resend_effect(struct task *t, void *context, struct answer *ret)
{
    const struct resend *r = context;
    const struct app *app = t->app;
    struct payout_list fresh = *r->list;
    fresh.row.expires_at = instant_add(t->now, app->config.payout_code_ttl);
    const struct code_resend_args args = {
        .subject = fresh.row.list_id,
        .partner = r->caller->partner,
        .resends = PAYOUT_RESENDS,
        .not_after = { t->now.us - SECONDS(PAYOUT_RESEND_PAUSE_S).us },
        .code_key = r->code.code_key,
        .mac = r->code.mac,
        .bind_hash = r->code.bind_hash,
        .expires_at = fresh.row.expires_at,
        .mail = r->code.mail.id,
        .recipient = r->code.mail.recipient,
        .content = r->code.mail.content,
    };
    const struct code_waiting waiting = { is_waiting(r->list), r->list->row.expires_at, r->list->row.coded_at,
                                          r->list->row.attempts_left_given ? r->list->row.attempts_left : 0,
                                          r->list->row.resends };
    const struct code_resend_row *row;
    TRY(code_resend(t, &args, &row));
    if (!row)
        return code_resend_refuse(t, &waiting);
    fresh.row.attempts_left = row->attempts_left;
    *ret = (struct answer){ .status = 200, .body = payout_list_document(t, &fresh, false) };
    return OK;
}

static err resend_new(struct task *t, const struct caller *c, str list, const struct once *once, struct answer *ret)
{
    struct payout_list l;
    const struct user_find_row *user;
    str_array labels;
    TRY(list_load(t, c, list, &l));
    TRY(permit_own(t, c, l.row.list_id));
    struct resend r = { .caller = c, .list = &l };
    TRY(party_user(t, c, l.row.user_id.v, &user));
    TRY(order_user_may(t, c->partner, user, &labels));
    TRY(code_make(t, c, user, &l, &r.code));
    TRY(once_run(t, c->partner, once, r.code.mail.id, resend_effect, &r, ret));
    mail_wake(t);
    return OK;
}

err payout_lists_resend(struct task *t, const struct caller *c, str list, const struct once *once, struct answer *ret)
{
    bool found;
    TRY(once_stored(t, c->partner, once, &found, ret));
    if (found)
        return OK;
    return once_instead(t, c->partner, once, resend_new(t, c, list, once, ret), ret);
}

/* ---- cancel ---- */

struct canceling {
    partner_id partner;
    str reason; /* absent: somebody asked for it */
    struct payout_list list;
};

static err cancel_effect(struct task *t, void *context, struct answer *ret)
{
    struct canceling *x = context;
    const struct payout_list_close_row *row;
    struct payout_list after = x->list;
    after.row.status = payout_state_name(PAYOUT_CANCELED);
    after.row.reason = x->reason;
    *ret = (struct answer){ .status = 200, .body = payout_list_document(t, &after, false) };
    TRY(payout_list_close(t, x->reason, x->list.row.list_id, x->partner, (event_id){ random_id(t->arena, "evt_") },
                          ret->body, &row));
    return row ? OK : FAIL(t, PAYOUT_STATE, "a list can be canceled only before it is confirmed");
}

err payout_lists_cancel(struct task *t, const struct caller *c, str list, const struct once *once, struct answer *ret)
{
    struct canceling x = { .partner = c->partner };
    TRY(list_load(t, c, list, &x.list));
    TRY(permit_own(t, c, x.list.row.list_id));
    str op = arena_printf(t->arena, "cancel %.*s", STR_ARG(x.list.row.list_id));
    return once_run(t, c->partner, once, op, cancel_effect, &x, ret);
}

err payout_lists_cancel_waiting(struct task *t, partner_id partner, user_id user)
{
    const struct payout_lists_waiting_row *rows;
    const struct payout_list_find_row *row;
    const struct once nothing = { .given = false };
    size_t n;
    TRY(payout_lists_waiting(t, partner, user, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        struct canceling x = { .partner = partner };
        struct answer answer;
        TRY(payout_list_find(t, partner, rows[i].list_id, STR_NONE, &row));
        x.list.row = *row;
        TRY(payouts_of_list(t, partner, row->list_id, &x.list.payouts, &x.list.n));
        err e = once_run(t, partner, &nothing, row->list_id, cancel_effect, &x, &answer);
        if (e && !err_is(e, &FAULT_PAYOUT_STATE)) /* confirmed a moment ago: held, and not sent */
            return e;
    }
    return OK;
}

err payout_list_end(struct task *t, partner_id partner, str list, str reason)
{
    const struct payout_list_find_row *row;
    struct canceling x = { .partner = partner, .reason = reason };
    struct answer answer;
    TRY(payout_list_find(t, partner, list, STR_NONE, &row));
    if (!row)
        return OK;
    x.list.row = *row;
    TRY(payouts_of_list(t, partner, list, &x.list.payouts, &x.list.n));
    return cancel_effect(t, &x, &answer);
}

err payout_lists_read(struct task *t, const struct caller *c, str list, str *document)
{
    struct payout_list l;
    TRY(list_load(t, c, list, &l));
    *document = payout_list_document(t, &l, true);
    return OK;
}
