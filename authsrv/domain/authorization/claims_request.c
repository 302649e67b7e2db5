/* Reading the claims parameter. */
#include "authsrv/domain/authorization/claims_request.h"

#include "authsrv/domain/scope.h"
#include "authsrv/domain/token/claims.h"
#include "shared/base/buf.h"

#define WORDS_MAX_BYTES 16384

static bool values_are_wellformed(const struct json_value *values)
{
    if (!values)
        return true;
    return json_kind(values) == JSON_ARRAY && json_size(values) > 0;
}

/* What is not understood is ignored, whatever its form (OIDC Core section 5.5). */
static bool is_known(str name)
{
    return str_given(claim_scope(name)) || str_has_word(STR("sub acr auth_time amr"), name);
}

static bool claim_is_wellformed(str name, const struct json_value *v)
{
    bool essential;
    if (json_kind(v) == JSON_NULL || !is_known(name))
        return true;
    if (json_kind(v) != JSON_OBJECT)
        return false;
    const struct json_value *flag = json_get(v, "essential");
    return (!flag || json_is_bool(flag, &essential)) && values_are_wellformed(json_get(v, "values"));
}

static bool member_read(const struct json_value *request, const char *name, const struct json_value **ret)
{
    const struct json_value *member = json_get(request, name), *claim;
    str key;
    if (!member || json_kind(member) == JSON_NULL)
        return true;
    if (json_kind(member) != JSON_OBJECT)
        return false;
    for (size_t i = 0; json_member(member, i, &key, &claim); i++)
        if (!claim_is_wellformed(key, claim))
            return false;
    *ret = member;
    return true;
}

bool claims_request_read(struct arena *a, str text, struct claims_request *ret)
{
    const struct json_value *request;
    *ret = (struct claims_request){ 0 };
    if (!str_given(text))
        return true;
    if (!json_parse(a, text, &request) || json_kind(request) != JSON_OBJECT)
        return false;
    return member_read(request, "id_token", &ret->id_token) && member_read(request, "userinfo", &ret->userinfo);
}

static void word_add(struct buf *out, str word)
{
    /* A value with a space cannot be one of ours; it stays an unmet wish. */
    if (memchr(word.p, ' ', word.n))
        word = STR("-");
    if (out->n > 0)
        buf_add_char(out, ' ');
    buf_add(out, word);
}

/* What the wanted value of a claim must be one of, space-separated; absent: nothing is said. */
static str claims_request_values(struct arena *a, const struct json_value *wanted, const char *claim, bool *essential)
{
    const struct json_value *v = wanted ? json_get(wanted, claim) : NULL;
    struct buf out;
    str value;
    buf_init(&out, a, WORDS_MAX_BYTES);
    if (!v || !json_get_bool(v, "essential", essential))
        *essential = false;
    if (!v)
        return STR_NONE;
    if (json_get_str(v, "value", &value))
        word_add(&out, value);
    const struct json_value *values = json_get(v, "values");
    for (size_t i = 0; values && i < json_size(values); i++)
        if (json_is_str(json_item(values, i), &value))
            word_add(&out, value);
    return json_get(v, "value") || values ? buf_str(&out) : STR_NONE;
}

/* The names of wanted claims that we know about people, space-separated; never absent. */
static str claims_request_names(struct arena *a, const struct json_value *wanted)
{
    const struct json_value *claim;
    struct buf out;
    str name;
    buf_init(&out, a, WORDS_MAX_BYTES);
    for (size_t i = 0; wanted && json_member(wanted, i, &name, &claim); i++)
        if (str_given(claim_scope(name)))
            word_add(&out, name);
    return buf_str(&out);
}

bool terms_wish_read(struct arena *a, const struct terms *terms, struct terms_wish *ret)
{
    struct claims_request request;
    bool essential;
    if (!claims_request_read(a, terms->claims, &request))
        return false;
    ret->acr = claims_request_values(a, request.id_token, "acr", &ret->acr_essential);
    if (!str_given(ret->acr)) {
        /* That the claim is there at all is essential, not a value: it always is. */
        ret->acr = terms->acr_values;
        ret->acr_essential = false;
    }
    claims_request_values(a, request.id_token, "auth_time", &ret->auth_time_essential);
    ret->subjects = claims_request_values(a, request.id_token, "sub", &essential);
    if (!str_given(ret->subjects))
        ret->subjects = claims_request_values(a, request.userinfo, "sub", &essential);
    ret->id_token = claims_request_names(a, request.id_token);
    ret->userinfo = claims_request_names(a, request.userinfo);
    ret->details = str_given(terms->authorization_details);
    return true;
}
