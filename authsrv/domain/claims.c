/* Standard claims by scope. */
#include "authsrv/domain/claims.h"

const str claims_supported = STR("sub iss aud exp iat auth_time nonce sid amr at_hash name family_name given_name "
                                 "middle_name nickname preferred_username profile picture website gender birthdate "
                                 "zoneinfo locale updated_at email email_verified address phone_number "
                                 "phone_number_verified");

static const char *const profile_members[] = {
    "family_name", "given_name", "middle_name", "nickname",  "preferred_username", "profile",
    "picture",     "website",    "gender",      "birthdate", "zoneinfo",           "locale",
};

static void member_write(struct arena *a, struct json *j, const struct json_value *profile, const char *name)
{
    const struct json_value *v = json_get(profile, name);
    str text;
    if (!v || json_kind(v) == JSON_NULL || (json_is_str(v, &text) && text.n == 0))
        return;
    json_raw(j, name, json_canonical(a, v));
}

static void profile_write(struct arena *a, struct json *j, const struct person *p)
{
    json_str(j, "name", p->name);
    for (size_t i = 0; i < sizeof profile_members / sizeof profile_members[0]; i++)
        member_write(a, j, p->profile, profile_members[i]);
    json_i64(j, "updated_at", instant_seconds(p->updated_at));
}

void claims_write(struct arena *a, struct json *j, const struct person *p, str scope)
{
    if (str_has_word(scope, STR("profile")))
        profile_write(a, j, p);
    if (str_has_word(scope, STR("email")) && str_given(p->email)) {
        json_str(j, "email", p->email);
        json_bool(j, "email_verified", p->email_verified);
    }
    if (str_has_word(scope, STR("address")))
        member_write(a, j, p->profile, "address");
    if (str_has_word(scope, STR("phone"))) {
        member_write(a, j, p->profile, "phone_number");
        member_write(a, j, p->profile, "phone_number_verified");
    }
}
