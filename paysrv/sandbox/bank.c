/* The state. See bank.h; the journal's lines are in bank_lines.c. */
#include "paysrv/sandbox/bank.h"

#define STANDING_EXP_MONTH 12
#define STANDING_EXP_YEAR 2039
#define KEPT_MOST 2 /* by a card that gives back late */

str object_status_name(enum object_status s)
{
    switch (s) {
    case STATUS_SUCCEEDED:
        return STR("succeeded");
    case STATUS_DECLINED:
        return STR("declined");
    case STATUS_REQUIRES_ACTION:
        return STR("requires_action");
    case STATUS_AUTHORIZED:
        return STR("authorized");
    case STATUS_PENDING:
        return STR("pending");
    case STATUS_RETURNED:
        return STR("returned");
    }
    return STR("?");
}

void bank_init(struct bank *b, struct arena *a)
{
    *b = (struct bank){ .arena = a };
    table_init(&b->disputes, a);
    table_init(&b->sessions, a);
    table_init(&b->tokens, a);
    table_init(&b->charges, a);
    table_init(&b->charge_keys, a);
    table_init(&b->pushes, a);
    table_init(&b->push_keys, a);
    for (size_t i = 0; i < OPERATION_KIND_COUNT; i++)
        table_init(&b->operation_keys[i], a);
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
    s->locale = str_given(in->locale) ? arena_str(b->arena, in->locale) : STR_NONE;
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
    tok->locale = s ? s->locale : STR_NONE;
    if (s)
        s->token = tok->id;
    return tok;
}

struct token *bank_token_usable(struct bank *b, str id, struct token *standing)
{
    const struct card *card = card_of_test_token(id);
    if (card) {
        *standing = (struct token){
            .id = id, .card = card, .standing = true, .expiry = { STANDING_EXP_MONTH, STANDING_EXP_YEAR }
        };
        return standing;
    }
    struct token *tok = table_get(&b->tokens, id);
    return tok && (tok->is_saved || !tok->used) ? tok : NULL;
}

static bool is_good(const struct charge *c)
{
    return c->status == STATUS_SUCCEEDED || c->status == STATUS_AUTHORIZED;
}

str token_network_reference(const struct token *tok)
{
    return tok->first && is_good(tok->first) ? tok->first->id : STR_NONE;
}

void bank_settle(struct charge *c, enum object_status status, str decline_code)
{
    c->status = status;
    c->captured_minor = status == STATUS_SUCCEEDED ? c->amount_minor : 0;
    c->decline_code = decline_code;
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
    c->network_reference = arena_str(b->arena, in->network_reference);
    c->descriptor = arena_str(b->arena, in->descriptor);
    c->locale = arena_str(b->arena, in->locale);
    c->decline_code = arena_str(b->arena, in->decline_code);
    bank_settle(c, in->status, c->decline_code);
    table_put(&b->charges, c->id, c);
    table_put(&b->charge_keys, c->key, c);
    struct token *tok = table_get(&b->tokens, c->token);
    if (tok && tok->is_saved && !str_given(c->network_reference) && !str_given(token_network_reference(tok)))
        tok->first = c;
    if (tok)
        tok->used = true;
    if (b->last_charge)
        b->last_charge->next = c;
    else
        b->first_charge = c;
    b->last_charge = c;
    return c;
}

#define KIND_TEXT_ROW(name, text) [OPERATION_##name] = text,
static const char *const kind_text[OPERATION_KIND_COUNT] = { OPERATION_KINDS(KIND_TEXT_ROW) };

str operation_kind_name(enum operation_kind kind)
{
    return str_of(kind_text[kind]);
}

static bool gives_back_later(const struct charge *c)
{
    return c->card && c->card->does == CARD_GIVES_BACK_LATE && c->kept < KEPT_MOST;
}

static str refund_refused(const struct operation *o, const struct charge *c)
{
    if (c->captured_minor == 0)
        return STR("charge_not_succeeded");
    if (o->amount_minor > c->captured_minor - c->refunded_minor)
        return STR("amount_too_large");
    return c->card && (c->card->does == CARD_REFUNDS_FAIL || gives_back_later(c)) ? STR("refund_failed") : STR_NONE;
}

static str capture_refused(const struct operation *o, const struct charge *c, instant now)
{
    if (c->status != STATUS_AUTHORIZED)
        return STR("charge_not_authorized");
    if (c->is_released)
        return STR("authorization_released");
    if (!instant_before(now, c->capture_before))
        return STR("authorization_expired");
    if (o->amount_minor > c->amount_minor - c->captured_minor)
        return STR("amount_too_large");
    return c->card && c->card->does == CARD_CAPTURES_FAIL ? STR("capture_failed") : STR_NONE;
}

/* An authorisation that has ended by itself is released like any other: there is nothing to hold on to. */
static str void_refused(const struct operation *o, const struct charge *c)
{
    if (c->status != STATUS_AUTHORIZED)
        return STR("charge_not_authorized");
    if (c->is_released)
        return STR("authorization_released");
    if (o->amount_minor != c->amount_minor - c->captured_minor)
        return STR("amount_differs");
    return gives_back_later(c) ? STR("void_failed") : STR_NONE;
}

str operation_refused(const struct operation *o, instant now)
{
    switch (o->kind) {
    case OPERATION_REFUND:
        return refund_refused(o, o->charge);
    case OPERATION_CAPTURE:
        return capture_refused(o, o->charge, now);
    case OPERATION_VOID:
        return void_refused(o, o->charge);
    case OPERATION_KIND_COUNT:
        break;
    }
    return STR("unknown_operation");
}

static void operation_take_effect(const struct operation *o)
{
    struct charge *c = o->charge;
    if (o->kind == OPERATION_REFUND)
        c->refunded_minor += o->amount_minor;
    if (o->kind == OPERATION_CAPTURE)
        c->captured_minor += o->amount_minor;
    if (o->kind == OPERATION_VOID || (o->kind == OPERATION_CAPTURE && o->is_final))
        c->is_released = true;
}

struct operation *bank_operation(struct bank *b, const struct operation *in)
{
    struct operation *o = arena_new(b->arena, struct operation);
    *o = *in;
    o->id = arena_str(b->arena, in->id);
    o->key = arena_str(b->arena, in->key);
    o->reference = arena_str(b->arena, in->reference);
    o->currency = o->charge->currency;
    o->decline_code = arena_str(b->arena, in->decline_code);
    table_put(&b->operation_keys[o->kind], o->key, o);
    if (o->status == STATUS_SUCCEEDED)
        operation_take_effect(o);
    else if (o->kind != OPERATION_CAPTURE)
        o->charge->kept++;
    if (b->last_operation)
        b->last_operation->next = o;
    else
        b->first_operation = o;
    b->last_operation = o;
    return o;
}

#define STATE_TEXT_ROW(name, text) [DISPUTE_##name] = text,
static const char *const state_text[BANK_DISPUTE_COUNT] = { BANK_DISPUTE_STATES(STATE_TEXT_ROW) };

str bank_dispute_state_name(enum bank_dispute_state state)
{
    return str_of(state_text[state]);
}

struct bank_dispute *bank_dispute(struct bank *b, const struct bank_dispute *in)
{
    struct bank_dispute *known = table_get(&b->disputes, in->id);
    struct bank_dispute *d = known ? known : arena_new(b->arena, struct bank_dispute);
    const struct bank_dispute before = known ? *known : (struct bank_dispute){ .id = arena_str(b->arena, in->id) };
    *d = *in;
    d->id = before.id;
    d->settled_in = before.settled_in;
    d->reversed_in = before.reversed_in;
    d->next = before.next;
    d->reason = arena_str(b->arena, in->reason);
    d->text = arena_str(b->arena, in->text);
    if (known)
        return d;
    table_put(&b->disputes, d->id, d);
    if (b->last_dispute)
        b->last_dispute->next = d;
    else
        b->first_dispute = d;
    b->last_dispute = d;
    return d;
}
