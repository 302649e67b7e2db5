/* The checks of RFC 9449 section 4.3, in its order. */
#include "shared/jose/dpop.h"

#include "shared/base/buf.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"
#include "shared/text/url.h"

#define SLOT_S 60
#define PAST_S 60
#define FUTURE_S 10
#define JTI_MAX_BYTES 256
#define ADDRESS_MAX_BYTES 8192
#define NONCE_BYTES 16

const char *dpop_verdict_say(enum dpop_verdict v)
{
    switch (v) {
    case DPOP_UNJUDGED:
        break;
#define X(name, say)                                                                                                   \
    case name:                                                                                                         \
        return say;
        DPOP_VERDICTS(X)
#undef X
    }
    return "unjudged";
}

static str nonce_of(struct arena *a, const digest *key, int64_t slot)
{
    digest mac = hmac_sha256(digest_bytes(key), bytes_of(arena_printf(a, "dpop_nonce:%lld", (long long)slot)));
    return base64url_encode(a, (bytes){ mac.b, NONCE_BYTES });
}

struct dpop_nonces dpop_nonces_at(struct arena *a, const digest *key, instant now)
{
    int64_t slot = instant_seconds(now) / SLOT_S;
    return (struct dpop_nonces){ nonce_of(a, key, slot), nonce_of(a, key, slot - 1) };
}

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static int hex_value(char c)
{
    return c <= '9' ? c - '0' : upper(c) - 'A' + 10;
}

static bool is_unreserved(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

/* Escapes in capitals, and none where none is needed. url_parse has seen that each is whole. */
static str escapes_normal(struct arena *a, str path)
{
    struct buf out;
    buf_init(&out, a, ADDRESS_MAX_BYTES);
    for (size_t i = 0; i < path.n; i++) {
        if (path.p[i] != '%') {
            buf_add_char(&out, path.p[i]);
            continue;
        }
        int c = hex_value(path.p[i + 1]) * 16 + hex_value(path.p[i + 2]);
        if (is_unreserved(c))
            buf_add_char(&out, (char)c);
        else
            buf_printf(&out, "%%%c%c", upper(path.p[i + 1]), upper(path.p[i + 2]));
        i += 2;
    }
    return buf_str(&out);
}

/* RFC 3986 section 5.2.4 for an absolute path. */
static str dots_removed(struct arena *a, str path)
{
    struct buf out;
    str rest = path;
    buf_init(&out, a, ADDRESS_MAX_BYTES);
    while (rest.n > 0) {
        size_t n = 1;
        while (n < rest.n && rest.p[n] != '/')
            n++;
        str segment = { rest.p, n };
        rest = (str){ rest.p + n, rest.n - n };
        bool is_up = str_eq(segment, STR("/..")), is_here = str_eq(segment, STR("/."));
        while (is_up && out.n > 0 && out.p[--out.n] != '/')
            continue;
        if (!is_up && !is_here)
            buf_add(&out, segment);
        else if (rest.n == 0)
            buf_add_char(&out, '/');
    }
    return out.n > 0 ? buf_str(&out) : STR("/");
}

static bool address_normal(struct arena *a, str text, str *ret)
{
    struct url u;
    struct buf out;
    char *copy = arena_alloc(a, text.n + 1);
    bool in_scheme = true;
    for (size_t i = 0; i < text.n; i++) {
        in_scheme = in_scheme && text.p[i] != ':';
        copy[i] = in_scheme ? lower(text.p[i]) : text.p[i];
    }
    if (!url_parse((str){ copy, text.n }, &u) || u.has_userinfo || u.host.n == 0 || u.port == 0)
        return false;
    if (!str_eq(u.scheme, STR("https")) && !str_eq(u.scheme, STR("http")))
        return false;
    buf_init(&out, a, ADDRESS_MAX_BYTES);
    buf_printf(&out, "%.*s://", STR_ARG(u.scheme));
    for (size_t i = 0; i < u.host.n; i++)
        buf_add_char(&out, lower(u.host.p[i]));
    buf_printf(&out, ":%u", (unsigned)u.port);
    buf_add(&out, dots_removed(a, escapes_normal(a, u.path)));
    *ret = buf_str(&out);
    return true;
}

bool dpop_address_is(struct arena *a, str htu, str url)
{
    str one, other;
    return address_normal(a, htu, &one) && address_normal(a, url, &other) && str_eq(one, other);
}

bool dpop_thumbprint_valid(struct arena *a, str text)
{
    bytes raw;
    return text.n == 43 && base64url_decode(a, text, &raw) && raw.n == sizeof(digest);
}

static enum dpop_verdict signature_judge(enum jws_verdict v)
{
    switch (v) {
    case JWS_GOOD:
        return DPOP_GOOD;
    case JWS_MALFORMED:
        return DPOP_MALFORMED;
    case JWS_WRONG_TYPE:
        return DPOP_TYPE;
    case JWS_UNKNOWN_KEY:
        return DPOP_KEY;
    case JWS_WRONG_ALG:
        return DPOP_ALG;
    case JWS_BAD_SIGNATURE:
        return DPOP_SIGNATURE;
    }
    return DPOP_MALFORMED;
}

static bool nonce_known(const struct dpop_nonces *nonces, str nonce)
{
    return equal_bytes(bytes_of(nonce), bytes_of(nonces->current)) ||
           equal_bytes(bytes_of(nonce), bytes_of(nonces->previous));
}

static enum dpop_verdict freshness_judge(const struct json_value *claims, int64_t iat, const struct dpop_want *want,
                                         instant now)
{
    str nonce;
    if (str_given(want->nonces.current) && json_get(claims, "nonce"))
        return json_get_str(claims, "nonce", &nonce) && nonce_known(&want->nonces, nonce) ? DPOP_GOOD : DPOP_NONCE;
    int64_t now_s = instant_seconds(now);
    if (iat < now_s - PAST_S || iat > now_s + FUTURE_S)
        return DPOP_TIME;
    return want->nonce_required ? DPOP_NONCE : DPOP_GOOD;
}

static bool token_fits(struct arena *a, const struct json_value *claims, str access_token)
{
    str ath;
    if (!str_given(access_token))
        return true;
    digest d = sha256_str(access_token);
    return json_get_str(claims, "ath", &ath) &&
           equal_bytes(bytes_of(ath), bytes_of(base64url_encode(a, digest_bytes(&d))));
}

enum dpop_verdict dpop_judge(struct arena *a, str header, const struct dpop_want *want, instant now,
                             struct dpop_proof *ret)
{
    struct jws_read jws;
    str jti, htm, htu;
    int64_t iat;
    enum dpop_verdict v = signature_judge(
        jws_verify_embedded(a, &(struct jws_want){ .typ = "dpop+jwt", .algs = DPOP_ALGS }, header, &jws));
    if (v != DPOP_GOOD)
        return v;
    if (!json_get_str(jws.claims, "jti", &jti) || jti.n == 0 || jti.n > JTI_MAX_BYTES ||
        !json_get_str(jws.claims, "htm", &htm) || !json_get_str(jws.claims, "htu", &htu) ||
        !json_get_i64(jws.claims, "iat", &iat))
        return DPOP_CLAIMS;
    if (!str_eq(htm, want->method))
        return DPOP_METHOD;
    if (!dpop_address_is(a, htu, want->url) && !(str_given(want->alias) && dpop_address_is(a, htu, want->alias)))
        return DPOP_URI;
    if (!token_fits(a, jws.claims, want->access_token))
        return DPOP_TOKEN;
    v = freshness_judge(jws.claims, iat, want, now);
    if (v != DPOP_GOOD)
        return v;
    ret->jkt = jose_key_thumbprint(jws.key);
    ret->once = typed_digest("dpop_proof",
                             arena_printf(a, "%.*s %.*s %.*s", STR_ARG(ret->jkt), STR_ARG(want->url), STR_ARG(jti)));
    return DPOP_GOOD;
}
