/* Reading certificates; see cert.h. The names are compared in cert_name.c. */
#include "shared/crypto/cert.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "shared/base/panic.h"
#include "shared/crypto/cert_x509.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"

static void release(void *x509)
{
    X509_free(x509);
}

/* A copy of the DER that OpenSSL wrote at p, which is freed. */
static bytes der_kept(struct arena *a, unsigned char *p, int n)
{
    if (n <= 0)
        panic("certificate cannot be written");
    unsigned char *copy = arena_alloc(a, (size_t)n);
    memcpy(copy, p, (size_t)n);
    OPENSSL_free(p);
    return (bytes){ copy, (size_t)n };
}

/* Takes x509 over; NULL stays NULL. */
static const struct cert *cert_of_x509(struct arena *a, X509 *x509)
{
    if (!x509 || !X509_get0_pubkey(x509)) {
        X509_free(x509);
        ERR_clear_error();
        return NULL;
    }
    arena_defer(a, release, x509);
    struct cert *cert = arena_new(a, struct cert);
    unsigned char *p = NULL;
    int n = i2d_X509(x509, &p);
    cert->der = der_kept(a, p, n);
    p = NULL;
    n = i2d_PUBKEY(X509_get0_pubkey(x509), &p);
    cert->public_key = der_kept(a, p, n);
    cert->x509 = x509;
    ERR_clear_error();
    return cert;
}

const struct cert *cert_of_der(struct arena *a, bytes der)
{
    const unsigned char *p = der.p;
    if (der.n == 0 || der.n > CERT_MAX_BYTES)
        return NULL;
    X509 *x509 = d2i_X509(NULL, &p, (long)der.n);
    if (x509 && p != der.p + der.n) {
        X509_free(x509);
        x509 = NULL;
    }
    return cert_of_x509(a, x509);
}

const struct cert *cert_of_pem(struct arena *a, str pem)
{
    if (pem.n == 0 || pem.n > CERT_MAX_BYTES)
        return NULL;
    BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
    if (!bio)
        panic("out of memory");
    X509 *x509 = PEM_read_bio_X509(bio, NULL, NULL, NULL),
         *second = x509 ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
    BIO_free(bio);
    if (second) {
        X509_free(second);
        X509_free(x509);
        x509 = NULL;
    }
    return cert_of_x509(a, x509);
}

bytes cert_der(const struct cert *cert)
{
    return cert->der;
}

str cert_thumbprint(struct arena *a, const struct cert *cert)
{
    digest d = sha256(cert->der);
    return base64url_encode(a, digest_bytes(&d));
}

bytes cert_public_key(const struct cert *cert)
{
    return cert->public_key;
}

static instant instant_of(const ASN1_TIME *time)
{
    ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
    int days = 0, seconds = 0;
    /* A time that cannot be read counts as 1970: expired, and never in the future. */
    if (!epoch || !time || ASN1_TIME_diff(&days, &seconds, epoch, time) != 1)
        days = seconds = 0;
    ASN1_TIME_free(epoch);
    return instant_of_seconds((int64_t)days * 86400 + seconds);
}

instant cert_not_before(const struct cert *cert)
{
    return instant_of(X509_get0_notBefore(cert->x509));
}

instant cert_not_after(const struct cert *cert)
{
    return instant_of(X509_get0_notAfter(cert->x509));
}
