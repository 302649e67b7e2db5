/* Keys, fingerprints, verdicts (SECURITY N 341 to 348, draft-ietf-httpapi-idempotency-key-header). */
#include "paysrv/domain/idempotency.h"

#include "shared/crypto/crypto.h"
#include "shared/text/json_in.h"
#include "tests/support/test.h"

TEST(key_bare_and_quoted_are_one)
{
    str bare, quoted;
    CHECK(idempotency_key_parse(STR("order-1"), &bare));
    CHECK(idempotency_key_parse(STR("\"order-1\""), &quoted));
    CHECK_STR(quoted, bare);
}

TEST(key_syntax)
{
    char long_key[257];
    str key;
    memset(long_key, 'k', sizeof long_key);
    CHECK(idempotency_key_parse((str){ long_key, 255 }, &key));
    CHECK(!idempotency_key_parse((str){ long_key, 256 }, &key));
    CHECK(!idempotency_key_parse(STR(""), &key));
    CHECK(!idempotency_key_parse(STR("\"\""), &key));
    CHECK(!idempotency_key_parse(STR_NONE, &key));
    CHECK(!idempotency_key_parse(STR("a\r\nb"), &key));
    CHECK(!idempotency_key_parse(STR("\xc3\xa9"), &key));
    CHECK(!idempotency_key_parse((str){ "a\0b", 3 }, &key));
    CHECK(!idempotency_key_parse(STR("\"a\"b\""), &key));
}

static digest print_of(struct arena *a, const char *path, const char *document)
{
    const struct json_value *body = NULL;
    CHECK(json_parse(a, str_of(document), &body));
    return idempotency_fingerprint(a, STR("POST"), str_of(path), json_canonical(a, body));
}

TEST(fingerprint_sees_meaning_not_spelling)
{
    digest one = print_of(arena, "/v1/payments", "{\"a\":1,\"b\":[true,\"x\"]}");
    digest same = print_of(arena, "/v1/payments", " { \"b\" : [ true, \"\\u0078\" ] , \"a\" : 1 } ");
    digest other_body = print_of(arena, "/v1/payments", "{\"a\":2,\"b\":[true,\"x\"]}");
    digest other_path = print_of(arena, "/v1/payouts", "{\"a\":1,\"b\":[true,\"x\"]}");
    CHECK(equal_digest(&one, &same));
    CHECK(!equal_digest(&one, &other_body));
    CHECK(!equal_digest(&one, &other_path));
}

TEST(verdict_of_a_stored_key)
{
    digest mine = sha256_str(STR("mine")), other = sha256_str(STR("other"));
    CHECK_I64(idempotency_judge(false, NULL, false, &mine), KEY_FRESH);
    CHECK_I64(idempotency_judge(true, &other, true, &mine), KEY_MISMATCH);
    CHECK_I64(idempotency_judge(true, &other, false, &mine), KEY_MISMATCH);
    CHECK_I64(idempotency_judge(true, &mine, false, &mine), KEY_IN_PROGRESS);
    CHECK_I64(idempotency_judge(true, &mine, true, &mine), KEY_ANSWERED);
}
