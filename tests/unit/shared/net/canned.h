/* A server of the tests that says what it was told to say, once per request, one connection after the other. */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

#include "tests/support/test.h"

enum canned_kind {
    CANNED_ANSWER = 1, /* the answer to every request; the connection stays */
    CANNED_SILENT,     /* reads and says nothing */
    CANNED_DRIP,       /* the answer, one byte every 100 ms */
    CANNED_ENDLESS,    /* the answer, then chunks for ever */
    CANNED_SLAM,       /* reads the request and closes */
    CANNED_TIRED,      /* answers the first request of the first connection; closes on the second */
    CANNED_DIES,       /* the same, and stops listening */
    CANNED_SMTP, /* a mail server that takes everything, but what answer names: "RCPT 550 5.1.1 nobody\r\n"; "." is the
                    mail */
};

struct canned;

/* Listens on address, on a free port or on the given one. NULL: that one is somebody else's. */
struct canned *canned_start(enum canned_kind kind, const char *address, uint16_t port, const char *answer);
void canned_stop(struct canned *c);
uint16_t canned_port(const struct canned *c);
int canned_connections(const struct canned *c);
int canned_requests(const struct canned *c);
/* All bytes received so far, in the arena. */
str canned_received(struct canned *c, struct arena *a);
