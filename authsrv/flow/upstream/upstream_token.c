/* See upstream_token.h. */
#include "authsrv/flow/upstream/upstream_token.h"

#include "authsrv/app.h"
#include "authsrv/domain/partner/site.h"
#include "authsrv/faults.h"
#include "authsrv/flow/partner/partners.h"
#include "authsrv/flow/snapshot.h"
#include "authsrv/flow/upstream/upstream_health.h"
#include "shared/crypto/crypto.h"
#include "shared/net/fetch.h"
#include "shared/text/encode.h"
#include "shared/text/json_in.h"
#include "shared/text/json_out.h"

#define ASSERTION_LIFE_S 60
#define BODY_MAX_BYTES (PERCENT_ENCODED_MAX * JSON_MAX_BYTES) /* what a partner gave goes back to it */
#define LIFE_MAX_S ((int64_t)10 * 366 * 86400)
#define ASSERTION_TYPE STR("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")

str upstream_callback(struct task *t, str slug)
{
    return arena_printf(t->arena, "%.*s/cb/%.*s", STR_ARG(t->site ? t->site->origin : app_of(t)->issuer),
                        STR_ARG(slug));
}

err upstream_unseal(struct task *t, bytes sealed, str context, str *ret)
{
    bytes plain;
    if (!unseal(t->arena, &app_of(t)->sealing_key, sealed, context, &plain))
        return FAIL(t, INTERNAL, "a sealed value cannot be opened: is sealing_key_file the one it was made with?");
    *ret = (str){ (const char *)plain.p, plain.n };
    return OK;
}

void upstream_form_add(struct task *t, struct buf *b, str name, str value)
{
    if (!str_given(value))
        return;
    if (b->n > 0)
        buf_add_char(b, '&');
    buf_add(b, name);
    buf_add_char(b, '=');
    buf_add(b, percent_encode(t->arena, value));
}

static str basic_header(struct task *t, str id, str secret_text)
{
    str joined = arena_printf(t->arena, "%.*s:%.*s", STR_ARG(percent_encode(t->arena, id)),
                              STR_ARG(percent_encode(t->arena, secret_text)));
    return arena_printf(t->arena, "Basic %.*s", STR_ARG(base64_encode(t->arena, bytes_of(joined))));
}

/* aud is the configured issuer alone: metadata that lies about endpoints wins nothing by it (SECURITY A 26). */
static err assertion_make(struct task *t, const struct upstream *up, const struct upstream_meta *meta, str *ret)
{
    const struct snapshot *s;
    struct buf out;
    struct json j;
    int64_t now_s = instant_seconds(t->now);
    TRY(snapshot_of(t, &s));
    buf_init(&out, t->arena, 4096);
    json_begin(&j, &out);
    json_str(&j, "iss", up->row->client_id);
    json_str(&j, "sub", up->row->client_id);
    json_str(&j, "aud", up->row->issuer);
    json_str(&j, "jti", random_id(t->arena, ""));
    json_i64(&j, "iat", now_s);
    json_i64(&j, "exp", now_s + ASSERTION_LIFE_S);
    json_end(&j);
    *ret = jws_sign(t->arena, snapshot_signer(s, meta->assertion_alg), "JWT", buf_str(&out));
    return OK;
}

/* Adds our proof to the body; *header is the Authorization header, absent: none. */
static err proof_add(struct task *t, const struct upstream *up, const struct upstream_meta *meta, struct buf *body,
                     str *header)
{
    str secret_text = STR_NONE, assertion;
    enum upstream_auth auth = up->set.auth == UPSTREAM_AUTH_PUBLISHED ? meta->auth : up->set.auth;
    *header = STR_NONE;
    if (up->row->client_secret_sealed.p)
        TRY(upstream_unseal(t, up->row->client_secret_sealed, PARTNER_SECRET_CONTEXT, &secret_text));
    if (auth == UPSTREAM_AUTH_PRIVATE_KEY) {
        TRY(assertion_make(t, up, meta, &assertion));
        upstream_form_add(t, body, STR("client_id"), up->row->client_id);
        upstream_form_add(t, body, STR("client_assertion_type"), ASSERTION_TYPE);
        upstream_form_add(t, body, STR("client_assertion"), assertion);
    } else if (auth == UPSTREAM_AUTH_BASIC && str_given(secret_text)) {
        *header = basic_header(t, up->row->client_id, secret_text);
    } else {
        upstream_form_add(t, body, STR("client_id"), up->row->client_id);
        upstream_form_add(t, body, STR("client_secret"), secret_text);
    }
    return OK;
}

static int64_t expiry_read(struct task *t, const struct json_value *doc)
{
    int64_t life_s;
    if (!json_get_i64(doc, "expires_in", &life_s))
        return 0;
    return life_s > 0 && life_s <= LIFE_MAX_S ? instant_seconds(t->now) + life_s : 0;
}

static void members_read(struct task *t, const struct json_value *doc, struct upstream_tokens *ret)
{
    *ret = (struct upstream_tokens){ .expires_s = expiry_read(t, doc) };
    const struct {
        const char *name;
        str *value;
    } members[] = { { "id_token", &ret->id_token },
                    { "access_token", &ret->access_token },
                    { "refresh_token", &ret->refresh_token },
                    { "scope", &ret->scope } };
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (!json_get_str(doc, members[i].name, members[i].value) || members[i].value->n == 0)
            *members[i].value = STR_NONE;
}

static err tokens_read(struct task *t, const struct upstream *up, const struct fetch_answer *answer,
                       struct upstream_tokens *ret)
{
    const struct json_value *doc;
    if (answer->outcome != FETCH_ANSWERED || answer->status >= 500)
        return upstream_trouble(
            t, up, arena_printf(t->arena, "token endpoint: %.*s, status %d", STR_ARG(answer->why), answer->status));
    if (answer->status != 200 || !json_parse(t->arena, answer->body, &doc))
        return FAIL(t, PARTNER_ANSWER, "token endpoint answered status %d", answer->status);
    members_read(t, doc, ret);
    if (up->set.kind == UPSTREAM_OIDC ? !str_given(ret->id_token) : !str_given(ret->access_token))
        return FAIL(t, PARTNER_ANSWER, "token endpoint answered without the token");
    return OK;
}

/* The body with our proof of who asks. */
static err tokens_ask(struct task *t, const struct upstream *up, const struct upstream_meta *meta, struct buf *body,
                      struct fetch_answer *ret)
{
    str authorization;
    TRY(proof_add(t, up, meta, body, &authorization));
    const struct fetch_header headers[] = {
        { "Content-Type", STR("application/x-www-form-urlencoded") },
        { "Accept", STR("application/json") },
        { "Authorization", authorization },
    };
    const struct fetch_request rq = { .method = "POST",
                                      .url = meta->token_endpoint,
                                      .headers = headers,
                                      .n_headers = str_given(authorization) ? 3 : 2,
                                      .body = buf_str(body),
                                      .limit = app_of(t)->config.partner_timeout,
                                      .is_ours = upstream_is_own(t, up, meta->token_endpoint) };
    fetch(t, &rq, ret);
    return OK;
}

err upstream_redeem(struct task *t, const struct upstream *up, const struct upstream_meta *meta,
                    const struct upstream_code *c, struct upstream_tokens *ret)
{
    struct buf body;
    struct fetch_answer answer;
    buf_init(&body, t->arena, BODY_MAX_BYTES);
    upstream_form_add(t, &body, STR("grant_type"), STR("authorization_code"));
    upstream_form_add(t, &body, STR("code"), c->code);
    upstream_form_add(t, &body, STR("redirect_uri"), upstream_callback(t, up->row->slug));
    upstream_form_add(t, &body, STR("code_verifier"), c->verifier);
    if (str_given(up->set.callback_parameter))
        upstream_form_add(t, &body, up->set.callback_parameter, c->extra);
    TRY(tokens_ask(t, up, meta, &body, &answer));
    return tokens_read(t, up, &answer, ret);
}

/* GitHub says no with 200 and a word of its own. */
static bool is_refusal(str error)
{
    return str_eq(error, STR("invalid_grant")) || str_eq(error, STR("bad_refresh_token"));
}

static enum upstream_refreshed outcome_of(struct task *t, const struct fetch_answer *answer,
                                          struct upstream_tokens *ret)
{
    const struct json_value *doc;
    str error;
    if (answer->outcome == FETCH_REFUSED || answer->outcome == FETCH_NOT_SENT)
        return UPSTREAM_REFRESH_NOT_SENT;
    if (answer->outcome != FETCH_ANSWERED || answer->status >= 500)
        return UPSTREAM_REFRESH_UNKNOWN;
    bool is_json = json_parse(t->arena, answer->body, &doc);
    if (is_json && json_get_str(doc, "error", &error))
        return is_refusal(error) ? UPSTREAM_REFRESH_REFUSED : UPSTREAM_REFRESH_FAILED;
    if (answer->status >= 400)
        return UPSTREAM_REFRESH_FAILED;
    if (is_json)
        members_read(t, doc, ret);
    return is_json && str_given(ret->access_token) ? UPSTREAM_REFRESHED : UPSTREAM_REFRESH_UNKNOWN;
}

err upstream_refresh(struct task *t, const struct upstream *up, const struct upstream_meta *meta, str refresh,
                     enum upstream_refreshed *outcome, struct upstream_tokens *ret, str *why)
{
    struct buf body;
    struct fetch_answer answer;
    buf_init(&body, t->arena, BODY_MAX_BYTES);
    upstream_form_add(t, &body, STR("grant_type"), STR("refresh_token"));
    upstream_form_add(t, &body, STR("refresh_token"), refresh);
    TRY(tokens_ask(t, up, meta, &body, &answer));
    t->now = wall_clock_now();
    *outcome = outcome_of(t, &answer, ret);
    *why = answer.outcome == FETCH_ANSWERED ? arena_printf(t->arena, "status %d", answer.status) : answer.why;
    return OK;
}
