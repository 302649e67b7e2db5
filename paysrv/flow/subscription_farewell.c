/* See subscription_farewell.h. */
#include "paysrv/flow/subscription_farewell.h"

#include "paysrv/faults.h"
#include "paysrv/flow/billing.h"
#include "paysrv/flow/speech.h"
#include "paysrv/flow/unused_refund.h"
#include "paysrv/flow/zones.h"
#include "paysrv/store/invoice.sql.h"
#include "web/paysrv/pages.h"

/*
 * How much is given back, as far as that is known: not while an invoice may still be paid, nor of a period to come,
 * which is charged until its end only.
 */
static err back_of(struct task *t, const struct subscription_find_row *s, const struct farewell *f, int64_t *ret)
{
    *ret = 0;
    if (!f->refunds || s->has_open_invoice || instant_before(s->period_end, f->at))
        return OK;
    return unused_refund_preview(t, s, f->at, ret);
}

err subscription_farewell(struct task *t, const struct subscription_find_row *s, const struct farewell *f,
                          struct mail_draft *ret)
{
    const struct invoice_buyer_row *buyer;
    int64_t back_minor;
    TRY(invoice_buyer(t, s->subscription_id, &buyer));
    if (!buyer)
        return FAIL(t, INTERNAL, "a subscription without its buyer");
    TRY(back_of(t, s, f, &back_minor));
    const enum language lang = speech_to(t, buyer->locale);
    struct mail_subscription_canceled m = {
        .store_name = buyer->store_name,
        .what = buyer->price_name,
        .is_over = f->kind == FAREWELL_NOW,
        .with_period = f->kind == FAREWELL_WITH_PERIOD,
        .at_moment = f->kind == FAREWELL_AT_MOMENT,
        .is_cut = f->refunds && instant_before(s->period_end, f->at),
        .back = back_minor > 0 ? money_in(t, lang, back_minor, s->currency) : STR_NONE,
        .no_back = !f->refunds && f->kind != FAREWELL_WITH_PERIOD,
        .support = buyer->support,
        .billing_url = billing_url(t, s->store_id, s->buyer),
    };
    TRY(moment_there(t, lang, f->at, s->zone, &m.ends));
    *ret = mail_draft_make(t, buyer->email, mail_subscription_canceled(t->arena, lang, &m));
    return OK;
}
