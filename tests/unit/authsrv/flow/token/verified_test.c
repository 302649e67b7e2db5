/* What is remembered of a signature never outlives its key, and stands for exactly the token that was verified. */
#include "authsrv/flow/token/verified.h"

#include "authsrv/app.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"
#include "tests/support/test.h"

enum { PLACES = 16 * 32, WAYS = 4 }; /* of the memory */

struct world {
    struct app app;
    struct jose_key *key, *other;
    struct jose_set *keys, *others, *both, *none;
};

static void world_begin(struct world *w, struct arena *arena, struct task *task)
{
    *w = (struct world){ .key = jose_key_generate(ALG_ES256), .other = jose_key_generate(ALG_ES256) };
    const struct jose_key *const keys[] = { w->key, w->other };
    w->keys = jose_set_of(keys, 1);
    w->others = jose_set_of(keys + 1, 1);
    w->both = jose_set_of(keys, 2);
    w->none = jose_set_of(keys, 0);
    w->app.verified = verified_create(arena);
    task->app = &w->app;
}

static void world_end(struct world *w)
{
    struct jose_set *const sets[] = { w->keys, w->others, w->both, w->none };
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++)
        jose_set_free(sets[i]);
    jose_key_free(w->key);
    jose_key_free(w->other);
}

static bool says(struct task *t, const struct jose_set *keys, str token, str jti)
{
    const struct json_value *claims;
    str got;
    return verified_read(t, keys, token, &claims) && json_get_str(claims, "jti", &got) && str_eq(got, jti);
}

TEST(a_token_is_read_the_same_the_first_and_the_second_time)
{
    struct world w;
    world_begin(&w, arena, task);
    str token = jws_sign(arena, w.key, "at+jwt", STR("{\"jti\":\"a\"}"));
    for (int i = 0; i < 3; i++)
        CHECK(says(task, w.keys, token, STR("a")));
    world_end(&w);
}

TEST(a_key_that_left_the_verifiers_verifies_nothing_that_it_verified_before)
{
    struct world w;
    world_begin(&w, arena, task);
    str token = jws_sign(arena, w.key, "at+jwt", STR("{\"jti\":\"a\"}"));
    CHECK(says(task, w.both, token, STR("a")));
    CHECK(!says(task, w.others, token, STR("a")));
    CHECK(!says(task, w.none, token, STR("a")));
    CHECK(says(task, w.keys, token, STR("a")));
    world_end(&w);
}

TEST(nothing_but_the_very_token_is_remembered)
{
    struct world w;
    world_begin(&w, arena, task);
    str token = jws_sign(arena, w.key, "at+jwt", STR("{\"jti\":\"a\",\"scope\":\"openid\"}"));
    CHECK(says(task, w.keys, token, STR("a")));
    for (size_t i = 0; i < token.n; i++) {
        char *changed = arena_cstr(arena, token);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        CHECK(!says(task, w.keys, (str){ changed, token.n }, STR("a")));
        CHECK(!says(task, w.keys, (str){ token.p, i }, STR("a")));
    }
    CHECK(says(task, w.keys, token, STR("a")));
    world_end(&w);
}

TEST(what_is_no_access_token_of_ours_is_not_remembered)
{
    struct world w;
    world_begin(&w, arena, task);
    const str claims = STR("{\"jti\":\"a\"}");
    const str refused[] = { jws_sign(arena, w.key, "JWT", claims),
                            jws_sign(arena, w.key, "logout+jwt", claims),
                            jws_sign(arena, w.other, "at+jwt", claims),
                            jws_unsecured(arena, "at+jwt", claims),
                            STR("a.b.c"),
                            STR(".."),
                            STR("") };
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
            CHECK(!says(task, w.keys, refused[i], STR("a")));
    world_end(&w);
}

/* One token more than a place holds: the oldest leaves, and none is taken for another. */
TEST(tokens_that_share_a_place_are_told_apart)
{
    struct world w;
    str tokens[WAYS + 1], names[WAYS + 1];
    size_t n = 0;
    uint8_t place[2] = { 0 };
    world_begin(&w, arena, task);
    for (int i = 0; i < 40 * PLACES && n < WAYS + 1; i++) {
        str name = arena_printf(arena, "token-%d", i);
        str token = jws_sign(arena, w.key, "at+jwt", arena_printf(arena, "{\"jti\":\"%.*s\"}", STR_ARG(name)));
        digest d = sha256_str(token);
        const uint8_t here[2] = { d.b[0] % 16, d.b[1] % 32 };
        if (n > 0 && memcmp(here, place, sizeof place) != 0)
            continue;
        memcpy(place, here, sizeof place);
        tokens[n] = token;
        names[n++] = name;
    }
    CHECK_I64((int64_t)n, WAYS + 1);
    for (size_t i = 0; i < 3 * n; i++)
        CHECK(says(task, w.keys, tokens[i % n], names[i % n]));
    world_end(&w);
}

TEST(claims_that_are_too_long_to_be_kept_are_verified_each_time)
{
    struct world w;
    world_begin(&w, arena, task);
    char scope[1200];
    memset(scope, 's', sizeof scope);
    str claims = arena_printf(arena, "{\"jti\":\"a\",\"scope\":\"%.*s\"}", (int)sizeof scope, scope);
    str token = jws_sign(arena, w.key, "at+jwt", claims);
    for (int i = 0; i < 2; i++)
        CHECK(says(task, w.keys, token, STR("a")));
    CHECK(!says(task, w.others, token, STR("a")));
    world_end(&w);
}
