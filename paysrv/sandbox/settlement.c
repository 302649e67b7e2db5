/* See settlement.h. */
#include "paysrv/sandbox/settlement.h"

#include "paysrv/sandbox/pushes.h"

#define LINES_MAX 20000
#define FEE_BP 140
#define FEE_FIXED_MINOR 25
#define WALLET_FEE_BP 200
#define PUSH_FEE_MINOR 30

/* Something that moved money. settled_in: the number of the registry that has it; 0: none yet. */
struct effect {
    const char *kind;
    str id;
    str charge, currency, key;
    int64_t gross_minor, fee_minor;
    instant at;
    int64_t *settled_in;
};

typedef void (*effect_visit)(void *context, const struct effect *e);

static int64_t fee_of(int64_t minor)
{
    return (minor * FEE_BP + 5000) / 10000 + FEE_FIXED_MINOR;
}

static void charges_visit(struct bank *b, effect_visit visit, void *context)
{
    for (struct charge *c = b->first_charge; c; c = c->next)
        if (c->status == STATUS_SUCCEEDED)
            visit(context, &(struct effect){ "charge", c->id, c->id, c->currency, c->key, c->amount_minor,
                                             fee_of(c->amount_minor), c->at, &c->settled_in });
}

static void operations_visit(struct bank *b, effect_visit visit, void *context)
{
    for (struct operation *o = b->first_operation; o; o = o->next) {
        if (o->status != STATUS_SUCCEEDED || o->kind == OPERATION_VOID)
            continue;
        bool is_refund = o->kind == OPERATION_REFUND;
        visit(context, &(struct effect){ operation_kind_name(o->kind).p, o->id, o->charge->id, o->currency, o->key,
                                         is_refund ? -o->amount_minor : o->amount_minor,
                                         is_refund ? 0 : fee_of(o->amount_minor), o->at, &o->settled_in });
    }
}

/* A chargeback is taken at once, and given back when it is won. */
static void disputes_visit(struct bank *b, effect_visit visit, void *context)
{
    for (struct bank_dispute *d = b->first_dispute; d; d = d->next) {
        if (!d->is_chargeback)
            continue;
        visit(context, &(struct effect){ "chargeback", d->id, d->charge->id, d->charge->currency, d->charge->key,
                                         -d->amount_minor, DISPUTE_FEE_MINOR, d->charge->at, &d->settled_in });
        if (d->state == DISPUTE_WON)
            visit(context, &(struct effect){ "chargeback_reversal", d->id, d->charge->id, d->charge->currency,
                                             d->charge->key, d->amount_minor, 0, d->charge->at, &d->reversed_in });
    }
}

/* What was sent to cards is deducted from what the merchant gets, and given back when it came back. */
static void pushes_visit(struct bank *b, bool is_wallet, effect_visit visit, void *context)
{
    for (struct push *p = b->first_push; p; p = p->next) {
        if (p->status != STATUS_SUCCEEDED || p->is_wallet != is_wallet)
            continue;
        visit(context, &(struct effect){ "push", p->id, STR(""), p->currency, p->key, -p->amount_minor, PUSH_FEE_MINOR,
                                         p->at, &p->settled_in });
        if (p->returns_at.us)
            visit(context, &(struct effect){ "push_return", p->id, STR(""), p->currency, p->key, p->amount_minor, 0,
                                             p->returns_at, &p->returned_in });
    }
}

static void wallet_visit(struct wallet *w, effect_visit visit, void *context)
{
    for (struct wallet_payment *p = w->first_payment; p; p = p->next)
        if (p->status == WALLET_SUCCEEDED)
            visit(context,
                  &(struct effect){ "charge", p->id, p->id, p->currency, p->key, p->amount_minor,
                                    (p->amount_minor * WALLET_FEE_BP + 5000) / 10000, p->done_at, &p->settled_in });
    for (struct wallet_refund *r = w->first_refund; r; r = r->next)
        if (r->status == WALLET_SUCCEEDED)
            visit(context, &(struct effect){ "refund", r->id, r->payment->id, r->payment->currency, r->key,
                                             -r->amount_minor, 0, r->at, &r->settled_in });
}

static void effects_visit(struct app *app, bool is_wallet, effect_visit visit, void *context)
{
    struct bank *b = &app->bank;
    pushes_visit(b, is_wallet, visit, context);
    if (is_wallet) {
        wallet_visit(&app->wallet, visit, context);
        return;
    }
    charges_visit(b, visit, context);
    operations_visit(b, visit, context);
    disputes_visit(b, visit, context);
}

/* ---- closing ---- */

static void settle(void *context, const struct effect *e)
{
    struct settlement *s = context;
    if (*e->settled_in || !str_eq(e->currency, s->currency) || s->lines == LINES_MAX || instant_before(s->at, e->at))
        return;
    *e->settled_in = s->number;
    s->lines++;
    s->gross_minor += e->gross_minor;
    s->fee_minor += e->fee_minor;
}

const struct settlement *settlement_close(struct app *app, bool is_wallet, str id, str currency, instant at)
{
    struct bank *b = &app->bank;
    struct settlement_list *list = &app->settlements[is_wallet];
    struct settlement *s = arena_new(b->arena, struct settlement);
    *s = (struct settlement){ .id = arena_str(b->arena, id),
                              .currency = arena_str(b->arena, currency),
                              .number = (list->last ? list->last->number : 0) + 1,
                              .is_wallet = is_wallet,
                              .at = at };
    effects_visit(app, is_wallet, settle, s);
    if (s->lines == 0)
        return NULL;
    if (list->last)
        list->last->next = s;
    else
        list->first = s;
    list->last = s;
    if (str_eq(s->currency, STR("EUR")))
        iso_transfer_in(&app->iso_bank, s->id, s->gross_minor - s->fee_minor);
    return s;
}

struct looking {
    instant now;
    str currency;
};

static void due(void *context, const struct effect *e)
{
    struct looking *l = context;
    if (!*e->settled_in && !str_given(l->currency) && !instant_before(l->now, e->at))
        l->currency = e->currency;
}

str settlement_due(struct app *app, bool is_wallet, instant now)
{
    struct looking l = { .now = now, .currency = STR_NONE };
    effects_visit(app, is_wallet, due, &l);
    return l.currency;
}

/* ---- the journal ---- */

void settlement_write_line(struct buf *out, bool is_wallet, str id, str currency, instant at)
{
    struct json j;
    json_begin(&j, out);
    json_str(&j, "e", STR("settlement"));
    json_str(&j, "id", id);
    json_str(&j, "currency", currency);
    json_i64(&j, "at_us", at.us);
    if (is_wallet)
        json_i64(&j, "wallet", 1);
    json_end(&j);
    buf_add_char(out, '\n');
}

void settlement_apply(struct app *app, const struct json_value *line)
{
    str kind = STR(""), id = STR(""), currency = STR("");
    int64_t at_us = 0, wallet = 0;
    json_get_i64(line, "wallet", &wallet);
    if (json_get_str(line, "e", &kind) && str_eq(kind, STR("settlement")) && json_get_str(line, "id", &id) &&
        json_get_str(line, "currency", &currency) && json_get_i64(line, "at_us", &at_us))
        settlement_close(app, wallet == 1, id, currency, (instant){ at_us });
}

/* ---- the file ---- */

struct writing {
    const struct settlement *settlement;
    struct arena *arena;
    struct buf *out;
};

static void line_write(struct writing *w, const char *type, str id, str key, str charge, int64_t gross, int64_t fee,
                       instant at)
{
    const struct settlement *s = w->settlement;
    buf_printf(w->out, "%.*s,%s,%.*s,%.*s,%.*s,%.*s,%lld,%lld,%lld,%.*s\r\n", STR_ARG(s->id), type, STR_ARG(id),
               STR_ARG(key), STR_ARG(charge), STR_ARG(s->currency), (long long)gross, (long long)fee,
               (long long)(gross - fee), STR_ARG(instant_iso(w->arena, at)));
}

static void effect_write(void *context, const struct effect *e)
{
    struct writing *w = context;
    if (*e->settled_in == w->settlement->number)
        line_write(w, e->kind, e->id, e->key, e->charge, e->gross_minor, e->fee_minor, e->at);
}

void settlement_file_write(struct app *app, const struct settlement *s, struct buf *out, struct arena *a)
{
    struct writing w = { s, a, out };
    buf_add(out, STR("settlement,type,id,key,charge,currency,gross,fee,net,created\r\n"));
    effects_visit(app, s->is_wallet, effect_write, &w);
    line_write(&w, "payout", s->id, STR(""), STR(""), s->gross_minor, s->fee_minor, s->at);
}
