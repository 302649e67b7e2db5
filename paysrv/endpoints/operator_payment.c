/* One payment with its whole split and every posting: /operator/payments/{payment}, /v1/operator/payments/{payment}. */
#include "paysrv/domain/acquirer/method.h"
#include "paysrv/domain/acquirer/three_d_secure.h"
#include "paysrv/domain/dispute/dispute.h"
#include "paysrv/domain/payment/payment.h"
#include "paysrv/domain/stores/split.h"
#include "paysrv/faults.h"
#include "paysrv/flow/answer.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/message/speech_words.h"
#include "paysrv/flow/stores/split.h"
#include "paysrv/operator_page.h"
#include "paysrv/routes.h"
#include "paysrv/store/attempt.sql.h"
#include "paysrv/store/capture.sql.h"
#include "paysrv/store/dispute.sql.h"
#include "paysrv/store/ledger.sql.h"
#include "paysrv/store/operator.sql.h"
#include "paysrv/store/payment.sql.h"
#include "paysrv/store/refund.sql.h"
#include "paysrv/store/user.sql.h"
#include "paysrv/words.h"
#include "shared/text/json_out.h"
#include "shared/text/money_text.h"
#include "shared/text/shape.h"
#include "web/operator/pages.h"
#include "web/text.h"

struct detail {
    const struct payment_find_row *payment;
    const struct payment_shown_row *shown;
    const struct user_find_row *seller;
    const struct payment_postings_row *postings;
    const struct payment_shares_row *shares;
    const struct refund_find_row *refunds;
    const struct capture_find_row *captures;
    const struct attempts_of_payment_row *attempts;
    const struct dispute_find_row *disputes;
    const struct operator_payment_events_row *events;
    size_t n_postings, n_shares, n_refunds, n_captures, n_attempts, n_disputes, n_events;
    struct split_profile split;
    struct operator_receiver {
        str name;
        int64_t got, refunded, disputed, has;
    } receivers[SPLIT_RULES_MAX]; /* of the rules of split */
};

#define DISPUTES 100
#define SHOWN 500 /* of each list, the oldest: with names and reasons of any length they fit into a page */

static err events_load(struct task *t, struct detail *d)
{
    str *objects = arena_array(t->arena, str, d->n_refunds + d->n_disputes + 1);
    objects[0] = d->payment->payment_id.v;
    for (size_t i = 0; i < d->n_refunds; i++)
        objects[i + 1] = d->refunds[i].refund_id.v;
    for (size_t i = 0; i < d->n_disputes; i++)
        objects[d->n_refunds + i + 1] = d->disputes[i].dispute_id.v;
    return operator_payment_events(t, (str_array){ objects, d->n_refunds + d->n_disputes + 1 }, &d->events,
                                   &d->n_events);
}

/* What one of several sellers has of the sellers' part; all of it when he is the only one. */
static int64_t seller_part(str_array users, i64_array amounts, str user, int64_t all)
{
    for (size_t i = 0; i < users.n; i++)
        if (str_eq(users.items[i], user))
            return amounts.items[i];
    return users.n ? 0 : all;
}

/* Of the postings of his account, which the page shows: what they come to is what he has. */
static void receiver_sum(const struct detail *d, enum split_party party, str user, struct operator_receiver *r)
{
    str account = party == SPLIT_USER ? STR("seller") : split_party_name(party);
    bool has_user = party == SPLIT_USER || party == SPLIT_SELLER;
    for (size_t i = 0; i < d->n_shares; i++) {
        const struct payment_shares_row *s = &d->shares[i];
        if (!str_eq(s->account, account) || (has_user && !str_eq(s->user_id, user)))
            continue;
        r->refunded += s->refunded;
        r->disputed += s->disputed;
        r->has += s->has;
    }
}

static err receivers_load(struct task *t, struct detail *d)
{
    const struct payment_find_row *p = d->payment;
    for (size_t i = 0; i < d->split.n; i++) {
        const struct split_rule *rule = &d->split.rules[i];
        struct operator_receiver *r = &d->receivers[i];
        str user = rule->party == SPLIT_USER ? rule->user : p->user_id.v;
        const struct user_find_row *found = d->seller;
        if (rule->party == SPLIT_USER)
            TRY(user_find(t, p->partner_id, (user_id){ user }, &found));
        if (rule->party == SPLIT_PARTNER)
            r->name = d->shown ? d->shown->partner_name : STR_NONE;
        else if (rule->party != SPLIT_PLATFORM)
            r->name = found ? found->name : user.n ? user : d->shown ? d->shown->partner_name : STR_NONE;
        r->got = rule->party == SPLIT_PLATFORM  ? p->platform_amount
                 : rule->party == SPLIT_PARTNER ? p->partner_amount
                                                : seller_part(p->share_users, p->share_amounts, user, p->seller_amount);
        receiver_sum(d, rule->party, user, r);
    }
    return OK;
}

static err detail_load(struct task *t, payment_id id, struct detail *d)
{
    *d = (struct detail){ 0 };
    TRY(payment_any(t, id, &d->payment));
    if (!d->payment)
        return FAIL(t, NOT_FOUND, "no such payment");
    partner_id partner = d->payment->partner_id;
    TRY(payment_shown(t, id, &d->shown));
    TRY(user_find(t, partner, d->payment->user_id, &d->seller));
    TRY(payment_postings(t, id, partner, &d->postings, &d->n_postings));
    TRY(payment_shares(t, id, partner, &d->shares, &d->n_shares));
    TRY(refund_list(t, id, partner, STR_NONE, SHOWN, &d->refunds, &d->n_refunds));
    TRY(capture_list(t, id, partner, STR_NONE, SHOWN, &d->captures, &d->n_captures));
    TRY(attempts_of_payment(t, id, &d->attempts, &d->n_attempts));
    TRY(dispute_list(t, partner, STR_NONE, STR_NONE, id.v, STR_NONE, DISPUTES, &d->disputes, &d->n_disputes));
    TRY(split_of_payment(t, d->payment, &d->split));
    TRY(receivers_load(t, d));
    if (d->n_postings > SHOWN)
        d->n_postings = SHOWN;
    return events_load(t, d);
}

/* ---- the page ---- */

static void units_add(struct arena *a, struct buf *b, const char *word, int64_t minor, str currency)
{
    if (minor == 0)
        return;
    buf_add(b, str_of(word));
    buf_add(b, money_text(a, minor, currency));
}

/* "5.00 % + 0.30 EUR, at least 0.50 EUR, at most 5.00 EUR", or "the rest". */
static str share_text(struct arena *a, const struct split_rule *rule, str currency)
{
    struct buf b;
    if (rule->is_rest)
        return text_of(TEXT_OP_SHARE_REST);
    buf_init(&b, a, 512);
    buf_add(&b, arena_printf(a, "%d.%02d %%", rule->bp / 100, rule->bp % 100));
    units_add(a, &b, " + ", rule->fixed_minor, currency);
    units_add(a, &b, ", \xe2\x89\xa5 ", rule->min_minor, currency);
    units_add(a, &b, ", \xe2\x89\xa4 ", rule->cap_minor, currency);
    return buf_str(&b);
}

static const struct operator_split_row *split_rows_of(struct task *t, const struct detail *d)
{
    str currency = d->payment->currency;
    struct operator_split_row *rows = arena_array(t->arena, struct operator_split_row, d->split.n);
    for (size_t i = 0; i < d->split.n; i++) {
        const struct split_rule *rule = &d->split.rules[i];
        const struct operator_receiver *r = &d->receivers[i];
        str party = split_party_name(rule->party);
        rows[i] = (struct operator_split_row){ .party = party,
                                               .party_text = word_of_party(party),
                                               .name = r->name,
                                               .share = share_text(t->arena, rule, currency),
                                               .amount = money_text(t->arena, r->got, currency),
                                               .refunded = money_text(t->arena, r->refunded, currency),
                                               .disputed = money_text(t->arena, r->disputed, currency),
                                               .net = money_text(t->arena, r->has, currency) };
    }
    return rows;
}

/* A receiver by name; nobody else owns an account of a payment, but a name that we do not have is shown as its id. */
static str owner_of(const struct detail *d, const struct payment_postings_row *p)
{
    if (p->user_id.n == 0)
        return STR_NONE;
    for (size_t i = 0; i < d->split.n; i++)
        if (d->split.rules[i].party == SPLIT_USER && str_eq(p->user_id, d->split.rules[i].user))
            return d->receivers[i].name;
    return d->seller && str_eq(p->user_id, d->seller->user_id.v) ? d->seller->name : p->user_id;
}

static const struct operator_posting_row *postings_of(struct task *t, const struct detail *d)
{
    struct operator_posting_row *rows = arena_array(t->arena, struct operator_posting_row, d->n_postings + 1);
    for (size_t i = 0; i < d->n_postings; i++) {
        const struct payment_postings_row *p = &d->postings[i];
        int64_t debit = p->amount > 0 ? p->amount : 0, credit = p->amount < 0 ? -p->amount : 0;
        rows[i] = (struct operator_posting_row){
            .entry = arena_printf(t->arena, "%lld", (long long)p->entry_id.v),
            .kind = p->kind,
            .kind_text = word_of_entry(p->kind),
            .time = instant_text(t->arena, p->created_at),
            .time_iso = instant_iso(t->arena, p->created_at),
            .account = p->account,
            .account_text = word_of_account(p->account),
            .owner_name = owner_of(d, p),
            .debit = debit ? money_text(t->arena, debit, p->currency) : STR_NONE,
            .credit = credit ? money_text(t->arena, credit, p->currency) : STR_NONE,
        };
    }
    return rows;
}

static const struct operator_refund_row *refunds_of(struct task *t, const struct detail *d)
{
    struct operator_refund_row *rows = arena_array(t->arena, struct operator_refund_row, d->n_refunds + 1);
    for (size_t i = 0; i < d->n_refunds; i++) {
        const struct refund_find_row *r = &d->refunds[i];
        rows[i] = (struct operator_refund_row){ .id = r->refund_id.v,
                                                .time = instant_text(t->arena, r->created_at),
                                                .time_iso = instant_iso(t->arena, r->created_at),
                                                .amount = money_text(t->arena, r->amount, r->currency),
                                                .status = r->status,
                                                .status_text = word_of_refund(r->status),
                                                .reason = r->reason };
    }
    return rows;
}

static const struct operator_capture_row *captures_of(struct task *t, const struct detail *d)
{
    struct operator_capture_row *rows = arena_array(t->arena, struct operator_capture_row, d->n_captures + 1);
    for (size_t i = 0; i < d->n_captures; i++) {
        const struct capture_find_row *c = &d->captures[i];
        rows[i] = (struct operator_capture_row){ .id = c->capture_id,
                                                 .time = instant_text(t->arena, c->created_at),
                                                 .time_iso = instant_iso(t->arena, c->created_at),
                                                 .amount = money_text(t->arena, c->amount, c->currency),
                                                 .status = c->status,
                                                 .status_text = word_of_capture(c->status),
                                                 .decline_code = c->decline_code };
    }
    return rows;
}

/* What became of an attempt that was given up is told before what the acquirer said of it. */
static str attempt_text(const struct attempts_of_payment_row *a)
{
    if (!a->is_abandoned)
        return word_of_attempt(a->state);
    return text_of(str_eq(a->state, STR("ok")) ? TEXT_ATTEMPT_REVERSED : TEXT_ATTEMPT_GIVEN_UP);
}

/* What has no outcome yet looks like a payment that has none. */
static str attempt_look(const struct attempts_of_payment_row *a)
{
    return a->finished_at_given || str_eq(a->state, STR("action")) ? a->state : payment_status_name(PAYMENT_PROCESSING);
}

static const struct operator_attempt_row *attempts_of(struct task *t, const struct detail *d)
{
    struct operator_attempt_row *rows = arena_array(t->arena, struct operator_attempt_row, d->n_attempts + 1);
    for (size_t i = 0; i < d->n_attempts; i++) {
        const struct attempts_of_payment_row *a = &d->attempts[i];
        rows[i] = (struct operator_attempt_row){ .id = a->call_id,
                                                 .time = instant_text(t->arena, a->created_at),
                                                 .time_iso = instant_iso(t->arena, a->created_at),
                                                 .status = attempt_look(a),
                                                 .status_text = attempt_text(a),
                                                 .acquirer = a->acquirer,
                                                 .charge = a->acquirer_ref,
                                                 .decline_code = a->decline_code };
    }
    return rows;
}

static const struct operator_payment_dispute_row *disputes_of(struct task *t, const struct detail *d)
{
    struct operator_payment_dispute_row *rows =
        arena_array(t->arena, struct operator_payment_dispute_row, d->n_disputes + 1);
    for (size_t i = 0; i < d->n_disputes; i++) {
        const struct dispute_find_row *r = &d->disputes[i];
        bool waits = str_eq(r->status, dispute_status_name(DISPUTE_NEEDS_RESPONSE)) && r->evidence_due_at_given;
        rows[i] =
            (struct operator_payment_dispute_row){ .id = r->dispute_id.v,
                                                   .url = operator_link(t, "disputes", r->dispute_id.v),
                                                   .time = instant_text(t->arena, r->created_at),
                                                   .time_iso = instant_iso(t->arena, r->created_at),
                                                   .phase_text = word_of_dispute_phase(r->phase),
                                                   .reason = r->reason,
                                                   .status = r->status,
                                                   .status_text = word_of_dispute(r->status),
                                                   .amount = money_text(t->arena, r->amount, r->currency),
                                                   .due = waits ? instant_text(t->arena, r->evidence_due_at) : STR_NONE,
                                                   .due_iso =
                                                       waits ? instant_iso(t->arena, r->evidence_due_at) : STR_NONE };
    }
    return rows;
}

static const struct operator_event_row *events_of(struct task *t, const struct detail *d)
{
    struct operator_event_row *rows = arena_array(t->arena, struct operator_event_row, d->n_events + 1);
    for (size_t i = 0; i < d->n_events; i++)
        rows[i] = (struct operator_event_row){ .id = d->events[i].event_id.v,
                                               .time = instant_text(t->arena, d->events[i].created_at),
                                               .time_iso = instant_iso(t->arena, d->events[i].created_at),
                                               .type = d->events[i].type };
    return rows;
}

/* How it was paid, or was not: in words, and what the buyer was told. */
static void method_show(const struct payment_find_row *p, struct page_operator_payment *page)
{
    three_d_secure secure;
    page->method = word_of_method(payment_method_shown(p->method, p->charge_id));
    page->decline_code = p->decline_code;
    if (str_given(p->decline_code))
        page->decline_text = word_of_decline(LANGUAGE_EN, payment_method_of(p->method), p->decline_code);
    page->has_three_d_secure = three_d_secure_parse(p->three_d_secure, &secure);
    if (!page->has_three_d_secure)
        return;
    page->secure_flow = word_of_three_d_secure_flow(secure.flow);
    page->secure_result = word_of_three_d_secure(secure.result);
    page->is_shifted = three_d_secure_shifts(secure.result);
}

/* What came after it was given up goes back; what the acquirer refused of that has a page. */
static bool has_late_attempt(const struct detail *d)
{
    for (size_t i = 0; i < d->n_attempts; i++)
        if (d->attempts[i].is_abandoned && str_eq(d->attempts[i].state, STR("ok")))
            return true;
    return false;
}

static void links_show(struct task *t, const struct detail *d, struct page_operator_payment *page)
{
    const struct payment_find_row *p = d->payment;
    if (has_late_attempt(d))
        page->reversals_url =
            arena_printf(t->arena, "/operator/reversals?payment=%.*s&all=true", STR_ARG(p->payment_id.v));
    page->journal_url = arena_printf(t->arena, "/operator/payments/%.*s/journal", STR_ARG(p->payment_id.v));
    page->requests_url = arena_printf(t->arena, "/operator/requests?partner=%.*s&object=%.*s", STR_ARG(p->partner_id.v),
                                      STR_ARG(p->payment_id.v));
    page->audit_url = arena_printf(t->arena, "/operator/audit?object=%.*s", STR_ARG(p->payment_id.v));
}

static err payment_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct operator_session *who = rq->caller;
    struct detail d;
    TRY(detail_load(t, (payment_id){ request_path_param(rq, "payment") }, &d));
    const struct payment_find_row *p = d.payment;
    TRY(clock_enter(t, p->partner_id));
    enum payment_status now = payment_status_at(p->status, p->expires_at, t->now);
    str status = payment_status_name(now);
    bool can_expire = now == PAYMENT_REQUIRES_PAYMENT_METHOD;
    struct page_operator_payment page = {
        OPERATOR_FRAME(who),
        .id = p->payment_id.v,
        .external_id = p->external_id,
        .status = status,
        .status_text = word_of_payment(status),
        .description = p->description,
        .amount = money_text(t->arena, p->amount, p->currency),
        .refunded = p->refunded ? money_text(t->arena, p->refunded, p->currency) : STR_NONE,
        .disputed = p->disputed ? money_text(t->arena, p->disputed, p->currency) : STR_NONE,
        .store_url = operator_link(t, "stores", p->store_id.v),
        .seller_url = operator_link(t, "sellers", p->user_id.v),
        .store_name = d.shown ? d.shown->store_name : STR_NONE,
        .partner_name = d.shown ? d.shown->partner_name : STR_NONE,
        .seller_name = d.seller  ? d.seller->name
                       : d.shown ? d.shown->partner_name
                                 : STR_NONE,
        .created_at = instant_text(t->arena, p->created_at),
        .created_iso = instant_iso(t->arena, p->created_at),
        .paid_at = p->succeeded_at_given ? instant_text(t->arena, p->succeeded_at) : STR_NONE,
        .paid_iso = p->succeeded_at_given ? instant_iso(t->arena, p->succeeded_at) : STR_NONE,
        .expires = can_expire ? instant_text(t->arena, p->expires_at) : STR_NONE,
        .expires_iso = can_expire ? instant_iso(t->arena, p->expires_at) : STR_NONE,
        .charge = d.shown ? d.shown->acquirer_ref : STR_NONE,
        .split = { split_rows_of(t, &d), d.split.n },
        .postings = { postings_of(t, &d), d.n_postings },
        .is_manual = p->captured_given,
        .captured = p->captured_given ? money_text(t->arena, p->captured, p->currency) : STR_NONE,
        .authorized_until = p->authorized_until_given ? instant_text(t->arena, p->authorized_until) : STR_NONE,
        .authorized_iso = p->authorized_until_given ? instant_iso(t->arena, p->authorized_until) : STR_NONE,
        .cancel_reason = word_of_cancellation(p->cancel_reason),
        .attempts = { attempts_of(t, &d), d.n_attempts },
        .captures = { captures_of(t, &d), d.n_captures },
        .refunds = { refunds_of(t, &d), d.n_refunds },
        .disputes = { disputes_of(t, &d), d.n_disputes },
        .events = { events_of(t, &d), d.n_events },
    };
    method_show(p, &page);
    links_show(t, &d, &page);
    page_operator_payment(reply_html(rs, 200), &page);
    return OK;
}

const struct route operator_payment_route = {
    .method = GET,
    .path = "/operator/payments/{payment}",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .ignore_unknown = true,
    .handle = payment_page,
    .summary = "A payment with its whole split and all postings",
};

SHAPE(posting, "Posting",
      "entry: integer, kind: string, reference: string, account: string, user?: string, acquirer?: string, amount: "
      "integer, currency: string, created_at: time")

/* ---- the API ---- */

static void posting_write(struct json *j, const struct payment_postings_row *p)
{
    json_object(j, NULL);
    json_i64(j, "entry", p->entry_id.v);
    json_str(j, "kind", p->kind);
    json_str(j, "reference", p->ref);
    json_str(j, "account", p->account);
    bool is_acquirers = str_eq(p->account, STR("acquirer_receivable")); /* see acquirer_clearing */
    json_str(j, "user", p->user_id.n && !is_acquirers ? p->user_id : STR_NONE);
    json_str(j, "acquirer", p->user_id.n && is_acquirers ? p->user_id : STR_NONE);
    json_i64(j, "amount", p->amount);
    json_str(j, "currency", p->currency);
    json_time(j, "created_at", p->created_at);
    json_close(j);
}

SHAPE(attempt, "AcquirerCall",
      "id: string, object: 'payment_attempt', operation: string, state: string, given_up: boolean, "
      "acquirer?: string, charge?: string, decline_code?: string, created_at: time")

static void attempt_write(struct json *j, const struct attempts_of_payment_row *a)
{
    json_object(j, NULL);
    json_str(j, "id", a->call_id);
    json_str(j, "object", STR("payment_attempt"));
    json_str(j, "operation", a->op);
    json_str(j, "state", a->state);
    json_bool(j, "given_up", a->is_abandoned);
    json_str(j, "acquirer", a->acquirer);
    json_str(j, "charge", a->acquirer_ref);
    json_str(j, "decline_code", a->decline_code);
    json_time(j, "created_at", a->created_at);
    json_close(j);
}

static err payment_document_read(struct task *t, const struct request *rq, struct response *rs)
{
    struct detail d;
    TRY(detail_load(t, (payment_id){ request_path_param(rq, "payment") }, &d));
    const struct payment_find_row *p = d.payment;
    TRY(clock_enter(t, p->partner_id));
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("operator_payment"));
    json_str(j, "partner", p->partner_id.v);
    json_str_or_null(j, "seller", p->user_id.v.n ? p->user_id.v : STR_NONE);
    json_raw(j, "payment", payment_document(t, p, payment_status_at(p->status, p->expires_at, t->now)));
    json_array(j, "postings");
    for (size_t i = 0; i < d.n_postings; i++)
        posting_write(j, &d.postings[i]);
    json_close(j);
    json_array(j, "attempts");
    for (size_t i = 0; i < d.n_attempts; i++)
        attempt_write(j, &d.attempts[i]);
    json_close(j);
    json_array(j, "captures");
    for (size_t i = 0; i < d.n_captures; i++)
        capture_write(j, NULL, &d.captures[i], d.captures[i].status);
    json_close(j);
    json_array(j, "refunds");
    for (size_t i = 0; i < d.n_refunds; i++)
        refund_write(j, &d.refunds[i], d.refunds[i].status, d.refunds[i].decline_code);
    json_close(j);
    return OK;
}

const struct route operator_payment_read_route = {
    .method = GET,
    .path = "/v1/operator/payments/{payment}",
    .guard = &GUARD_OPERATOR,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = payment_document_read,
    .answer = "{ object: 'operator_payment', partner: string, seller: string | null, payment: Payment, postings: "
              "Posting[], attempts: AcquirerCall[], captures: Capture[], refunds: Refund[] }",
    .summary = "A payment with its whole split and all postings",
};
