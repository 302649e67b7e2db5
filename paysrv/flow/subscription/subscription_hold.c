/* See subscription_hold.h. */
#include "paysrv/flow/subscription/subscription_hold.h"

#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/message/mail.h"
#include "paysrv/flow/message/speech.h"
#include "paysrv/flow/subscription/billing.h"
#include "paysrv/flow/subscription/subscription.h"
#include "paysrv/flow/subscription/subscription_move.h"
#include "paysrv/store/dispute_follow.sql.h"
#include "paysrv/store/invoice.sql.h"
#include "web/paysrv/pages.h"

static event_id new_event(struct task *t)
{
    return (event_id){ ((const struct app *)t->app)->env->new_id(t->arena, "evt_") };
}

static err buyer_tell(struct task *t, const struct subscription_find_row *s, enum disputed_way way)
{
    const struct invoice_buyer_row *buyer;
    int64_t affected;
    TRY(invoice_buyer(t, s->subscription_id, &buyer));
    if (!buyer)
        return FAIL(t, INTERNAL, "a subscription without its buyer");
    const struct mail_subscription_disputed m = {
        .store_name = buyer->store_name,
        .what = buyer->price_name,
        .holds = way == DISPUTED_HOLDS,
        .ends = way == DISPUTED_ENDS,
        .goes_on = way == DISPUTED_GOES_ON,
        .support = buyer->support,
        .billing_url = billing_url(t, s->store_id, s->buyer),
    };
    enum language lang = speech_to(t, buyer->locale);
    struct mail_draft mail = mail_draft_make(t, buyer->email, lang, mail_subscription_disputed(t->arena, lang, &m));
    return subscription_mail(t, mail.id, mail.recipient, mail.content, &affected);
}

static err hold(struct task *t, const struct subscription_find_row *s)
{
    struct subscription_find_row after = *s;
    int64_t affected;
    after.held_from = s->status;
    after.status = subscription_status_name(SUBSCRIPTION_PAUSED);
    after.status_reason = STR("disputed");
    return subscription_hold(t, s->subscription_id, s->status, new_event(t), subscription_document(t, &after),
                             &affected);
}

err subscription_goes_on(struct task *t, const struct subscription_find_row *s)
{
    struct subscription_find_row after = *s;
    int64_t affected;
    bool is_paid = !s->has_open_invoice && str_eq(s->held_from, subscription_status_name(SUBSCRIPTION_PAST_DUE));
    after.status = is_paid ? subscription_status_name(SUBSCRIPTION_ACTIVE) : s->held_from;
    after.held_from = after.status_reason = STR_NONE;
    return subscription_release(t, s->subscription_id, new_event(t), subscription_document(t, &after), &affected);
}

static err follow(struct task *t, const struct subscription_find_row *s, enum disputed_way way)
{
    switch (way) {
    case DISPUTED_HOLDS:
        return hold(t, s);
    case DISPUTED_ENDS:
        return subscription_end_now(t, s, STR("disputed"));
    case DISPUTED_GOES_ON:
        return subscription_goes_on(t, s);
    }
    return OK;
}

err subscription_disputed(struct task *t, const struct subscription_find_row *s, enum disputed_way way)
{
    const str paused = subscription_status_name(SUBSCRIPTION_PAUSED);
    bool was_paused = str_eq(str_given(s->held_from) ? s->held_from : s->status, paused); /* and stays so */
    TRY(follow(t, s, way));
    return was_paused && way != DISPUTED_ENDS ? OK : buyer_tell(t, s, way);
}
