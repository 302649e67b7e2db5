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
    json_i64(j, "refunded", c->refunded_minor);
}

void refund_write(struct json *j, const struct refund *r)
{
    json_str(j, "id", r->id);
    json_str(j, "object", STR("refund"));
    json_str(j, "status", object_status_name(r->status));
    json_str(j, "charge", r->charge->id);
    json_i64(j, "amount", r->amount_minor);
    json_str(j, "currency", r->currency);
    json_str(j, "reference", r->reference);
    json_str(j, "key", r->key);
    if (r->status == STATUS_DECLINED)
        json_str(j, "decline_code", r->decline_code);
}
