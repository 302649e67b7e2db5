/* See revocation_metrics.h. */
#include "paysrv/flow/access/revocation_metrics.h"

#include "shared/ops/metrics.h"

static struct metric feed_age = { .name = "stoa_revocation_feed_age_seconds",
                                  .help = "Since the issuer last told what it revoked",
                                  .n = 1,
                                  .is_gauge = true };
static struct metric lost = { .name = "stoa_revocations_lost_total",
                              .help = "Revocations for which there was no room: what is as old is refused",
                              .n = 1 };

void revocation_metrics_register(void)
{
    metric_register(&feed_age);
    metric_register(&lost);
}

void revocation_metrics_age(int64_t seconds)
{
    metric_set(&feed_age, 0, seconds);
}

void revocation_metrics_lost(const struct task *t, int64_t n)
{
    metric_add(&lost, t->slot, 0, n);
}
