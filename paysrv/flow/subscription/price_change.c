/* See price_change.h. */
#include "paysrv/flow/subscription/price_change.h"

#include "paysrv/app.h"
#include "paysrv/domain/payment/consent.h"
#include "paysrv/domain/subscription/subscription.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/message/mail.h"
#include "paysrv/flow/message/speech.h"
#include "paysrv/flow/subscription/billing.h"
#include "paysrv/flow/subscription/subscription.h"
#include "paysrv/flow/subscription/upcoming.h"
#include "paysrv/store/invoice.sql.h"
#include "paysrv/store/price.sql.h"
#include "paysrv/store/price_change.sql.h"
#include "paysrv/store/subscription.sql.h"
#include "shared/ops/log.h"
#include "shared/text/shape.h"
#include "web/paysrv/pages.h"

#define PER_ROUND 50
#define LEASE SECONDS(60)

static const struct app *app_of(struct task *t)
{
    return t->app;
}

static event_id new_event(struct task *t)
{
    return (event_id){ app_of(t)->env->new_id(t->arena, "evt_") };
}

/* ---- one subscription ---- */

static err amounts_of(struct task *t, const struct subscription_find_row *s, int64_t price_minor, int64_t *now_minor,
                      int64_t *then_minor)
{
    TRY(subscription_amount(t, s->price_amount, s->quantity, now_minor));
    return subscription_amount(t, price_minor, s->quantity, then_minor);
}

static err mail_write(struct task *t, const struct subscription_find_row *after, const struct invoice_buyer_row *buyer,
                      struct mail_draft *ret)
{
    enum language lang = speech_to(t, buyer->locale);
    int64_t now_minor, then_minor;
    str day;
    TRY(amounts_of(t, after, after->next_price_amount, &now_minor, &then_minor));
    TRY(subscription_day(t, after->zone, after->next_price_at, &day));
    bool ends = str_eq(after->next_price_else, STR("end"));
    const struct mail_price_change m = {
        .store_name = buyer->store_name,
        .what = after->price_name,
        .before = money_in(t, lang, now_minor, after->currency),
        .after = money_in(t, lang, then_minor, after->currency),
        .day = day_in(t, lang, day),
        .by_itself = after->next_price_agreed,
        .ends = !after->next_price_agreed && ends,
        .stays = !after->next_price_agreed && !ends,
        .billing_url = billing_url(t, after->store_id, after->buyer),
    };
    *ret = mail_draft_make(t, buyer->email, lang, mail_price_change(t->arena, lang, &m));
    return OK;
}

static err price_judge(struct task *t, const struct subscription_find_row *s, const struct price_find_row *to)
{
    if (str_eq(to->store_id.v, s->store_id.v) && str_eq(to->unit, s->unit) && to->unit_count == s->unit_count &&
        str_eq(to->currency, s->currency) && !to->archived_at_given && !str_eq(to->price_id.v, s->price_id.v))
        return OK;
    return FAIL_PARAM(t, INVALID_PARAMETER, STR("to"),
                      STR("must be another open price of this store with the same interval"));
}

err price_change_announce(struct task *t, const struct subscription_find_row *s, const struct price_change *c,
                          bool *applied)
{
    const struct invoice_buyer_row *buyer;
    const struct price_announce_row *row;
    struct subscription_find_row after = *s;
    struct mail_draft mail;
    int64_t now_minor, then_minor;
    TRY(price_judge(t, s, c->to));
    TRY(amounts_of(t, s, c->to->amount, &now_minor, &then_minor));
    TRY(invoice_buyer(t, s->subscription_id, &buyer));
    if (!buyer)
        return FAIL(t, INTERNAL, "a subscription without its buyer");
    after.next_price_id = c->to->price_id.v;
    after.next_price_amount = c->to->amount;
    after.next_price_at = c->effective_at;
    after.next_price_at_given = true;
    after.next_price_else = c->without_consent;
    after.next_price_agreed = !price_needs_consent(s->agreed_amount, then_minor);
    TRY(mail_write(t, &after, buyer, &mail));
    const struct price_announce_args args = {
        .to = c->to->price_id,
        .effective_at = c->effective_at,
        .without_consent = c->without_consent,
        .agreed = after.next_price_agreed,
        .subscription = s->subscription_id,
        .from_price = s->price_id,
        .from_quantity = s->quantity,
        .event = new_event(t),
        .data = subscription_document(t, &after),
        .mail = mail.id,
        .recipient = mail.recipient,
        .content = mail.content,
    };
    TRY(price_announce(t, &args, &row));
    mail_wake(t);
    *applied = row->applied;
    return OK;
}

err price_change_agree(struct task *t, const struct subscription_find_row *s, bool *applied)
{
    const struct price_agree_row *row;
    struct subscription_find_row after = *s;
    int64_t now_minor, then_minor;
    *applied = false;
    if (!s->next_price_at_given)
        return OK;
    TRY(amounts_of(t, s, s->next_price_amount, &now_minor, &then_minor));
    after.next_price_agreed = true;
    const struct price_agree_args args = {
        .amount = then_minor,
        .subscription = s->subscription_id,
        .price = { s->next_price_id },
        .quantity = s->quantity,
        .version = STR(PRICE_CONSENT_VERSION),
        .event = new_event(t),
        .data = subscription_document(t, &after),
    };
    TRY(price_agree(t, &args, &row));
    *applied = row->applied;
    return OK;
}

/* ---- all that are at a price ---- */

SHAPE(price_migration, "PriceMigration",
      "id: string, object: 'price_migration', price: string, to: string, effective_at: time, without_consent: "
      "'keep_old' | 'end', created_at: time")

struct migrating {
    const struct price_find_row *from;
    const struct price_change *change;
    str id;
};

static err migration_effect(struct task *t, void *context, struct answer *ret)
{
    const struct migrating *m = context;
    struct buf b;
    struct json j;
    int64_t affected;
    buf_init(&b, t->arena, 4096);
    json_begin(&j, &b);
    json_str(&j, "id", m->id);
    json_str(&j, "object", STR("price_migration"));
    json_str(&j, "price", m->from->price_id.v);
    json_str(&j, "to", m->change->to->price_id.v);
    json_time(&j, "effective_at", m->change->effective_at);
    json_str(&j, "without_consent", m->change->without_consent);
    json_time(&j, "created_at", t->now);
    json_end(&j);
    *ret = (struct answer){ .status = 202, .body = buf_str(&b) };
    return price_migration_insert(t, m->id, m->from->partner_id, m->from->price_id, m->change->to->price_id,
                                  m->change->effective_at, m->change->without_consent, &affected);
}

err price_migration_make(struct task *t, const struct price_find_row *from, const struct price_change *c,
                         const struct once *once, struct answer *ret)
{
    struct migrating m = { from, c, app_of(t)->env->new_id(t->arena, "pmg_") };
    const struct subscription_find_row like = { .store_id = from->store_id,
                                                .unit = from->unit,
                                                .unit_count = from->unit_count,
                                                .currency = from->currency,
                                                .price_id = from->price_id };
    TRY(price_judge(t, &like, c->to));
    TRY(once_run(t, from->partner_id, once, m.id, migration_effect, &m, ret));
    clock_wake(t, "subscriptions.run");
    return OK;
}

static err announce(struct task *t, subscription_id id, const struct price_change *c, int64_t *told)
{
    const struct subscription_find_row *s;
    bool applied = false;
    TRY(subscription_any(t, id, &s));
    bool ends =
        s && (s->cancel_at_period_end || (s->cancel_at_given && !instant_before(c->effective_at, s->cancel_at)));
    if (s && !ends) /* who is about to end is told another day, if he stays */
        TRY(price_change_announce(t, s, c, &applied));
    *told += applied;
    return OK;
}

/*
 * All were looked at. Who could not be told just then, or subscribed meanwhile, is told another day, until it comes;
 * nobody is told of a price that is not sold any more. *reached: from where on.
 */
static err migration_round(struct task *t, const struct price_migrations_due_row *due, bool is_open,
                           const instant **again, str *reached)
{
    const struct price_migration_left_row *row;
    instant *tomorrow = arena_new(t->arena, instant);
    *tomorrow = instant_add(t->now, DAYS(1));
    if (!is_open || !instant_before(*tomorrow, due->effective_at))
        return OK;
    TRY(price_migration_left(t, due->price_id, &row));
    if (row->is_left) {
        *again = tomorrow;
        *reached = STR("");
    }
    return OK;
}

static err migrate(struct task *t, const struct price_migrations_due_row *due)
{
    const struct subscriptions_of_price_row *rows;
    const instant soonest = instant_add(t->now, PRICE_NOTICE), *again = NULL;
    /* Another time than it had: a test clock sees by the times whether anything was done. */
    const instant at_once = { t->now.us + 1 };
    struct price_change c = { .effective_at = due->effective_at, .without_consent = due->without_consent };
    int64_t told = 0, affected;
    size_t n = 0;
    if (instant_before(c.effective_at, soonest)) /* they are told late, and have as long to decide */
        c.effective_at = soonest;
    TRY(price_find(t, due->partner_id, due->to_price_id, STR_NONE, &c.to));
    if (!c.to)
        return FAIL(t, INTERNAL, "a migration to no price");
    bool is_open = !c.to->archived_at_given;
    if (is_open)
        TRY(subscriptions_of_price(t, due->price_id, due->reached, PER_ROUND, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        err e = announce(t, rows[i].subscription_id, &c, &told);
        if (e)
            log_failure(t, e); /* one subscription must not keep the others at their price */
    }
    log_info(t, "price.migrated", L_STR("migration", due->migration_id), L_I64("told", told));
    str reached = n ? rows[n - 1].subscription_id.v : due->reached;
    if (n == PER_ROUND)
        again = &at_once;
    else
        TRY(migration_round(t, due, is_open, &again, &reached));
    return price_migration_step(t, reached, told, again, due->migration_id, &affected);
}

err price_migrations_run(struct task *t)
{
    const struct price_migrations_due_row *rows;
    size_t n;
    TRY(price_migrations_due(t, instant_add(t->now, LEASE), &rows, &n));
    for (size_t i = 0; i < n; i++) {
        err e = migrate(t, &rows[i]);
        if (e)
            log_failure(t, e); /* one price must not keep the others waiting */
    }
    return OK;
}
