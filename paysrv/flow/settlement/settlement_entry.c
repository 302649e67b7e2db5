/* See settlement_entry.h; docs/decisions/0052. */
#include "paysrv/flow/settlement/settlement_entry.h"

#include "paysrv/app.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/env.h"
#include "paysrv/store/settlement.sql.h"
#include "shared/text/json_out.h"
#include "shared/text/shape.h"

#define DOCUMENT_MAX_BYTES 8192

SHAPE(settlement, "Settlement",
      "id: string, object: 'settlement', kind: string, amount: integer, currency: string, created_at: "
      "time")

SHAPE(
    bank_booking, "BankBooking",
    "id: string, object: 'bank_booking', account: 'partner' | 'own_sales' | 'platform' | 'suspense', amount: integer, "
    "currency: string, created_at: time")

static str document(struct task *t, const struct settlement_made *m)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, DOCUMENT_MAX_BYTES);
    json_begin(&j, &out);
    json_str(&j, "id", m->object);
    json_str(&j, "object", str_given(m->account) ? STR("bank_booking") : STR("settlement"));
    if (str_given(m->account))
        json_str(&j, "account", m->account);
    else
        json_str(&j, "kind", m->kind);
    json_i64(&j, "amount", m->shown_minor);
    json_str(&j, "currency", m->currency);
    json_time(&j, "created_at", t->now);
    json_end(&j);
    return buf_str(&out);
}

static err entry_write(struct task *t, const struct settlement_made *m, int64_t *entry)
{
    const struct settlement_entry_make_row *row;
    const struct app *app = t->app;
    int64_t affected;
    TRY(settlement_accounts_open(t, m->partner, m->clearing, m->currency, &affected));
    const struct settlement_entry_make_args args = {
        .partner = m->partner,
        .kind = m->kind,
        .ref = m->ref,
        .currency = m->currency,
        .clearing = m->clearing,
        .kinds = posting_kinds(&m->posting),
        .amounts = posting_amounts(&m->posting),
        .settlement = m->settlement,
        .on_the_way = posting_amount_of(&m->posting, STR("settlement")),
        .told = m->shown_minor,
        .event = { app->env->new_id(t->arena, "evt_") },
        .type = m->type,
        .object = m->object,
        .data = document(t, m),
    };
    TRY(settlement_entry_make(t, &args, &row));
    *entry = row->entry_id;
    return OK;
}

/* A registry is of many partners: what is a sandbox's is booked at the time of its clock, as all its entries are. In
 * another order of time its months would be cut wrongly (0052). */
err settlement_entry_write(struct task *t, const struct settlement_made *m, int64_t *entry)
{
    const partner_id before = { task_clock(t) };
    instant now = t->now;
    err e = clock_enter(t, m->partner);
    if (!e)
        e = entry_write(t, m, entry);
    if (before.v.n) /* also after a failure: the next registry is not this sandbox's */
        clock_set(t, before, now);
    else
        clock_leave(t);
    return e;
}
