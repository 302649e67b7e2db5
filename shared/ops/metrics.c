/*
 * Metrics: one slot per thread and value, padded so that threads do not share cache lines; summed when scraped.
 * Slots are taken modulo the number of threads, so a wrong slot costs speed, never a count.
 */
#include "shared/ops/metrics.h"

#include <pthread.h>
#include <stdlib.h>

#include "shared/base/panic.h"

#define LINE_VALUES 8 /* int64_t in a cache line */
#define N_BUCKETS 14
#define N_CLASSES 6

static const int64_t bucket_us[N_BUCKETS] = { 250,   500,    1000,   2500,    5000,    10000,   25000,
                                              50000, 100000, 250000, 1000000, 2500000, 5000000, 10000000 };
static const char *const bucket_names[N_BUCKETS] = { "0.00025", "0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025",
                                                     "0.05",    "0.1",    "0.25",  "1",      "2.5",   "5",    "10" };

struct route_slot {
    int64_t classes[N_CLASSES]; /* by status / 100 */
    int64_t buckets[N_BUCKETS + 1];
    int64_t sum_us;
} __attribute__((aligned(64)));

static struct {
    size_t threads;
    struct metric *first;
    size_t n_routes;
    const char *const *labels;
    const char *const *methods;
    struct route_slot *routes; /* threads * n_routes */
} registry;
static pthread_mutex_t registry_lock = PTHREAD_MUTEX_INITIALIZER;

static void *slots_new(size_t n, size_t each)
{
    void *p = aligned_alloc(64, (n * each + 63) & ~(size_t)63);
    if (!p)
        panic("out of memory");
    memset(p, 0, (n * each + 63) & ~(size_t)63);
    return p;
}

static size_t stride(const struct metric *m)
{
    return (m->n + LINE_VALUES) / LINE_VALUES * LINE_VALUES;
}

void metrics_init(size_t threads)
{
    registry.threads = threads ? threads : 1;
}

void metric_register(struct metric *m)
{
    pthread_mutex_lock(&registry_lock);
    if (!registry.threads)
        registry.threads = 1;
    if (m->n == 0)
        m->n = 1;
    if (!m->slots) {
        m->slots = slots_new(registry.threads * stride(m), sizeof(int64_t));
        m->next = registry.first;
        registry.first = m;
    }
    pthread_mutex_unlock(&registry_lock);
}

static size_t slot_index(int slot)
{
    return slot < 0 ? 0 : (size_t)slot % registry.threads;
}

void metric_add(struct metric *m, int slot, size_t value_index, int64_t by)
{
    if (m->slots && value_index < m->n)
        __atomic_fetch_add(&m->slots[slot_index(slot) * stride(m) + value_index], by, __ATOMIC_RELAXED);
}

void metric_set(struct metric *m, size_t value_index, int64_t v)
{
    if (m->slots && value_index < m->n)
        __atomic_store_n(&m->slots[value_index], v, __ATOMIC_RELAXED);
}

void metrics_routes(size_t n, const char *const *labels, const char *const *methods)
{
    pthread_mutex_lock(&registry_lock);
    if (!registry.threads)
        registry.threads = 1;
    free(registry.routes);
    registry.routes = n ? slots_new(registry.threads * n, sizeof *registry.routes) : NULL;
    registry.labels = labels;
    registry.methods = methods;
    registry.n_routes = n;
    pthread_mutex_unlock(&registry_lock);
}

static void count(int64_t *at, int64_t by)
{
    __atomic_fetch_add(at, by, __ATOMIC_RELAXED);
}

void metrics_observe(int slot, size_t route_index, int status, int64_t elapsed_us)
{
    if (route_index >= registry.n_routes)
        return;
    struct route_slot *r = &registry.routes[slot_index(slot) * registry.n_routes + route_index];
    size_t class = status >= 100 && status < 600 ? (size_t)status / 100 : 0;
    size_t bucket = 0;
    while (bucket < N_BUCKETS && elapsed_us > bucket_us[bucket])
        bucket++;
    count(&r->classes[class], 1);
    count(&r->buckets[bucket], 1);
    count(&r->sum_us, elapsed_us);
}

static int64_t value_sum(const struct metric *m, size_t i)
{
    int64_t sum = 0;
    for (size_t slot = 0; slot < registry.threads; slot++)
        sum += __atomic_load_n(&m->slots[slot * stride(m) + i], __ATOMIC_RELAXED);
    return sum;
}

static void metric_write(struct buf *out, const struct metric *m)
{
    buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", m->name, m->help, m->name, m->is_gauge ? "gauge" : "counter");
    for (size_t i = 0; i < m->n; i++) {
        if (m->label)
            buf_printf(out, "%s{%s=\"%s\"} %lld\n", m->name, m->label, m->values[i], (long long)value_sum(m, i));
        else
            buf_printf(out, "%s %lld\n", m->name, (long long)value_sum(m, i));
    }
}

static struct route_slot route_sum(size_t route)
{
    struct route_slot sum = { .sum_us = 0 };
    for (size_t slot = 0; slot < registry.threads; slot++) {
        const struct route_slot *r = &registry.routes[slot * registry.n_routes + route];
        for (size_t i = 0; i < N_CLASSES; i++)
            sum.classes[i] += __atomic_load_n(&r->classes[i], __ATOMIC_RELAXED);
        for (size_t i = 0; i <= N_BUCKETS; i++)
            sum.buckets[i] += __atomic_load_n(&r->buckets[i], __ATOMIC_RELAXED);
        sum.sum_us += __atomic_load_n(&r->sum_us, __ATOMIC_RELAXED);
    }
    return sum;
}

static void route_counts_write(struct buf *out)
{
    buf_add(out, STR("# HELP stoa_http_requests_total Requests by route and class of status.\n"
                     "# TYPE stoa_http_requests_total counter\n"));
    for (size_t i = 0; i < registry.n_routes; i++) {
        struct route_slot sum = route_sum(i);
        for (size_t class = 1; class < N_CLASSES; class ++)
            if (sum.classes[class])
                buf_printf(out, "stoa_http_requests_total{route=\"%s\",method=\"%s\",code_class=\"%zuxx\"} %lld\n",
                           registry.labels[i], registry.methods[i], class, (long long)sum.classes[class]);
    }
}

static void route_times_write(struct buf *out)
{
    buf_add(out, STR("# HELP stoa_http_request_duration_seconds Time from the request's head to its answer.\n"
                     "# TYPE stoa_http_request_duration_seconds histogram\n"));
    for (size_t i = 0; i < registry.n_routes; i++) {
        struct route_slot sum = route_sum(i);
        const char *label = registry.labels[i], *method = registry.methods[i];
        long long below = 0;
        for (size_t b = 0; b < N_BUCKETS; b++) {
            below += sum.buckets[b];
            buf_printf(out, "stoa_http_request_duration_seconds_bucket{route=\"%s\",method=\"%s\",le=\"%s\"} %lld\n",
                       label, method, bucket_names[b], below);
        }
        below += sum.buckets[N_BUCKETS];
        buf_printf(out, "stoa_http_request_duration_seconds_bucket{route=\"%s\",method=\"%s\",le=\"+Inf\"} %lld\n",
                   label, method, below);
        buf_printf(out, "stoa_http_request_duration_seconds_sum{route=\"%s\",method=\"%s\"} %lld.%06lld\n", label,
                   method, (long long)(sum.sum_us / 1000000), (long long)(sum.sum_us % 1000000));
        buf_printf(out, "stoa_http_request_duration_seconds_count{route=\"%s\",method=\"%s\"} %lld\n", label, method,
                   below);
    }
}

void metrics_write(struct buf *out)
{
    pthread_mutex_lock(&registry_lock);
    for (const struct metric *m = registry.first; m; m = m->next)
        metric_write(out, m);
    if (registry.n_routes) {
        route_counts_write(out);
        route_times_write(out);
    }
    pthread_mutex_unlock(&registry_lock);
}
