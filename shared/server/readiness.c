/* A job and not the answer to /metrics, which has to come at once also while PostgreSQL hangs. */
#include "shared/server/readiness.h"

#include "shared/ops/metrics.h"
#include "shared/server/service.h"

#define PARTS_MOST 8

static const char *parts[PARTS_MOST];
static struct metric usable = { .name = "stoa_part_usable",
                                .help = "1: this part of what the server needs can be used, as /readyz says",
                                .label = "part",
                                .values = parts,
                                .is_gauge = true };

void readiness_metrics_register(const struct server *server)
{
    usable.n = server->n_readiness < PARTS_MOST ? server->n_readiness : PARTS_MOST;
    for (size_t i = 0; i < usable.n; i++)
        parts[i] = server->readiness[i].part;
    metric_register(&usable);
    for (size_t i = 0; i < usable.n; i++)
        metric_set(&usable, i, 1); /* until the first round knows better */
}

err parts_measure(struct task *t)
{
    const struct service *s = t->app;
    for (size_t i = 0; i < usable.n; i++)
        metric_set(&usable, i, s->server->readiness[i].usable(t));
    return OK;
}
