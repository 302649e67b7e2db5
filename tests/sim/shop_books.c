/* What the acquirer has in its books. See shop.h. */
#include "tests/sim/shop.h"

struct object *object_by_key(enum kind kind, str key)
{
    for (size_t i = 0; i < shop.n_objects; i++)
        if (shop.objects[i].kind == kind && str_eq(shop.objects[i].key, key))
            return &shop.objects[i];
    return NULL;
}

int64_t object_left(const struct object *charge)
{
    return charge->is_released ? 0 : charge->amount - charge->captured;
}

struct acquirer_books acquirer_books_of(str payment)
{
    struct acquirer_books b = { 0 };
    for (size_t i = 0; i < shop.n_objects; i++) {
        const struct object *o = &shop.objects[i];
        if (o->kind != CHARGE || !str_eq(o->reference, payment))
            continue;
        b.captured += o->captured;
        b.refunded += o->refunded + bank_has_taken(o->id);
        b.paid_attempts += o->captured > o->refunded;
        b.is_held = b.is_held || (o->status == AUTHORIZED && object_left(o) > 0 && instant_before(sim_now(), o->until));
    }
    return b;
}

int64_t acquirer_balance(void)
{
    int64_t sum = 0;
    for (size_t i = 0; i < shop.n_objects; i++) {
        const struct object *o = &shop.objects[i];
        if (o->kind == CHARGE)
            sum += o->captured - o->refunded - bank_has_taken(o->id);
        if (o->kind == PUSH && o->status == SUCCEEDED)
            sum -= o->amount;
    }
    return sum - bank_fees() - shop.paid_out;
}

enum transfer_state acquirer_push(str key)
{
    const struct object *o = object_by_key(PUSH, key);
    if (!o)
        return TRANSFER_NONE;
    return o->status == SUCCEEDED ? TRANSFER_DEBITED : o->status == RETURNED ? TRANSFER_RETURNED : TRANSFER_REJECTED;
}

void acquirer_pays_out(int64_t minor)
{
    shop.paid_out += minor;
}

void acquirer_gives_back(str charge, int64_t minor)
{
    for (size_t i = 0; i < shop.n_objects; i++)
        if (shop.objects[i].kind == CHARGE && str_eq(shop.objects[i].id, charge))
            shop.objects[i].refunded += minor;
}

bool acquirer_paid_charge(size_t n, struct paid_charge *ret)
{
    for (size_t i = 0; i < shop.n_objects; i++) {
        const struct object *o = &shop.objects[i];
        if (str_starts(o->token, STR("tok_act")))
            continue; /* may be a late one that goes back: a dispute of it is a person's (an anomaly), not the ledger's
                       */
        int64_t left = o->kind == CHARGE ? o->captured - o->refunded - bank_has_taken(o->id) : 0;
        if (left > 0 && n-- == 0) {
            *ret = (struct paid_charge){ o->id, o->key, o->currency, left };
            return true;
        }
    }
    return false;
}

/* ---- what is settled ---- */

#define FEE_BP 140
#define FEE_FIXED_MINOR 25
#define PUSH_FEE_MINOR 30

static int64_t fee_of(int64_t minor)
{
    return (minor * FEE_BP + 5000) / 10000 + FEE_FIXED_MINOR;
}

static void object_visit(struct object *o, settled_visit visit, void *context)
{
    bool is_done = o->status == SUCCEEDED || (o->kind == PUSH && o->status == RETURNED);
    struct settled_effect e = { kind_names[o->kind], o->id, o->key, o->amount, 0, 0, &o->settled };
    if (!is_done || o->kind == VOID)
        return;
    if (o->kind == REFUND || o->kind == PUSH)
        e.gross_minor = -o->amount;
    if (o->kind == CHARGE || o->kind == CAPTURE)
        e.fee_minor = fee_of(o->amount);
    if (o->kind == PUSH)
        e.fee_minor = PUSH_FEE_MINOR;
    visit(context, &e);
    if (o->status == RETURNED)
        visit(context, &(struct settled_effect){ "push_return", o->id, o->key, o->amount, 0, 0, &o->settled_back });
}

void acquirer_effects(settled_visit visit, void *context)
{
    for (size_t i = 0; i < shop.n_objects; i++)
        object_visit(&shop.objects[i], visit, context);
    disputes_effects(visit, context);
}
