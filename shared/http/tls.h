/*
 * What TLS needs from files, loaded as one piece that is never changed: a reload makes another, and connections keep
 * the one they began with. Private to shared/http.
 */
#pragma once

#include "shared/http/server.h"

struct MHD_Connection;
struct tls;

/* NULL: *why says which file and what is wrong with it. */
struct tls *tls_load(struct arena *a, const struct http_tls *files, str *why);
struct tls *tls_share(struct tls *tls);
void tls_release(struct tls *tls);
/* When the server's own certificate ends; 0: plain HTTP. */
instant tls_expiry(const struct tls *tls);

/* Before the first byte of a new connection. asks: a client may show a certificate, whoever signed it. */
void tls_begin(struct tls *tls, struct MHD_Connection *mhd, bool asks);

/* A client's certificates as DER, its own first. */
#define TLS_CHAIN_MAX 8
struct tls_chain {
    size_t n;
    bytes items[TLS_CHAIN_MAX];
};

/* false: the client of this connection has shown none. Valid as long as the connection. */
bool tls_client_chain(struct MHD_Connection *mhd, struct tls_chain *ret);
/* It is valid now, may be a client's, and ends at the configured CA. */
bool tls_trusts(const struct tls *tls, const struct tls_chain *chain);
