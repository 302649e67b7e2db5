/* A client that sends bytes as they are, and the server it talks to: tests/unit/shared/http only. */
#pragma once

#include <stdatomic.h>

#include "shared/http/server.h"
#include "tests/support/test.h"

/* One server for all tests of the program, started at first use on a free port. */
struct wire {
    uint16_t port;
    struct http_server *server;
    atomic_int slow_inside; /* how many requests /slow holds */
    atomic_bool slow_may_end;
};
struct wire *wire_server(void);

int wire_connect(void);
/* As if from another machine: source is an address of 127/8. */
int wire_connect_from(const char *source);
void wire_send(int fd, str bytes);
/* Everything until the answer is whole or the peer closes; after half a minute without a byte, what there is. */
str wire_read(struct arena *a, int fd);
/* One connection, these bytes, the answer. */
str wire_ask(struct arena *a, str bytes);
int wire_status(str answer);
str wire_header(str answer, const char *name);
str wire_body(str answer);
/*
 * GET /written: 200,000 times "a", and as many times "b" once wire_written_goes_on. ?never fails before it has begun,
 * ?fails after the first piece, ?endless writes on until it is told to stop.
 */
extern const struct route wire_written_route;
extern atomic_bool wire_written_goes_on;
extern atomic_int wire_written_refused;
/* GET /patient, and how often requests for it were let in so far. */
extern const struct route wire_patient_route;
int wire_admitted(void);
