/* Judging software statements, and laying them over what a client says. */
#include "authsrv/domain/client/software_statement.h"

#include "shared/base/buf.h"
#include "shared/jose/jose.h"
#include "shared/text/json_out.h"

#define SOFTWARE_ID_MAX_BYTES 255

enum statement_verdict statement_judge(const struct json_value *claims, str our_issuer, instant now, str *software_id)
{
    int64_t exp;
    if (json_get(claims, "exp") && (!json_get_i64(claims, "exp", &exp) || exp <= instant_seconds(now)))
        return STATEMENT_EXPIRED;
    if (!claim_has_begun(claims, "nbf", now) || !claim_has_begun(claims, "iat", now))
        return STATEMENT_NOT_YET;
    if (json_get(claims, "aud") && !claim_holds(json_get(claims, "aud"), our_issuer))
        return STATEMENT_AUDIENCE;
    if (!json_get_str(claims, "software_id", software_id) || software_id->n == 0 ||
        software_id->n > SOFTWARE_ID_MAX_BYTES)
        return STATEMENT_NO_SOFTWARE;
    return json_get(claims, "software_statement") ? STATEMENT_NESTED : STATEMENT_GOOD;
}

/* About the statement, not about the software. */
static bool is_envelope(str name)
{
    return str_has_word(STR("iss sub aud exp nbf iat jti"), name);
}

static bool is_said(const struct json_value *claims, str name)
{
    str said;
    const struct json_value *v;
    for (size_t i = 0; json_member(claims, i, &said, &v); i++)
        if (str_eq(said, name) && !is_envelope(name))
            return true;
    return false;
}

bool statement_apply(struct arena *a, const struct json_value *claims, const struct json_value *document,
                     const struct json_value **ret)
{
    const struct json_value *v;
    struct buf out;
    struct json j;
    str name;
    buf_init_bounded(&out, a, JSON_MAX_BYTES);
    json_begin(&j, &out);
    for (size_t i = 0; json_member(document, i, &name, &v); i++)
        if (!is_said(claims, name) && !str_eq(name, STR("software_statement")))
            json_raw(&j, arena_cstr(a, name), json_canonical(a, v));
    for (size_t i = 0; json_member(claims, i, &name, &v); i++)
        if (!is_envelope(name))
            json_raw(&j, arena_cstr(a, name), json_canonical(a, v));
    json_end(&j);
    return !out.is_over && json_parse(a, buf_str(&out), ret);
}

const char *statement_verdict_say(enum statement_verdict v)
{
    switch (v) {
    case STATEMENT_NONE:
        break;
#define X(name, say)                                                                                                   \
    case name:                                                                                                         \
        return say;
        STATEMENT_VERDICTS(X)
#undef X
    }
    return "was not judged";
}
