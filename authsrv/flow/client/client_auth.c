/* Who the client is: what it presents is told apart first, then compared with what it registered, and only then judged.
 */
#include "authsrv/flow/client/client_auth.h"

#include "authsrv/app.h"
#include "authsrv/domain/client/client_assertion.h"
#include "authsrv/faults.h"
#include "authsrv/flow/authorization/request_batch.h"
#include "authsrv/flow/client/client_keys.h"
#include "authsrv/flow/client/client_load.h"
#include "authsrv/flow/client/client_store.h"
#include "shared/crypto/cert.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"

#define ASSERTION_TYPE STR("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
#define FAPI_ALGS (ALG_BIT(ALG_PS256) | ALG_BIT(ALG_ES256) | ALG_BIT(ALG_EDDSA))

/* Three ways can be seen in the request: a secret, an assertion, or nothing (then the certificate may speak). */
struct presented {
    bool by_basic, by_post, by_assertion;
    str id, secret;
};

static err refuse(struct task *t, bool basic, const char *why)
{
    struct failure *f = FAIL(t, INVALID_CLIENT, "%s", why);
    f->challenge = basic ? STR("Basic realm=\"token\", charset=\"UTF-8\"") : STR("Basic realm=\"token\"");
    return f;
}

/* Both halves are form-encoded before they are joined (RFC 6749 section 2.3.1). */
static bool basic_read(struct task *t, str header, struct presented *ret)
{
    bytes joined;
    str value = { header.p + 6, header.n - 6 }, id;
    if (!base64_decode(t->arena, value, &joined))
        return false;
    str rest = { (const char *)joined.p, joined.n };
    if (!str_cut(&rest, ':', &id))
        return false;
    return percent_decode(t->arena, id, true, &ret->id) && percent_decode(t->arena, rest, true, &ret->secret);
}

static err basic_take(struct task *t, const struct client_credentials *c, struct presented *ret)
{
    if (c->authorization.n < 6 || !str_eq_nocase((str){ c->authorization.p, 6 }, STR("Basic ")))
        return refuse(t, true, "the authorization header is not Basic");
    ret->by_basic = true;
    if (!basic_read(t, c->authorization, ret))
        return refuse(t, true, "the Basic credentials cannot be decoded");
    if (c->client_id.n > 0 && !str_eq(c->client_id, ret->id))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("client_id"), STR("is another client than in the header"));
    return OK;
}

/* The assertion says whose it is; nothing of it is believed before its signature is verified with that client's keys.
 */
static err assertion_take(struct task *t, const struct client_credentials *c, struct presented *ret)
{
    struct jws_peek peek;
    if (!str_eq(c->client_assertion_type, ASSERTION_TYPE))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("client_assertion_type"),
                          STR("must be urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
    ret->by_assertion = true;
    if (!jws_peek(t->arena, c->client_assertion, &peek) || !str_given(peek.sub))
        return refuse(t, false, "the assertion is no signed JWT with a subject");
    if (c->client_id.n > 0 && !str_eq(c->client_id, peek.sub))
        return refuse(t, false, "client_id is another client than the assertion's");
    ret->id = peek.sub;
    return OK;
}

static err presented_read(struct task *t, const struct client_credentials *c, struct presented *ret)
{
    int ways =
        (str_given(c->authorization) ? 1 : 0) + (c->client_secret.n > 0 ? 1 : 0) + (c->client_assertion.n > 0 ? 1 : 0);
    if (ways > 1)
        return FAIL(t, INVALID_REQUEST, "more than one way of client authentication");
    if (str_given(c->authorization))
        return basic_take(t, c, ret);
    if (c->client_assertion.n > 0)
        return assertion_take(t, c, ret);
    if (c->client_id.n == 0)
        return refuse(t, false, "no client credentials");
    ret->by_post = c->client_secret.n > 0;
    ret->id = c->client_id;
    ret->secret = c->client_secret;
    return OK;
}

static bool method_fits(const struct presented *p, enum auth_method method)
{
    switch (method) {
    case AUTH_BASIC:
        return p->by_basic;
    case AUTH_POST:
        return p->by_post;
    case AUTH_SECRET_JWT:
    case AUTH_KEY_JWT:
        return p->by_assertion;
    case AUTH_NONE:
    case AUTH_TLS:
    case AUTH_SELF_SIGNED:
        return !p->by_basic && !p->by_post && !p->by_assertion;
    }
    return false;
}

/* ---- assertions ---- */

static enum jws_verdict signature_check(struct task *t, const struct client *client, str token, struct jws_read *ret)
{
    enum jose_alg alg;
    /* "JWT" and absent are what clients send; the type of RFC 7523bis is taken too. */
    struct jws_want want = { .typ = "client-authentication+jwt", .or_untyped = true, .algs = ALGS_ASYMMETRIC };
    if (client->auth_method == AUTH_SECRET_JWT) {
        str key;
        if (!client_secret_unseal(t, client, &key))
            return JWS_UNKNOWN_KEY;
        return jws_verify_hs256(t->arena, (secret){ key }, token, ret);
    }
    if (client_is_fapi(client))
        want.algs = FAPI_ALGS;
    if (jose_alg_parse(client->meta.token_endpoint_auth_signing_alg, &alg))
        want.algs = ALG_BIT(alg);
    return client_verify(t, client, &want, token, ret);
}

static err assertion_once(struct task *t, const struct client *client, const struct assertion_facts *facts)
{
    int64_t n;
    str unique = arena_printf(t->arena, "%.*s\n%.*s", STR_ARG(client->id.v), STR_ARG(facts->jti));
    TRY(jti_spend(t, typed_digest("client_assertion", unique), facts->expires_at, &n));
    return n == 1 ? OK : refuse(t, false, "the assertion was used before");
}

static err assertion_check(struct task *t, const struct client *client, const struct client_credentials *c)
{
    const struct app *app = app_of(t);
    const str bases[] = { app->issuer, app->config.mtls_url };
    str aliases[4];
    size_t n = 0;
    for (size_t i = 0; i < 2; i++) {
        if (bases[i].n == 0)
            continue;
        aliases[n++] = arena_printf(t->arena, "%.*s/token", STR_ARG(bases[i]));
        aliases[n++] = arena_printf(t->arena, "%.*s%.*s", STR_ARG(bases[i]), STR_ARG(c->path));
    }
    const struct assertion_want want = { .client = client->id.v,
                                         .issuer = app->issuer,
                                         .aliases = aliases,
                                         .n_aliases = n,
                                         .issuer_only = client_is_fapi(client) };
    struct jws_read read;
    struct assertion_facts facts;
    enum jws_verdict signature = signature_check(t, client, c->client_assertion, &read);
    if (signature != JWS_GOOD)
        return refuse(t, false, jws_verdict_name(signature));
    enum assertion_verdict v = assertion_judge(read.claims, &want, t->now, &facts);
    if (v != ASSERTION_GOOD)
        return refuse(t, false, assertion_verdict_say(v));
    return assertion_once(t, client, &facts);
}

/* ---- certificates ---- */

/* Exactly one of these is registered (domain/client_credential_rules.c). */
static bool certificate_named(const struct cert *cert, const struct client_metadata *m)
{
    if (str_given(m->tls_client_auth_subject_dn))
        return cert_subject_is(cert, m->tls_client_auth_subject_dn);
    if (str_given(m->tls_client_auth_san_dns))
        return cert_has_san(cert, SAN_DNS, m->tls_client_auth_san_dns);
    if (str_given(m->tls_client_auth_san_uri))
        return cert_has_san(cert, SAN_URI, m->tls_client_auth_san_uri);
    if (str_given(m->tls_client_auth_san_ip))
        return cert_has_san(cert, SAN_IP, m->tls_client_auth_san_ip);
    return str_given(m->tls_client_auth_san_email) && cert_has_san(cert, SAN_EMAIL, m->tls_client_auth_san_email);
}

/* By its public key, which a rotation of the certificate may keep; a key that is not found is looked for anew. */
static bool certificate_registered(struct task *t, const struct client *client, const struct cert *cert)
{
    for (int anew = 0; anew < 2; anew++) {
        const struct jose_set *set = client_keys(t, client, anew == 1);
        if (set && jose_set_find_public(set, cert_public_key(cert)))
            return true;
    }
    return false;
}

static err certificate_check(struct task *t, const struct client *client, const struct client_credentials *c)
{
    const struct cert *cert = c->certificate.n > 0 ? cert_of_der(t->arena, c->certificate) : NULL;
    if (!cert)
        return refuse(t, false, "no client certificate");
    if (client->auth_method == AUTH_SELF_SIGNED)
        return certificate_registered(t, client, cert) ? OK : refuse(t, false, "the certificate is not registered");
    if (!c->certificate_trusted)
        return refuse(t, false, "the certificate does not chain to the configured CA");
    return certificate_named(cert, &client->meta) ? OK : refuse(t, false, "the certificate has another name");
}

static bool needs_worker(const struct client *client)
{
    return client->auth_method == AUTH_SECRET_JWT || client->auth_method == AUTH_KEY_JWT ||
           (client->auth_method == AUTH_SELF_SIGNED && str_given(client->meta.jwks_uri));
}

/* Its secret, or for a while the one before. Takes as long for a client that is not there. */
static bool secret_is_of(struct task *t, const struct client *client, str text)
{
    static const struct client nobody;
    const struct client *c = client ? client : &nobody;
    digest given = sha256_str(text);
    bool fits = equal_digest(&given, &c->secret_hash), fits_old = equal_digest(&given, &c->previous_hash);
    return fits || (fits_old && instant_before(t->now, c->previous_until));
}

err client_authenticate(struct task *t, const struct client_credentials *c, const struct client **ret)
{
    struct presented p = { 0 };
    TRY(presented_read(t, c, &p));
    if (p.id.n == 0 || p.id.n > 200)
        return refuse(t, p.by_basic, "the client id has no possible length");
    const struct client *client;
    TRY(client_load(t, (client_id){ p.id }, &client));
    bool secret_fits = secret_is_of(t, client, p.secret);
    if (!client || !method_fits(&p, client->auth_method))
        return refuse(t, p.by_basic, client ? "another method than the registered one" : "unknown client");
    if (!t->db && needs_worker(client))
        return FAIL(t, NEED_WORKER, "keys may have to be fetched, and the use of an assertion be remembered");
    switch (client->auth_method) {
    case AUTH_BASIC:
    case AUTH_POST:
        if (!secret_fits)
            return refuse(t, p.by_basic, "wrong secret");
        break;
    case AUTH_SECRET_JWT:
    case AUTH_KEY_JWT:
        TRY(assertion_check(t, client, c));
        break;
    case AUTH_TLS:
    case AUTH_SELF_SIGNED:
        TRY(certificate_check(t, client, c));
        break;
    case AUTH_NONE:
        break;
    }
    *ret = client;
    return OK;
}
