/* The compact serialization of encrypted tokens (RFC 7516 sections 5 and 7.1); the two halves are in jwe_key.h. */
#include "shared/jose/jwe.h"

#include "shared/base/panic.h"
#include "shared/crypto/crypto.h"
#include "shared/jose/jwe_key.h"
#include "shared/jose/key.h"
#include "shared/jose/token.h"
#include "shared/text/encode.h"

static const struct jwe_alg_row ALGS[] = {
    { JWE_RSA_OAEP, "RSA-OAEP", EVP_sha1, 0, NULL },
    { JWE_RSA_OAEP_256, "RSA-OAEP-256", EVP_sha256, 0, NULL },
    { JWE_ECDH_ES, "ECDH-ES", NULL, 0, NULL },
    { JWE_ECDH_ES_A128KW, "ECDH-ES+A128KW", NULL, 16, EVP_aes_128_wrap },
    { JWE_ECDH_ES_A256KW, "ECDH-ES+A256KW", NULL, 32, EVP_aes_256_wrap },
};

static const struct enc_row ENCS[] = {
    { JWE_A128GCM, "A128GCM", 16, 12, 16, 0, EVP_aes_128_gcm, NULL },
    { JWE_A256GCM, "A256GCM", 32, 12, 16, 0, EVP_aes_256_gcm, NULL },
    { JWE_A128CBC_HS256, "A128CBC-HS256", 32, 16, 16, 16, EVP_aes_128_cbc, EVP_sha256 },
    { JWE_A256CBC_HS512, "A256CBC-HS512", 64, 16, 32, 32, EVP_aes_256_cbc, EVP_sha512 },
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

const struct jwe_alg_row *jwe_alg_row_of(enum jwe_alg alg)
{
    if (alg < 1 || alg > COUNT(ALGS))
        panic("no such encryption algorithm");
    return &ALGS[alg - 1];
}

const struct enc_row *enc_row_of(enum jwe_enc enc)
{
    if (enc < 1 || enc > COUNT(ENCS))
        panic("no such encryption algorithm");
    return &ENCS[enc - 1];
}

str jwe_alg_name(enum jwe_alg alg)
{
    return str_of(jwe_alg_row_of(alg)->name);
}

bool jwe_alg_parse(str name, enum jwe_alg *ret)
{
    for (size_t i = 0; i < COUNT(ALGS); i++) {
        if (str_eq(name, str_of(ALGS[i].name))) {
            *ret = ALGS[i].alg;
            return true;
        }
    }
    return false;
}

str jwe_enc_name(enum jwe_enc enc)
{
    return str_of(enc_row_of(enc)->name);
}

bool jwe_enc_parse(str name, enum jwe_enc *ret)
{
    for (size_t i = 0; i < COUNT(ENCS); i++) {
        if (str_eq(name, str_of(ENCS[i].name))) {
            *ret = ENCS[i].enc;
            return true;
        }
    }
    return false;
}

/* The name of a key is its owner's: control characters are written out. */
#define HEADER_MAX_BYTES (JSON_ESCAPED_MAX * KID_MAX_BYTES + 1024)

static str header_write(struct arena *a, const struct jose_key *to, const struct jwe_alg_row *alg,
                        const struct enc_row *enc, const char *cty, str epk)
{
    struct buf b;
    struct json j;
    buf_init(&b, a, HEADER_MAX_BYTES);
    json_begin(&j, &b);
    json_str(&j, "alg", str_of(alg->name));
    json_str(&j, "enc", str_of(enc->name));
    json_str(&j, "kid", to->kid);
    json_str(&j, "cty", str_of(cty));
    if (str_given(epk))
        json_raw(&j, "epk", epk);
    json_end(&j);
    return buf_str(&b);
}

str jwe_encrypt(struct arena *a, const struct jose_key *to, enum jwe_alg alg, enum jwe_enc enc, const char *cty,
                str plain)
{
    const struct jwe_alg_row *alg_row = jwe_alg_row_of(alg);
    const struct enc_row *row = enc_row_of(enc);
    struct cek cek;
    bytes encrypted_key;
    str epk;
    unsigned char iv[IV_MAX_BYTES], tag[JWE_TAG_MAX_BYTES];
    if (!jwe_key_takes(to, alg))
        panic("encrypting with a key that is not for it");
    cek_make(a, to, alg_row, row, &cek, &encrypted_key, &epk);
    random_bytes(iv, row->iv_bytes);
    str header = base64url_encode(a, bytes_of(header_write(a, to, alg_row, row, cty, epk)));
    bytes cipher = content_seal(a, row, &cek, iv, header, plain, tag);
    explicit_bzero(&cek, sizeof cek);
    str head = dotted(a, header, base64url_encode(a, encrypted_key));
    str body = dotted(a, base64url_encode(a, (bytes){ iv, row->iv_bytes }), base64url_encode(a, cipher));
    return dotted(a, dotted(a, head, body), base64url_encode(a, (bytes){ tag, row->tag_bytes }));
}

/* The five parts, read. */
struct parts {
    str header_text;
    const struct json_value *header;
    bytes encrypted_key, iv, cipher, tag;
};

static bool parts_split(struct arena *a, str text, struct parts *ret)
{
    str rest = text, key, iv, cipher;
    struct parts p = { 0 };
    if (text.n > JWE_MAX_BYTES || !str_cut(&rest, '.', &p.header_text) || !str_cut(&rest, '.', &key) ||
        !str_cut(&rest, '.', &iv) || !str_cut(&rest, '.', &cipher))
        return false;
    if (!object_read(a, p.header_text, &p.header) || !base64url_decode(a, key, &p.encrypted_key) ||
        !base64url_decode(a, iv, &p.iv) || !base64url_decode(a, cipher, &p.cipher) ||
        !base64url_decode(a, rest, &p.tag))
        return false;
    *ret = p;
    return true;
}

static bool algorithms_read(const struct json_value *header, const struct jwe_want *want, struct jwe_read *ret)
{
    str alg, enc;
    return json_get_str(header, "alg", &alg) && json_get_str(header, "enc", &enc) && jwe_alg_parse(alg, &ret->alg) &&
           jwe_enc_parse(enc, &ret->enc) && (!want->algs || want->algs & JWE_BIT(ret->alg)) &&
           (!want->encs || want->encs & JWE_BIT(ret->enc));
}

/* Our key of that kid; without kid the only one that takes alg. */
static const struct jose_key *key_choose(const struct jose_set *ours, const struct json_value *header, enum jwe_alg alg)
{
    str kid = STR_NONE;
    const struct jose_key *found = NULL;
    if (json_get(header, "kid") && !header_kid(header, &kid))
        return NULL;
    for (size_t i = 0; i < set_count(ours); i++) {
        const struct jose_key *key = set_key(ours, i);
        if (!key->role.is_private || !jwe_key_takes(key, alg) || (str_given(kid) && !str_eq(kid, key->kid)))
            continue;
        if (found)
            return NULL;
        found = key;
    }
    return found;
}

static bool nested_read(const struct json_value *header)
{
    str cty;
    return json_get_str(header, "cty", &cty) &&
           (str_eq_nocase(cty, STR("JWT")) || str_eq_nocase(cty, STR("application/jwt")));
}

enum jwe_verdict jwe_decrypt(struct arena *a, const struct jose_set *ours, const struct jwe_want *want, str token,
                             struct jwe_read *ret)
{
    struct parts p;
    struct cek cek;
    struct jwe_read read = { 0 };
    if (!parts_split(a, token, &p) || !header_is_plain(p.header, false))
        return JWE_MALFORMED;
    if (!algorithms_read(p.header, want, &read))
        return JWE_WRONG_ALG;
    const struct jose_key *key = key_choose(ours, p.header, read.alg);
    if (!key)
        return JWE_UNKNOWN_KEY;
    const struct enc_row *enc = enc_row_of(read.enc);
    if (!cek_read(a, key, jwe_alg_row_of(read.alg), enc, p.header, p.encrypted_key, &cek))
        return JWE_MALFORMED;
    bool is_genuine = content_open(a, enc, &cek, p.iv, p.header_text, p.cipher, p.tag, &read.plain);
    explicit_bzero(&cek, sizeof cek);
    if (!is_genuine)
        return JWE_BAD_TAG;
    read.header = p.header;
    read.is_nested = nested_read(p.header);
    *ret = read;
    return JWE_GOOD;
}

const char *jwe_verdict_name(enum jwe_verdict v)
{
    switch (v) {
    case JWE_GOOD:
        return "good";
    case JWE_MALFORMED:
        return "malformed";
    case JWE_WRONG_ALG:
        return "wrong algorithm";
    case JWE_UNKNOWN_KEY:
        return "unknown key";
    case JWE_BAD_TAG:
        return "cannot be decrypted";
    }
    return "no verdict";
}
