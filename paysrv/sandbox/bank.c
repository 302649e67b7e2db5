/* The state. See bank.h; the journal's lines are in bank_lines.c. */
#include "paysrv/sandbox/bank.h"

str object_status_name(enum object_status s)
{
    switch (s) {
    case STATUS_SUCCEEDED:
        return STR("succeeded");
    case STATUS_DECLINED:
        return STR("declined");
    case STATUS_REQUIRES_ACTION:
        return STR("requires_action");
    }
    return STR("?");
}

void bank_init(struct bank *b, struct arena *a)
{
    *b = (struct bank){ .arena = a };
    table_init(&b->sessions, a);
    table_init(&b->tokens, a);
    table_init(&b->charges, a);
    table_init(&b->charge_keys, a);
    table_init(&b->refund_keys, a);
    table_init(&b->tried, a);
}

struct card_session *bank_session(struct bank *b, const struct card_session *in)
{
    struct card_session *s = arena_new(b->arena, struct card_session);
    *s = *in;
    s->id = arena_str(b->arena, in->id);
    s->return_url = arena_str(b->arena, in->return_url);
    s->currency = arena_str(b->arena, in->currency);
    s->description = arena_str(b->arena, in->description);
    table_put(&b->sessions, s->id, s);
    return s;
}

struct token *bank_token(struct bank *b, const struct token *in, str session)
{
    struct token *tok = arena_new(b->arena, struct token);
    *tok = *in;
    tok->id = arena_str(b->arena, in->id);
    table_put(&b->tokens, tok->id, tok);
    struct card_session *s = str_given(session) ? table_get(&b->sessions, session) : NULL;
    if (s)
        s->token = tok->id;
    return tok;
}

struct token *bank_token_usable(struct bank *b, str id, struct token *standing)
{
    const struct card *card = card_of_test_token(id);
    if (card) {
        *standing = (struct token){ .id = id, .card = card, .standing = true };
        return standing;
    }
    struct token *tok = table_get(&b->tokens, id);
    return tok && !tok->used ? tok : NULL;
}

struct charge *bank_charge(struct bank *b, const struct charge *in)
{
    struct charge *c = arena_new(b->arena, struct charge);
    *c = *in;
    c->id = arena_str(b->arena, in->id);
    c->key = arena_str(b->arena, in->key);
    c->reference = arena_str(b->arena, in->reference);
    c->currency = arena_str(b->arena, in->currency);
    c->token = arena_str(b->arena, in->token);
    c->return_url = arena_str(b->arena, in->return_url);
    c->decline_code = arena_str(b->arena, in->decline_code);
    table_put(&b->charges, c->id, c);
    table_put(&b->charge_keys, c->key, c);
    struct token *tok = table_get(&b->tokens, c->token);
    if (tok)
        tok->used = true;
    if (b->last_charge)
        b->last_charge->next = c;
    else
        b->first_charge = c;
    b->last_charge = c;
    return c;
}

void bank_settle(struct charge *c, enum object_status status, str decline_code)
{
    c->status = status;
    c->decline_code = decline_code;
}

struct refund *bank_refund(struct bank *b, const struct refund *in)
{
    struct refund *r = arena_new(b->arena, struct refund);
    *r = *in;
    r->id = arena_str(b->arena, in->id);
    r->key = arena_str(b->arena, in->key);
    r->reference = arena_str(b->arena, in->reference);
    r->currency = r->charge->currency;
    r->decline_code = arena_str(b->arena, in->decline_code);
    table_put(&b->refund_keys, r->key, r);
    if (r->status == STATUS_SUCCEEDED)
        r->charge->refunded_minor += r->amount_minor;
    if (b->last_refund)
        b->last_refund->next = r;
    else
        b->first_refund = r;
    b->last_refund = r;
    return r;
}
