/* The checks of an authorization request, in the order in which a developer meets them. */
#include "authsrv/domain/authorization/authorization.h"

#include "authsrv/domain/authorization/claims_request.h"
#include "authsrv/domain/authorization/pkce.h"
#include "authsrv/domain/scope.h"
#include "shared/base/buf.h"
#include "shared/base/num.h"
#include "shared/jose/dpop.h"

#define STATE_MAX_BYTES 2048
#define NONCE_MAX_BYTES 256
#define HINT_MAX_BYTES 256
#define ACR_VALUES_MAX_BYTES 1024
#define CLAIMS_MAX_BYTES 8192

/* An empty value counts as absent (RFC 6749 section 3.1). */
static str field(const struct form *f, const char *name)
{
    str v = form_get(f, str_of(name));
    return v.n > 0 ? v : STR_NONE;
}

/* Errors go where the success would have gone; what cannot be understood is taken for the default. */
static enum authz_verdict judge_answer(const struct form *f, const struct client *c, struct authorization *ret)
{
    str type = field(f, "response_type");
    bool known = response_type_parse(type, &ret->parts);
    bool fits = response_mode_parse(field(f, "response_mode"), ret->parts, &ret->mode) &&
                response_mode_fits(ret->mode, ret->parts);
    if (!fits)
        ret->mode = (struct response_mode){ response_carrier_default(ret->parts), ret->mode.is_jwt };
    if (!str_given(type))
        return AUTHZ_NO_RESPONSE_TYPE;
    if (!known)
        return AUTHZ_RESPONSE_TYPE;
    if (!client_may_respond(c, ret->parts))
        return AUTHZ_CLIENT_TYPE;
    return fits ? AUTHZ_GOOD : AUTHZ_RESPONSE_MODE;
}

static enum authz_verdict judge_kind(const struct form *f, const struct client *c, struct authorization *ret)
{
    enum authz_verdict v = judge_answer(f, c, ret);
    if (v != AUTHZ_GOOD)
        return v;
    if (str_given(field(f, "registration")))
        return AUTHZ_REGISTRATION;
    return AUTHZ_GOOD;
}

static enum authz_verdict judge_nonce(const struct form *f, struct authorization *ret)
{
    ret->nonce = field(f, "nonce");
    if (ret->nonce.n > NONCE_MAX_BYTES)
        return AUTHZ_NONCE;
    return !str_given(ret->nonce) && (ret->parts & RESPONSE_ID_TOKEN) ? AUTHZ_NO_NONCE : AUTHZ_GOOD;
}

static enum authz_verdict judge_pkce(const struct form *f, const struct client *c, struct authorization *ret)
{
    str challenge = field(f, "code_challenge"), method = field(f, "code_challenge_method");
    if (!str_given(challenge)) {
        if (str_given(method))
            return AUTHZ_PKCE_METHOD;
        bool needed = c->meta.require_pkce || c->auth_method == AUTH_NONE;
        return needed && (ret->parts & RESPONSE_CODE) ? AUTHZ_NO_PKCE : AUTHZ_GOOD;
    }
    if (!str_eq(method, STR("S256")))
        return AUTHZ_PKCE_METHOD;
    if (!pkce_challenge_valid(challenge))
        return AUTHZ_PKCE_CHALLENGE;
    ret->challenge = challenge;
    return AUTHZ_GOOD;
}

/* The key to which the code is bound before it exists (RFC 9449 section 10). */
static enum authz_verdict judge_key(struct arena *a, const struct form *f, struct authorization *ret)
{
    ret->terms.dpop_jkt = field(f, "dpop_jkt");
    return !str_given(ret->terms.dpop_jkt) || dpop_thumbprint_valid(a, ret->terms.dpop_jkt) ? AUTHZ_GOOD
                                                                                            : AUTHZ_DPOP_JKT;
}

static enum authz_verdict judge_scope(struct arena *a, const struct form *f, const struct client *c,
                                      struct authorization *ret)
{
    str scope = field(f, "scope");
    if (!str_given(scope))
        return AUTHZ_NO_SCOPE;
    if (!scope_is_wellformed(scope))
        return AUTHZ_SCOPE_SYNTAX;
    ret->asked_scope = scope;
    ret->scope = scope_common(a, scope, c->meta.scope);
    /* Without a code there is no refresh token, and nothing to do while the person is away (OIDC Core section 11). */
    if (!(ret->parts & RESPONSE_CODE))
        ret->scope = scope_without(a, ret->scope, STR("offline_access"));
    if (ret->scope.n == 0)
        return AUTHZ_SCOPE;
    return (ret->parts & RESPONSE_ID_TOKEN) && !str_has_word(ret->scope, STR("openid")) ? AUTHZ_NO_OPENID : AUTHZ_GOOD;
}

/* Wishes of this kind never end a request (OIDC Core 3.1.2.1): what is too long to be one is none. */
static str hint(const struct form *f, const char *name)
{
    str v = field(f, name);
    return v.n <= HINT_MAX_BYTES ? v : STR_NONE;
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
    ret->login_hint = hint(f, "login_hint");
    ret->idp_hint = hint(f, "idp_hint");
    ret->ui_locales = hint(f, "ui_locales");
    ret->id_token_hint = field(f, "id_token_hint");
    ret->resources = form_words(a, f, STR("resource"));
    return AUTHZ_GOOD;
}

static str words_join(struct arena *a, const struct text_list *list)
{
    struct buf out;
    buf_init(&out, a, ACR_VALUES_MAX_BYTES * 4);
    for (size_t i = 0; i < list->n && out.n + list->items[i].n < ACR_VALUES_MAX_BYTES; i++) {
        if (out.n > 0)
            buf_add_char(&out, ' ');
        buf_add(&out, list->items[i]);
    }
    return out.n > 0 ? buf_str(&out) : STR_NONE;
}

/* What is said about the person belongs to OpenID Connect: without openid it is ignored (OIDC Core 3.1.2.1). */
static enum authz_verdict judge_terms(struct arena *a, const struct form *f, const struct client *c,
                                      struct authorization *ret)
{
    const struct json_value *document;
    struct claims_request request;
    str claims = field(f, "claims");
    str acr = field(f, "acr_values");
    bool usable = acr.n > 0 && acr.n <= ACR_VALUES_MAX_BYTES && scope_is_wellformed(acr);
    ret->terms.acr_values = usable ? acr : words_join(a, &c->meta.default_acr_values);
    if (!str_given(claims) || !str_has_word(ret->scope, STR("openid")))
        return AUTHZ_GOOD;
    if (claims.n > CLAIMS_MAX_BYTES || !claims_request_read(a, claims, &request) || !json_parse(a, claims, &document))
        return AUTHZ_CLAIMS;
    ret->terms.claims = json_canonical(a, document);
    return request.userinfo && !(ret->parts & (RESPONSE_CODE | RESPONSE_TOKEN)) ? AUTHZ_CLAIMS_USERINFO : AUTHZ_GOOD;
}

enum authz_verdict authorization_judge(struct arena *a, const struct form *f, const struct client *c,
                                       struct authorization *ret)
{
    *ret = (struct authorization){ .max_age = -1 };
    str state = field(f, "state");
    if (state.n > STATE_MAX_BYTES) {
        (void)judge_answer(f, c, ret);
        return AUTHZ_STATE;
    }
    ret->state = state;
    enum authz_verdict v = judge_kind(f, c, ret);
    if (v == AUTHZ_GOOD)
        v = judge_nonce(f, ret);
    if (v == AUTHZ_GOOD)
        v = judge_pkce(f, c, ret);
    if (v == AUTHZ_GOOD)
        v = judge_key(a, f, ret);
    if (v == AUTHZ_GOOD)
        v = judge_scope(a, f, c, ret);
    if (v == AUTHZ_GOOD)
        v = judge_log_in(a, f, c, ret);
    return v == AUTHZ_GOOD ? judge_terms(a, f, c, ret) : v;
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
