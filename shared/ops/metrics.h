/* Prometheus metrics: plain per-thread slots, summed when scraped. Labels only from closed sets. */
#pragma once

#include <stdint.h>

#include "shared/base/buf.h"

/* A counter or gauge family; declare it static in the file that counts and register it once at start. */
struct metric {
    const char *name; /* stoa_tokens_issued_total */
    const char *help;
    const char *label;         /* NULL: none */
    const char *const *values; /* label values, n of them; metric_add takes the index */
    size_t n;
    bool is_gauge;
    struct metric *next;
    int64_t *slots;
};

void metrics_init(size_t threads);
void metric_register(struct metric *m);
void metric_add(struct metric *m, int slot, size_t value_index, int64_t by);
void metric_set(struct metric *m, size_t value_index, int64_t v);
/* Per route: stoa_http_requests_total{route,method,code_class} and stoa_http_request_duration_seconds{route}. */
void metrics_routes(size_t n, const char *const *labels, const char *const *methods);
void metrics_observe(int slot, size_t route_index, int status, int64_t elapsed_us);
void metrics_write(struct buf *out);
