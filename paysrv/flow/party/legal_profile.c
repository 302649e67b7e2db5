/* See legal_profile.h. */
#include "paysrv/flow/party/legal_profile.h"

#include "paysrv/domain/party/tax_id.h"
#include "paysrv/store/event.sql.h"
#include "paysrv/store/legal_profile.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/text/shape.h"

#define DOCUMENT_MAX_BYTES 16384

/* A birth date is kept, and shown to nobody. */
SHAPE(legal_profile, "LegalProfile",
      "object: 'legal_profile', user: string, version: integer, kind: 'individual' | 'sole_proprietor' | 'company', "
      "name: string, tax_id: string | null, registration_number: string | null, address: { country?: string, town?: "
      "string, street?: string, building?: string, postcode?: string }, created_at: time")

void legal_profile_write(struct json *j, struct task *t, const struct legal_profile_find_row *row)
{
    json_str(j, "object", STR("legal_profile"));
    json_str(j, "user", row->user_id.v);
    json_i64(j, "version", row->version);
    json_str(j, "kind", row->kind);
    json_str(j, "name", row->name);
    json_str_or_null(j, "tax_id", str_given(row->tax_id) ? tax_id_masked(t->arena, row->tax_id) : STR_NONE);
    json_str_or_null(j, "registration_number", row->registration_number);
    json_object(j, "address");
    json_str(j, "country", row->country);
    json_str(j, "town", row->town);
    json_str(j, "street", row->street);
    json_str(j, "building", row->building);
    json_str(j, "postcode", row->postcode);
    json_close(j);
    json_time(j, "created_at", row->created_at);
}

struct adding {
    const struct caller *caller;
    const struct legal_profile_find_row *fresh;
};

static err add_effect(struct task *t, void *context, struct answer *ret)
{
    const struct adding *x = context;
    struct legal_profile_find_row row = *x->fresh;
    const struct legal_profile_insert_row *made;
    struct buf out;
    struct json j;
    int64_t told;
    const struct legal_profile_insert_args args = {
        .partner = x->caller->partner,
        .user = row.user_id,
        .kind = row.kind,
        .name = row.name,
        .tax_id = row.tax_id,
        .registration_number = row.registration_number,
        .country = row.country,
        .town = row.town,
        .street = row.street,
        .building = row.building,
        .postcode = row.postcode,
        .birth_date = row.birth_date,
        .created_by = str_given(x->caller->subject) ? x->caller->subject : x->caller->client_id,
    };
    TRY(legal_profile_insert(t, &args, &made));
    row.version = made->version;
    buf_init(&out, t->arena, DOCUMENT_MAX_BYTES);
    json_begin(&j, &out);
    legal_profile_write(&j, t, &row);
    json_end(&j);
    *ret = (struct answer){ .status = 201, .body = buf_str(&out) };
    event_id event = { random_id(t->arena, "evt_") };
    return event_insert(t, event, x->caller->partner, STR("legal_profile.created"), row.user_id.v, ret->body, &told);
}

err legal_profiles_add(struct task *t, const struct caller *c, const struct user_find_row *user,
                       const struct legal_profile_find_row *fresh, const struct once *once, struct answer *ret)
{
    struct legal_profile_find_row row = *fresh;
    row.user_id = user->user_id;
    row.created_at = t->now;
    struct adding x = { .caller = c, .fresh = &row };
    return once_run(t, c->partner, once, random_id(t->arena, "lgl_"), add_effect, &x, ret);
}
