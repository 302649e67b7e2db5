/*
 * libmicrohttpd closes a connection whose handshake failed without saying why. Profiles that are checked by machines
 * want the alert, so the two reasons that a client can do something about are found before GnuTLS looks.
 */
#include "shared/http/tls_hello.h"

#include <stdint.h>

#define RANDOM_BYTES 32
#define VERSION_TLS_1_2 0x0303

struct reader {
    const unsigned char *p;
    size_t n;
};

static bool take(struct reader *r, size_t n, struct reader *ret)
{
    if (r->n < n)
        return false;
    *ret = (struct reader){ r->p, n };
    *r = (struct reader){ r->p + n, r->n - n };
    return true;
}

static bool take_number(struct reader *r, size_t width, size_t *ret)
{
    struct reader part;
    if (!take(r, width, &part))
        return false;
    *ret = 0;
    for (size_t i = 0; i < width; i++)
        *ret = *ret << 8 | part.p[i];
    return true;
}

static bool is_ours(size_t suite)
{
    static const uint16_t suites[] = {
        0x1301, 0x1302,                 /* TLS 1.3: AES-128-GCM, AES-256-GCM */
        0xc02b, 0xc02c, 0xc02f, 0xc030, /* ECDHE-ECDSA and ECDHE-RSA with the same */
    };
    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++)
        if (suites[i] == suite)
            return true;
    return false;
}

enum tls_hello tls_hello_judge(bytes message)
{
    struct reader r = { message.p, message.n }, skipped, suites;
    size_t version, length, suite;
    if (!take_number(&r, 2, &version) || !take(&r, RANDOM_BYTES, &skipped) || !take_number(&r, 1, &length) ||
        !take(&r, length, &skipped) || !take_number(&r, 2, &length) || !take(&r, length, &suites))
        return TLS_HELLO_FINE;
    if (version < VERSION_TLS_1_2)
        return TLS_HELLO_OLD;
    while (take_number(&suites, 2, &suite))
        if (is_ours(suite))
            return TLS_HELLO_FINE;
    return TLS_HELLO_WEAK;
}
