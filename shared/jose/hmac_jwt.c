/*
 * Tokens without a key pair: HS256 under a client's secret, and "none". libjwt judges the MAC, and only that: it takes
 * the algorithm from the token, checks no claim, accepts duplicates and crit, and copies a token to the stack, so
 * everything it would overlook is refused before it sees the token.
 */
#include <jwt.h>

#include "shared/base/panic.h"
#include "shared/crypto/crypto.h"
#include "shared/jose/jose.h"
#include "shared/jose/token.h"
#include "shared/text/encode.h"

static str header_and_claims(struct arena *a, const char *alg, const char *typ, str claims)
{
    str header = arena_printf(a, "{\"alg\":\"%s\",\"typ\":\"%s\"}", alg, typ);
    return dotted(a, base64url_encode(a, bytes_of(header)), base64url_encode(a, bytes_of(claims)));
}

str jws_sign_hs256(struct arena *a, secret key, const char *typ, str claims)
{
    if (key.hidden.n < HS256_MIN_SECRET_BYTES)
        panic("secret too short for HS256");
    str text = header_and_claims(a, "HS256", typ, claims);
    digest mac = hmac_sha256(bytes_of(key.hidden), bytes_of(text));
    return dotted(a, text, base64url_encode(a, digest_bytes(&mac)));
}

str jws_unsecured(struct arena *a, const char *typ, str claims)
{
    return dotted(a, header_and_claims(a, "none", typ, claims), STR(""));
}

/* The door before libjwt: what passes has one algorithm, one spelling, one meaning. */
static enum jws_verdict open_plain(struct arena *a, const struct jws_want *want, const char *alg, str token,
                                   struct token *t, struct jws_read *ret)
{
    str name;
    if (!token_split(a, token, t) || !object_read(a, t->payload, &ret->claims) || !header_is_plain(t->header, false))
        return JWS_MALFORMED;
    if (!header_type_is(t->header, want))
        return JWS_WRONG_TYPE;
    if (!json_get_str(t->header, "alg", &name) || !str_eq(name, str_of(alg)))
        return JWS_WRONG_ALG;
    ret->header = t->header;
    return JWS_GOOD;
}

static bool mac_is_good(struct arena *a, secret key, str token)
{
    jwt_t *read = NULL;
    bool is_good = jwt_decode(&read, arena_cstr(a, token), bytes_of(key.hidden).p, (int)key.hidden.n) == 0 &&
                   jwt_get_alg(read) == JWT_ALG_HS256;
    jwt_free(read);
    return is_good;
}

enum jws_verdict jws_verify_hs256(struct arena *a, secret key, str token, struct jws_read *ret)
{
    struct token t;
    struct jws_want want = { .typ = NULL };
    struct jws_read read = { .alg = ALG_HS256 };
    enum jws_verdict v = open_plain(a, &want, "HS256", token, &t, &read);
    if (v != JWS_GOOD)
        return v;
    if (key.hidden.n < HS256_MIN_SECRET_BYTES || key.hidden.n > JWS_MAX_BYTES || t.signature.n != sizeof(digest) ||
        !mac_is_good(a, key, token))
        return JWS_BAD_SIGNATURE;
    *ret = read;
    return JWS_GOOD;
}

enum jws_verdict jws_read_unsecured(struct arena *a, const struct jws_want *want, str token, struct jws_read *ret)
{
    struct token t;
    struct jws_read read = { .alg = ALG_ANY };
    enum jws_verdict v = open_plain(a, want, "none", token, &t, &read);
    if (v == JWS_GOOD && t.signature.n != 0)
        v = JWS_BAD_SIGNATURE;
    if (v == JWS_GOOD)
        *ret = read;
    return v;
}
