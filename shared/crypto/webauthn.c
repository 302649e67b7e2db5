/* See webauthn.h. */
#include "shared/crypto/webauthn.h"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>

#include "shared/crypto/crypto.h"

#define ID_MAX_BYTES 1023
#define FLAG_PRESENT 0x01
#define FLAG_VERIFIED 0x04
#define FLAG_BACKUP_ELIGIBLE 0x08
#define FLAG_ATTESTED 0x40

static const int algs[] = { WEBAUTHN_ES256, WEBAUTHN_EDDSA, WEBAUTHN_RS256 };

static bool flags_good(uint8_t flags)
{
    return (flags & FLAG_PRESENT) && (flags & FLAG_VERIFIED);
}

static void cred_release(void *cred)
{
    fido_cred_t *c = cred;
    fido_cred_free(&c);
}

/* The library wants to know the algorithm before it reads: the one that fits. NULL: none does. */
static fido_cred_t *cred_parse(struct arena *a, bytes client_data, bytes data)
{
    for (size_t i = 0; i < sizeof algs / sizeof algs[0]; i++) {
        fido_cred_t *c = fido_cred_new();
        if (!c)
            return NULL;
        arena_defer(a, cred_release, c);
        if (fido_cred_set_type(c, algs[i]) == FIDO_OK &&
            fido_cred_set_clientdata(c, client_data.p, client_data.n) == FIDO_OK &&
            fido_cred_set_authdata_raw(c, data.p, data.n) == FIDO_OK)
            return c;
    }
    return NULL;
}

static bytes kept(struct arena *a, const unsigned char *p, size_t n)
{
    return bytes_of(arena_str(a, (str){ (const char *)p, n }));
}

bool webauthn_key_read(struct arena *a, str rp_id, bytes client_data, bytes authenticator_data,
                       struct webauthn_key *ret)
{
    digest site = sha256_str(rp_id);
    bytes data = authenticator_data;
    if (data.n < 37 || !equal_bytes((bytes){ data.p, sizeof site.b }, digest_bytes(&site)))
        return false;
    fido_cred_t *c = cred_parse(a, client_data, data);
    if (!c || !flags_good(fido_cred_flags(c)) || !(fido_cred_flags(c) & FLAG_ATTESTED))
        return false;
    *ret = (struct webauthn_key){ .alg = fido_cred_type(c),
                                  .id = kept(a, fido_cred_id_ptr(c), fido_cred_id_len(c)),
                                  .public_key = kept(a, fido_cred_pubkey_ptr(c), fido_cred_pubkey_len(c)),
                                  .sign_count = fido_cred_sigcount(c),
                                  .is_synced = (fido_cred_flags(c) & FLAG_BACKUP_ELIGIBLE) != 0 };
    return ret->id.n > 0 && ret->id.n <= ID_MAX_BYTES && ret->public_key.n > 0;
}

static bool verify_es256(const fido_assert_t *as, bytes key)
{
    es256_pk_t *pk = es256_pk_new();
    bool good =
        pk && es256_pk_from_ptr(pk, key.p, key.n) == FIDO_OK && fido_assert_verify(as, 0, COSE_ES256, pk) == FIDO_OK;
    es256_pk_free(&pk);
    return good;
}

static bool verify_eddsa(const fido_assert_t *as, bytes key)
{
    eddsa_pk_t *pk = eddsa_pk_new();
    bool good =
        pk && eddsa_pk_from_ptr(pk, key.p, key.n) == FIDO_OK && fido_assert_verify(as, 0, COSE_EDDSA, pk) == FIDO_OK;
    eddsa_pk_free(&pk);
    return good;
}

static bool verify_rs256(const fido_assert_t *as, bytes key)
{
    rs256_pk_t *pk = rs256_pk_new();
    bool good =
        pk && rs256_pk_from_ptr(pk, key.p, key.n) == FIDO_OK && fido_assert_verify(as, 0, COSE_RS256, pk) == FIDO_OK;
    rs256_pk_free(&pk);
    return good;
}

static bool verify(const fido_assert_t *as, const struct webauthn_key *key)
{
    if (key->alg == WEBAUTHN_ES256)
        return verify_es256(as, key->public_key);
    if (key->alg == WEBAUTHN_EDDSA)
        return verify_eddsa(as, key->public_key);
    return key->alg == WEBAUTHN_RS256 && verify_rs256(as, key->public_key);
}

bool webauthn_verify(struct arena *a, str rp_id, bytes client_data, bytes authenticator_data, bytes signature,
                     const struct webauthn_key *key, int64_t *sign_count)
{
    fido_assert_t *as = fido_assert_new();
    bool good = as && fido_assert_set_clientdata(as, client_data.p, client_data.n) == FIDO_OK &&
                fido_assert_set_rp(as, arena_cstr(a, rp_id)) == FIDO_OK && fido_assert_set_count(as, 1) == FIDO_OK &&
                fido_assert_set_authdata_raw(as, 0, authenticator_data.p, authenticator_data.n) == FIDO_OK &&
                fido_assert_set_sig(as, 0, signature.p, signature.n) == FIDO_OK &&
                fido_assert_set_up(as, FIDO_OPT_TRUE) == FIDO_OK && fido_assert_set_uv(as, FIDO_OPT_TRUE) == FIDO_OK &&
                flags_good(fido_assert_flags(as, 0)) && verify(as, key);
    if (good)
        *sign_count = fido_assert_sigcount(as, 0);
    fido_assert_free(&as);
    return good;
}
