/* See objects.h. */
#include "paysrv/sandbox/objects.h"

/* Of a challenge what its end says. */
static char trans_status_of(const struct charge *c)
{
    if (c->card->trans_status != 'C' || c->status == STATUS_REQUIRES_ACTION)
        return c->card->trans_status;
    return c->status == STATUS_DECLINED ? 'N' : 'Y';
}

static void three_d_secure_write(struct json *j, const struct charge *c)
{
    if (!c->card || !c->card->trans_status || str_given(c->network_reference))
        return;
    const char status = trans_status_of(c);
    json_object(j, "three_d_secure");
    json_str(j, "flow", c->card->trans_status == 'C' ? STR("challenge") : STR("frictionless"));
    json_str(j, "trans_status", (str){ &status, 1 });
    json_close(j);
}

void charge_write(struct json *j, struct arena *a, const struct charge *c, str public_url)
{
    json_str(j, "id", c->id);
    json_str(j, "object", STR("charge"));
    json_str(j, "status", object_status_name(c->status));
    json_i64(j, "amount", c->amount_minor);
    json_str(j, "currency", c->currency);
    json_str(j, "reference", c->reference);
    json_str(j, "statement_descriptor", c->descriptor);
    json_str(j, "key", c->key);
    if (c->status == STATUS_DECLINED)
        json_str(j, "decline_code", c->decline_code);
    if (c->status == STATUS_REQUIRES_ACTION)
        json_str(j, "action_url", arena_printf(a, "%.*s/3ds/%.*s", STR_ARG(public_url), STR_ARG(c->id)));
    if (c->status == STATUS_AUTHORIZED) {
        json_i64(j, "capture_before", instant_seconds(c->capture_before));
        json_bool(j, "released", c->is_released);
    }
    if (c->card && c->status != STATUS_DECLINED) {
        json_object(j, "card");
        json_str(j, "brand", STR("visa"));
        json_str(j, "last4", c->card->last4);
        json_close(j);
    }
    three_d_secure_write(j, c);
    json_i64(j, "captured", c->captured_minor);
    json_i64(j, "refunded", c->refunded_minor);
}

void operation_write(struct json *j, const struct operation *o)
{
    json_str(j, "id", o->id);
    json_str(j, "object", operation_kind_name(o->kind));
    json_str(j, "status", object_status_name(o->status));
    json_str(j, "charge", o->charge->id);
    json_i64(j, "amount", o->amount_minor);
    json_str(j, "currency", o->currency);
    json_str(j, "reference", o->reference);
    json_str(j, "key", o->key);
    if (o->kind == OPERATION_CAPTURE)
        json_bool(j, "final", o->is_final);
    if (o->status == STATUS_DECLINED)
        json_str(j, "decline_code", o->decline_code);
}

void dispute_write(struct json *j, const struct bank_dispute *d)
{
    json_str(j, "id", d->id);
    json_str(j, "object", STR("dispute"));
    json_str(j, "phase", d->is_chargeback ? STR("chargeback") : STR("inquiry"));
    json_str(j, "status", bank_dispute_state_name(d->state));
    json_i64(j, "sequence", d->sequence);
    json_str(j, "charge", d->charge->id);
    json_str(j, "key", d->charge->key);
    json_i64(j, "amount", d->amount_minor);
    json_str(j, "currency", d->charge->currency);
    json_i64(j, "fee", d->is_chargeback ? DISPUTE_FEE_MINOR : 0);
    json_str(j, "reason", d->reason);
    json_i64(j, "evidence_due", instant_seconds(d->evidence_due));
    json_i64(j, "evidence_files", d->files);
}
