/* /operator/subscriptions: those of a state, first those that are past due; one with its invoices, tries and next
 * steps. */
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/subscription/subscription_move.h"
#include "paysrv/operator_page.h"
#include "paysrv/routes.h"
#include "paysrv/store/invoice.sql.h"
#include "paysrv/store/operator_search.sql.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/store.sql.h"
#include "paysrv/store/subscription.sql.h"
#include "paysrv/words.h"
#include "shared/text/money_text.h"
#include "web/operator/pages.h"
#include "web/text.h"

#define COUNTED 1000 /* beyond, "more than" has to do */

/* ---- the list ---- */

struct list_in {
    str status, store, before;
};

static const struct param list_params[] = {
    P_STR(struct list_in, status, .need = OPTIONAL, .set = ID, .max = 20),
    P_STR(struct list_in, store, .need = OPTIONAL, .set = LINE, .max = 64),
    P_STR(struct list_in, before, .need = OPTIONAL, .set = BASE64URL, .min = 1, .max = 400),
};

static err states_read(struct task *t, str shown, struct page_operator_subscriptions *page)
{
    const struct subscription_counts_row *rows;
    size_t n;
    TRY(subscription_counts(t, COUNTED + 1, &rows, &n));
    struct operator_state_link *items = arena_array(t->arena, struct operator_state_link, n + 1);
    for (size_t i = 0; i < n; i++) {
        bool is_many = rows[i].n > COUNTED;
        items[i] = (struct operator_state_link){
            .url = arena_printf(t->arena, "/operator/subscriptions?status=%.*s", STR_ARG(rows[i].status)),
            .text = word_of_subscription_status(rows[i].status),
            .count = arena_printf(t->arena, "%lld%s", (long long)(is_many ? COUNTED : rows[i].n), is_many ? "+" : ""),
            .is_shown = str_eq(rows[i].status, shown),
        };
    }
    page->states.items = items;
    page->states.n = n;
    return OK;
}

static struct operator_subscription_row row_of(struct task *t, const struct subscription_of_status_row *r)
{
    bool is_owed = r->open_due > 0;
    bool has_next = is_owed ? r->retry_at_given : r->due_at_given;
    instant next = is_owed ? r->retry_at : r->due_at;
    return (struct operator_subscription_row){
        .url = operator_link(t, "subscriptions", r->subscription_id.v),
        .price_name = r->price_name,
        .store_name = r->store_name,
        .store_url = operator_link(t, "stores", r->store_id.v),
        .partner_name = r->partner_name,
        .buyer = r->buyer,
        .status = r->status,
        .status_text = word_of_subscription_status(r->status),
        .amount = money_text(t->arena, r->amount, r->currency),
        .owed = is_owed ? money_text(t->arena, r->open_due, r->currency) : STR_NONE,
        .period = r->period_n,
        .until = instant_text(t->arena, r->period_end),
        .until_iso = instant_iso(t->arena, r->period_end),
        .next = has_next ? instant_text(t->arena, next) : STR_NONE,
        .next_iso = has_next ? instant_iso(t->arena, next) : STR_NONE,
    };
}

static err list_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct list_in *in = rq->in;
    str status = in->status.n ? in->status : in->store.n ? STR("all") : STR("past_due"), position;
    const struct operator_query queries[] = { { "status", status }, { "store", in->store } };
    const struct operator_list list = {
        .name = "operator subscriptions", .path = STR("/operator/subscriptions"), .queries = queries, .n_queries = 2
    };
    const struct subscription_of_status_row *rows;
    size_t found;
    TRY(operator_position(t, &list, in->before, &position));
    TRY(subscription_of_status(t, operator_wish(in->store), status, position, OPERATOR_ROWS + 1, &rows, &found));
    size_t n = found < OPERATOR_ROWS ? found : OPERATOR_ROWS;
    struct operator_subscription_row *items = arena_array(t->arena, struct operator_subscription_row, n + 1);
    for (size_t i = 0; i < n; i++)
        items[i] = row_of(t, &rows[i]);
    struct page_operator_subscriptions page = {
        OPERATOR_FRAME((const struct operator_session *)rq->caller),
        .store = operator_wish(in->store),
        .shown = word_of_subscription_status(status),
        .subscriptions = { items, n },
        .older_url = operator_older(t, &list, found > n, n ? rows[n - 1].subscription_id.v : STR_NONE),
    };
    if (!in->store.n)
        TRY(states_read(t, status, &page));
    page_operator_subscriptions(reply_html(rs, 200), &page);
    return OK;
}

const struct route operator_subscriptions_route = {
    .method = GET,
    .path = "/operator/subscriptions",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    INPUT(struct list_in, list_params),
    .handle = list_page,
    .summary = "Subscriptions of a state, of all partners",
};

/* ---- one ---- */

struct one_in {
    str before;
};

static const struct param one_params[] = {
    P_STR(struct one_in, before, .need = OPTIONAL, .set = BASE64URL, .min = 1, .max = 400),
};

static void when(struct task *t, bool given, instant at, str *text, str *iso)
{
    *text = given ? instant_text(t->arena, at) : STR_NONE;
    *iso = given ? instant_iso(t->arena, at) : STR_NONE;
}

/* While a dispute holds it, it is not tried, and its times move when that is decided; what is kept unpaid has none. */
static void step_tell(struct task *t, const struct subscription_find_row *s, const struct invoice_list_row *i,
                      struct operator_invoice_row *row)
{
    if (!str_eq(i->status, STR("open")))
        return;
    bool is_held = str_given(s->held_from), is_kept = i->waits_for_buyer && !i->retry_at_given;
    if (is_held || is_kept) {
        row->step = text_of(is_held ? TEXT_OP_NEXT_DISPUTE : TEXT_OP_STEP_KEPT);
        return;
    }
    bool has_time = i->retry_at_given || i->look_at_given;
    instant at = i->retry_at_given ? i->retry_at : i->look_at;
    row->step = text_of(i->waits_for_buyer  ? TEXT_OP_STEP_BUYER
                        : i->retry_at_given ? TEXT_OP_STEP_RETRY
                                            : TEXT_OP_STEP_CHARGE);
    row->step_at = has_time ? instant_text(t->arena, at) : STR_NONE;
    row->step_iso = has_time ? instant_iso(t->arena, at) : STR_NONE;
}

static err invoices_read(struct task *t, const struct subscription_find_row *s, str before,
                         struct page_operator_subscription *page)
{
    const struct operator_list list = {
        .name = arena_cstr(t->arena, arena_printf(t->arena, "invoices %.*s", STR_ARG(s->subscription_id.v))),
        .path = operator_link(t, "subscriptions", s->subscription_id.v),
    };
    const struct invoice_list_row *rows;
    str position;
    size_t found;
    TRY(operator_position(t, &list, before, &position));
    TRY(invoice_list(t, s->partner_id, s->subscription_id, position, OPERATOR_ROWS + 1, &rows, &found));
    size_t n = found < OPERATOR_ROWS ? found : OPERATOR_ROWS;
    struct operator_invoice_row *items = arena_array(t->arena, struct operator_invoice_row, n + 1);
    for (size_t k = 0; k < n; k++) {
        const struct invoice_list_row *i = &rows[k];
        items[k] = (struct operator_invoice_row){
            .id = i->invoice_id.v,
            .kind = i->kind,
            .period = i->period_n,
            .from = instant_text(t->arena, i->period_start),
            .from_iso = instant_iso(t->arena, i->period_start),
            .to = instant_text(t->arena, i->period_end),
            .to_iso = instant_iso(t->arena, i->period_end),
            .total = money_text(t->arena, i->total, i->currency),
            .applied = i->applied ? money_text(t->arena, i->applied, i->currency) : STR_NONE,
            .due = money_text(t->arena, i->due, i->currency),
            .status = i->status,
            .status_text = word_of_invoice_status(i->status),
            .reason = word_of_billing_reason(i->status_reason),
            .attempts = i->attempt - (i->due && str_eq(i->status, STR("paid")) ? 0 : 1), /* the next is in it */
            .payment_url = operator_link(t, "payments", i->payment_id),
            .disputed = str_given(i->dispute) ? word_of_invoice_dispute(i->dispute) : STR_NONE,
        };
        step_tell(t, s, i, &items[k]);
    }
    page->invoices.items = items;
    page->invoices.n = n;
    page->older_url = operator_older(t, &list, found > n, n ? rows[n - 1].invoice_id.v : STR_NONE);
    return OK;
}

static err tries_read(struct task *t, const struct subscription_find_row *s, struct page_operator_subscription *page)
{
    const struct subscription_tries_row *rows;
    size_t n;
    TRY(subscription_tries(t, s->subscription_id, &rows, &n));
    struct operator_try_row *items = arena_array(t->arena, struct operator_try_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        items[i] = (struct operator_try_row){ .status = rows[i].state,
                                              .status_text = word_of_attempt(rows[i].state),
                                              .decline_code = rows[i].decline_code,
                                              .payment_url = operator_link(t, "payments", rows[i].payment_id.v),
                                              .time = instant_text(t->arena, rows[i].at),
                                              .time_iso = instant_iso(t->arena, rows[i].at) };
    }
    page->tries.items = items;
    page->tries.n = n;
    return OK;
}

/*
 * What happens to it next, by itself, and when. A moment to end comes whatever it is then: of one in which no period
 * begins also when that is beyond the period that it is in.
 */
static void next_tell(struct task *t, const struct subscription_find_row *s, struct page_operator_subscription *page)
{
    bool is_over = str_eq(s->status, STR("canceled")), is_held = str_given(s->held_from);
    bool is_owed = s->has_open_invoice && !is_held, waits = is_held || subscription_waits_to_resume(s);
    bool is_moment = s->cancel_at_given && (waits || !instant_before(s->period_end, s->cancel_at));
    page->next = text_of(is_over                   ? TEXT_OP_NEXT_NONE
                         : is_owed                 ? TEXT_OP_NEXT_INVOICE
                         : is_moment               ? TEXT_OP_NEXT_MOMENT
                         : is_held                 ? TEXT_OP_NEXT_DISPUTE
                         : waits                   ? TEXT_OP_NEXT_RESUME
                         : s->cancel_at_period_end ? TEXT_OP_NEXT_END
                                                   : TEXT_OP_NEXT_RENEWAL);
    if (is_over || is_owed || (waits && !is_moment))
        return;
    page->next_at = instant_text(t->arena, is_moment ? s->cancel_at : s->period_end);
    page->next_iso = instant_iso(t->arena, is_moment ? s->cancel_at : s->period_end);
}

static struct page_operator_subscription page_of(struct task *t, const struct operator_session *who,
                                                 const struct subscription_find_row *s)
{
    int64_t amount_minor = s->price_amount * s->quantity;
    struct page_operator_subscription page = {
        OPERATOR_FRAME(who),
        .id = s->subscription_id.v,
        .price_name = s->price_name,
        .status = s->status,
        .status_text = word_of_subscription_status(s->status),
        .reason = s->status_reason,
        .reason_text = word_of_billing_reason(s->status_reason),
        .amount = money_text(t->arena, amount_minor, s->currency),
        .store_url = operator_link(t, "stores", s->store_id.v),
        .buyer = s->buyer,
        .external_id = s->external_id,
        .card = s->saved_card_id.v,
        .zone = s->zone,
        .period = s->period_n,
        .credit = s->balance ? money_text(t->arena, s->balance, s->currency) : STR_NONE,
        .next_price = s->next_price_name,
        .audit_url = arena_printf(t->arena, "/operator/audit?object=%.*s", STR_ARG(s->subscription_id.v)),
    };
    when(t, true, s->period_start, &page.from, &page.from_iso);
    when(t, true, s->period_end, &page.to, &page.to_iso);
    when(t, true, s->created_at, &page.created, &page.created_iso);
    when(t, s->ends_at_given, s->ends_at, &page.ends, &page.ends_iso);
    when(t, s->canceled_at_given, s->canceled_at, &page.canceled, &page.canceled_iso);
    when(t, s->next_price_at_given, s->next_price_at, &page.next_price_at, &page.next_price_iso);
    next_tell(t, s, &page);
    return page;
}

static err one_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct one_in *in = rq->in;
    const struct subscription_find_row *s;
    const struct partner_find_row *partner;
    const struct store_find_row *store;
    TRY(subscription_any(t, (subscription_id){ request_path_param(rq, "subscription") }, &s));
    if (!s)
        return FAIL(t, NOT_FOUND, "no such subscription");
    TRY(clock_enter(t, s->partner_id));
    TRY(partner_find(t, s->partner_id, &partner));
    TRY(store_find(t, s->partner_id, s->store_id, STR_NONE, &store));
    struct page_operator_subscription page = page_of(t, rq->caller, s);
    page.partner_name = partner ? partner->name : s->partner_id.v;
    page.store_name = store ? store->name : s->store_id.v;
    TRY(invoices_read(t, s, in->before, &page));
    TRY(tries_read(t, s, &page));
    page_operator_subscription(reply_html(rs, 200), &page);
    return OK;
}

const struct route operator_subscription_route = {
    .method = GET,
    .path = "/operator/subscriptions/{subscription}",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    INPUT(struct one_in, one_params),
    .handle = one_page,
    .summary = "A subscription with its invoices, tries and next steps",
};
