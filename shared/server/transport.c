/* See transport.h. */
#include "shared/server/transport.h"

#include <ctype.h>

#include "shared/ops/log.h"
#include "shared/ops/metrics.h"
#include "shared/text/url.h"

static struct metric certificate_end = {
    .name = "stoa_tls_certificate_expires_timestamp_seconds",
    .help = "When the certificate of this server ends; 0: it has none",
    .n = 1,
    .is_gauge = true,
};

/* ---- judging ---- */

static bool complain(const char *server, const char *key, const char *what)
{
    fprintf(stderr, "%s: %s: %s\n", server, key, what);
    return false;
}

static const char *mtls_url_fault(str text)
{
    struct url u;
    if (text.n == 0 || (url_parse(text, &u) && str_eq(u.scheme, STR("https")) && u.path.n == 0 && !str_given(u.query) &&
                        !str_given(u.fragment) && !u.has_userinfo))
        return NULL;
    return "must be https and end after host and port, without a slash";
}

static bool is_header_name(str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (!isalnum((unsigned char)name.p[i]) && name.p[i] != '-')
            return false;
    return true;
}

static bool files_judge(const char *server, const struct transport *c)
{
    bool good = true;
    if ((c->tls_certificate_file.n > 0) != (c->tls_key_file.hidden.n > 0))
        return complain(server, "tls_certificate_file", "goes together with tls_key_file");
    struct arena *arena = arena_create(4096, 1 << 20);
    struct http_tls own = transport_tls(c), outbound = { .client_ca_file = c->ca_file };
    const char *fault = http_tls_fault(arena, &own);
    if (fault)
        good = complain(server, "tls_certificate_file, tls_key_file, client_ca_file", fault);
    fault = http_tls_fault(arena, &outbound);
    if (fault)
        good = complain(server, "ca_file", fault);
    arena_destroy(arena);
    return good;
}

static bool proxies_judge(const char *server, const struct transport *c)
{
    struct networks proxies;
    bool good = true;
    if (!networks_parse(c->trusted_proxies, &proxies))
        good = complain(server, "trusted_proxies", "must be addresses and networks such as 127.0.0.1 10.0.0.0/8");
    if (!str_eq(c->forwarded_header, STR("x-forwarded-for")) && !str_eq(c->forwarded_header, STR("forwarded")))
        good = complain(server, "forwarded_header", "must be x-forwarded-for or forwarded");
    if (!is_header_name(c->client_certificate_header))
        good = complain(server, "client_certificate_header", "must be the name of a header");
    if (c->client_certificate_header.n > 0 && c->trusted_proxies.n == 0)
        good = complain(server, "client_certificate_header", "is believed from trusted_proxies only: name them");
    return good;
}

bool transport_judge(const char *server, const struct transport *c)
{
    const char *fault = mtls_url_fault(c->mtls_url);
    bool good = fault ? complain(server, "mtls_url", fault) : true;
    if (c->mtls_port > 0 && c->tls_certificate_file.n == 0)
        good = complain(server, "mtls_port", "needs tls_certificate_file");
    good = proxies_judge(server, c) && good;
    return files_judge(server, c) && good;
}

/* ---- configuring ---- */

struct http_tls transport_tls(const struct transport *c)
{
    return (struct http_tls){ c->tls_certificate_file, c->tls_key_file, c->client_ca_file };
}

static const char *header_name(struct arena *process, str name)
{
    char *lower = arena_cstr(process, name);
    for (char *p = lower; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    return name.n ? lower : NULL;
}

/* As Host says it: the port may be left out where it is the scheme's own. */
static void host_add(struct arena *process, str text, str *hosts, size_t *n)
{
    struct url u;
    if (!url_parse(text, &u))
        return;
    str origin = url_origin(process, &u);
    str host = { origin.p + u.scheme.n + 3, origin.n - u.scheme.n - 3 };
    str port = arena_printf(process, ":%d", u.port);
    hosts[(*n)++] = host;
    if (!str_ends(host, port))
        hosts[(*n)++] = arena_printf(process, "%.*s%.*s", STR_ARG(host), STR_ARG(port));
}

bool transport_configure(const struct transport *c, str url, struct arena *process, struct http_server_config *ret,
                         struct networks *proxies)
{
    str *hosts = arena_array(process, str, 4);
    size_t n = 0;
    host_add(process, url, hosts, &n);
    host_add(process, c->mtls_url, hosts, &n);
    ret->hosts = hosts;
    ret->n_hosts = n;
    ret->mtls_port = (uint16_t)c->mtls_port;
    ret->tls = transport_tls(c);
    ret->proxy.speaks_forwarded = str_eq(c->forwarded_header, STR("forwarded"));
    ret->proxy.certificate_header = header_name(process, c->client_certificate_header);
    return networks_parse(c->trusted_proxies, proxies);
}

/* ---- watching ---- */

void transport_metrics_register(void)
{
    metric_register(&certificate_end);
}

void transport_observe(struct http_server *s)
{
    instant end = http_server_certificate_end(s);
    metric_set(&certificate_end, 0, end.us / 1000000);
    if (end.us > 0 && end.us < wall_clock_now().us)
        log_warn(NULL, "tls.certificate_expired", L_I64("expired", end.us / 1000000));
}
