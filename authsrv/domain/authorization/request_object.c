/* Judging and reading request objects. */
#include "authsrv/domain/authorization/request_object.h"

#define LIFE_MAX_S 3600
#define JTI_MAX_BYTES 255

/* A claim that is there must be good; one that is missing is allowed unless it is needed. */
static bool text_good(const struct json_value *claims, const char *name, str want, bool needed)
{
    const struct json_value *v = json_get(claims, name);
    return v ? claim_holds(v, want) && json_kind(v) == JSON_STRING : !needed;
}

static enum object_verdict judge_times(const struct json_value *claims, bool bounded, instant now)
{
    int64_t exp = 0, nbf = 0, now_s = instant_seconds(now);
    bool has_exp = json_get(claims, "exp") != NULL, has_nbf = json_get(claims, "nbf") != NULL;
    if (has_exp && (!json_get_i64(claims, "exp", &exp) || exp <= now_s))
        return OBJECT_EXPIRED;
    if (!claim_has_begun(claims, "nbf", now) || !claim_has_begun(claims, "iat", now))
        return OBJECT_NOT_YET;
    if (has_nbf && !json_get_i64(claims, "nbf", &nbf))
        return OBJECT_NOT_YET;
    if (bounded && (!has_exp || !has_nbf || exp - nbf > LIFE_MAX_S || now_s - nbf > LIFE_MAX_S))
        return OBJECT_TOO_OLD;
    return OBJECT_GOOD;
}

/* Who says it to whom. */
static enum object_verdict judge_parties(const struct json_value *claims, str client, str issuer, bool needed)
{
    str text;
    if (json_get(claims, "request") || json_get(claims, "request_uri"))
        return OBJECT_NESTED;
    if (!text_good(claims, "client_id", client, false) || !text_good(claims, "iss", client, needed))
        return OBJECT_OTHER_CLIENT;
    if (json_get_str(claims, "sub", &text) && str_eq(text, client))
        return OBJECT_SUBJECT;
    if (json_get(claims, "aud") ? !claim_holds(json_get(claims, "aud"), issuer) : needed)
        return OBJECT_WRONG_AUDIENCE;
    return OBJECT_GOOD;
}

enum object_verdict request_object_judge(const struct json_value *claims, const struct client *client, str issuer,
                                         instant now)
{
    bool fapi = client_is_fapi(client);
    enum object_verdict v = judge_parties(claims, client->id.v, issuer, fapi);
    if (v != OBJECT_GOOD)
        return v;
    if (fapi && !json_get(claims, "client_id"))
        return OBJECT_OTHER_CLIENT;
    if (fapi && !json_get(claims, "redirect_uri"))
        return OBJECT_NO_REDIRECT;
    return judge_times(claims, fapi, now);
}

enum object_verdict backchannel_object_judge(const struct json_value *claims, const struct client *client, str issuer,
                                             instant now, struct object_facts *ret)
{
    int64_t exp;
    enum object_verdict v = judge_parties(claims, client->id.v, issuer, true);
    if (v == OBJECT_GOOD)
        v = judge_times(claims, true, now);
    if (v != OBJECT_GOOD)
        return v;
    if (!json_get(claims, "iat"))
        return OBJECT_NO_ISSUE_TIME;
    if (!json_get_str(claims, "jti", &ret->jti) || ret->jti.n == 0 || ret->jti.n > JTI_MAX_BYTES)
        return OBJECT_NO_JTI;
    if (!json_get_i64(claims, "exp", &exp))
        return OBJECT_EXPIRED;
    ret->expires_at = instant_of_seconds(exp);
    return OBJECT_GOOD;
}

/* Claims about the object itself; everything else is a parameter. */
static bool is_about_the_object(str name)
{
    return str_has_word(STR("iss aud exp nbf iat jti sub"), name);
}

static bool field_add(struct form *f, str name, str value)
{
    if (f->n == FORM_MAX_FIELDS)
        return false;
    f->fields[f->n++] = (struct form_field){ name, value };
    return true;
}

/* resource may be a list; claims and authorization_details are documents; max_age is a number. */
static bool value_add(struct arena *a, struct form *f, str name, const struct json_value *v)
{
    str text;
    bool good = true;
    switch (json_kind(v)) {
    case JSON_STRING:
        return json_is_str(v, &text) && field_add(f, name, text);
    case JSON_INTEGER:
    case JSON_BOOL:
    case JSON_OBJECT:
        return field_add(f, name, json_canonical(a, v));
    case JSON_ARRAY:
        if (!str_eq(name, STR("resource")))
            return field_add(f, name, json_canonical(a, v));
        for (size_t i = 0; good && i < json_size(v); i++)
            good = json_is_str(json_item(v, i), &text) && field_add(f, name, text);
        return good;
    case JSON_NULL:
        return true;
    case JSON_REAL:
        return false;
    }
    return false;
}

enum object_verdict request_object_read(struct arena *a, const struct json_value *claims, const struct form *beside,
                                        struct form *ret)
{
    str name;
    const struct json_value *v;
    ret->n = 0;
    for (size_t i = 0; json_member(claims, i, &name, &v); i++)
        if (!is_about_the_object(name) && !value_add(a, ret, name, v))
            return OBJECT_BAD_VALUE;
    size_t inside = ret->n;
    for (size_t i = 0; beside && i < beside->n; i++) {
        bool known = str_has_word(STR("request request_uri"), beside->fields[i].name);
        for (size_t k = 0; k < inside && !known; k++)
            known = str_eq(ret->fields[k].name, beside->fields[i].name);
        if (!known && !field_add(ret, beside->fields[i].name, beside->fields[i].value))
            return OBJECT_BAD_VALUE;
    }
    return OBJECT_GOOD;
}

const char *object_verdict_say(enum object_verdict v)
{
    switch (v) {
    case OBJECT_NONE:
        break;
#define X(name, say)                                                                                                   \
    case name:                                                                                                         \
        return say;
        OBJECT_VERDICTS(X)
#undef X
    }
    return "unjudged";
}
