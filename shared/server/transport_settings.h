/*
 * How a server is reached: TLS of its own, client certificates, and the proxies that may speak for clients. The keys
 * are the same in every server's configuration.
 */
#pragma once

#include "shared/ops/config.h"

#define TRANSPORT_CONFIG(X)                                                                                            \
    X(TEXT, tls_certificate_file, "", 0, 1000, "PEM chain of this server, its own certificate first; empty: no TLS")   \
    X(SECRET, tls_key_file, "", 0, 65536, "PEM file with the private key of that certificate")                         \
    X(INTEGER, mtls_port, "0", 0, 65535,                                                                               \
      "Port that asks for client certificates; the same as port: that one asks; 0: none does")                         \
    X(TEXT, mtls_url, "", 0, 200, "Base URL under which clients reach the port that asks for certificates")            \
    X(TEXT, client_ca_file, "", 0, 1000, "PEM file of the CAs whose client certificates are trusted; empty: none")     \
    X(TEXT, trusted_proxies, "", 0, 1000, "Addresses and networks of the proxies that may speak for clients")          \
    X(TEXT, forwarded_header, "x-forwarded-for", 1, 20,                                                                \
      "What these proxies write: x-forwarded-for (with -proto and -host), or forwarded")                               \
    X(TEXT, client_certificate_header, "", 0, 64,                                                                      \
      "Header in which these proxies pass the client's certificate, e.g. Client-Cert; empty: none")                    \
    X(TEXT, ca_file, "", 0, 1000, "PEM file of CAs trusted for outbound TLS, besides the system's")

struct transport {
    CONFIG_FIELDS(TRANSPORT_CONFIG)
};

#define TRANSPORT_SETTINGS(c)                                                                                          \
    {                                                                                                                  \
        .tls_certificate_file = (c)->tls_certificate_file, .tls_key_file = (c)->tls_key_file,                          \
        .mtls_port = (c)->mtls_port, .mtls_url = (c)->mtls_url, .client_ca_file = (c)->client_ca_file,                 \
        .trusted_proxies = (c)->trusted_proxies, .forwarded_header = (c)->forwarded_header,                            \
        .client_certificate_header = (c)->client_certificate_header, .ca_file = (c)->ca_file                           \
    }
