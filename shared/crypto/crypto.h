/* Digests, MACs, sealing, randomness, constant-time comparison, password hashes. Failures of the library abort the
 * process. */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/bytes.h"
#include "shared/base/instant.h"

digest sha256(bytes b);
digest sha256_str(str s);
/* SHA-256 over type, a zero byte and value: single-use objects of one type never match another's (SECURITY B 40). */
digest typed_digest(const char *type, str value);
digest hmac_sha256(bytes key, bytes message);
/* Only for what standards tie to it: lists of breached passwords (SHA-1 of each), and TOTP (RFC 6238, HMAC-SHA-1). */
#define SHA1_BYTES 20
void sha1(bytes b, unsigned char out[SHA1_BYTES]);
void hmac_sha1(bytes key, bytes message, unsigned char out[SHA1_BYTES]);

/* False at once when the lengths differ; otherwise constant time. */
bool equal_bytes(bytes a, bytes b);
bool equal_digest(const digest *a, const digest *b);

void random_bytes(void *out, size_t n);
/* 32 random bytes as base64url (43 characters), after prefix. */
str random_token(struct arena *a, const char *prefix);
/* Public id: prefix + 26 characters of lower-case base32 over 48 bits of time and 80 random bits: sortable,
 * unguessable. */
str random_id(struct arena *a, const char *prefix);
/* What no id of that time or later is less than, and none of before is greater than. */
str random_id_least(struct arena *a, const char *prefix, instant at);
/* n letters of an alphabet of at most 256 bytes, uniform by rejection sampling. */
str random_letters(struct arena *a, str alphabet, size_t n);
/* n decimal digits. */
str random_digits(struct arena *a, size_t n);

/* AES-256-GCM, key of 32 bytes; the result is nonce || ciphertext || tag. context is authenticated, not stored. */
bytes seal(struct arena *a, const digest *key, bytes plain, str context);
bool unseal(struct arena *a, const digest *key, bytes sealed, str context, bytes *ret);

/* argon2id over HMAC(pepper, password); concurrency bounded to the number of cores, so that log-ins cannot starve the
 * rest. */
str password_hash(struct arena *a, secret pepper, secret password);
/* stored absent: does the same work against a fixed hash and answers false (no oracle by time). */
bool password_verify(secret pepper, secret password, str stored);
/* Made with other parameters than those of today: hash anew while the password is at hand. */
bool password_is_outdated(str stored);
/* Gives the memory of hashes back to the system when none was made for ten seconds; called now and then. */
void password_rest(void);
/* Must be called once at start. */
void crypto_init(void);
