/* From the settings of transport to what the listeners are given. */
#pragma once

#include "shared/http/server.h"
#include "shared/net/networks.h"
#include "shared/server/transport_settings.h"

/* false: every mistake was printed to stderr. */
bool transport_judge(const char *server, const struct transport *transport);
struct http_tls transport_tls(const struct transport *transport);
/* Fills what concerns transport; url is the server's own. false: trusted_proxies is malformed. */
bool transport_configure(const struct transport *transport, str url, struct arena *process,
                         struct http_server_config *ret, struct networks *proxies);
/* The end of the certificate as a metric. */
void transport_metrics_register(void);
void transport_observe(struct http_server *s);
