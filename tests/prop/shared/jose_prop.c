/* Properties of tokens and seals: what was signed verifies, and a changed token never does. */
#include "shared/crypto/crypto.h"
#include "shared/jose/jose.h"
#include "tests/prop/prop.h"

static struct jose_key *key;
static struct jose_set *set;

__attribute__((constructor)) static void key_make(void)
{
    key = jose_key_generate(ALG_ES256);
    const struct jose_key *list[] = { key };
    set = jose_set_of(list, 1);
}

__attribute__((destructor)) static void key_end(void)
{
    jose_set_free(set);
    jose_key_free(key);
}

static str signed_token(struct arena *arena, struct draw *draw, str *subject)
{
    struct buf b;
    struct json j;
    buf_init(&b, arena, 10000);
    json_begin(&j, &b);
    *subject = draw_text(draw, arena, 100);
    json_str(&j, "sub", *subject);
    json_i64(&j, "n", draw_i64(draw));
    json_end(&j);
    return jws_sign(arena, key, "at+jwt", buf_str(&b));
}

PROPERTY(tokens_round_trip)
{
    str subject, back;
    const struct json_value *claims;
    str token = signed_token(arena, draw, &subject);
    CHECK_I64(jws_verify(arena, set, "at+jwt", token, &claims), JWS_GOOD);
    CHECK(json_get_str(claims, "sub", &back));
    CHECK_STR(back, subject);
}

PROPERTY(changed_tokens_never_verify)
{
    str subject;
    const struct json_value *claims;
    str token = signed_token(arena, draw, &subject);
    char *p = arena_cstr(arena, token);
    size_t at = (size_t)draw_range(draw, 0, (int64_t)token.n - 1);
    p[at] = (char)(p[at] ^ (char)draw_range(draw, 1, 127));
    CHECK(jws_verify(arena, set, "at+jwt", (str){ p, token.n }, &claims) != JWS_GOOD);
    CHECK(jws_verify(arena, set, "at+jwt", (str){ token.p, at }, &claims) != JWS_GOOD);
}

PROPERTY(seals_open_only_unchanged)
{
    bytes plain = draw_bytes(draw, arena, 100), back;
    str context = draw_text(draw, arena, 20);
    digest seal_key = sha256(draw_bytes(draw, arena, 10));
    bytes sealed = seal(arena, &seal_key, plain, context);
    CHECK(unseal(arena, &seal_key, sealed, context, &back));
    CHECK_BYTES(back, plain);
    unsigned char *changed = arena_alloc(arena, sealed.n);
    memcpy(changed, sealed.p, sealed.n);
    changed[draw_range(draw, 0, (int64_t)sealed.n - 1)] ^= (unsigned char)draw_range(draw, 1, 255);
    CHECK(!unseal(arena, &seal_key, (bytes){ changed, sealed.n }, context, &back));
}
