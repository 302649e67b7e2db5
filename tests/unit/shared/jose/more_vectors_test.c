/*
 * Published examples of what foreign keys and encryption add: RFC 7515 appendix A.1, RFC 7518 appendix C, RFC 7520
 * sections 4.2, 4.3, 5.4 and 5.5, RFC 9449 section 4.1.
 */
#include "shared/jose/jwe.h"

#include "shared/jose/jwe_key.h"
#include "shared/text/encode.h"
#include "tests/support/test.h"

static const char RFC_7518_BOB[] = "-----BEGIN PRIVATE KEY-----\n"
                                   "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgVEmDZpDXXK8p8N0C\n"
                                   "ndsxs924q6nS1RXFASRl6BfUqdyhRANCAATB40nLYexwJIzoAQNMODThuI6+EWHL\n"
                                   "Ja84dB94X8/ExHvJZwjvgJUrU/jSVV/nK4Qe0EWIYosdN4pZSTlQDsnJ\n"
                                   "-----END PRIVATE KEY-----\n";
static const char RFC_7520_MERIADOC[] = "-----BEGIN PRIVATE KEY-----\n"
                                        "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgr/kHyZ+a06rmxM3y\n"
                                        "ESK84r1otSg+aQcVStkRhA+iCM+hRANCAARl7aWhJXfCuugpQ3/jOHAaEKqjdeG7\n"
                                        "W13hCN5DnAhVHR5S7XVwEWP3+eQN3580Gz3JuoYK9+DKfKfp7s0AhNGc\n"
                                        "-----END PRIVATE KEY-----\n";
static const char RFC_7520_PEREGRIN[] = "-----BEGIN PRIVATE KEY-----\n"
                                        "MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDCJPHamTvBb4aomQdwS\n"
                                        "QVBvYQXJhw7tG6CZpbeZGtBUA5SI+iaZPQh2dgrbEOVmH6OhZANiAARhTitFTN2Z\n"
                                        "WqZG1Y6zY6kMT9Pl+w0ih1wbwbkVY+tM8zLGnOxI4ZpAul7YWnEGa7YDz7LEIfGR\n"
                                        "8HPeEpl8jWNRgyNSGwS95n1Me7AWMfawI122SxElTsPn5KSBoUvURM8=\n"
                                        "-----END PRIVATE KEY-----\n";
static const char RFC_7520_5_4[] =
    "eyJhbGciOiJFQ0RILUVTK0ExMjhLVyIsImtpZCI6InBlcmVncmluLnRvb2tAdHVja2Jvcm91Z2guZXhhbXBsZSIsImVwayI6eyJr"
    "dHkiOiJFQyIsImNydiI6IlAtMzg0IiwieCI6InVCbzRrSFB3Nmtiang1bDB4b3dyZF9vWXpCbWF6LUdLRlp1NHhBRkZrYllpV2d1"
    "dEVLNml1RURzUTZ3TmROZzMiLCJ5Ijoic3AzcDVTR2haVkMyZmFYdW1JLWU5SlUyTW84S3BvWXJGRHI1eVBOVnRXNFBnRXdaT3lR"
    "VEEtSmRhWTh0YjdFMCJ9LCJlbmMiOiJBMTI4R0NNIn0.0DJjBXri_kBcC46IkU5_Jk9BqaQeHdv2.mH-G2zVqgztUtnW_.tkZuOO"
    "9h95OgHJmkkrfLBisku8rGf6nzVxhRM3sVOhXgz5NJ76oID7lpnAi_cPWJRCjSpAaUZ5dOR3Spy7QuEkmKx8-3RCMhSYMzsXaEwD"
    "dXta9Mn5B7cCBoJKB0IgEnj_qfo1hIi-uEkUpOZ8aLTZGHfpl05jMwbKkTe2yK3mjF6SBAsgicQDVCkcY9BLluzx1RmC3ORXaM0J"
    "aHPB93YcdSDGgpgBWMVrNU1ErkjcMqMoT_wtCex3w03XdLkjXIuEr2hWgeP-nkUZTPU9EoGSPj6fAS-bSz87RCPrxZdj_iVyC6QW"
    "cqAu07WNhjzJEPc4jVntRJ6K53NgPQ5p99l3Z408OUqj4ioYezbS6vTPlQ.WuGzxmcreYjpHGJoa17EBg";
static const char RFC_7520_5_5[] =
    "eyJhbGciOiJFQ0RILUVTIiwia2lkIjoibWVyaWFkb2MuYnJhbmR5YnVja0BidWNrbGFuZC5leGFtcGxlIiwiZXBrIjp7Imt0eSI6"
    "IkVDIiwiY3J2IjoiUC0yNTYiLCJ4IjoibVBVS1RfYkFXR0hJaGcwVHBqanFWc1AxclhXUXVfdndWT0hIdE5rZFlvQSIsInkiOiI4"
    "QlFBc0ltR2VBUzQ2ZnlXdzVNaFlmR1RUMElqQnBGdzJTUzM0RHY0SXJzIn0sImVuYyI6IkExMjhDQkMtSFMyNTYifQ..yc9N8v5s"
    "Yyv3iGQT926IUg.BoDlwPnTypYq-ivjmQvAYJLb5Q6l-F3LIgQomlz87yW4OPKbWE1zSTEFjDfhU9IPIOSA9Bml4m7iDFwA-1ZXv"
    "HteLDtw4R1XRGMEsDIqAYtskTTmzmzNa-_q4F_evAPUmwlO-ZG45Mnq4uhM1fm_D9rBtWolqZSF3xGNNkpOMQKF1Cl8i8wjzRli7"
    "-IXgyirlKQsbhhqRzkv8IcY6aHl24j03C-AR2le1r7URUhArM79BY8soZU0lzwI-sD5PZ3l4NDCCei9XkoIAfsXJWmySPoeRb2Ni"
    "5UZL4mYpvKDiwmyzGd65KqVw7MsFfI_K767G9C9Azp73gKZD0DyUn1mn0WW5LmyX_yJ-3AROq8p1WZBfG-ZyJ6195_JGG2m9Csg."
    "WCCkNa-x4BeB9hIDIfFuhg";
static const char BILBO_RSA[] =
    "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"bilbo.baggins@hobbiton.example\",\"use\":\"sig\",\"n\":\"n4EPtAOCc9Al"
    "keQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMRBSF"
    "KrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6c"
    "S6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKn"
    "S2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw\",\"e\":\"AQAB\"}]}";
static const char BILBO_EC[] =
    "{\"keys\":[{\"kty\":\"EC\",\"kid\":\"bilbo.baggins@hobbiton.example\",\"use\":\"sig\",\"crv\":\"P-521\",\"x\":"
    "\"AHKZLLOsCOzz5cY97ewNUajB957y-C-U88c3v13nmGZx6sYl_oJXu9A5RkTKqjqvjyekWF-7ytDyRXYgCF5cj0Kt\""
    ",\"y\":\"AdymlHvOiLxXkEhayXQnNCvDX4h9htZaCJN34kfmC6pV5OhQHiraVySsUdaQkAgDPrwQrJmbnX9cwlGfP-Hq"
    "HZR1\"}]}";
static const char PS384_TEXT[] =
    "eyJhbGciOiJQUzM4NCIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.SXTigJlzIGEgZGFuZ2Vyb3VzIGJ"
    "1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24"
    "ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4";
static const char PS384_SIGNATURE[] =
    "cu22eBqkYDKgIlTpzDXGvaFfz6WGoz7fUDcfT0kkOy42miAh2qyBzk1xEsnk2IpN6-tPid6VrklHkqsGqDqHCdP6O8TTB5dDDItl"
    "lVo6_1OLPpcbUrhiUSMxbbXUvdvWXzg-UD8biiReQFlfz28zGWVsdiNAUf8ZnyPEgVFn442ZdNqiVJRmBqrYRXe8P_ijQ7p8Vdz0"
    "TTrxUeT3lm8d9shnr2lfJT8ImUjvAA2Xez2Mlp8cBE5awDzT0qI0n6uiP1aCN_2_jLAeQTlqRHtfa64QQSUmFAAjVKPbByi7xho0"
    "uTOcbH510a6GYmJUAfmWjwZ6oD4ifKo8DYM-X72Eaw";
static const char ES512_TEXT[] =
    "eyJhbGciOiJFUzUxMiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.SXTigJlzIGEgZGFuZ2Vyb3VzIGJ"
    "1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24"
    "ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4";
static const char ES512_SIGNATURE[] =
    "AE_R_YZCChjn4791jSQCrdPZCNYqHXCTZH0-JZGYNlaAjP2kqaluUIIUnC9qvbu9Plon7KRTzoNEuT4Va2cmL1eJAQy3mtPBu_u_"
    "sDDyYjnAMDxXPn7XrT0lw-kvAD890jl8e2puQens_IEKBpHABlsbEPX6sFY8OcGDqoRuBomu9xQ2";
static const char RFC_9449_PROOF[] =
    "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZ"
    "OXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIs"
    "ImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmV"
    "yLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4Pt"
    "FLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";

TEST(rfc_7515_a1_hs256)
{
    struct jws_read read;
    bytes key;
    str iss;
    CHECK(base64url_decode(
        arena, STR("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"), &key));
    secret hidden = { { (const char *)key.p, key.n } };
    CHECK_I64(
        jws_verify_hs256(arena, hidden,
                         STR("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
                             "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290"
                             "Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
                         &read),
        JWS_GOOD);
    CHECK(json_get_str(read.claims, "iss", &iss));
    CHECK_STR(iss, STR("joe"));
}

TEST(rfc_7518_c_concat_kdf)
{
    static const unsigned char Z[] = { 158, 86, 217, 29,  129, 113, 53,  211, 114, 131, 66,  131, 191, 132, 38,  156,
                                       251, 49, 110, 163, 218, 128, 106, 72,  246, 218, 167, 121, 140, 254, 144, 196 };
    unsigned char out[16];
    concat_kdf((bytes){ Z, sizeof Z }, STR("A128GCM"), bytes_of(STR("Alice")), bytes_of(STR("Bob")), out, sizeof out);
    CHECK_STR(base64url_encode(arena, (bytes){ out, sizeof out }), STR("VqqN6vgjbSBcIijNcacQGg"));
}

TEST(rfc_7518_c_agreement)
{
    struct jose_key *bob = jwe_key_of_pem(str_of(RFC_7518_BOB), JWE_ECDH_ES);
    const struct json_value *header;
    struct cek cek;
    CHECK(bob);
    CHECK(json_parse(arena,
                     STR("{\"alg\":\"ECDH-ES\",\"enc\":\"A128GCM\",\"apu\":\"QWxpY2U\",\"apv\":\"Qm9i\",\"epk\":"
                         "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0\","
                         "\"y\":\"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps\"}}"),
                     &header));
    CHECK(cek_read(arena, bob, jwe_alg_row_of(JWE_ECDH_ES), enc_row_of(JWE_A128GCM), header, (bytes){ NULL, 0 }, &cek));
    CHECK_STR(base64url_encode(arena, (bytes){ cek.b, 16 }), STR("VqqN6vgjbSBcIijNcacQGg"));
    jose_key_free(bob);
}

static void friends_expected(struct arena *arena, const char *pem, const char *token)
{
    struct jose_key *key = jwe_key_of_pem(str_of(pem), JWE_ECDH_ES);
    CHECK(key);
    const struct jose_key *list[] = { key };
    struct jose_set *set = jose_set_of(list, 1);
    struct jwe_read read;
    str rest = str_of(token), header;
    /* Our keys have their own kids: the example's is taken out of reach by asking below jwe_decrypt. */
    CHECK_I64(jwe_decrypt(arena, set, &(struct jwe_want){ 0 }, rest, &read), JWE_UNKNOWN_KEY);
    bytes decoded[5];
    const struct json_value *parsed;
    str text = rest;
    for (int i = 0; i < 5; i++) {
        str part = rest;
        if (i < 4)
            CHECK(str_cut(&rest, '.', &part));
        CHECK(base64url_decode(arena, part, &decoded[i]));
    }
    CHECK(str_cut(&text, '.', &header));
    CHECK(json_parse(arena, (str){ (const char *)decoded[0].p, decoded[0].n }, &parsed));
    str name, plain;
    enum jwe_alg alg;
    enum jwe_enc enc;
    struct cek cek;
    CHECK(json_get_str(parsed, "alg", &name) && jwe_alg_parse(name, &alg));
    CHECK(json_get_str(parsed, "enc", &name) && jwe_enc_parse(name, &enc));
    CHECK(cek_read(arena, key, jwe_alg_row_of(alg), enc_row_of(enc), parsed, decoded[1], &cek));
    CHECK(content_open(arena, enc_row_of(enc), &cek, decoded[2], header, decoded[3], decoded[4], &plain));
    CHECK(str_starts(plain, STR("You can trust us to stick with you")) && str_ends(plain, STR("your friends, Frodo.")));
    jose_set_free(set);
    jose_key_free(key);
}

TEST(rfc_7520_5_4_ecdh_es_a128kw)
{
    friends_expected(arena, RFC_7520_PEREGRIN, RFC_7520_5_4);
}

TEST(rfc_7520_5_5_ecdh_es_a128cbc)
{
    friends_expected(arena, RFC_7520_MERIADOC, RFC_7520_5_5);
}

/* The signed text of these examples is no JSON: the verdict tells whether the signature held. */
static void bilbo_expected(struct arena *arena, const char *keys, const char *text, const char *signature)
{
    struct jose_set *set = jose_set_parse(str_of(keys), 65536);
    const struct json_value *claims;
    CHECK(set);
    char *token = arena_cstr(arena, arena_printf(arena, "%s.%s", text, signature));
    CHECK_I64(jws_verify(arena, set, NULL, str_of(token), &claims), JWS_MALFORMED);
    token[strlen(text) + 9] ^= 1;
    CHECK_I64(jws_verify(arena, set, NULL, str_of(token), &claims), JWS_BAD_SIGNATURE);
    jose_set_free(set);
}

TEST(rfc_7520_4_2_ps384)
{
    bilbo_expected(arena, BILBO_RSA, PS384_TEXT, PS384_SIGNATURE);
}

TEST(rfc_7520_4_3_es512)
{
    bilbo_expected(arena, BILBO_EC, ES512_TEXT, ES512_SIGNATURE);
}

TEST(rfc_9449_proof)
{
    struct jws_read read;
    struct jws_want want = { .typ = "dpop+jwt", .algs = ALG_BIT(ALG_ES256) };
    str htu;
    CHECK_I64(jws_verify_embedded(arena, &want, str_of(RFC_9449_PROOF), &read), JWS_GOOD);
    CHECK_STR(jose_key_thumbprint(read.key), STR("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"));
    CHECK(json_get_str(read.claims, "htu", &htu));
    CHECK_STR(htu, STR("https://server.example.com/token"));
}
