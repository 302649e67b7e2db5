/* See party_object.h and docs/protocol/pay-api.md. */
#include "paysrv/flow/party_object.h"

#include "paysrv/domain/iban.h"
#include "shared/text/shape.h"

#define DOCUMENT_MAX_BYTES 16384

SHAPE(user, "User",
      "id: string, object: 'user', external_id: string | null, name: string, email: string | null, "
      "email_verified: boolean, country: string | null, payouts_frozen: boolean, created_at: time")

void user_write(struct json *j, const struct user_find_row *row)
{
    json_str(j, "id", row->user_id.v);
    json_str(j, "object", STR("user"));
    json_str_or_null(j, "external_id", row->external_id);
    json_str(j, "name", row->name);
    json_str_or_null(j, "email", row->email);
    json_bool(j, "email_verified", row->email_verified);
    json_str_or_null(j, "country", row->country);
    json_bool(j, "payouts_frozen", row->payouts_frozen_at_given);
    json_time(j, "created_at", row->created_at);
}

SHAPE(requisite, "Requisite",
      "id: string, object: 'requisite', type: 'bank_account', user: string, version: integer, status: "
      "'active' | 'cooling' | 'disabled', usable_from: time | null, disabled_reason: string | null, "
      "iban: string, bic: string | null, holder_name: string, address: { country?: string, town?: "
      "string, street?: string, building?: string, postcode?: string }, created_at: time")

void requisite_write(struct json *j, struct task *t, const struct requisite_find_row *row)
{
    json_str(j, "id", row->requisite_id.v);
    json_str(j, "object", STR("requisite"));
    json_str(j, "type", STR("bank_account"));
    json_str(j, "user", row->user_id.v);
    json_i64(j, "version", row->version);
    bool is_cooling = row->usable_from_given && instant_before(t->now, row->usable_from);
    json_str(j, "status", row->disabled_at_given ? STR("disabled") : is_cooling ? STR("cooling") : STR("active"));
    if (row->usable_from_given)
        json_time(j, "usable_from", row->usable_from);
    else
        json_null(j, "usable_from");
    json_str_or_null(j, "disabled_reason", row->disabled_reason);
    json_str(j, "iban", iban_masked(t->arena, row->iban));
    json_str_or_null(j, "bic", row->bic);
    json_str(j, "holder_name", row->holder_name);
    json_object(j, "address");
    json_str(j, "country", row->country);
    json_str(j, "town", row->town);
    json_str(j, "street", row->street);
    json_str(j, "building", row->building);
    json_str(j, "postcode", row->postcode);
    json_close(j);
    json_time(j, "created_at", row->created_at);
}

SHAPE(store, "Store",
      "id: string, object: 'store', name: string, owner: 'user' | 'partner', user: string | null, currency: string, "
      "url: string | null, "
      "external_id: string | null, split_profile?: string, split?: { platform_bp: integer, "
      "partner_bp: integer }, created_at: time")

void store_write(struct json *j, const struct store_find_row *row)
{
    json_str(j, "id", row->store_id.v);
    json_str(j, "object", STR("store"));
    json_str(j, "name", row->name);
    json_str(j, "owner", row->user_id.v.n ? STR("user") : STR("partner"));
    json_str_or_null(j, "user", row->user_id.v.n ? row->user_id.v : STR_NONE);
    json_str(j, "currency", row->currency);
    json_str_or_null(j, "url", row->url);
    json_str_or_null(j, "external_id", row->external_id);
    if (str_given(row->split_profile_id)) {
        json_str(j, "split_profile", row->split_profile_id);
    } else {
        json_object(j, "split");
        json_i64(j, "platform_bp", row->platform_bp);
        json_i64(j, "partner_bp", row->partner_bp);
        json_close(j);
    }
    json_time(j, "created_at", row->created_at);
}

str user_document(struct task *t, const struct user_find_row *row)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, DOCUMENT_MAX_BYTES);
    json_begin(&j, &out);
    user_write(&j, row);
    json_end(&j);
    return buf_str(&out);
}

str requisite_document(struct task *t, const struct requisite_find_row *row)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, DOCUMENT_MAX_BYTES);
    json_begin(&j, &out);
    requisite_write(&j, t, row);
    json_end(&j);
    return buf_str(&out);
}

str store_document(struct task *t, const struct store_find_row *row)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, DOCUMENT_MAX_BYTES);
    json_begin(&j, &out);
    store_write(&j, row);
    json_end(&j);
    return buf_str(&out);
}
