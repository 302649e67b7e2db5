/* See objects.h. */
#include "paysrv/sandbox/objects.h"

void charge_write(struct json *j, struct arena *a, const struct charge *c, str public_url)
{
    json_str(j, "id", c->id);
    json_str(j, "object", STR("charge"));
    json_str(j, "status", object_status_name(c->status));
    json_i64(j, "amount", c->amount_minor);
    json_str(j, "currency", c->currency);
    json_str(j, "reference", c->reference);
    json_str(j, "key", c->key);
    if (c->status == STATUS_DECLINED)
        json_str(j, "decline_code", c->decline_code);
    if (c->status == STATUS_REQUIRES_ACTION)
        json_str(j, "action_url", arena_printf(a, "%.*s/3ds/%.*s", STR_ARG(public_url), STR_ARG(c->id)));
    if (c->status == STATUS_AUTHORIZED) {
        json_i64(j, "capture_before", instant_seconds(c->capture_before));
        json_bool(j, "released", c->is_released);
    }
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
