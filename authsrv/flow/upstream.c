/* One log-in at a partner: out with state, nonce and PKCE, back with a code, to an identity (issuer, subject). */
#include "authsrv/flow/upstream.h"

#include "authsrv/app.h"
#include "authsrv/domain/pkce.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/upstream_meta.h"
#include "authsrv/store/flow.sql.h"
#include "authsrv/store/user.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/net/fetch.h"
#include "shared/ops/log.h"
#include "shared/text/encode.h"
#include "shared/text/url.h"

#define ATTEMPT_LIFE MINUTES(10)
#define VERIFIER_CONTEXT STR("upstream_verifier")
#define SECRET_CONTEXT STR("partner_secret")

/* The callback of one partner: <issuer>/cb/<slug>. */
static str upstream_callback(struct task *t, str slug)
{
    return arena_printf(t->arena, "%.*s/cb/%.*s", STR_ARG(app_of(t)->issuer), STR_ARG(slug));
}

static str begin_url(struct task *t, const struct upstream_meta *meta, const struct partner_find_row *partner,
                     const struct upstream_start *s, str state, str nonce, str verifier)
{
    struct buf b;
    buf_init(&b, t->arena, 16384);
    buf_add(&b, meta->authorization_endpoint);
    url_add_query(&b, "response_type", STR("code"));
    url_add_query(&b, "client_id", partner->client_id);
    url_add_query(&b, "redirect_uri", upstream_callback(t, partner->slug));
    url_add_query(&b, "scope", STR("openid profile email"));
    url_add_query(&b, "state", state);
    url_add_query(&b, "nonce", nonce);
    url_add_query(&b, "code_challenge", pkce_challenge_of(t->arena, verifier));
    url_add_query(&b, "code_challenge_method", STR("S256"));
    url_add_query(&b, "login_hint", s->login_hint);
    if (s->silent || s->force)
        url_add_query(&b, "prompt", s->silent ? STR("none") : STR("login"));
    return buf_str(&b);
}

err upstream_begin(struct task *t, const struct partner_find_row *partner, const struct upstream_start *s,
                   str *location)
{
    struct upstream_meta meta;
    TRY(upstream_meta_get(t, partner, &meta));
    str state = random_token(t->arena, ""), nonce = random_token(t->arena, ""), verifier = random_token(t->arena, "");
    int64_t n;
    TRY(upstream_login_create(
        t,
        &(struct upstream_login_create_args){
            .state_hash = typed_digest("upstream_state", state),
            .browser_hash = s->browser,
            .flow = s->flow,
            .partner = partner->slug,
            .issuer = partner->issuer,
            .nonce = nonce,
            .verifier_sealed = seal(t->arena, &app_of(t)->sealing_key, bytes_of(verifier), VERIFIER_CONTEXT),
            .expires_at = instant_add(t->now, ATTEMPT_LIFE) },
        &n));
    *location = begin_url(t, &meta, partner, s, state, nonce, verifier);
    return OK;
}

bool upstream_sends_iss(struct task *t, const struct partner_find_row *partner)
{
    struct upstream_meta meta;
    return upstream_meta_get(t, partner, &meta) == OK && meta.sends_iss;
}

static err text_unsealed(struct task *t, bytes sealed, str context, str *ret)
{
    bytes plain;
    if (!unseal(t->arena, &app_of(t)->sealing_key, sealed, context, &plain))
        return FAIL(t, INTERNAL, "a sealed value cannot be opened: is sealing_key_file the one it was made with?");
    *ret = (str){ (const char *)plain.p, plain.n };
    return OK;
}

static void form_add(struct task *t, struct buf *b, const char *name, str value)
{
    if (!str_given(value))
        return;
    if (b->n > 0)
        buf_add_char(b, '&');
    buf_add(b, str_of(name));
    buf_add_char(b, '=');
    buf_add(b, percent_encode(t->arena, value));
}

static str basic_header(struct task *t, str id, str secret_text)
{
    str joined = arena_printf(t->arena, "%.*s:%.*s", STR_ARG(percent_encode(t->arena, id)),
                              STR_ARG(percent_encode(t->arena, secret_text)));
    return arena_printf(t->arena, "Basic %.*s", STR_ARG(base64_encode(t->arena, bytes_of(joined))));
}

struct upstream_tokens {
    str id_token, access_token;
};

static err token_read(struct task *t, const struct fetch_answer *answer, struct upstream_tokens *ret)
{
    const struct json_value *doc;
    if (answer->outcome != FETCH_ANSWERED || answer->status >= 500)
        return FAIL(t, PARTNER_FAILED, "token endpoint: %.*s, status %d", STR_ARG(answer->why), answer->status);
    if (answer->status != 200 || !json_parse(t->arena, answer->body, &doc) ||
        !json_get_str(doc, "id_token", &ret->id_token))
        return FAIL(t, PARTNER_ANSWER, "token endpoint answered status %d without an id token", answer->status);
    if (!json_get_str(doc, "access_token", &ret->access_token))
        ret->access_token = STR_NONE;
    return OK;
}

static err code_exchange(struct task *t, const struct partner_find_row *partner, const struct upstream_meta *meta,
                         str code, str verifier, struct upstream_tokens *ret)
{
    str secret_text = STR_NONE;
    if (partner->client_secret_sealed.p)
        TRY(text_unsealed(t, partner->client_secret_sealed, SECRET_CONTEXT, &secret_text));
    bool basic = meta->basic && str_given(secret_text);
    struct buf body;
    buf_init(&body, t->arena, 16384);
    form_add(t, &body, "grant_type", STR("authorization_code"));
    form_add(t, &body, "code", code);
    form_add(t, &body, "redirect_uri", upstream_callback(t, partner->slug));
    form_add(t, &body, "code_verifier", verifier);
    if (!basic) {
        form_add(t, &body, "client_id", partner->client_id);
        form_add(t, &body, "client_secret", secret_text);
    }
    struct fetch_header headers[] = {
        { "Content-Type", STR("application/x-www-form-urlencoded") },
        { "Accept", STR("application/json") },
        { "Authorization", basic ? basic_header(t, partner->client_id, secret_text) : STR_NONE },
    };
    const struct fetch_request rq = { .method = "POST",
                                      .url = meta->token_endpoint,
                                      .headers = headers,
                                      .n_headers = basic ? 3 : 2,
                                      .body = buf_str(&body) };
    struct fetch_answer answer;
    fetch(t, &rq, &answer);
    return token_read(t, &answer, ret);
}

static err id_token_judge(struct task *t, const struct partner_find_row *partner, const struct json_value *claims,
                          str nonce, struct partner_person *ret)
{
    const struct claims_want want = { partner->issuer, partner->client_id, SECONDS(60) };
    enum claims_verdict v = claims_judge(claims, &want, t->now);
    if (v != CLAIMS_GOOD)
        return FAIL(t, PARTNER_ANSWER, "id token: %s", claims_verdict_name(v));
    str said, azp;
    if (!json_get_str(claims, "nonce", &said) || !str_eq(said, nonce))
        return FAIL(t, PARTNER_ANSWER, "id token: another nonce");
    if (json_get_str(claims, "azp", &azp) && !str_eq(azp, partner->client_id))
        return FAIL(t, PARTNER_ANSWER, "id token: another authorized party");
    if (!partner_person_read(t->arena, claims, ret))
        return FAIL(t, PARTNER_ANSWER, "id token: no usable subject");
    return OK;
}

/* The e-mail usually comes from here. A provider that cannot answer costs the e-mail, not the log-in. */
static err userinfo_add(struct task *t, const struct upstream_meta *meta, str access_token, struct partner_person *ret)
{
    if (!str_given(meta->userinfo_endpoint) || !str_given(access_token))
        return OK;
    struct fetch_header headers[] = {
        { "Authorization", arena_printf(t->arena, "Bearer %.*s", STR_ARG(access_token)) },
        { "Accept", STR("application/json") },
    };
    const struct fetch_request rq = {
        .method = "GET", .url = meta->userinfo_endpoint, .headers = headers, .n_headers = 2
    };
    struct fetch_answer answer;
    const struct json_value *doc;
    fetch(t, &rq, &answer);
    if (answer.outcome != FETCH_ANSWERED || answer.status != 200 || !json_parse(t->arena, answer.body, &doc)) {
        log_warn(t, "upstream.userinfo_failed", L_I64("status", answer.status));
        return OK;
    }
    return partner_person_add(t->arena, doc, ret) ? OK : FAIL(t, PARTNER_ANSWER, "userinfo speaks of another subject");
}

err upstream_complete(struct task *t, const struct partner_find_row *partner,
                      const struct upstream_login_take_row *attempt, str code, struct partner_person *ret)
{
    struct upstream_meta meta;
    struct upstream_tokens tokens;
    const struct json_value *claims;
    str verifier;
    TRY(upstream_meta_get(t, partner, &meta));
    TRY(text_unsealed(t, attempt->verifier_sealed, VERIFIER_CONTEXT, &verifier));
    TRY(code_exchange(t, partner, &meta, code, verifier, &tokens));
    TRY(upstream_verify(t, partner, &meta, tokens.id_token, &claims));
    TRY(id_token_judge(t, partner, claims, attempt->nonce, ret));
    return userinfo_add(t, &meta, tokens.access_token, ret);
}

static err known_account(struct task *t, const struct partner_find_row *partner, const struct partner_person *person,
                         user_id *user, bool *known)
{
    const struct identity_sign_in_row *row;
    TRY(identity_sign_in(t, partner->issuer, person->subject, person->name, person->email, person->email_verified,
                         &row));
    *known = row != NULL;
    if (row && row->disabled)
        return FAIL(t, ACCOUNT_DISABLED, "%.*s is disabled", STR_ARG(row->id.v));
    if (row)
        *user = row->id;
    return OK;
}

static str display_name(const struct partner_person *person)
{
    if (str_given(person->name))
        return person->name;
    return str_given(person->email) ? person->email : STR("Account");
}

err upstream_account(struct task *t, const struct partner_find_row *partner, const struct partner_person *person,
                     user_id *user)
{
    bool known;
    TRY(known_account(t, partner, person, user, &known));
    if (known)
        return OK;
    const struct identity_create_row *row = NULL;
    err e = identity_create(t,
                            &(struct identity_create_args){ .issuer = partner->issuer,
                                                            .subject = person->subject,
                                                            .id = { random_id(t->arena, "usr_") },
                                                            .name = display_name(person),
                                                            .email = person->email,
                                                            .email_verified = person->email_verified,
                                                            .partner = partner->slug },
                            &row);
    if (e && !err_is(e, &FAULT_ALREADY_EXISTS))
        return e;
    if (!row)
        return known_account(t, partner, person, user, &known);
    *user = row->id;
    return audit_write(t, row->id.v, STR("account.created"), partner->slug, person->subject);
}
