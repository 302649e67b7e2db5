/* The lines of the journal, written and read side by side. Of a card only the last four digits are there. */
#include "paysrv/sandbox/bank.h"
#include "paysrv/sandbox/journal.h"
#include "paysrv/sandbox/pushes.h"

static enum object_status status_read(const struct json_value *line)
{
    str s = line_text(line, "status");
    if (str_eq(s, STR("succeeded")))
        return STATUS_SUCCEEDED;
    if (str_eq(s, STR("authorized")))
        return STATUS_AUTHORIZED;
    return str_eq(s, STR("declined")) ? STATUS_DECLINED : STATUS_REQUIRES_ACTION;
}

/* The writer takes integers beyond 2^53 but the reader does not; microseconds since 1970 stay below until 2255. */
void bank_write_session(struct buf *out, const struct card_session *s)
{
    struct json j;
    line_begin(&j, out, "session");
    json_str(&j, "id", s->id);
    json_str(&j, "return_url", s->return_url);
    json_i64(&j, "amount", s->amount_minor);
    json_str(&j, "currency", s->currency);
    json_str(&j, "description", s->description);
    json_str(&j, "locale", s->locale);
    json_i64(&j, "expires_us", s->expires_at.us);
    if (s->is_to_save)
        json_i64(&j, "save", 1);
    if (s->is_payee)
        json_i64(&j, "payee", 1);
    line_end(&j);
}

static void session_read(struct bank *b, const struct json_value *line)
{
    bank_session(b, &(struct card_session){ .id = line_text(line, "id"),
                                            .return_url = line_text(line, "return_url"),
                                            .amount_minor = line_number(line, "amount"),
                                            .currency = line_text(line, "currency"),
                                            .description = line_text(line, "description"),
                                            .locale = line_text(line, "locale"),
                                            .expires_at = { line_number(line, "expires_us") },
                                            .is_to_save = line_number(line, "save") == 1,
                                            .is_payee = line_number(line, "payee") == 1 });
}

void bank_write_token(struct buf *out, const struct token *tok, str session)
{
    struct json j;
    line_begin(&j, out, "token");
    json_str(&j, "id", tok->id);
    json_str(&j, "last4", tok->card->last4);
    json_str(&j, "session", session);
    if (tok->is_saved) {
        json_i64(&j, "exp_month", tok->expiry.month);
        json_i64(&j, "exp_year", tok->expiry.year);
    }
    line_end(&j);
}

static void token_read(struct bank *b, const struct json_value *line)
{
    struct token tok = { .id = line_text(line, "id"),
                         .card = card_of_last4(line_text(line, "last4")),
                         .is_saved = line_number(line, "exp_month") > 0,
                         .expiry = { line_number(line, "exp_month"), line_number(line, "exp_year") } };
    if (tok.card)
        bank_token(b, &tok, line_text(line, "session"));
}

void bank_write_charge(struct buf *out, const struct charge *c)
{
    struct json j;
    line_begin(&j, out, "charge");
    json_str(&j, "id", c->id);
    json_str(&j, "key", c->key);
    json_str(&j, "reference", c->reference);
    json_i64(&j, "amount", c->amount_minor);
    json_str(&j, "currency", c->currency);
    json_str(&j, "token", c->token);
    json_str(&j, "return_url", c->return_url);
    json_str(&j, "network_reference", c->network_reference);
    json_str(&j, "descriptor", c->descriptor);
    json_str(&j, "locale", c->locale);
    json_str(&j, "status", object_status_name(c->status));
    json_str(&j, "decline_code", c->decline_code);
    if (c->is_authorization)
        json_i64(&j, "capture_before_us", c->capture_before.us);
    if (c->card)
        json_str(&j, "last4", c->card->last4);
    json_i64(&j, "at_us", c->at.us);
    line_end(&j);
}

static void charge_read(struct bank *b, const struct json_value *line)
{
    bank_charge(b, &(struct charge){ .id = line_text(line, "id"),
                                     .key = line_text(line, "key"),
                                     .reference = line_text(line, "reference"),
                                     .amount_minor = line_number(line, "amount"),
                                     .currency = line_text(line, "currency"),
                                     .token = line_text(line, "token"),
                                     .return_url = line_text(line, "return_url"),
                                     .network_reference = line_text(line, "network_reference"),
                                     .descriptor = line_text(line, "descriptor"),
                                     .locale = line_text(line, "locale"),
                                     .status = status_read(line),
                                     .decline_code = line_text(line, "decline_code"),
                                     .is_authorization = line_number(line, "capture_before_us") > 0,
                                     .capture_before = { line_number(line, "capture_before_us") },
                                     .card = card_of_last4(line_text(line, "last4")),
                                     .at = { line_number(line, "at_us") } });
}

void bank_write_settle(struct buf *out, const struct charge *c, enum object_status status, str decline_code)
{
    struct json j;
    line_begin(&j, out, "settle");
    json_str(&j, "id", c->id);
    json_str(&j, "status", object_status_name(status));
    json_str(&j, "decline_code", decline_code);
    line_end(&j);
}

static void settle_read(struct bank *b, const struct json_value *line)
{
    struct charge *c = table_get(&b->charges, line_text(line, "id"));
    if (c)
        bank_settle(c, status_read(line), arena_str(b->arena, line_text(line, "decline_code")));
}

void bank_write_operation(struct buf *out, const struct operation *o)
{
    struct json j;
    line_begin(&j, out, operation_kind_name(o->kind).p);
    json_str(&j, "id", o->id);
    json_str(&j, "key", o->key);
    json_str(&j, "reference", o->reference);
    json_str(&j, "charge", o->charge->id);
    json_i64(&j, "amount", o->amount_minor);
    if (o->is_final)
        json_i64(&j, "final", 1);
    json_str(&j, "status", object_status_name(o->status));
    json_str(&j, "decline_code", o->decline_code);
    json_i64(&j, "at_us", o->at.us);
    line_end(&j);
}

static void operation_read(struct bank *b, const struct json_value *line, enum operation_kind kind)
{
    struct operation o = { .kind = kind,
                           .id = line_text(line, "id"),
                           .key = line_text(line, "key"),
                           .reference = line_text(line, "reference"),
                           .charge = table_get(&b->charges, line_text(line, "charge")),
                           .amount_minor = line_number(line, "amount"),
                           .is_final = line_number(line, "final") == 1,
                           .status = status_read(line),
                           .decline_code = line_text(line, "decline_code"),
                           .at = { line_number(line, "at_us") } };
    if (o.charge)
        bank_operation(b, &o);
}

void bank_write_dispute(struct buf *out, const struct bank_dispute *d)
{
    struct json j;
    line_begin(&j, out, "dispute");
    json_str(&j, "id", d->id);
    json_str(&j, "charge", d->charge->id);
    json_str(&j, "reason", d->reason);
    json_str(&j, "text", d->text);
    json_i64(&j, "amount", d->amount_minor);
    json_i64(&j, "sequence", d->sequence);
    json_i64(&j, "files", d->files);
    json_i64(&j, "chargeback", d->is_chargeback);
    json_i64(&j, "state", d->state);
    json_i64(&j, "due_us", d->evidence_due.us);
    line_end(&j);
}

static void dispute_read(struct bank *b, const struct json_value *line)
{
    int64_t state = line_number(line, "state");
    struct bank_dispute d = { .id = line_text(line, "id"),
                              .charge = table_get(&b->charges, line_text(line, "charge")),
                              .reason = line_text(line, "reason"),
                              .text = line_text(line, "text"),
                              .amount_minor = line_number(line, "amount"),
                              .sequence = line_number(line, "sequence"),
                              .files = line_number(line, "files"),
                              .is_chargeback = line_number(line, "chargeback") == 1,
                              .evidence_due = { line_number(line, "due_us") } };
    if (!d.charge || state < 0 || state >= BANK_DISPUTE_COUNT)
        return;
    d.state = (enum bank_dispute_state)state;
    bank_dispute(b, &d);
}

void bank_apply(struct bank *b, const struct json_value *line)
{
    static const struct {
        str kind;
        void (*read)(struct bank *b, const struct json_value *line);
    } kinds[] = {
        { STR("charge"), charge_read }, { STR("token"), token_read },     { STR("session"), session_read },
        { STR("settle"), settle_read }, { STR("dispute"), dispute_read }, { STR("push"), push_read },
    };
    str kind = line_text(line, "e");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (str_eq(kind, kinds[i].kind))
            kinds[i].read(b, line);
    for (unsigned i = 0; i < OPERATION_KIND_COUNT; i++)
        if (str_eq(kind, operation_kind_name((enum operation_kind)i)))
            operation_read(b, line, (enum operation_kind)i);
}
