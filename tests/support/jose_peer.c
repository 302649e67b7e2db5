/*
 * shared/jose as a program, so that implementations nobody here wrote can talk with it: one JSON request a line on
 * standard input ({"do":"sign", ...}), one JSON answer a line on standard output. Used by tests/api/jose.test.mjs.
 */
#include <stdio.h>
#include <stdlib.h>

#include "shared/jose/jwe.h"

#define DOCUMENT_MAX_BYTES 65536
#define ANSWER_MAX_BYTES 200000

/* The keys that this process made, so that a later request can use them. */
static struct jose_key *signers[ALG_HS256], *decrypters[JWE_ECDH_ES_A256KW + 1];

static str text_of(const struct json_value *in, const char *name)
{
    str text;
    return json_get_str(in, name, &text) ? text : STR_NONE;
}

static const char *cstr_of(struct arena *a, const struct json_value *in, const char *name)
{
    str text = text_of(in, name);
    return str_given(text) ? arena_cstr(a, text) : NULL;
}

/* RSA keys are slow to make, so one serves all algorithms of its kind. */
static const struct jose_key *signer(struct arena *a, enum jose_alg alg)
{
    if (!signers[alg] && signers[ALG_RS256])
        signers[alg] = jose_key_of_pem(jose_key_pem(a, signers[ALG_RS256]), alg);
    if (!signers[alg])
        signers[alg] = jose_key_generate(alg);
    return signers[alg];
}

static void do_sign(struct arena *a, const struct json_value *in, struct json *out)
{
    enum jose_alg alg;
    if (!jose_alg_parse(text_of(in, "alg"), &alg) || alg == ALG_HS256)
        return;
    json_str(out, "token", jws_sign(a, signer(a, alg), cstr_of(a, in, "typ"), text_of(in, "claims")));
    jose_key_write_jwk(out, "jwk", signer(a, alg));
}

static void read_write(struct arena *a, struct json *out, enum jws_verdict v, const struct jws_read *read)
{
    json_str(out, "verdict", str_of(jws_verdict_name(v)));
    if (v != JWS_GOOD)
        return;
    json_str(out, "claims", json_canonical(a, read->claims));
    if (read->key)
        json_str(out, "jkt", jose_key_thumbprint(read->key));
}

static struct jws_want want_of(struct arena *a, const struct json_value *in)
{
    enum jose_alg alg;
    return (struct jws_want){ .typ = cstr_of(a, in, "typ"),
                              .algs = jose_alg_parse(text_of(in, "alg"), &alg) ? ALG_BIT(alg) : 0 };
}

static void do_verify(struct arena *a, const struct json_value *in, struct json *out)
{
    struct jws_read read;
    struct jws_want want = want_of(a, in);
    struct jose_set *set = jose_set_parse(text_of(in, "set"), DOCUMENT_MAX_BYTES);
    if (!set) {
        json_str(out, "verdict", STR("refused set"));
        return;
    }
    enum jws_verdict v = jws_verify_with(a, set, &want, text_of(in, "token"), &read);
    read_write(a, out, v, &read);
    jose_set_free(set);
}

static void do_embedded(struct arena *a, const struct json_value *in, struct json *out)
{
    struct jws_read read;
    struct jws_want want = want_of(a, in);
    enum jws_verdict v = jws_verify_embedded(a, &want, text_of(in, "token"), &read);
    read_write(a, out, v, &read);
}

static void do_mac(struct arena *a, const struct json_value *in, struct json *out)
{
    secret key = { text_of(in, "secret") };
    json_str(out, "token", jws_sign_hs256(a, key, "JWT", text_of(in, "claims")));
}

static void do_mac_verify(struct arena *a, const struct json_value *in, struct json *out)
{
    struct jws_read read;
    enum jws_verdict v = jws_verify_hs256(a, (secret){ text_of(in, "secret") }, text_of(in, "token"), &read);
    read_write(a, out, v, &read);
}

static void do_unsecured(struct arena *a, const struct json_value *in, struct json *out)
{
    struct jws_read read;
    struct jws_want want = want_of(a, in);
    enum jws_verdict v = jws_read_unsecured(a, &want, text_of(in, "token"), &read);
    read_write(a, out, v, &read);
}

static void do_encrypt(struct arena *a, const struct json_value *in, struct json *out)
{
    enum jwe_alg alg;
    enum jwe_enc enc;
    struct jose_set *set = jose_set_parse(text_of(in, "set"), DOCUMENT_MAX_BYTES);
    const struct jose_key *to = NULL;
    if (set && jwe_alg_parse(text_of(in, "alg"), &alg) && jwe_enc_parse(text_of(in, "enc"), &enc))
        to = jose_set_find_enc(set, alg);
    if (to)
        json_str(out, "token", jwe_encrypt(a, to, alg, enc, cstr_of(a, in, "cty"), text_of(in, "plain")));
    jose_set_free(set);
}

static void do_encryption_key(struct arena *a, const struct json_value *in, struct json *out)
{
    enum jwe_alg alg;
    (void)a;
    if (!jwe_alg_parse(text_of(in, "alg"), &alg))
        return;
    if (!decrypters[alg])
        decrypters[alg] = jwe_key_generate(alg);
    jose_key_write_jwk(out, "jwk", decrypters[alg]);
}

static void do_decrypt(struct arena *a, const struct json_value *in, struct json *out)
{
    const struct jose_key *keys[sizeof decrypters / sizeof *decrypters];
    struct jwe_read read;
    size_t n = 0;
    for (size_t i = 0; i < sizeof decrypters / sizeof *decrypters; i++) {
        if (decrypters[i])
            keys[n++] = decrypters[i];
    }
    struct jose_set *ours = jose_set_of(keys, n);
    enum jwe_verdict v = jwe_decrypt(a, ours, &(struct jwe_want){ 0 }, text_of(in, "token"), &read);
    json_str(out, "verdict", str_of(jwe_verdict_name(v)));
    if (v == JWE_GOOD) {
        json_str(out, "plain", read.plain);
        json_bool(out, "nested", read.is_nested);
    }
    jose_set_free(ours);
}

static void do_thumbprint(struct arena *a, const struct json_value *in, struct json *out)
{
    const struct jose_key *key = jose_key_of_jwk(a, json_get(in, "jwk"));
    json_str_or_null(out, "jkt", key ? jose_key_thumbprint(key) : STR_NONE);
}

static const struct {
    const char *name;
    void (*run)(struct arena *a, const struct json_value *in, struct json *out);
} VERBS[] = {
    { "sign", do_sign },
    { "verify", do_verify },
    { "embedded", do_embedded },
    { "mac", do_mac },
    { "mac_verify", do_mac_verify },
    { "unsecured", do_unsecured },
    { "encrypt", do_encrypt },
    { "decrypt", do_decrypt },
    { "encryption_key", do_encryption_key },
    { "thumbprint", do_thumbprint },
};

static void answer(struct arena *a, str line)
{
    const struct json_value *in;
    struct buf b;
    struct json out;
    buf_init(&b, a, ANSWER_MAX_BYTES);
    json_begin(&out, &b);
    if (json_parse(a, line, &in)) {
        for (size_t i = 0; i < sizeof VERBS / sizeof *VERBS; i++) {
            if (str_eq(text_of(in, "do"), str_of(VERBS[i].name)))
                VERBS[i].run(a, in, &out);
        }
    }
    json_end(&out);
    printf("%.*s\n", STR_ARG(buf_str(&b)));
    fflush(stdout);
}

int main(void)
{
    struct arena *a = arena_create(1 << 16, (size_t)16 << 20);
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;
    while ((n = getline(&line, &cap, stdin)) > 0) {
        answer(a, (str){ line, (size_t)n - (line[n - 1] == '\n') });
        arena_reset(a);
    }
    free(line);
    for (size_t i = 0; i < sizeof signers / sizeof *signers; i++)
        jose_key_free(signers[i]);
    for (size_t i = 0; i < sizeof decrypters / sizeof *decrypters; i++)
        jose_key_free(decrypters[i]);
    arena_destroy(a);
    return 0;
}
