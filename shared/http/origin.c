/*
 * A header that speaks for the client is read only on connections of a configured proxy, and only the one kind that is
 * configured: what a proxy does not overwrite, it lets through from the client.
 */
#include "shared/http/origin.h"

#include "shared/crypto/cert.h"
#include "shared/crypto/crypto.h"
#include "shared/http/forwarded.h"
#include "shared/http/tls.h"
#include "shared/ops/log.h"
#include "shared/text/encode.h"

void origin_settle(struct exchange *x)
{
    const struct connection *c = x->connection;
    struct forwarded said;
    x->host = request_header(&x->rq, "host");
    x->rq.peer = (str){ c->peer, c->peer_n };
    x->rq.secure = c->tls != NULL;
    exchange_trace(x, c->trusted ? request_header(&x->rq, "traceparent") : STR_NONE);
    if (!c->trusted)
        return;
    forwarded_read(&x->rq, x->server->config.proxy.speaks_forwarded, &said);
    if (str_given(said.peer))
        x->rq.peer = said.peer;
    if (str_given(said.host))
        x->host = said.host;
    x->rq.secure = str_eq_nocase(said.proto, STR("https"));
}

/* As RFC 9440 writes it, or percent-encoded PEM, as nginx does. NULL: neither. */
static const struct cert *header_read(struct arena *a, str value)
{
    str pem;
    bytes der;
    if (value.n > 2 && value.p[0] == ':' && value.p[value.n - 1] == ':')
        return base64_decode(a, (str){ value.p + 1, value.n - 2 }, &der) ? cert_of_der(a, der) : NULL;
    return percent_decode(a, value, false, &pem) ? cert_of_pem(a, pem) : NULL;
}

/* A proxy's own certificate is not the client's: on its connections only the header counts. */
static err chain_find(struct task *t, const struct exchange *x, struct tls_chain *ret)
{
    const char *header = x->server->config.proxy.certificate_header;
    str value = header && x->connection->trusted ? request_header(&x->rq, header) : STR_NONE;
    ret->n = 0;
    if (!x->connection->trusted) {
        tls_client_chain(x->mhd, ret);
        return OK;
    }
    if (value.n == 0)
        return OK;
    const struct cert *cert = header_read(t->arena, value);
    if (!cert)
        return FAIL_PARAM(t, INVALID_REQUEST, str_of(header), STR("must be one certificate"));
    *ret = (struct tls_chain){ 1, { cert_der(cert) } };
    return OK;
}

static err certificate_set(struct task *t, struct exchange *x)
{
    struct tls_chain chain;
    TRY(chain_find(t, x, &chain));
    if (chain.n == 0)
        return OK;
    x->rq.client_certificate = chain.items[0];
    struct tls *tls = server_tls(x->server);
    x->rq.client_certificate_trusted = tls_trusts(tls, &chain);
    tls_release(tls);
    digest thumbprint = sha256(x->rq.client_certificate);
    log_debug(t, "request.certificate", L_STR("sha256", hex_encode(t->arena, digest_bytes(&thumbprint))),
              L_STR("trusted", x->rq.client_certificate_trusted ? STR("yes") : STR("no")));
    return OK;
}

/* A page of another site that makes its name point to us must not be answered as if it were ours. */
static err host_check(struct task *t, struct exchange *x)
{
    const struct http_server_config *config = &x->server->config;
    enum route_sites sites = x->rq.route->sites;
    if (config->n_hosts == 0 || x->rq.route->any_host)
        return OK;
    for (size_t i = 0; i < config->n_hosts; i++)
        if (str_eq_nocase(x->host, config->hosts[i]))
            return sites == SITE_OTHERS ? FAIL(t, NOT_FOUND, "not at this name") : OK;
    x->site = config->site_find ? config->site_find(t, x->host) : NULL;
    if (!x->site)
        return FAIL(t, MISDIRECTED, "host is %.*s", STR_ARG(x->host));
    t->site = x->site;
    return sites == SITE_OWN ? FAIL(t, NOT_FOUND, "not at the name of another") : OK;
}

err origin_check(struct task *t, struct exchange *x)
{
    TRY(host_check(t, x));
    return certificate_set(t, x);
}
