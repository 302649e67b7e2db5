/* Judging backchannel authentication requests. */
#include "authsrv/domain/session/backchannel.h"

#include "shared/base/num.h"

#define TOKEN_MIN_BYTES 22 /* 128 bits (CIBA section 7.1) */
#define TOKEN_MAX_BYTES 1024

/* RFC 6750 section 2.1: b64token. */
static bool is_bearer(str token)
{
    if (token.n < TOKEN_MIN_BYTES || token.n > TOKEN_MAX_BYTES)
        return false;
    for (size_t i = 0; i < token.n; i++) {
        char c = token.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-._~+/=", c)))
            return false;
    }
    return true;
}

static bool one_hint(const struct backchannel_in *in)
{
    return (in->login_hint.n > 0) + (in->id_token_hint.n > 0) + (in->login_hint_token.n > 0) == 1;
}

static enum backchannel_verdict judge_token(const struct backchannel_in *in, const struct client *client)
{
    if (str_eq(client->meta.backchannel_token_delivery_mode, STR("poll")))
        return BACKCHANNEL_GOOD;
    if (in->client_notification_token.n == 0)
        return BACKCHANNEL_NO_TOKEN;
    return is_bearer(in->client_notification_token) ? BACKCHANNEL_GOOD : BACKCHANNEL_TOKEN;
}

static bool says_anything(const struct backchannel_in *in)
{
    const str all[] = { in->scope,
                        in->resource,
                        in->login_hint,
                        in->id_token_hint,
                        in->login_hint_token,
                        in->binding_message,
                        in->user_code,
                        in->requested_expiry,
                        in->acr_values,
                        in->client_notification_token,
                        in->authorization_details };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (str_given(all[i]))
            return true;
    return false;
}

enum backchannel_verdict backchannel_judge_way(const struct backchannel_in *in, const struct client *client)
{
    bool signs = str_given(client->meta.backchannel_authentication_request_signing_alg);
    if (str_given(in->request) != signs)
        return signs ? BACKCHANNEL_UNSIGNED : BACKCHANNEL_REQUEST;
    return signs && says_anything(in) ? BACKCHANNEL_BESIDE : BACKCHANNEL_GOOD;
}

enum backchannel_verdict backchannel_judge(const struct backchannel_in *in, const struct client *client,
                                           int64_t longest_s, int64_t *life_s)
{
    *life_s = longest_s;
    if (in->user_code.n > 0)
        return BACKCHANNEL_USER_CODE;
    if (!one_hint(in))
        return BACKCHANNEL_HINTS;
    if (!str_has_word(in->scope, STR("openid")))
        return BACKCHANNEL_OPENID;
    if (str_given(in->requested_expiry) && (!num_parse(in->requested_expiry, life_s) || *life_s <= 0))
        return BACKCHANNEL_EXPIRY;
    if (*life_s > longest_s)
        *life_s = longest_s;
    if (str_given(in->binding_message) && !client_name_valid(in->binding_message))
        return BACKCHANNEL_MESSAGE;
    return judge_token(in, client);
}

const char *backchannel_param(enum backchannel_verdict v)
{
    switch (v) {
    case BACKCHANNEL_NONE:
        break;
#define X(name, param, say)                                                                                            \
    case name:                                                                                                         \
        return param;
        BACKCHANNEL_VERDICTS(X)
#undef X
    }
    return "";
}

const char *backchannel_say(enum backchannel_verdict v)
{
    switch (v) {
    case BACKCHANNEL_NONE:
        break;
#define X(name, param, say)                                                                                            \
    case name:                                                                                                         \
        return say;
        BACKCHANNEL_VERDICTS(X)
#undef X
    }
    return "the request was not judged";
}
