/*
 * JSON Web Signatures in compact serialization (RFC 7515), with the care RFC 8725 asks for. Claims are parsed only
 * after the signature held.
 */
#include "shared/jose/jose.h"

#include "shared/jose/key.h"
#include "shared/jose/token.h"
#include "shared/text/encode.h"

str jws_sign(struct arena *a, const struct jose_key *key, const char *typ, str claims)
{
    unsigned char signature[SIGNATURE_MAX_BYTES];
    str header = arena_printf(a, "{\"alg\":\"%s\",\"kid\":\"%.*s\",\"typ\":\"%s\"}", key->row ? key->row->name : "",
                              STR_ARG(key->kid), typ);
    str text = dotted(a, base64url_encode(a, bytes_of(header)), base64url_encode(a, bytes_of(claims)));
    size_t n = key_sign(key, text, signature);
    return dotted(a, text, base64url_encode(a, (bytes){ signature, n }));
}

/* The key of that algorithm when the set has exactly one, else NULL. */
static const struct jose_key *only_key(const struct jose_set *set, enum jose_alg alg)
{
    const struct jose_key *found = NULL;
    for (size_t i = 0; i < set_count(set); i++) {
        if (!jose_key_verifies(set_key(set, i), alg))
            continue;
        if (found)
            return NULL;
        found = set_key(set, i);
    }
    return found;
}

static enum jws_verdict key_choose(const struct jose_set *set, const struct json_value *header, enum jose_alg alg,
                                   const struct jose_key **ret)
{
    str kid;
    if (!json_get(header, "kid"))
        *ret = only_key(set, alg);
    else
        *ret = header_kid(header, &kid) ? jose_set_find(set, kid) : NULL;
    if (!*ret)
        return JWS_UNKNOWN_KEY;
    return jose_key_verifies(*ret, alg) ? JWS_GOOD : JWS_WRONG_ALG;
}

/* All that is judged before a key is looked for. */
static enum jws_verdict token_open(struct arena *a, const struct jws_want *want, bool embeds_key, str text,
                                   struct token *t, enum jose_alg *alg)
{
    bytes payload;
    jose_alg_set allowed = want->algs ? want->algs & ALGS_ASYMMETRIC : ALGS_ASYMMETRIC;
    if (!token_split(a, text, t) || !base64url_decode(a, t->payload, &payload) ||
        !header_is_plain(t->header, embeds_key))
        return JWS_MALFORMED;
    if (!header_type_is(t->header, want))
        return JWS_WRONG_TYPE;
    return header_alg(t->header, allowed, alg) ? JWS_GOOD : JWS_WRONG_ALG;
}

static enum jws_verdict token_verify(struct arena *a, const struct token *t, const struct jose_key *key,
                                     enum jose_alg alg, struct jws_read *ret)
{
    struct jws_read read = { .alg = alg, .key = key, .header = t->header };
    if (!key_verify(key, alg, t->signed_text, t->signature))
        return JWS_BAD_SIGNATURE;
    if (!object_read(a, t->payload, &read.claims))
        return JWS_MALFORMED;
    *ret = read;
    return JWS_GOOD;
}

enum jws_verdict jws_verify_with(struct arena *a, const struct jose_set *set, const struct jws_want *want, str token,
                                 struct jws_read *ret)
{
    struct token t;
    enum jose_alg alg;
    const struct jose_key *key;
    enum jws_verdict v = token_open(a, want, false, token, &t, &alg);
    if (v == JWS_GOOD)
        v = key_choose(set, t.header, alg, &key);
    return v == JWS_GOOD ? token_verify(a, &t, key, alg, ret) : v;
}

enum jws_verdict jws_verify(struct arena *a, const struct jose_set *set, const char *typ, str token,
                            const struct json_value **claims)
{
    struct jws_read read;
    struct jws_want want = { .typ = typ };
    enum jws_verdict v = jws_verify_with(a, set, &want, token, &read);
    if (v == JWS_GOOD)
        *claims = read.claims;
    return v;
}

enum jws_verdict jws_verify_embedded(struct arena *a, const struct jws_want *want, str token, struct jws_read *ret)
{
    struct token t;
    enum jose_alg alg;
    enum jws_verdict v = token_open(a, want, true, token, &t, &alg);
    if (v != JWS_GOOD)
        return v;
    const struct jose_key *key = jose_key_of_jwk(a, json_get(t.header, "jwk"));
    if (!key)
        return JWS_UNKNOWN_KEY;
    return jose_key_verifies(key, alg) ? token_verify(a, &t, key, alg, ret) : JWS_WRONG_ALG;
}

static str text_member(const struct json_value *object, const char *name)
{
    str text;
    return json_get_str(object, name, &text) ? text : STR_NONE;
}

static bool encrypted_peek(struct arena *a, str token, struct jws_peek *ret)
{
    str rest = token, head, part;
    const struct json_value *header;
    if (token.n > JWE_MAX_BYTES || !str_cut(&rest, '.', &head) || !object_read(a, head, &header))
        return false;
    for (int i = 0; i < 3; i++) {
        if (!str_cut(&rest, '.', &part))
            return false;
    }
    *ret =
        (struct jws_peek){ .alg = text_member(header, "alg"), .typ = text_member(header, "typ"), .is_encrypted = true };
    if (!header_kid(header, &ret->kid))
        ret->kid = STR_NONE;
    return true;
}

bool jws_peek(struct arena *a, str token, struct jws_peek *ret)
{
    struct token t;
    const struct json_value *claims;
    if (!token_split(a, token, &t) || !object_read(a, t.payload, &claims))
        return encrypted_peek(a, token, ret);
    struct jws_peek peek = { .alg = text_member(t.header, "alg"),
                             .typ = text_member(t.header, "typ"),
                             .iss = text_member(claims, "iss"),
                             .sub = text_member(claims, "sub"),
                             .client_id = text_member(claims, "client_id"),
                             .jti = text_member(claims, "jti") };
    if (!header_kid(t.header, &peek.kid))
        peek.kid = STR_NONE;
    *ret = peek;
    return true;
}

const char *jws_verdict_name(enum jws_verdict v)
{
    switch (v) {
    case JWS_GOOD:
        return "good";
    case JWS_MALFORMED:
        return "malformed";
    case JWS_WRONG_TYPE:
        return "wrong type";
    case JWS_UNKNOWN_KEY:
        return "unknown key";
    case JWS_WRONG_ALG:
        return "wrong algorithm";
    case JWS_BAD_SIGNATURE:
        return "bad signature";
    }
    return "no verdict";
}
