/*
 * JSON Web Signatures in compact serialization (RFC 7515), with the care RFC 8725 asks for. One token has one
 * spelling, its header chooses nothing but the key's name, and claims are parsed only after the signature held.
 */
#include "shared/jose/jose.h"

#include "shared/jose/key.h"
#include "shared/text/encode.h"

struct token {
    str signed_text; /* header and claims with their dot */
    str payload;
    bytes signature;
    const struct json_value *header;
};

static str joined(struct arena *a, str left, str right)
{
    char *p = arena_alloc(a, left.n + 1 + right.n);
    memcpy(p, left.p, left.n);
    p[left.n] = '.';
    memcpy(p + left.n + 1, right.p, right.n);
    return (str){ p, left.n + 1 + right.n };
}

str jws_sign(struct arena *a, const struct jose_key *key, const char *typ, str claims)
{
    unsigned char signature[SIGNATURE_MAX_BYTES];
    str header =
        arena_printf(a, "{\"alg\":\"%s\",\"kid\":\"%.*s\",\"typ\":\"%s\"}", key->row->name, STR_ARG(key->kid), typ);
    str text = joined(a, base64url_encode(a, bytes_of(header)), base64url_encode(a, bytes_of(claims)));
    size_t n = key_sign(key, text, signature);
    return joined(a, text, base64url_encode(a, (bytes){ signature, n }));
}

static bool token_split(struct arena *a, str text, struct token *ret)
{
    str rest = text, header;
    struct token t = { 0 };
    bytes decoded;
    if (text.n > JWS_MAX_BYTES || !str_cut(&rest, '.', &header) || !str_cut(&rest, '.', &t.payload))
        return false;
    t.signed_text = (str){ text.p, header.n + 1 + t.payload.n };
    /* A third dot would be in rest, and is no base64url. */
    if (!base64url_decode(a, rest, &t.signature) || !base64url_decode(a, header, &decoded))
        return false;
    if (!json_parse(a, (str){ (const char *)decoded.p, decoded.n }, &t.header) || json_kind(t.header) != JSON_OBJECT)
        return false;
    *ret = t;
    return true;
}

/* Members that would let the token bring its own key or demand what we do not do. */
static bool header_is_plain(const struct json_value *header)
{
    static const char *const REFUSED[] = { "crit", "jku", "x5u", "jwk", "x5c" };
    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED; i++) {
        if (json_get(header, REFUSED[i]))
            return false;
    }
    return true;
}

static bool type_is(const struct json_value *header, const char *typ)
{
    str got, prefix = STR("application/");
    if (!json_get(header, "typ"))
        return typ == NULL;
    if (!json_get_str(header, "typ", &got))
        return false;
    if (got.n > prefix.n && str_eq_nocase((str){ got.p, prefix.n }, prefix))
        got = (str){ got.p + prefix.n, got.n - prefix.n };
    return str_eq_nocase(got, typ ? str_of(typ) : STR("JWT"));
}

static bool kid_of(const struct json_value *header, str *ret)
{
    return json_get_str(header, "kid", ret) && ret->n > 0 && ret->n <= KID_MAX_BYTES;
}

static enum jws_verdict key_choose(const struct jose_set *set, const struct json_value *header,
                                   const struct jose_key **ret)
{
    str name, kid;
    enum jose_alg alg;
    if (!json_get_str(header, "alg", &name) || !jose_alg_parse(name, &alg))
        return JWS_WRONG_ALG;
    if (!json_get(header, "kid"))
        *ret = set_only_key(set, alg);
    else
        *ret = kid_of(header, &kid) ? jose_set_find(set, kid) : NULL;
    if (!*ret)
        return JWS_UNKNOWN_KEY;
    return (*ret)->row->alg == alg ? JWS_GOOD : JWS_WRONG_ALG;
}

enum jws_verdict jws_verify(struct arena *a, const struct jose_set *set, const char *typ, str token,
                            const struct json_value **claims)
{
    struct token t;
    bytes payload;
    const struct jose_key *key;
    const struct json_value *read;
    if (!token_split(a, token, &t) || !base64url_decode(a, t.payload, &payload) || !header_is_plain(t.header))
        return JWS_MALFORMED;
    if (!type_is(t.header, typ))
        return JWS_WRONG_TYPE;
    enum jws_verdict v = key_choose(set, t.header, &key);
    if (v != JWS_GOOD)
        return v;
    if (!key_verify(key, t.signed_text, t.signature))
        return JWS_BAD_SIGNATURE;
    if (!json_parse(a, (str){ (const char *)payload.p, payload.n }, &read) || json_kind(read) != JSON_OBJECT)
        return JWS_MALFORMED;
    *claims = read;
    return JWS_GOOD;
}

bool jws_peek_kid(struct arena *a, str token, str *kid)
{
    struct token t;
    return token_split(a, token, &t) && kid_of(t.header, kid);
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
