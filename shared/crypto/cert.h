/*
 * X.509 certificates of clients (RFC 5280, 8705): read, named, compared. Nothing here judges a chain; what is read is
 * what the TLS side has let through, or what a client registered.
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/bytes.h"
#include "shared/base/instant.h"

#define CERT_MAX_BYTES 16384

/* One parsed certificate, released with the arena. */
struct cert;

/* NULL: not exactly one certificate, or over CERT_MAX_BYTES. PEM may have text around the block, as openssl writes it.
 */
const struct cert *cert_of_der(struct arena *a, bytes der);
const struct cert *cert_of_pem(struct arena *a, str pem);

bytes cert_der(const struct cert *cert);
/* SHA-256 of the DER, base64url: "x5t#S256" of cnf and of JWKs (RFC 8705 section 3.1). */
str cert_thumbprint(struct arena *a, const struct cert *cert);
/* SubjectPublicKeyInfo in DER, for jose_set_find_public(). */
bytes cert_public_key(const struct cert *cert);
instant cert_not_before(const struct cert *cert);
instant cert_not_after(const struct cert *cert);

/* The subject as RFC 4514 writes it (most specific first, UTF-8 not escaped). */
str cert_subject(struct arena *a, const struct cert *cert);
/*
 * Does the subject match a registered tls_client_auth_subject_dn? The text is parsed and the names are compared as
 * names (case and repeated spaces do not count, RFC 5280 section 7.1). False for a text that is no such name, for
 * attribute types that OpenSSL does not know, and for values written as #hex.
 */
bool cert_subject_is(const struct cert *cert, str rfc4514);
/* Could cert_subject_is ever be true for that text? For the check at registration. */
bool cert_subject_valid(str rfc4514);

/* The names of tls_client_auth_san_dns, _uri, _ip, _email. */
enum cert_san { SAN_DNS = 1, SAN_URI, SAN_IP, SAN_EMAIL };
/* Is value one of the certificate's alternative names of that kind? DNS: ASCII case does not count, no wildcards; IP:
 * the address, however it is written; others: byte-exact. */
bool cert_has_san(const struct cert *cert, enum cert_san kind, str value);
