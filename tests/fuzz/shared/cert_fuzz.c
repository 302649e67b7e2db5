/* Certificates and registered names: what is taken can be written and read again; names compare without harm. */
#include "shared/crypto/cert.h"
#include "shared/crypto/crypto.h"
#include "tests/fuzz/fuzz.h"

static void cert_check(struct arena *a, const struct cert *cert, str name)
{
    const struct cert *again = cert_of_der(a, cert_der(cert));
    MUST(again && str_eq(cert_thumbprint(a, again), cert_thumbprint(a, cert)));
    str subject = cert_subject(a, cert);
    MUST(subject.n == 0 || subject.p);
    cert_subject_is(cert, name);
    for (enum cert_san kind = SAN_DNS; kind <= SAN_EMAIL; kind++)
        cert_has_san(cert, kind, name);
    MUST(cert_public_key(cert).n > 0);
    cert_not_before(cert);
    cert_not_after(cert);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = fuzz_arena();
    str text = fuzz_text(data, size);
    const struct cert *der = cert_of_der(a, bytes_of(text)), *pem = cert_of_pem(a, text);
    if (der)
        cert_check(a, der, STR("CN=a+OU=b,O=c\\, d"));
    if (pem)
        cert_check(a, pem, STR("127.0.0.1"));
    cert_subject_valid(text);
    return 0;
}
