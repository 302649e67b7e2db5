/*
 * /billing/{token}: the buyer's page (docs/protocol/pay/pages.md). It works without JavaScript; what has an
 * effect is a form post, which leads back to the page.
 */
#include "paysrv/buyer_page.h"
#include "paysrv/domain/party/requisite.h"
#include "paysrv/domain/subscription/notice.h"
#include "paysrv/faults.h"
#include "paysrv/flow/access/session.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/message/speech.h"
#include "paysrv/flow/message/speech_words.h"
#include "paysrv/flow/subscription/billing.h"
#include "paysrv/flow/subscription/subscription.h"
#include "paysrv/flow/subscription/subscription_move.h"
#include "paysrv/flow/subscription/upcoming.h"
#include "paysrv/routes.h"
#include "paysrv/store/billing.sql.h"
#include "paysrv/store/subscription.sql.h"
#include "shared/text/json_in.h"
#include "web/paysrv/pages.h"

#define INVOICES_SHOWN 50 /* on a page */

static str base_of(struct task *t, const struct request *rq)
{
    return arena_printf(t->arena, "/billing/%.*s", STR_ARG(request_path_param(rq, "token")));
}

/* In the language that the address asks for, which links and forms carry on. */
static err visit_open(struct task *t, const struct request *rq, str locale, struct billing_visit *ret)
{
    TRY(billing_visit_open(t, request_path_param(rq, "token"), ret));
    billing_speak(t, ret, locale, request_header(rq, "accept-language"));
    return OK;
}

/* Members that all these pages have; `path`: where a choice of language leads. */
#define COMMON(t, v, path)                                                                                             \
    .store_name = (v)->who->store_name, .sheet = store_file_path((t), (v)->who->sheet),                                \
    .logo = store_file_path((t), (v)->who->logo), .support_email = (v)->who->support_email,                            \
    .support_mail = mail_url((t), (v)->who->support_email), .support_url = (v)->who->support_url,                      \
    .languages = { language_choices((t), (v)->languages, (path)), (v)->languages.n }, .is_test = !clock_is_live(t)

static void late_show(struct task *t, const struct request *rq, struct response *rs, const struct billing_visit *v)
{
    const struct page_billing_late page = {
        COMMON(t, v, base_of(t, rq)),
        .locale = v->locale,
        .action = arena_printf(t->arena, "%.*s/link", STR_ARG(base_of(t, rq))),
    };
    page_billing_late(reply_html(rs, 410), t->language, NULL, &page);
}

/* A day of the subscription's zone, as he writes it. */
static err day_write(struct task *t, str zone, instant at, str *ret)
{
    TRY(subscription_day(t, zone, at, ret));
    *ret = day_in(t, t->language, *ret);
    return OK;
}

/* ---- what he has ---- */

static str pay_url(struct task *t, const struct billing_visit *v, str payment)
{
    if (!str_given(payment))
        return STR_NONE;
    str path = arena_printf(t->arena, "/pay/%.*s", STR_ARG(session_of(t, (payment_id){ payment })));
    return in_locale(t, path, v->locale);
}

static err price_fill(struct task *t, const struct subscription_find_row *s, struct billing_subscription *ret)
{
    int64_t amount;
    if (ret->is_over || !s->next_price_at_given)
        return OK;
    TRY(subscription_amount(t, s->next_price_amount, s->quantity, &amount));
    ret->new_amount = money_in(t, t->language, amount, s->currency);
    ret->can_agree = !s->next_price_agreed;
    ret->ends_without = str_eq(s->next_price_else, STR("end"));
    return day_write(t, s->zone, s->next_price_at, &ret->new_on);
}

static bool goes_on(const struct subscription_find_row *s)
{
    return str_eq(s->status, STR("trialing")) || str_eq(s->status, STR("active"));
}

static bool is_to_end(const struct subscription_find_row *s)
{
    return s->cancel_at_period_end || s->cancel_at_given;
}

/* The end that was asked for stays, whatever it waits for meanwhile. */
static err end_fill(struct task *t, const struct subscription_find_row *s, struct billing_subscription *ret)
{
    instant at = s->cancel_at_given ? s->cancel_at : s->period_end;
    if (ret->is_over)
        return day_write(t, s->zone, s->canceled_at, &ret->ends_on);
    return is_to_end(s) && instant_before(t->now, at) ? day_write(t, s->zone, at, &ret->ends_on) : OK;
}

static err times_fill(struct task *t, const struct subscription_find_row *s,
                      const struct billing_subscriptions_row *row, struct billing_subscription *ret)
{
    struct upcoming next;
    TRY(end_fill(t, s, ret));
    if (!goes_on(s))
        return OK;
    TRY(upcoming_find(t, s, &next));
    TRY(day_write(t, s->zone, next.at, next.is_end ? &ret->ends_on : &ret->next_on));
    if (!next.is_end)
        ret->next_amount = money_in(t, t->language, next.due_minor, s->currency);
    ret->card_bad = !next.is_end && (!row->can_charge || !card_outlives(row->exp_year, row->exp_month, next.at));
    return OK;
}

/* Where that is refused, it is not offered. */
static err keep_fill(struct task *t, const struct subscription_find_row *s, struct billing_subscription *ret)
{
    bool is_cut;
    if (ret->is_over || !is_to_end(s) || subscription_waits_to_resume(s))
        return OK;
    TRY(subscription_is_cut(t, s, &is_cut));
    ret->can_keep = !is_cut;
    return OK;
}

static err subscription_fill(struct task *t, const struct request *rq, const struct billing_visit *v,
                             const struct billing_subscriptions_row *row, struct billing_subscription *ret)
{
    const struct subscription_find_row *s;
    TRY(subscription_any(t, row->subscription_id, &s));
    if (!s)
        return FAIL(t, INTERNAL, "a subscription that was just there");
    bool is_over = str_eq(s->status, STR("canceled"));
    *ret = (struct billing_subscription){
        .name = s->quantity > 1 ? arena_printf(t->arena, "%lld × %.*s", (long long)s->quantity, STR_ARG(s->price_name))
                                : s->price_name,
        .amount = money_in(t, t->language, s->price_amount * s->quantity, s->currency),
        .each = words_of_interval(t->arena, t->language, s->unit, s->unit_count),
        .status = word_of_subscription(t->language, s->status),
        .is_trial = str_eq(s->status, STR("trialing")),
        .is_over = is_over,
        .card = is_over ? STR_NONE
                        : arena_printf(t->arena, "%.*s, %02d/%d",
                                       STR_ARG(requisite_masked_card(t->arena, row->brand, row->last4)), row->exp_month,
                                       row->exp_year),
        .pay_url = is_over ? STR_NONE : pay_url(t, v, row->pay_payment),
        .action =
            arena_printf(t->arena, "%.*s/subscriptions/%.*s", STR_ARG(base_of(t, rq)), STR_ARG(s->subscription_id.v)),
        .state = billing_state(t, s),
        .can_pause = str_eq(s->status, STR("active")) && !s->cancel_at_period_end && !s->has_open_invoice,
        .can_resume = subscription_waits_to_resume(s),
        .can_cancel = !is_over && !(goes_on(s) && s->cancel_at_period_end), /* as he wants it */
        .can_change_card = !is_over,
    };
    TRY(price_fill(t, s, ret));
    TRY(keep_fill(t, s, ret));
    return times_fill(t, s, row, ret);
}

static str invoice_path(struct task *t, const struct request *rq, const struct billing_invoices_row *row)
{
    return arena_printf(t->arena, "%.*s/invoices/%.*s", STR_ARG(base_of(t, rq)), STR_ARG(row->invoice_id.v));
}

static str older_url(struct task *t, const struct request *rq, const struct billing_visit *v,
                     const struct billing_invoices_row *last)
{
    str path = arena_printf(t->arena, "%.*s?before=%.*s", STR_ARG(base_of(t, rq)), STR_ARG(last->invoice_id.v));
    return in_locale(t, path, v->locale);
}

static err invoice_fill(struct task *t, const struct request *rq, const struct billing_visit *v,
                        const struct billing_invoices_row *row, struct billing_invoice_row *ret)
{
    *ret = (struct billing_invoice_row){
        .name = row->price_name,
        .amount = money_in(t, t->language, row->due, row->currency),
        .status = word_of_invoice(t->language, row->status),
        .url = in_locale(t, invoice_path(t, rq, row), v->locale),
    };
    TRY(day_write(t, row->zone, row->period_start, &ret->from));
    return day_write(t, row->zone, row->period_end, &ret->to);
}

/* before: an invoice whose older ones are shown; absent: the newest. */
static err page_show(struct task *t, const struct request *rq, struct response *rs, const struct billing_visit *v,
                     str before, bool is_stale)
{
    const struct billing_subscriptions_row *rows;
    const struct billing_invoices_row *invoices;
    size_t n, n_invoices;
    TRY(billing_subscriptions(t, v->store, v->buyer, &rows, &n));
    TRY(billing_invoices(t, v->store, v->buyer, STR_NONE, before, INVOICES_SHOWN + 1, &invoices, &n_invoices));
    bool has_more = n_invoices > INVOICES_SHOWN;
    n_invoices -= has_more;
    struct billing_subscription *shown = arena_array(t->arena, struct billing_subscription, n + 1);
    struct billing_invoice_row *listed = arena_array(t->arena, struct billing_invoice_row, n_invoices + 1);
    for (size_t i = 0; i < n; i++)
        TRY(subscription_fill(t, rq, v, &rows[i], &shown[i]));
    for (size_t i = 0; i < n_invoices; i++)
        TRY(invoice_fill(t, rq, v, &invoices[i], &listed[i]));
    const struct page_billing page = {
        COMMON(t, v, base_of(t, rq)),
        .locale = v->locale,
        .partner_name = v->who->partner_name,
        .is_stale = is_stale,
        .subscriptions = { shown, n },
        .invoices = { listed, n_invoices },
        .older_url = has_more ? older_url(t, rq, v, &invoices[n_invoices - 1]) : STR_NONE,
    };
    page_billing(reply_html(rs, is_stale ? 409 : 200), t->language, NULL, &page);
    return OK;
}

struct show_in {
    str locale;
};

/* What is no tag says nothing, as at the checkout. */
#define LOCALE_PARAM(type) P_STR(type, locale, .need = OPTIONAL, .set = LINE, .max = 200)

static const struct param show_params[] = {
    LOCALE_PARAM(struct show_in),
};

struct list_in {
    str locale, before;
};

static const struct param list_params[] = {
    LOCALE_PARAM(struct list_in),
    P_STR(struct list_in, before, .need = OPTIONAL, .set = ID, .min = 1, .max = 40),
};

static err show(struct task *t, const struct request *rq, struct response *rs)
{
    const struct list_in *in = rq->in;
    struct billing_visit v;
    TRY(visit_open(t, rq, in->locale, &v));
    if (!v.is_late)
        return page_show(t, rq, rs, &v, in->before, false);
    late_show(t, rq, rs, &v);
    return OK;
}

/* ---- what he wants ---- */

struct act_in {
    str action, state, locale;
};

static const struct param act_params[] = {
    P_STR(struct act_in, action, .need = REQUIRED, .set = ID, .max = 20),
    P_STR(struct act_in, state, .need = REQUIRED, .set = ID, .max = 40),
    LOCALE_PARAM(struct act_in),
};

static err act(struct task *t, const struct request *rq, struct response *rs)
{
    const struct act_in *in = rq->in;
    subscription_id id = { request_path_param(rq, "subscription") };
    str next = base_of(t, rq);
    enum billing_action action;
    struct billing_visit v;
    TRY(visit_open(t, rq, in->locale, &v));
    if (v.is_late) {
        late_show(t, rq, rs, &v);
        return OK;
    }
    if (!billing_action_parse(in->action, &action))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("action"), STR("must be one of the page's"));
    task_by(t, STR("link:billing"), v.buyer, rq->peer);
    err e = billing_act(t, &v, id, action, in->state, &next);
    if (err_is(e, &FAULT_SUBSCRIPTION_STATE))
        return page_show(t, rq, rs, &v, STR_NONE, true);
    TRY(e);
    reply_see_other(rs, in_locale(t, next, v.locale));
    return OK;
}

static err link_send(struct task *t, const struct request *rq, struct response *rs)
{
    const struct show_in *in = rq->in;
    struct billing_visit v;
    TRY(visit_open(t, rq, in->locale, &v));
    TRY(billing_link_send(t, &v));
    page_billing_sent(reply_html(rs, 200), t->language, NULL,
                      &(struct page_billing_sent){ COMMON(t, &v, base_of(t, rq)) });
    return OK;
}

/* ---- an invoice ---- */

static err line_read(struct task *t, const struct json_value *from, const struct billing_invoices_row *row,
                     struct billing_line *ret)
{
    str type, name, begin, until;
    int64_t amount, quantity;
    instant a, b;
    if (!json_get_str(from, "type", &type) || !json_get_str(from, "name", &name) ||
        !json_get_i64(from, "amount", &amount) || !json_get_i64(from, "quantity", &quantity) ||
        !json_get_str(from, "from", &begin) || !json_get_str(from, "to", &until) || !instant_parse(begin, &a) ||
        !instant_parse(until, &b))
        return FAIL(t, INTERNAL, "a line of an invoice that is none");
    ret->what = word_of_invoice_line(t->language, type);
    ret->name = name;
    ret->amount = money_in(t, t->language, amount, row->currency);
    ret->quantity = quantity > 1 ? arena_printf(t->arena, "%lld ×", (long long)quantity) : STR_NONE;
    TRY(day_write(t, row->zone, a, &ret->from));
    return day_write(t, row->zone, b, &ret->to);
}

/* What has come of it: who keeps the page of one that was never paid must not read there that it was charged. */
static void invoice_sums(struct task *t, const struct billing_invoices_row *row, struct page_billing_invoice *page)
{
    bool is_paid = str_eq(row->status, STR("paid")), is_open = str_eq(row->status, STR("open"));
    if ((is_paid || is_open) && row->applied > 0)
        page->applied = money_in(t, t->language, -row->applied, row->currency);
    if ((is_paid || is_open) && row->applied < 0)
        page->credited = money_in(t, t->language, -row->applied, row->currency);
    if (is_open)
        page->to_pay = money_in(t, t->language, row->due, row->currency);
    else
        page->charged = money_in(t, t->language, is_paid ? row->due : 0, row->currency);
    if (row->refunded)
        page->refunded = money_in(t, t->language, row->refunded, row->currency);
    if (is_paid)
        page->payment = row->payment_id;
}

static err invoice_page(struct task *t, const struct request *rq, struct response *rs, const struct billing_visit *v,
                        const struct billing_invoices_row *row)
{
    const struct json_value *lines;
    if (!json_parse(t->arena, row->lines, &lines))
        return FAIL(t, INTERNAL, "an invoice without lines");
    size_t n = json_size(lines);
    struct billing_line *shown = arena_array(t->arena, struct billing_line, n + 1);
    for (size_t i = 0; i < n; i++)
        TRY(line_read(t, json_item(lines, i), row, &shown[i]));
    if (n == 1)
        shown[0].name = STR_NONE; /* the invoice's own */
    struct page_billing_invoice page = {
        COMMON(t, v, invoice_path(t, rq, row)),
        .partner_name = v->who->partner_name,
        .name = row->price_name,
        .reference = row->invoice_id.v,
        .status = word_of_invoice(t->language, row->status),
        .lines = { shown, n },
        .total = money_in(t, t->language, row->total, row->currency),
        .back_url = in_locale(t, base_of(t, rq), v->locale),
    };
    invoice_sums(t, row, &page);
    TRY(day_write(t, row->zone, row->created_at, &page.made_on));
    if (row->finished_at_given && str_eq(row->status, STR("paid")))
        TRY(day_write(t, row->zone, row->finished_at, &page.paid_on));
    page_billing_invoice(reply_html(rs, 200), t->language, NULL, &page);
    return OK;
}

static err invoice_show(struct task *t, const struct request *rq, struct response *rs)
{
    const struct show_in *in = rq->in;
    const struct billing_invoices_row *rows;
    struct billing_visit v;
    size_t n;
    TRY(visit_open(t, rq, in->locale, &v));
    if (v.is_late) {
        late_show(t, rq, rs, &v);
        return OK;
    }
    TRY(billing_invoices(t, v.store, v.buyer, request_path_param(rq, "invoice"), STR_NONE, 1, &rows, &n));
    return n == 1 ? invoice_page(t, rq, rs, &v, &rows[0]) : FAIL(t, NOT_FOUND, "no invoice of this buyer");
}

/* ---- routes ---- */

#define PAGE_ROUTE(METHOD, PATH, SUMMARY, HANDLE, ...)                                                                 \
    {                                                                                                                  \
        .method = METHOD, .path = PATH, .guard = &GUARD_PUBLIC, .run = RUN_WORKER, .errors = ERRORS_PAGE,              \
        .no_store = true, .per_minute = 600, .per_minute_link = 60, .handle = HANDLE, .summary = SUMMARY, __VA_ARGS__  \
    }

const struct route billing_show_route =
    PAGE_ROUTE(GET, "/billing/{token}", "A buyer's subscriptions at a store", show, .body = BODY_NONE,
               .ignore_unknown = true, INPUT(struct list_in, list_params));
const struct route billing_act_route = PAGE_ROUTE(POST, "/billing/{token}/subscriptions/{subscription}",
                                                  "Pause, cancel or keep a subscription, or change "
                                                  "its card",
                                                  act, .body = BODY_FORM, INPUT(struct act_in, act_params));
const struct route billing_link_route = PAGE_ROUTE(POST, "/billing/{token}/link", "Mail the buyer a new link",
                                                   link_send, .body = BODY_FORM, INPUT(struct show_in, show_params));
const struct route billing_invoice_route =
    PAGE_ROUTE(GET, "/billing/{token}/invoices/{invoice}", "An invoice of a buyer's, to be printed", invoice_show,
               .body = BODY_NONE, .ignore_unknown = true, INPUT(struct show_in, show_params));
