/* What a client offers in its first message, as far as it decides the answer. Private to shared/http. */
#pragma once

#include "shared/base/bytes.h"

enum tls_hello {
    TLS_HELLO_FINE = 1, /* also when it is malformed: GnuTLS says so better */
    TLS_HELLO_OLD,      /* nothing newer than TLS 1.1 */
    TLS_HELLO_WEAK,     /* none of our ciphers */
};

/* message: the body of a ClientHello (RFC 8446 section 4.1.2). */
enum tls_hello tls_hello_judge(bytes message);
