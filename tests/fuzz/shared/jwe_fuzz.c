/*
 * Encrypted tokens under our own keys, both as they come and with the parts of the input put into a token that is good
 * otherwise: nothing that the fuzzer writes opens, and what it leaves unchanged does.
 */
#include "shared/jose/jwe.h"
#include "shared/jose/jwe_key.h"
#include "shared/text/encode.h"
#include "tests/fuzz/fuzz.h"

static struct jose_key *ec, *rsa;
static struct jose_set *ours;

static void keys_make(void)
{
    ec = jwe_key_generate(JWE_ECDH_ES);
    rsa = jwe_key_generate(JWE_RSA_OAEP);
    const struct jose_key *list[] = { ec, rsa };
    ours = jose_set_of(list, 2);
}

/* Header of the fuzzer's members over a key of ours: exercises epk, apu, apv and the algorithms behind the door. */
static void header_feed(struct arena *a, str members)
{
    struct jwe_read read;
    str header = arena_printf(a, "{%.*s}", STR_ARG(members));
    str token = arena_printf(a, "%.*s..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA",
                             STR_ARG(base64url_encode(a, bytes_of(header))));
    MUST(jwe_decrypt(a, ours, &(struct jwe_want){ 0 }, token, &read) != JWE_GOOD);
}

/* The content alone: cipher and tag are the fuzzer's, the key is known to nobody. */
static void content_feed(struct arena *a, bytes data)
{
    struct cek cek;
    str plain;
    for (size_t i = 0; i < sizeof cek.b; i++)
        cek.b[i] = (unsigned char)(i * 7 + 1);
    for (enum jwe_enc enc = JWE_A128GCM; enc <= JWE_A256CBC_HS512; enc++) {
        const struct enc_row *row = enc_row_of(enc);
        if (data.n < row->iv_bytes + row->tag_bytes)
            continue;
        bytes cipher = { data.p + row->iv_bytes, data.n - row->iv_bytes - row->tag_bytes };
        bytes tag = { cipher.p + cipher.n, row->tag_bytes };
        MUST(!content_open(a, row, &cek, (bytes){ data.p, row->iv_bytes }, STR("aad"), cipher, tag, &plain));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = fuzz_arena();
    str text = fuzz_text(data, size);
    struct jwe_read read;
    if (!ours)
        keys_make();
    MUST(jwe_decrypt(a, ours, &(struct jwe_want){ 0 }, text, &read) != JWE_GOOD);
    content_feed(a, bytes_of(text));
    if (size < 2000)
        header_feed(a, text);
    if (size && size < 8000 && data[0] == 'p') {
        str token = jwe_encrypt(a, ec, JWE_ECDH_ES, JWE_A128CBC_HS256, NULL, text);
        MUST(jwe_decrypt(a, ours, &(struct jwe_want){ 0 }, token, &read) == JWE_GOOD && str_eq(read.plain, text));
    }
    return 0;
}
