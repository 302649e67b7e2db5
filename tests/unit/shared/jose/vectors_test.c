/* The published examples: RFC 7515 appendices A.2 and A.3, RFC 7638 section 3.1, RFC 8037 appendix A, RFC 9449. */
#include "shared/jose/jose.h"

#include "tests/support/test.h"

#define RFC_7515_PAYLOAD                                                                                               \
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"

static const char RFC_7515_RSA_SET[] =
    "{\"keys\":[{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":"
    "\"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZ"
    "S-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2Ca"
    "pHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h"
    "4FRWyuXpoQ\"}]}";
static const char RFC_7515_RSA_TOKEN[] =
    "eyJhbGciOiJSUzI1NiJ9." RFC_7515_PAYLOAD "."
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t"
    "1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12j"
    "zDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQ"
    "Ge77Rw";
static const char RFC_7515_EC_SET[] =
    "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}]}";
static const char RFC_7515_EC_TOKEN[] =
    "eyJhbGciOiJFUzI1NiJ9." RFC_7515_PAYLOAD "."
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

static void joe_expected(struct arena *arena, const char *document, const char *token)
{
    struct jose_set *set = jose_set_parse(str_of(document), 65536);
    const struct json_value *claims;
    str issuer;
    int64_t exp;
    CHECK(set);
    CHECK_I64(jws_verify(arena, set, NULL, str_of(token), &claims), JWS_GOOD);
    CHECK(json_get_str(claims, "iss", &issuer) && json_get_i64(claims, "exp", &exp));
    CHECK_STR(issuer, STR("joe"));
    CHECK_I64(exp, 1300819380);
    jose_set_free(set);
}

TEST(rfc_7515_a2_rs256)
{
    joe_expected(arena, RFC_7515_RSA_SET, RFC_7515_RSA_TOKEN);
}

TEST(rfc_7515_a3_es256)
{
    joe_expected(arena, RFC_7515_EC_SET, RFC_7515_EC_TOKEN);
}

TEST(rfc_8037_a4_eddsa)
{
    /* The signed text of that example is no JSON: the verdict tells whether the signature held. */
    struct jose_set *set = jose_set_parse(STR("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
                                              "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}"),
                                          65536);
    const struct json_value *claims;
    CHECK(set);
    CHECK_I64(jws_verify(arena, set, NULL,
                         STR("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
                             "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"),
                         &claims),
              JWS_MALFORMED);
    CHECK_I64(jws_verify(arena, set, NULL,
                         STR("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
                             "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAQ"),
                         &claims),
              JWS_BAD_SIGNATURE);
    jose_set_free(set);
}

static void thumbprint_expected(const char *jwk, const char *thumbprint)
{
    char document[2000];
    snprintf(document, sizeof document, "{\"keys\":[%s]}", jwk);
    struct jose_set *set = jose_set_parse(str_of(document), 65536);
    CHECK(set);
    const struct jose_key *key = jose_set_find(set, STR("k"));
    CHECK(key);
    CHECK_STR(jose_key_thumbprint(key), str_of(thumbprint));
    jose_set_free(set);
}

TEST(rfc_7638_thumbprints)
{
    thumbprint_expected("{\"kty\":\"RSA\",\"kid\":\"k\",\"alg\":\"RS256\",\"e\":\"AQAB\",\"n\":"
                        "\"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_"
                        "BJECPebWKRXjBZCiFV4n3ok"
                        "njhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_"
                        "FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6q"
                        "MQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_"
                        "xBniIqbw0Ls1jF44-csFCur-kEgU8awapJ"
                        "zKnqDKgw\"}",
                        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    thumbprint_expected("{\"kty\":\"OKP\",\"kid\":\"k\",\"crv\":\"Ed25519\","
                        "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
                        "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    thumbprint_expected("{\"kty\":\"EC\",\"kid\":\"k\",\"crv\":\"P-256\","
                        "\"x\":\"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs\","
                        "\"y\":\"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA\"}",
                        "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
}
