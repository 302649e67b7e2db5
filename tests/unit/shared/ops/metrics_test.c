/* Counting from many threads loses nothing, and the text is what Prometheus reads. */
#include "shared/ops/metrics.h"

#include <pthread.h>

#include "tests/support/test.h"

static const char *const kinds[] = { "good", "bad" };
static struct metric counter = { .name = "unit_total", .help = "Test.", .label = "kind", .values = kinds, .n = 2 };
static struct metric gauge = { .name = "unit_depth", .help = "Test.", .is_gauge = true };

static bool holds(const struct buf *b, const char *part)
{
    return memmem(b->p, b->n, part, strlen(part)) != NULL;
}

static void *count(void *arg)
{
    (void)arg;
    for (int i = 0; i < 10000; i++) {
        metric_add(&counter, i, 1, 1);
        metrics_observe(i, 0, 200, 700);
    }
    return NULL;
}

TEST(counts_of_all_threads_are_summed)
{
    static const char *const labels[] = { "/token", "/none" };
    static const char *const methods[] = { "POST", "GET" };
    metrics_init(3);
    metric_register(&counter);
    metric_register(&gauge);
    metrics_routes(2, labels, methods);
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        CHECK(pthread_create(&threads[i], NULL, count, NULL) == 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    metric_set(&gauge, 0, 42);
    struct buf out;
    buf_init(&out, arena, 1 << 20);
    metrics_write(&out);
    CHECK(holds(&out, "# TYPE unit_total counter\n"));
    CHECK(holds(&out, "unit_total{kind=\"good\"} 0\n"));
    CHECK(holds(&out, "unit_total{kind=\"bad\"} 40000\n"));
    CHECK(holds(&out, "# TYPE unit_depth gauge\nunit_depth 42\n"));
    CHECK(holds(&out, "stoa_http_requests_total{route=\"/token\",method=\"POST\",code_class=\"2xx\"} 40000\n"));
    CHECK(holds(&out, "_bucket{route=\"/token\",method=\"POST\",le=\"0.0005\"} 0\n"));
    CHECK(holds(&out, "_bucket{route=\"/token\",method=\"POST\",le=\"0.001\"} 40000\n"));
    CHECK(holds(&out, "_bucket{route=\"/token\",method=\"POST\",le=\"+Inf\"} 40000\n"));
    CHECK(holds(&out, "_sum{route=\"/token\",method=\"POST\"} 28.000000\n"));
    metrics_routes(0, NULL, NULL);
}
