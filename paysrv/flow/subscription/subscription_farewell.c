/* See subscription_farewell.h. */
#include "paysrv/flow/subscription/subscription_farewell.h"

#include "paysrv/faults.h"
#include "paysrv/flow/message/speech.h"
#include "paysrv/flow/subscription/billing.h"
#include "paysrv/flow/subscription/subscription_move.h"
#include "paysrv/flow/subscription/unused_refund.h"
#include "paysrv/flow/zones.h"
#include "paysrv/store/invoice.sql.h"
#include "web/paysrv/pages.h"

/* Of a period to come, which is charged until the end only. */
static bool is_cut(const struct subscription_find_row *s, const struct farewell *f)
{
    return f->kind == FAREWELL_AT_MOMENT && f->refunds && instant_before(s->period_end, f->at);
}

/* How much is given back, as far as that is known: not while an invoice may still be paid, which is said instead. */
static err back_of(struct task *t, const struct subscription_find_row *s, const struct farewell *f, int64_t *ret)
{
    *ret = 0;
    if (!f->refunds || s->has_open_invoice || is_cut(s, f))
        return OK;
    return unused_refund_preview(t, s, f->at, ret);
}

static bool is_by_itself(enum farewell_kind kind)
{
    return kind == FAREWELL_RAN_OUT || kind == FAREWELL_PRICE;
}

str farewell_mail_kind(enum farewell_kind kind)
{
    return is_by_itself(kind) ? STR("subscription_ended") : STR("subscription_canceled");
}

static err ended_write(struct task *t, const struct subscription_find_row *s, const struct farewell *f,
                       const struct invoice_buyer_row *buyer, struct mail_draft *ret)
{
    const enum language lang = speech_to(t, buyer->locale);
    struct mail_subscription_ended m = {
        .store_name = buyer->store_name,
        .what = buyer->price_name,
        .ran_out = f->kind == FAREWELL_RAN_OUT,
        .by_price = f->kind == FAREWELL_PRICE,
        .support = buyer->support,
        .billing_url = billing_url(t, s->store_id, s->buyer),
    };
    TRY(moment_there(t, lang, f->at, s->zone, &m.ends));
    *ret = mail_draft_make(t, buyer->email, lang, mail_subscription_ended(t->arena, lang, &m));
    return OK;
}

static err canceled_write(struct task *t, const struct subscription_find_row *s, const struct farewell *f,
                          const struct invoice_buyer_row *buyer, struct mail_draft *ret)
{
    int64_t back_minor;
    bool is_final;
    TRY(back_of(t, s, f, &back_minor));
    TRY(subscription_is_cut(t, s, &is_final));
    const enum language lang = speech_to(t, buyer->locale);
    struct mail_subscription_canceled m = {
        .store_name = buyer->store_name,
        .what = buyer->price_name,
        .is_over = f->kind == FAREWELL_NOW,
        .with_period = f->kind == FAREWELL_WITH_PERIOD,
        .can_keep = f->kind == FAREWELL_WITH_PERIOD && !is_final,
        .at_moment = f->kind == FAREWELL_AT_MOMENT,
        .is_cut = is_cut(s, f),
        .ends_open = s->has_open_invoice && f->kind == FAREWELL_NOW,
        .keeps_open = s->has_open_invoice && f->kind == FAREWELL_WITH_PERIOD,
        .back = back_minor > 0 ? money_in(t, lang, back_minor, s->currency) : STR_NONE,
        .no_back = !f->refunds && f->kind != FAREWELL_WITH_PERIOD,
        .back_later = f->refunds && s->has_open_invoice && !is_cut(s, f),
        .support = buyer->support,
        .billing_url = billing_url(t, s->store_id, s->buyer),
    };
    TRY(moment_there(t, lang, f->at, s->zone, &m.ends));
    *ret = mail_draft_make(t, buyer->email, lang, mail_subscription_canceled(t->arena, lang, &m));
    return OK;
}

err subscription_farewell(struct task *t, const struct subscription_find_row *s, const struct farewell *f,
                          struct mail_draft *ret)
{
    const struct invoice_buyer_row *buyer;
    TRY(invoice_buyer(t, s->subscription_id, &buyer));
    if (!buyer)
        return FAIL(t, INTERNAL, "a subscription without its buyer");
    return is_by_itself(f->kind) ? ended_write(t, s, f, buyer, ret) : canceled_write(t, s, f, buyer, ret);
}
