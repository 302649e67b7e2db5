/* The checks of an authorization request, in the order in which a developer meets them. */
#include "authsrv/domain/authorization.h"

#include "authsrv/domain/pkce.h"
#include "authsrv/domain/scope.h"
#include "shared/base/num.h"

#define STATE_MAX_BYTES 2048
#define NONCE_MAX_BYTES 256
#define HINT_MAX_BYTES 256

/* An empty value counts as absent (RFC 6749 section 3.1). */
static str field(const struct form *f, const char *name)
{
    str v = form_get(f, str_of(name));
    return v.n > 0 ? v : STR_NONE;
}

static enum authz_verdict judge_kind(const struct form *f, const struct client *c)
{
    str type = field(f, "response_type"), mode = field(f, "response_mode");
    if (!str_given(type))
        return AUTHZ_NO_RESPONSE_TYPE;
    if (!str_eq(type, STR("code")))
        return AUTHZ_RESPONSE_TYPE;
    if (!client_may(c, GRANT_CODE))
        return AUTHZ_CLIENT_GRANT;
    if (str_given(mode) && !str_eq(mode, STR("query")))
        return AUTHZ_RESPONSE_MODE;
    if (str_given(field(f, "registration")))
        return AUTHZ_REGISTRATION;
    return AUTHZ_GOOD;
}

static enum authz_verdict judge_pkce(const struct form *f, const struct client *c, struct authorization *ret)
{
    str challenge = field(f, "code_challenge"), method = field(f, "code_challenge_method");
    if (!str_given(challenge)) {
        if (str_given(method))
            return AUTHZ_PKCE_METHOD;
        return c->meta.require_pkce || c->auth_method == AUTH_NONE ? AUTHZ_NO_PKCE : AUTHZ_GOOD;
    }
    if (!str_eq(method, STR("S256")))
        return AUTHZ_PKCE_METHOD;
    if (!pkce_challenge_valid(challenge))
        return AUTHZ_PKCE_CHALLENGE;
    ret->challenge = challenge;
    return AUTHZ_GOOD;
}

static enum authz_verdict judge_scope(struct arena *a, const struct form *f, const struct client *c,
                                      struct authorization *ret)
{
    str scope = field(f, "scope");
    if (!str_given(scope))
        return AUTHZ_NO_SCOPE;
    if (!scope_is_wellformed(scope))
        return AUTHZ_SCOPE_SYNTAX;
    ret->scope = scope_common(a, scope, c->meta.scope);
    return ret->scope.n > 0 ? AUTHZ_GOOD : AUTHZ_SCOPE;
}

static enum authz_verdict judge_log_in(struct arena *a, const struct form *f, const struct client *c,
                                       struct authorization *ret)
{
    ret->prompt_text = field(f, "prompt");
    if (!prompt_parse(ret->prompt_text, &ret->prompt))
        return AUTHZ_PROMPT;
    str max_age = field(f, "max_age");
    ret->max_age = c->meta.default_max_age;
    if (str_given(max_age) && (!num_parse(max_age, &ret->max_age) || ret->max_age < 0))
        return AUTHZ_MAX_AGE;
    ret->login_hint = field(f, "login_hint");
    ret->idp_hint = field(f, "idp_hint");
    if (ret->login_hint.n > HINT_MAX_BYTES || ret->idp_hint.n > HINT_MAX_BYTES)
        return AUTHZ_HINT;
    ret->id_token_hint = field(f, "id_token_hint");
    ret->resources = form_words(a, f, STR("resource"));
    ret->terms.acr_values = field(f, "acr_values");
    return AUTHZ_GOOD;
}

enum authz_verdict authorization_judge(struct arena *a, const struct form *f, const struct client *c,
                                       struct authorization *ret)
{
    *ret = (struct authorization){ .max_age = -1 };
    str state = field(f, "state");
    if (state.n > STATE_MAX_BYTES)
        return AUTHZ_STATE;
    ret->state = state;
    enum authz_verdict v = judge_kind(f, c);
    if (v != AUTHZ_GOOD)
        return v;
    ret->nonce = field(f, "nonce");
    if (ret->nonce.n > NONCE_MAX_BYTES)
        return AUTHZ_NONCE;
    v = judge_pkce(f, c, ret);
    if (v != AUTHZ_GOOD)
        return v;
    v = judge_scope(a, f, c, ret);
    if (v != AUTHZ_GOOD)
        return v;
    return judge_log_in(a, f, c, ret);
}

const char *authz_error(enum authz_verdict v)
{
    switch (v) {
    case AUTHZ_NONE:
        break;
#define X(name, error, say)                                                                                            \
    case name:                                                                                                         \
        return error;
        AUTHZ_VERDICTS(X)
#undef X
    }
    return "server_error";
}

const char *authz_say(enum authz_verdict v)
{
    switch (v) {
    case AUTHZ_NONE:
        break;
#define X(name, error, say)                                                                                            \
    case name:                                                                                                         \
        return say;
        AUTHZ_VERDICTS(X)
#undef X
    }
    return "the request was not judged";
}
