/* See party_object.h and docs/protocol/pay/users.md. */
#include "paysrv/flow/party/party_object.h"

#include "paysrv/domain/party/requisite.h"
#include "paysrv/flow/party/party.h"
#include "shared/text/shape.h"

#define DOCUMENT_MAX_BYTES 16384

/* What was added after the first version may be missing in an older one. */
SHAPE(
    user, "User",
    "id: string, object: 'user', status?: 'pending' | 'active' | 'closed', closed_reason?: string | null, external_id: "
    "string | null, name: string, email: string | null, email_verified: boolean, country: string | null, locale?: "
    "string | null, payouts_frozen: boolean, payouts_from?: time | null, consent_withdrawn_at?: time | null, "
    "erased_at?: time | null, "
    "created_at: time, confirmation?: "
    "Confirmation")

void user_write(struct json *j, const struct user_find_row *row)
{
    json_str(j, "id", row->user_id.v);
    json_str(j, "object", STR("user"));
    json_str(j, "status", party_status(row));
    json_str_or_null(j, "closed_reason", row->closed_reason);
    json_str_or_null(j, "external_id", row->external_id);
    json_str(j, "name", row->name);
    json_str_or_null(j, "email", row->email);
    json_bool(j, "email_verified", row->email_verified);
    json_str_or_null(j, "country", row->country);
    json_str_or_null(j, "locale", row->locale);
    json_bool(j, "payouts_frozen", row->payouts_frozen_at_given);
    if (row->payouts_from_given)
        json_time(j, "payouts_from", row->payouts_from);
    else
        json_null(j, "payouts_from");
    if (row->consent_withdrawn_at_given)
        json_time(j, "consent_withdrawn_at", row->consent_withdrawn_at);
    else
        json_null(j, "consent_withdrawn_at");
    if (row->erased_at_given)
        json_time(j, "erased_at", row->erased_at);
    else
        json_null(j, "erased_at");
    json_time(j, "created_at", row->created_at);
}

SHAPE(requisite, "Requisite",
      "id: string, object: 'requisite', type: 'bank_account' | 'card' | 'wallet', user: string, version: integer, "
      "status: 'pending_confirmation' | 'active' | 'cooling' | 'disabled', usable_from: time | null, disabled_reason: "
      "string | null, destination: string, iban?: string, bic?: string | null, bik?: string, account?: string, "
      "correspondent?: string, inn?: string, kpp?: string, holder_name?: string, address?: { "
      "country?: string, town?: string, street?: string, building?: string, postcode?: string }, card?: { brand: "
      "string, last4: string, exp_month: integer, exp_year: integer }, wallet?: string, created_at: time, "
      "verification?: { status: 'unknown' | 'match' | 'close_match' | 'no_match' | 'not_possible', matched_name?: "
      "string, checked_at: time | null, accepted_at?: time } | null, confirmation?: Confirmation")

static str requisite_status(struct task *t, const struct requisite_find_row *row)
{
    if (row->disabled_at_given)
        return STR("disabled");
    if (row->needs_code && !row->confirmed_at_given)
        return STR("pending_confirmation");
    return row->usable_from_given && instant_before(t->now, row->usable_from) ? STR("cooling") : STR("active");
}

static void account_write(struct json *j, struct task *t, const struct requisite_find_row *row)
{
    if (str_given(row->bik)) {
        json_str(j, "bik", row->bik);
        json_str(j, "account", row->masked);
        json_str(j, "correspondent", row->correspondent);
        json_str(j, "inn", requisite_inn_masked(t->arena, row->inn));
        json_str(j, "kpp", row->kpp);
    } else {
        json_str(j, "iban", row->masked);
        json_str_or_null(j, "bic", row->bic);
    }
    json_str(j, "holder_name", row->holder_name);
    if (!str_given(row->country) && !str_given(row->town))
        return; /* of a Russian account nobody needs it */
    json_object(j, "address");
    json_str(j, "country", row->country);
    json_str(j, "town", row->town);
    json_str(j, "street", row->street);
    json_str(j, "building", row->building);
    json_str(j, "postcode", row->postcode);
    json_close(j);
}

static void card_write(struct json *j, const struct requisite_find_row *row)
{
    json_object(j, "card");
    json_str(j, "brand", row->brand);
    json_str(j, "last4", row->last4);
    json_i64(j, "exp_month", row->exp_month);
    json_i64(j, "exp_year", row->exp_year);
    json_close(j);
}

static void verification_write(struct json *j, const struct requisite_find_row *row)
{
    if (!str_given(row->verification)) {
        json_null(j, "verification");
        return;
    }
    json_object(j, "verification");
    json_str(j, "status", row->verification);
    json_str(j, "matched_name", row->matched_name);
    if (row->checked_at_given)
        json_time(j, "checked_at", row->checked_at);
    else
        json_null(j, "checked_at");
    if (row->accepted_at_given)
        json_time(j, "accepted_at", row->accepted_at);
    json_close(j);
}

void requisite_write(struct json *j, struct task *t, const struct requisite_find_row *row)
{
    json_str(j, "id", row->requisite_id.v);
    json_str(j, "object", STR("requisite"));
    json_str(j, "type", row->kind);
    json_str(j, "user", row->user_id.v);
    json_i64(j, "version", row->version);
    json_str(j, "status", requisite_status(t, row));
    if (row->usable_from_given)
        json_time(j, "usable_from", row->usable_from);
    else
        json_null(j, "usable_from");
    json_str_or_null(j, "disabled_reason", row->disabled_reason);
    json_str(j, "destination", row->masked);
    if (str_eq(row->rail, rail_name(RAIL_BANK)))
        account_write(j, t, row);
    else if (str_given(row->last4))
        card_write(j, row);
    else
        json_str(j, "wallet", row->masked);
    verification_write(j, row);
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
