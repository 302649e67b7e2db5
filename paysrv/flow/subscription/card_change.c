/* See card_change.h. */
#include "paysrv/flow/subscription/card_change.h"

#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/message/speech.h"
#include "paysrv/flow/payment/cancel.h"
#include "paysrv/flow/payment/new_payment.h"
#include "paysrv/flow/subscription/invoice.h"
#include "paysrv/flow/subscription/subscription.h"
#include "paysrv/store/billing.sql.h"
#include "paysrv/store/invoice.sql.h"
#include "paysrv/store/saved_card.sql.h"
#include "paysrv/store/subscription.sql.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"
#include "shared/text/currency.h"

#define ROUTE STR("card_change")
#define STILL_TIME MINUTES(10) /* to make one that was begun before */
#define FIRST_LOOK SECONDS(30)
#define CHECKED STR("card_checked")

static const struct app *app_of(struct task *t)
{
    return t->app;
}

/* ---- beginning ---- */

/* One whole unit, or the least that a payment may be: less is refused by some banks. */
static int64_t check_amount(struct task *t, str currency)
{
    const struct currency *c = currency_find(currency);
    int64_t least = invoice_grain(t, currency).least_minor, whole = 1;
    for (int i = 0; c && i < c->exponent; i++)
        whole *= 10;
    return whole > least ? whole : least;
}

static err check_make(struct task *t, const struct subscription_find_row *s, str email, str return_url, payment_id *ret)
{
    const struct card_change_open_row *open;
    TRY(card_change_open(t, s->subscription_id, instant_add(t->now, STILL_TIME), &open));
    if (open) {
        *ret = open->payment_id;
        return OK;
    }
    *ret = (payment_id){ app_of(t)->env->new_id(t->arena, "pay_") };
    const struct payment_wanted wanted = {
        .partner = s->partner_id,
        .store = s->store_id,
        .payment = *ret,
        .currency = s->currency,
        .amount_minor = check_amount(t, s->currency),
        .is_reserved_only = true,
        .description = text_in(speech_to(t, STR_NONE), TEXT_PAY_CARD_CHECK),
        .metadata = arena_printf(t->arena, "{\"card_change\":\"true\",\"subscription\":\"%.*s\"}",
                                 STR_ARG(s->subscription_id.v)),
        .return_url = return_url,
        .expires_at = instant_add(t->now, PAYMENT_LIFE),
        .buyer = s->buyer,
        .email = email,
        .locale = speech_tag(t),
        .must_keep_card = true,
        .route = ROUTE,
        .key = ret->v,
    };
    return payment_want(t, &wanted);
}

err card_change_begin(struct task *t, const struct subscription_find_row *s, str email, str return_url, payment_id *ret)
{
    const struct invoice_to_pay_row *debt;
    int64_t affected;
    TRY(invoice_to_pay(t, s->subscription_id, &debt));
    if (debt)
        *ret = debt->payment_id;
    else
        TRY(check_make(t, s, email, return_url, ret));
    TRY(card_change_insert(t, *ret, s->subscription_id, !debt, instant_add(t->now, FIRST_LOOK), &affected));
    log_info(t, "card_change.begun", L_STR("subscription", s->subscription_id.v), L_STR("payment", ret->v));
    return OK;
}

/* ---- what became of it ---- */

err card_change_checks(struct task *t, const struct payment_find_row *p, enum payment_status status, bool *ret)
{
    const struct card_change_is_check_row *check;
    *ret = str_eq(p->cancel_reason, CHECKED);
    if (*ret || status != PAYMENT_REQUIRES_CAPTURE)
        return OK;
    TRY(card_change_is_check(t, p->payment_id, &check));
    *ret = check->is_check;
    return OK;
}

static err card_take(struct task *t, const struct card_changes_due_row *due)
{
    const struct subscription_find_row *s;
    const struct saved_card_find_row *card;
    TRY(subscription_any(t, due->subscription_id, &s));
    TRY(saved_card_any(t, (saved_card_id){ due->card_id }, &card));
    if (!s || !card || str_eq(s->status, subscription_status_name(SUBSCRIPTION_CANCELED)))
        return OK;
    return subscription_card_set(t, s, card);
}

/* Nothing more will come of it; what is reserved is released. */
static err finish(struct task *t, const struct payment_find_row *p)
{
    int64_t affected;
    bool begun = true;
    if (str_eq(p->status, payment_status_name(PAYMENT_REQUIRES_CAPTURE)))
        TRY(void_plan(t, p, CHECKED, &begun));
    CRASH_POINT("card_change.after_void");
    return begun ? card_change_done(t, p->payment_id, &affected) : OK;
}

static err look(struct task *t, const struct card_changes_due_row *due)
{
    const struct payment_find_row *p;
    int64_t affected;
    TRY(app_of(t)->env->payment_any(t, due->payment_id, &p));
    if (!p)
        return card_change_done(t, due->payment_id, &affected);
    if (str_eq(due->card_state, STR("active"))) {
        TRY(card_take(t, due));
        return finish(t, p);
    }
    switch (payment_status_at(p->status, p->expires_at, t->now)) {
    case PAYMENT_CANCELED:
    case PAYMENT_EXPIRED:
        return finish(t, p);
    case PAYMENT_SUCCEEDED:
    case PAYMENT_REQUIRES_CAPTURE:
        return str_given(due->card_id) ? OK : finish(t, p); /* paid, and this card is not kept */
    case PAYMENT_REQUIRES_PAYMENT_METHOD:
    case PAYMENT_PROCESSING:
    case PAYMENT_REQUIRES_ACTION:
    case PAYMENT_STATUS_COUNT:
        break;
    }
    return OK;
}

err card_changes_run(struct task *t, size_t *n_looked)
{
    const struct card_changes_due_row *rows;
    TRY(card_changes_due(t, &rows, n_looked));
    for (size_t i = 0; i < *n_looked; i++) {
        err e = look(t, &rows[i]);
        if (e)
            log_failure(t, e); /* one change must not keep the others waiting */
    }
    return OK;
}
