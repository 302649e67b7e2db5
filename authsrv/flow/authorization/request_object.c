/* Finding, opening and verifying request objects. */
#include "authsrv/flow/authorization/request_object.h"

#include "authsrv/app.h"
#include "authsrv/domain/authorization/request_object.h"
#include "authsrv/faults.h"
#include "authsrv/flow/authorization/request_batch.h"
#include "authsrv/flow/client/client_keys.h"
#include "authsrv/flow/snapshot.h"
#include "shared/crypto/crypto.h"
#include "shared/jose/jwe.h"
#include "shared/net/fetch.h"

#define OBJECT_TYP "oauth-authz-req+jwt"
#define FAPI_ALGS (ALG_BIT(ALG_PS256) | ALG_BIT(ALG_ES256) | ALG_BIT(ALG_EDDSA))

static err refuse(struct task *t, const char *say)
{
    return FAIL_PARAM(t, INVALID_REQUEST_OBJECT, STR("request"), str_of(say));
}

static bool list_has(const struct text_list *list, str text)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->items[i], text))
            return true;
    return false;
}

/* Only what was registered, so that nobody makes us fetch what he likes (SECURITY H); the fragment is for caches. */
static err object_fetch(struct task *t, const struct client *client, str uri, str *ret)
{
    struct fetch_answer answer;
    str url = uri, before;
    if (!list_has(&client->meta.request_uris, uri))
        return FAIL_PARAM(t, INVALID_REQUEST_URI, STR("request_uri"), STR("is not registered for this application"));
    if (str_cut(&uri, '#', &before))
        url = before;
    fetch(t, &(struct fetch_request){ .method = "GET", .url = url, .max_bytes = JWE_MAX_BYTES }, &answer);
    if (answer.outcome != FETCH_ANSWERED || answer.status != 200)
        return FAIL_PARAM(t, INVALID_REQUEST_URI, STR("request_uri"), STR("cannot be fetched"));
    *ret = answer.body;
    return OK;
}

/*
 * Unsigned it proves as much as an address does. Who registered no algorithm may use any (OIDC Registration section 2),
 * so this one too, but not as the object of RFC 9101, which a type means: that one is always signed.
 */
static bool is_unsigned(struct task *t, const struct client *client, str object)
{
    struct jws_peek peek;
    return !str_given(client->meta.request_object_signing_alg) && jws_peek(t->arena, object, &peek) &&
           str_eq(peek.alg, STR("none"));
}

/* is_clear: nobody encrypted it, which would have to be around a signature. */
static enum jws_verdict object_verify(struct task *t, const struct client *client, str object, bool is_clear,
                                      struct jws_read *ret)
{
    enum jose_alg alg;
    struct jws_want want = { .typ = OBJECT_TYP, .or_untyped = true, .algs = ALGS_ASYMMETRIC };
    str registered = client->meta.request_object_signing_alg;
    if (client_is_fapi(client))
        want.algs = FAPI_ALGS;
    else if (str_eq(registered, STR("none")))
        return jws_read_unsecured(t->arena, &want, object, ret);
    else if (is_clear && is_unsigned(t, client, object))
        return jws_read_unsecured(t->arena, &(struct jws_want){ .or_untyped = true }, object, ret);
    if (jose_alg_parse(registered, &alg))
        want.algs = ALG_BIT(alg);
    return client_verify(t, client, &want, object, ret);
}

/*
 * To a key of ours, around the signed object (RFC 9101 section 6.1). Everything that goes wrong with the key or the
 * content has one answer, so that nobody learns from it what a guess decrypted to.
 */
static err object_decrypt(struct task *t, const struct client *client, str *object)
{
    const struct snapshot *s;
    struct jws_peek peek;
    struct jwe_read read;
    enum jwe_alg alg;
    enum jwe_enc enc;
    if (!jws_peek(t->arena, *object, &peek) || !peek.is_encrypted)
        return OK;
    struct jwe_want want = { 0 };
    if (jwe_alg_parse(client->meta.request_object_encryption_alg, &alg))
        want.algs = JWE_BIT(alg);
    if (jwe_enc_parse(client->meta.request_object_encryption_enc, &enc))
        want.encs = JWE_BIT(enc);
    TRY(snapshot_of(t, &s));
    switch (jwe_decrypt(t->arena, snapshot_decrypters(s), &want, *object, &read)) {
    case JWE_GOOD:
        *object = read.plain;
        return OK;
    case JWE_WRONG_ALG:
        return refuse(t, "is encrypted with an algorithm that this client may not use");
    case JWE_MALFORMED:
    case JWE_UNKNOWN_KEY:
    case JWE_BAD_TAG:
        return refuse(t, "cannot be decrypted with a key of this server");
    }
    return FAIL(t, INTERNAL, "an encrypted object was not judged");
}

/* OIDC Core lets parameters stand beside the object; RFC 9101, which a typed object means, and FAPI do not. */
static bool stands_alone(const struct client *client, const struct jws_read *object, const struct form *form)
{
    str typ;
    return client_is_fapi(client) || (json_get_str(object->header, "typ", &typ) && str_eq(typ, STR(OBJECT_TYP))) ||
           !str_has_word(form_get(form, STR("scope")), STR("openid"));
}

static const char *signature_say(enum jws_verdict v)
{
    return v == JWS_WRONG_ALG ? "is signed with an algorithm that this client may not use"
                              : "has no signature of this client's keys";
}

static err object_read(struct task *t, const struct client *client, str object, const struct form **form,
                       bool *is_signed)
{
    struct jws_read read;
    struct form *inside = arena_new(t->arena, struct form);
    str plain = object;
    TRY(object_decrypt(t, client, &plain));
    enum jws_verdict signature = object_verify(t, client, plain, plain.p == object.p, &read);
    if (signature != JWS_GOOD)
        return refuse(t, signature_say(signature));
    enum object_verdict v = request_object_judge(read.claims, client, app_of(t)->issuer, t->now);
    if (v == OBJECT_GOOD)
        v = request_object_read(t->arena, read.claims, stands_alone(client, &read, *form) ? NULL : *form, inside);
    if (v != OBJECT_GOOD)
        return refuse(t, object_verdict_say(v));
    *form = inside;
    *is_signed = read.key != NULL;
    return OK;
}

err request_object_take(struct task *t, const struct client *client, const struct form **form, bool *is_signed)
{
    str object = form_get(*form, STR("request")), uri = form_get(*form, STR("request_uri"));
    bool had = object.n > 0 || uri.n > 0;
    *is_signed = false;
    if (object.n > 0 && uri.n > 0)
        return refuse(t, "and request_uri exclude each other");
    if (uri.n > 0)
        TRY(object_fetch(t, client, uri, &object));
    return had ? object_read(t, client, object, form, is_signed) : OK;
}

/* ---- backchannel authentication ---- */

static err backchannel_refuse(struct task *t, const char *say)
{
    return FAIL_PARAM(t, INVALID_REQUEST, STR("request"), str_of(say));
}

static err backchannel_once(struct task *t, const struct client *client, const struct object_facts *facts)
{
    int64_t n;
    str unique = arena_printf(t->arena, "%.*s\n%.*s", STR_ARG(client->id.v), STR_ARG(facts->jti));
    TRY(jti_spend(t, typed_digest("backchannel_request", unique), facts->expires_at, &n));
    return n == 1 ? OK : backchannel_refuse(t, "came before: each works once");
}

err backchannel_object_take(struct task *t, const struct client *client, str object, const struct form **form)
{
    enum jose_alg alg;
    struct jws_read read;
    struct object_facts facts;
    struct form *inside = arena_new(t->arena, struct form);
    /* Without an algorithm the verifier would take any. */
    if (!jose_alg_parse(client->meta.backchannel_authentication_request_signing_alg, &alg))
        return backchannel_refuse(t, "is not expected from this client");
    const struct jws_want want = { .typ = OBJECT_TYP, .or_untyped = true, .algs = ALG_BIT(alg) };
    enum jws_verdict signature = client_verify(t, client, &want, object, &read);
    if (signature != JWS_GOOD)
        return backchannel_refuse(t, signature_say(signature));
    enum object_verdict v = backchannel_object_judge(read.claims, client, app_of(t)->issuer, t->now, &facts);
    if (v == OBJECT_GOOD)
        v = request_object_read(t->arena, read.claims, NULL, inside);
    if (v != OBJECT_GOOD)
        return backchannel_refuse(t, object_verdict_say(v));
    *form = inside;
    return backchannel_once(t, client, &facts);
}
