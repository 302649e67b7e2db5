/* /operator/payments: those of all partners, or those that are looked for. */
#include "paysrv/operator_payments.h"
#include "paysrv/domain/bank/bank_answer.h"
#include "paysrv/domain/payment/payment.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/operator_page.h"
#include "paysrv/routes.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/words.h"
#include "shared/text/currency.h"
#include "web/text.h"

#define TIME_TO_MINUTES 16 /* 2026-11-27T10:00, as browsers send it */
#define TIME_TO_SECONDS 19
#define DAY 10

struct payments_in {
    str id, status, partner, store, seller, currency, amount_min, amount_max, from, to, last4, before;
};

static const struct param payments_params[] = {
    P_STR(struct payments_in, id, .need = OPTIONAL, .set = LINE, .max = 200),
    P_STR(struct payments_in, status, .need = OPTIONAL, .set = LINE, .max = 40),
    P_STR(struct payments_in, partner, .need = OPTIONAL, .set = LINE, .max = 63),
    P_STR(struct payments_in, store, .need = OPTIONAL, .set = LINE, .max = 40),
    P_STR(struct payments_in, seller, .need = OPTIONAL, .set = LINE, .max = 40),
    P_STR(struct payments_in, currency, .need = OPTIONAL, .set = LINE, .max = 3),
    P_STR(struct payments_in, amount_min, .need = OPTIONAL, .set = LINE, .max = 20),
    P_STR(struct payments_in, amount_max, .need = OPTIONAL, .set = LINE, .max = 20),
    P_STR(struct payments_in, from, .need = OPTIONAL, .set = LINE, .max = 30),
    P_STR(struct payments_in, to, .need = OPTIONAL, .set = LINE, .max = 30),
    P_STR(struct payments_in, last4, .need = OPTIONAL, .set = LINE, .max = 4),
    P_STR(struct payments_in, before, .need = OPTIONAL, .set = BASE64URL, .min = 1, .max = 2000),
};

/* A time of UTC as a form sends it; what is none stays as it is, and is refused. */
static str time_of_form(struct task *t, str text)
{
    if (!text.n)
        return STR_NONE;
    const char *rest = text.n == DAY               ? "T00:00:00Z"
                       : text.n == TIME_TO_MINUTES ? ":00Z"
                       : text.n == TIME_TO_SECONDS ? "Z"
                                                   : "";
    return arena_printf(t->arena, "%.*s%s", STR_ARG(text), rest);
}

/* What a person writes is whole units of a currency, which is known then. */
static err amount_read(struct task *t, const char *name, str text, str currency, int64_t *ret)
{
    if (!text.n)
        return OK;
    if (!currency.n)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("currency"), STR("an amount needs one, such as EUR"));
    if (!currency_find(currency))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("currency"), currency_allowed(currency));
    if (!bank_amount_parse(text, currency, ret))
        return FAIL_PARAM(t, INVALID_PARAMETER, str_of(name), STR("must be an amount like 12.50"));
    return OK;
}

static err partner_enter(struct task *t, str partner)
{
    const struct partner_find_row *found;
    if (!partner.n)
        return OK;
    TRY(partner_find(t, (partner_id){ partner }, &found));
    if (!found)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("partner"), STR("the name of a partner, such as inkwell"));
    return clock_enter(t, found->partner_id);
}

static err wish_read(struct task *t, const struct payments_in *in, struct payment_wish *ret)
{
    *ret = (struct payment_wish){ .partner = operator_wish(in->partner),
                                  .store = operator_wish(in->store),
                                  .seller = operator_wish(in->seller),
                                  .status = operator_wish(in->status),
                                  .currency = operator_wish(in->currency),
                                  .from = time_of_form(t, in->from),
                                  .to = time_of_form(t, in->to),
                                  .name = operator_wish(in->id),
                                  .last4 = operator_wish(in->last4) };
    TRY(partner_enter(t, in->partner));
    TRY(amount_read(t, "amount_min", in->amount_min, in->currency, &ret->amount_min));
    return amount_read(t, "amount_max", in->amount_max, in->currency, &ret->amount_max);
}

static err payments_find(struct task *t, const struct payments_in *in, struct page_operator_payments *page)
{
    const struct operator_query queries[] = {
        { "id", in->id },
        { "status", in->status },
        { "partner", in->partner },
        { "store", in->store },
        { "seller", in->seller },
        { "currency", in->currency },
        { "from", in->from },
        { "to", in->to },
        { "last4", in->last4 },
        { "amount_min", in->amount_min },
        { "amount_max", in->amount_max },
    };
    const struct operator_list list = { .name = "operator payments",
                                        .path = STR("/operator/payments"),
                                        .queries = queries,
                                        .n_queries = sizeof queries / sizeof queries[0] };
    struct payment_wish wish;
    struct payment_found found;
    str position;
    TRY(operator_position(t, &list, in->before, &position));
    TRY(wish_read(t, in, &wish));
    TRY(payment_look(t, &wish, position, OPERATOR_ROWS, &found));
    page->older_url = operator_older(t, &list, found.has_more, found.next);
    if (found.looked_until.us) {
        page->looked_until = instant_text(t->arena, found.looked_until);
        page->looked_iso = instant_iso(t->arena, found.looked_until);
    }
    return operator_payment_rows(t, found.payments, &page->payments.items, &page->payments.n);
}

static void statuses_offer(struct task *t, str chosen, struct page_operator_payments *page)
{
    struct operator_choice *items = arena_array(t->arena, struct operator_choice, PAYMENT_STATUS_COUNT);
    for (unsigned i = 0; i < PAYMENT_STATUS_COUNT; i++) {
        str name = payment_status_name((enum payment_status)i);
        items[i] = (struct operator_choice){ name, word_of_payment(name), str_eq(name, chosen) };
    }
    page->statuses.items = items;
    page->statuses.n = PAYMENT_STATUS_COUNT;
}

static err payments_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct payments_in *in = rq->in;
    struct page_operator_payments page = {
        OPERATOR_FRAME((const struct operator_session *)rq->caller),
        .id = in->id,
        .partner = in->partner,
        .store = in->store,
        .seller = in->seller,
        .currency = in->currency,
        .amount_min = in->amount_min,
        .amount_max = in->amount_max,
        .from = in->from,
        .to = in->to,
        .last4 = in->last4,
        .is_filtered = in->id.n || in->partner.n || in->store.n || in->seller.n || in->currency.n || in->from.n ||
                       in->to.n || in->last4.n || in->status.n,
    };
    statuses_offer(t, in->status, &page);
    str_array partners;
    TRY(operator_partners(t, &partners));
    page.partners.items = partners.items;
    page.partners.n = partners.n;
    err e = payments_find(t, in, &page);
    if (e && !err_is(e, &FAULT_INVALID_PARAMETER))
        return e;
    if (e) /* what was asked for stays in the form, with what is wrong about it */
        page.problem = arena_printf(t->arena, "%.*s: %.*s", STR_ARG(e->param), STR_ARG(e->explain));
    page_operator_payments(reply_html(rs, 200), &page);
    return OK;
}

const struct route operator_payments_route = {
    .method = GET,
    .path = "/operator/payments",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    INPUT(struct payments_in, payments_params),
    .handle = payments_page,
    .summary = "Payments of all partners, or those that are looked for",
};
