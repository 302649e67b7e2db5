/* One token has one spelling: canonical base64url, strict JSON, a header that chooses nothing but the key's name. */
#include "shared/jose/token.h"

#include "shared/jose/key.h"
#include "shared/text/encode.h"

str dotted(struct arena *a, str left, str right)
{
    char *p = arena_alloc(a, left.n + 1 + right.n);
    memcpy(p, left.p, left.n);
    p[left.n] = '.';
    memcpy(p + left.n + 1, right.p, right.n);
    return (str){ p, left.n + 1 + right.n };
}

bool object_read(struct arena *a, str encoded, const struct json_value **ret)
{
    bytes decoded;
    const struct json_value *read;
    if (!base64url_decode(a, encoded, &decoded) || !json_parse(a, (str){ (const char *)decoded.p, decoded.n }, &read) ||
        json_kind(read) != JSON_OBJECT)
        return false;
    *ret = read;
    return true;
}

bool token_split(struct arena *a, str text, struct token *ret)
{
    str rest = text, header;
    struct token t = { 0 };
    if (text.n > JWS_MAX_BYTES || !str_cut(&rest, '.', &header) || !str_cut(&rest, '.', &t.payload))
        return false;
    t.signed_text = (str){ text.p, header.n + 1 + t.payload.n };
    /* A third dot would be in rest, and is no base64url. */
    if (!base64url_decode(a, rest, &t.signature) || !object_read(a, header, &t.header))
        return false;
    *ret = t;
    return true;
}

bool header_is_plain(const struct json_value *header, bool embeds_key)
{
    static const char *const REFUSED[] = { "crit", "b64", "zip", "p2s", "p2c", "jku", "x5u", "x5c" };
    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED; i++) {
        if (json_get(header, REFUSED[i]))
            return false;
    }
    return embeds_key || !json_get(header, "jwk");
}

bool header_type_is(const struct json_value *header, const struct jws_want *want)
{
    str got, prefix = STR("application/");
    if (!json_get(header, "typ"))
        return want->typ == NULL || want->or_untyped;
    if (!json_get_str(header, "typ", &got))
        return false;
    if (got.n > prefix.n && str_eq_nocase((str){ got.p, prefix.n }, prefix))
        got = (str){ got.p + prefix.n, got.n - prefix.n };
    if (str_eq_nocase(got, want->typ ? str_of(want->typ) : STR("JWT")))
        return true;
    return want->or_untyped && str_eq_nocase(got, STR("JWT"));
}

bool header_kid(const struct json_value *header, str *ret)
{
    return json_get_str(header, "kid", ret) && ret->n > 0 && ret->n <= KID_MAX_BYTES;
}

bool header_alg(const struct json_value *header, jose_alg_set allowed, enum jose_alg *ret)
{
    str name;
    return json_get_str(header, "alg", &name) && jose_alg_parse(name, ret) && (allowed & ALG_BIT(*ret)) != 0;
}
