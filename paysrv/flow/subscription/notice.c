/* See notice.h. */
#include "paysrv/flow/subscription/notice.h"

#include "paysrv/app.h"
#include "paysrv/domain/party/requisite.h"
#include "paysrv/domain/subscription/notice.h"
#include "paysrv/faults.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/message/mail.h"
#include "paysrv/flow/message/speech.h"
#include "paysrv/flow/subscription/billing.h"
#include "paysrv/flow/subscription/subscription.h"
#include "paysrv/flow/subscription/upcoming.h"
#include "paysrv/store/notice.sql.h"
#include "paysrv/store/subscription.sql.h"
#include "shared/ops/log.h"
#include "web/paysrv/pages.h"

#define LEASE SECONDS(60)
#define UNTIL_IT_SELLS DAYS(1)

struct telling {
    const struct notices_due_row *due;
    const struct subscription_find_row *subscription;
    struct upcoming next;
};

static struct letter letter_write(struct task *t, const struct telling *x, enum notice_kind kind, str iso_day)
{
    enum language lang = speech_to(t, x->due->locale);
    const struct subscription_find_row *s = x->subscription;
    str name = x->next.turn == PRICE_MOVES ? s->next_price_name : s->price_name;
    str amount = money_in(t, lang, x->next.due_minor, s->currency), day = day_in(t, lang, iso_day);
    str url = billing_url(t, s->store_id, s->buyer);
    str masked = requisite_masked_card(t->arena, x->due->brand, x->due->last4);
    str card = arena_printf(t->arena, "%.*s, %02d/%d", STR_ARG(masked), x->due->exp_month, x->due->exp_year);
    const struct mail_subscription_renewal renewal = { x->due->store_name, name, amount, day, card, url };
    const struct mail_subscription_trial_end trial = { x->due->store_name, name, amount, day, card, url };
    const struct mail_subscription_card_expiring expiring = { x->due->store_name, name, amount, day, card, url };
    switch (kind) {
    case NOTICE_RENEWAL:
        return mail_subscription_renewal(t->arena, lang, &renewal);
    case NOTICE_TRIAL_END:
        return mail_subscription_trial_end(t->arena, lang, &trial);
    case NOTICE_CARD_EXPIRING:
        return mail_subscription_card_expiring(t->arena, lang, &expiring);
    case NOTICE_KIND_COUNT:
        break;
    }
    return (struct letter){ .subject = STR("") };
}

/* Of which charge, or of which end of which card: it is told of once. */
static str ref_of(struct task *t, const struct telling *x, enum notice_kind kind)
{
    if (kind == NOTICE_CARD_EXPIRING)
        return arena_printf(t->arena, "%.*s %04d-%02d", STR_ARG(x->subscription->saved_card_id.v), x->due->exp_year,
                            x->due->exp_month);
    return arena_printf(t->arena, "%lld", (long long)x->next.period.n);
}

static err tell(struct task *t, const struct telling *x, enum notice_kind kind)
{
    static const str types[NOTICE_KIND_COUNT] = {
        [NOTICE_RENEWAL] = { "subscription.renewal_upcoming", 29 },
        [NOTICE_TRIAL_END] = { "subscription.trial_ending", 25 },
        [NOTICE_CARD_EXPIRING] = { "subscription.card_expiring", 26 },
    };
    const struct notice_tell_row *row;
    str day;
    TRY(subscription_day(t, x->subscription->zone, x->next.at, &day));
    struct mail_draft mail =
        mail_draft_make(t, x->due->email, speech_to(t, x->due->locale), letter_write(t, x, kind, day));
    const struct notice_tell_args args = {
        .subscription = x->subscription->subscription_id,
        .kind = notice_kind_name(kind),
        .ref = ref_of(t, x, kind),
        .event = { ((const struct app *)t->app)->env->new_id(t->arena, "evt_") },
        .type = types[kind],
        .data = subscription_document(t, x->subscription),
        .mail = mail.id,
        .recipient = mail.recipient,
        .content = mail.content,
    };
    TRY(notice_tell(t, &args, &row));
    mail_wake(t);
    if (row->told)
        log_info(t, "subscription.told", L_STR("subscription", args.subscription.v), L_STR("of", args.kind));
    return OK;
}

static struct notice_facts facts_of(const struct telling *x)
{
    const struct subscription_find_row *s = x->subscription;
    const struct notices_due_row *d = x->due;
    bool moves = x->next.turn == PRICE_MOVES;
    struct notice_facts f = {
        .charge_at = x->next.at,
        .due_minor = x->next.due_minor,
        .is_trial = str_eq(s->status, subscription_status_name(SUBSCRIPTION_TRIALING)),
        .count = s->unit_count,
        .exp_year = d->exp_year,
        .exp_month = d->exp_month,
    };
    if (moves ? d->next_days_given : d->notice_days_given)
        f.days = moves ? &d->next_days : &d->notice_days;
    if (moves ? d->next_above_given : d->notice_above_given)
        f.above = moves ? &d->next_above : &d->notice_above;
    (void)recurrence_unit_parse(s->unit, &f.unit); /* upcoming_find has read it */
    return f;
}

/* *next: when it is to be looked at again by itself; absent: when something changes. */
static err look(struct task *t, const struct notices_due_row *due, const instant **next)
{
    struct telling x = { .due = due };
    struct notice notices[2];
    instant *soonest = NULL;
    TRY(subscription_any(t, due->subscription_id, &x.subscription));
    bool goes_on = x.subscription && (str_eq(x.subscription->status, subscription_status_name(SUBSCRIPTION_TRIALING)) ||
                                      str_eq(x.subscription->status, subscription_status_name(SUBSCRIPTION_ACTIVE)));
    if (!goes_on)
        return OK;
    if (!due->sells) { /* nobody is told of a charge that would not be made */
        soonest = arena_new(t->arena, instant);
        *soonest = instant_add(t->now, UNTIL_IT_SELLS);
        *next = soonest;
        return OK;
    }
    TRY(upcoming_find(t, x.subscription, &x.next));
    if (x.next.is_end)
        return OK;
    const struct notice_facts facts = facts_of(&x);
    for (size_t i = 0, n = notices_of(&facts, notices); i < n; i++) {
        if (notice_is_due(&notices[i], facts.charge_at, t->now))
            TRY(tell(t, &x, notices[i].kind));
        if (!instant_before(t->now, notices[i].at) || (soonest && !instant_before(notices[i].at, *soonest)))
            continue;
        soonest = arena_new(t->arena, instant);
        *soonest = notices[i].at;
    }
    *next = soonest;
    return OK;
}

err notices_run(struct task *t, size_t *n_looked)
{
    const struct notices_due_row *rows;
    instant lease = instant_add(t->now, LEASE);
    int64_t affected;
    TRY(notices_due(t, lease, &rows, n_looked));
    for (size_t i = 0; i < *n_looked; i++) {
        const instant *next = NULL;
        err e = look(t, &rows[i], &next);
        if (e)
            log_failure(t, e); /* one buyer must not keep the others waiting */
        else
            TRY(notice_next(t, next, rows[i].subscription_id, lease, &affected));
    }
    return OK;
}
