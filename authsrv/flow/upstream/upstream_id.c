/* See upstream_id.h. */
#include "authsrv/flow/upstream/upstream_id.h"

#include "authsrv/faults.h"
#include "authsrv/flow/client/jwks_cache.h"
#include "authsrv/flow/partner/partners.h"
#include "shared/jose/jwe.h"

#define LEEWAY_S 60

static void key_release(void *key)
{
    jose_key_free(key);
}

err upstream_decrypt_key(struct task *t, const struct upstream *up, const struct jose_key **ret)
{
    enum jwe_alg alg;
    str pem;
    if (!up->row->decrypt_key_sealed.p || !jwe_alg_parse(up->set.id_token_encryption, &alg))
        return FAIL(t, INTERNAL, "partner %.*s has no key for its ID tokens", STR_ARG(up->row->slug));
    TRY(upstream_unseal(t, up->row->decrypt_key_sealed, PARTNER_KEY_CONTEXT, &pem));
    struct jose_key *key = jwe_key_of_pem(pem, alg);
    if (!key)
        return FAIL(t, INTERNAL, "the key for ID tokens of partner %.*s cannot be read", STR_ARG(up->row->slug));
    arena_defer(t->arena, key_release, key);
    *ret = key;
    return OK;
}

static void set_release(void *set)
{
    jose_set_free(set);
}

/* Where encryption is agreed, a token in the clear is refused: somebody else may have sent it. */
static err decrypt(struct task *t, const struct upstream *up, str *token)
{
    const struct jose_key *key;
    enum jwe_alg alg;
    struct jwe_read read;
    if (!str_given(up->set.id_token_encryption))
        return OK;
    TRY(upstream_decrypt_key(t, up, &key));
    if (!jwe_alg_parse(up->set.id_token_encryption, &alg))
        return FAIL(t, INTERNAL, "an algorithm in the settings of a partner is not known");
    struct jose_set *ours = jose_set_of(&key, 1);
    arena_defer(t->arena, set_release, ours);
    const struct jwe_want want = { .algs = JWE_BIT(alg) };
    enum jwe_verdict v = jwe_decrypt(t->arena, ours, &want, *token, &read);
    if (v != JWE_GOOD)
        return FAIL(t, PARTNER_ANSWER, "encrypted id token of %.*s: %s", STR_ARG(up->row->slug), jwe_verdict_name(v));
    *token = read.plain;
    return OK;
}

err upstream_jwt_verify(struct task *t, const struct upstream *up, const struct upstream_meta *meta,
                        const struct jws_want *want, str *token, struct jws_read *ret)
{
    TRY(decrypt(t, up, token));
    const struct jwks_at at = { meta->jwks_uri, upstream_is_own(t, up, meta->jwks_uri) };
    enum jws_verdict v = jwks_verify(t, at, want, *token, ret);
    return v == JWS_GOOD
               ? OK
               : (err)FAIL(t, PARTNER_ANSWER, "token of %.*s: %s", STR_ARG(up->row->slug), jws_verdict_name(v));
}

static err claims_check(struct task *t, const struct upstream *up, const struct jws_read *read, str nonce,
                        str access_token)
{
    const struct claims_want want = { up->row->issuer, up->row->client_id, SECONDS(LEEWAY_S) };
    enum claims_verdict v = claims_judge(read->claims, &want, t->now);
    str said;
    if (v != CLAIMS_GOOD)
        return FAIL(t, PARTNER_ANSWER, "id token: %s", claims_verdict_name(v));
    if (!json_get_str(read->claims, "nonce", &said) || !str_eq(said, nonce))
        return FAIL(t, PARTNER_ANSWER, "id token: another nonce");
    if (json_get_str(read->claims, "azp", &said) && !str_eq(said, up->row->client_id))
        return FAIL(t, PARTNER_ANSWER, "id token: another authorized party");
    const struct json_value *hash = json_get(read->claims, "at_hash");
    if (hash && (!str_given(access_token) || !json_is_str(hash, &said) ||
                 !str_eq(said, jose_half_hash(t->arena, read->alg, access_token))))
        return FAIL(t, PARTNER_ANSWER, "id token: the hash of another access token");
    return OK;
}

/* When the log-in there was, by a clock that is not ahead of ours; 0: it does not say. */
static int64_t auth_time_read(struct task *t, const struct json_value *claims)
{
    int64_t said_s, now_s = instant_seconds(t->now);
    if (!json_get_i64(claims, "auth_time", &said_s) || said_s <= 0)
        return 0;
    return said_s < now_s ? said_s : now_s;
}

/*
 * prompt=login, max_age and acr_values went along; the answer has to show that they were kept, as far as it can. An age
 * that is not said is left to the caller.
 */
static err strength_check(struct task *t, const struct upstream *up, const struct upstream_login_take_row *attempt,
                          const struct json_value *claims)
{
    int64_t auth_time_s = auth_time_read(t, claims), asked_s = instant_seconds(attempt->created_at) - LEEWAY_S;
    str acr;
    if (attempt->forced && auth_time_s && auth_time_s < asked_s)
        return FAIL(t, PARTNER_WEAK, "id token: a log-in from before the one that was asked for");
    if (attempt->max_age_given && auth_time_s && auth_time_s < asked_s - attempt->max_age)
        return FAIL(t, PARTNER_WEAK, "id token: the log-in there is older than max_age");
    if (str_given(up->set.acr_values) && (!json_get_str(claims, "acr", &acr) || !str_has_word(up->set.acr_values, acr)))
        return FAIL(t, PARTNER_WEAK, "id token: another acr than was asked for");
    return OK;
}

/* Words of RFC 8176, where the operator lets them count. */
static str amr_read(struct task *t, const struct upstream *up, const struct json_value *claims)
{
    static const str known =
        STR("face fpt geo hwk iris kba mca mfa otp pin pwd rba retina sc sms swk tel user vbm wia");
    const struct json_value *list = json_get(claims, "amr");
    struct buf b;
    str word;
    buf_init(&b, t->arena, 512);
    if (!up->set.trust_amr || !list || json_kind(list) != JSON_ARRAY)
        return STR("");
    for (size_t i = 0; i < json_size(list); i++) {
        if (!json_is_str(json_item(list, i), &word) || !str_has_word(known, word) || str_has_word(buf_str(&b), word))
            continue;
        if (b.n > 0)
            buf_add_char(&b, ' ');
        buf_add(&b, word);
    }
    return b.n > 0 ? buf_str(&b) : STR("");
}

err upstream_id_take(struct task *t, const struct upstream *up, const struct upstream_meta *meta,
                     const struct upstream_login_take_row *attempt, const struct upstream_tokens *tokens,
                     struct partner_person *ret)
{
    const struct jws_want want = { .algs = ALGS_ASYMMETRIC };
    struct jws_read read;
    str id_token = tokens->id_token;
    TRY(upstream_jwt_verify(t, up, meta, &want, &id_token, &read));
    TRY(claims_check(t, up, &read, attempt->nonce, tokens->access_token));
    TRY(strength_check(t, up, attempt, read.claims));
    if (!partner_person_read(t->arena, &up->set, up->row->email_domains, read.claims, ret))
        return FAIL(t, PARTNER_ANSWER, "id token: no usable subject");
    ret->auth_time_s = auth_time_read(t, read.claims);
    /* What was to happen now has happened now; anything else may be a session there of last week. */
    if (!ret->auth_time_s && attempt->forced)
        ret->auth_time_s = instant_seconds(t->now);
    ret->id_token = id_token;
    ret->amr = amr_read(t, up, read.claims);
    if (!json_get_str(read.claims, "sid", &ret->sid))
        ret->sid = STR_NONE;
    return OK;
}
