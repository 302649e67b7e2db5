/*
 * GnuTLS, because that is what libmicrohttpd speaks. The library makes a session before it tells us of the connection,
 * so each gets the credentials of its moment here; those of the library itself are never used, and have no key.
 * TLS 1.3 first; of 1.2 only ECDHE with AES-GCM (FAPI 2.0 section 5.2.2). No tickets, hence no early data (RFC 8470).
 */
#include "shared/http/tls.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <microhttpd.h>
#include <stdlib.h>

#include "shared/base/panic.h"
#include "shared/http/tls_hello.h"

#define PRIORITIES                                                                                                     \
    "NONE:+VERS-TLS1.3:+VERS-TLS1.2:+ECDHE-ECDSA:+ECDHE-RSA:+AES-256-GCM:+AES-128-GCM:+AEAD:+COMP-NULL:"               \
    "+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1:+SIGN-ECDSA-SHA256:+SIGN-ECDSA-SHA384:+SIGN-ECDSA-SHA512:"        \
    "+SIGN-ECDSA-SECP256R1-SHA256:+SIGN-ECDSA-SECP384R1-SHA384:+SIGN-EDDSA-ED25519:+SIGN-RSA-PSS-RSAE-SHA256:"         \
    "+SIGN-RSA-PSS-RSAE-SHA384:+SIGN-RSA-PSS-RSAE-SHA512:+SIGN-RSA-PSS-SHA256:+SIGN-RSA-SHA256:+SIGN-RSA-SHA384:"      \
    "+SIGN-RSA-SHA512:+CTYPE-X509:%SERVER_PRECEDENCE:%PROFILE_MEDIUM"

struct tls {
    unsigned users;                               /* atomic */
    gnutls_certificate_credentials_t credentials; /* NULL: plain HTTP */
    gnutls_priority_t priorities;
    gnutls_x509_trust_list_t client_ca; /* NULL: no client certificate is trusted */
    instant expiry;
};

/* ---- files ---- */

static str complaint(struct arena *a, str file, int code)
{
    return arena_printf(a, "%.*s: %s", STR_ARG(file), gnutls_strerror(code));
}

static bool expiry_read(struct tls *tls)
{
    gnutls_x509_crt_t *chain;
    unsigned n;
    if (gnutls_certificate_get_x509_crt(tls->credentials, 0, &chain, &n) != 0)
        return false;
    tls->expiry = (instant){ (int64_t)gnutls_x509_crt_get_expiration_time(chain[0]) * 1000000 };
    for (unsigned i = 0; i < n; i++)
        gnutls_x509_crt_deinit(chain[i]);
    gnutls_free(chain);
    return true;
}

static bool certificate_load(struct arena *a, const struct http_tls *files, struct tls *tls, str *why)
{
    gnutls_datum_t chain;
    gnutls_datum_t key = { (unsigned char *)(uintptr_t)files->key.hidden.p, (unsigned)files->key.hidden.n };
    int code = gnutls_load_file(arena_cstr(a, files->certificate_file), &chain);
    if (code == 0) {
        if (gnutls_certificate_allocate_credentials(&tls->credentials) != 0 ||
            gnutls_priority_init(&tls->priorities, PRIORITIES, NULL) != 0)
            panic("GnuTLS does not take our priorities");
        code = gnutls_certificate_set_x509_key_mem2(tls->credentials, &chain, &key, GNUTLS_X509_FMT_PEM, NULL, 0);
        gnutls_free(chain.data);
    }
    if (code >= 0 && expiry_read(tls))
        return true;
    *why = complaint(a, files->certificate_file, code);
    return false;
}

static bool client_ca_load(struct arena *a, const struct http_tls *files, struct tls *tls, str *why)
{
    if (gnutls_x509_trust_list_init(&tls->client_ca, 0) != 0)
        panic("out of memory");
    int n = gnutls_x509_trust_list_add_trust_file(tls->client_ca, arena_cstr(a, files->client_ca_file), NULL,
                                                  GNUTLS_X509_FMT_PEM, 0, 0);
    if (n > 0)
        return true;
    *why = n < 0 ? complaint(a, files->client_ca_file, n)
                 : arena_printf(a, "%.*s: has no certificate", STR_ARG(files->client_ca_file));
    return false;
}

struct tls *tls_load(struct arena *a, const struct http_tls *files, str *why)
{
    struct tls *tls = calloc(1, sizeof *tls);
    if (!tls)
        panic("out of memory");
    tls->users = 1;
    bool good = (files->certificate_file.n == 0 || certificate_load(a, files, tls, why)) &&
                (files->client_ca_file.n == 0 || client_ca_load(a, files, tls, why));
    if (good)
        return tls;
    tls_release(tls);
    return NULL;
}

struct tls *tls_share(struct tls *tls)
{
    __atomic_add_fetch(&tls->users, 1, __ATOMIC_RELAXED);
    return tls;
}

void tls_release(struct tls *tls)
{
    if (!tls || __atomic_sub_fetch(&tls->users, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    if (tls->credentials)
        gnutls_certificate_free_credentials(tls->credentials);
    if (tls->priorities)
        gnutls_priority_deinit(tls->priorities);
    if (tls->client_ca)
        gnutls_x509_trust_list_deinit(tls->client_ca, 1);
    free(tls);
}

instant tls_expiry(const struct tls *tls)
{
    return tls->expiry;
}

/* ---- connections ---- */

static gnutls_session_t session_of(struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    return info ? info->tls_session : NULL;
}

static int hello_check(gnutls_session_t session, unsigned type, unsigned when, unsigned incoming,
                       const gnutls_datum_t *message)
{
    (void)type, (void)when, (void)incoming;
    switch (tls_hello_judge((bytes){ message->data, message->size })) {
    case TLS_HELLO_FINE:
        return 0;
    case TLS_HELLO_OLD:
        gnutls_alert_send(session, GNUTLS_AL_FATAL, GNUTLS_A_PROTOCOL_VERSION);
        return GNUTLS_E_UNSUPPORTED_VERSION_PACKET;
    case TLS_HELLO_WEAK:
        gnutls_alert_send(session, GNUTLS_AL_FATAL, GNUTLS_A_HANDSHAKE_FAILURE);
        return GNUTLS_E_NO_CIPHER_SUITES;
    }
    return GNUTLS_E_INTERNAL_ERROR;
}

void tls_begin(struct tls *tls, struct MHD_Connection *mhd, bool asks)
{
    static const gnutls_datum_t http_1_1 = { (unsigned char *)(uintptr_t) "http/1.1", 8 };
    gnutls_session_t session = session_of(mhd);
    if (!session)
        return;
    if (gnutls_priority_set(session, tls->priorities) != 0 ||
        gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, tls->credentials) != 0 ||
        gnutls_alpn_set_protocols(session, &http_1_1, 1, 0) != 0)
        panic("out of memory");
    gnutls_handshake_set_hook_function(session, GNUTLS_HANDSHAKE_CLIENT_HELLO, GNUTLS_HOOK_PRE, hello_check);
    gnutls_certificate_server_set_request(session, asks ? GNUTLS_CERT_REQUEST : GNUTLS_CERT_IGNORE);
}

bool tls_client_chain(struct MHD_Connection *mhd, struct tls_chain *ret)
{
    gnutls_session_t session = session_of(mhd);
    unsigned n = 0;
    const gnutls_datum_t *shown = session ? gnutls_certificate_get_peers(session, &n) : NULL;
    if (!shown || n == 0)
        return false;
    for (ret->n = 0; ret->n < n && ret->n < TLS_CHAIN_MAX; ret->n++)
        ret->items[ret->n] = (bytes){ shown[ret->n].data, shown[ret->n].size };
    return true;
}

/* ---- certificates ---- */

static gnutls_datum_t datum(bytes b)
{
    return (gnutls_datum_t){ (unsigned char *)(uintptr_t)b.p, (unsigned)b.n };
}

static gnutls_x509_crt_t certificate_parse(bytes der)
{
    gnutls_x509_crt_t one;
    gnutls_datum_t in = datum(der);
    if (gnutls_x509_crt_init(&one) != 0)
        panic("out of memory");
    if (gnutls_x509_crt_import(one, &in, GNUTLS_X509_FMT_DER) == 0)
        return one;
    gnutls_x509_crt_deinit(one);
    return NULL;
}

bool tls_trusts(const struct tls *tls, const struct tls_chain *chain)
{
    gnutls_x509_crt_t list[TLS_CHAIN_MAX];
    gnutls_typed_vdata_st purpose = { GNUTLS_DT_KEY_PURPOSE_OID, (unsigned char *)(uintptr_t)GNUTLS_KP_TLS_WWW_CLIENT,
                                      0 };
    unsigned n = 0, status = 0;
    bool trusted = false;
    if (!tls->client_ca)
        return false;
    while (n < chain->n && (list[n] = certificate_parse(chain->items[n])))
        n++;
    if (n == chain->n)
        trusted =
            gnutls_x509_trust_list_verify_crt2(tls->client_ca, list, n, &purpose, 1,
                                               GNUTLS_PROFILE_TO_VFLAGS(GNUTLS_PROFILE_MEDIUM), &status, NULL) == 0 &&
            status == 0;
    while (n > 0)
        gnutls_x509_crt_deinit(list[--n]);
    return trusted;
}
