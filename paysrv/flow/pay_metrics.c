/* stoa_payments_total and its neighbours. See pay_metrics.h. */
#include "paysrv/flow/pay_metrics.h"

#include "shared/ops/metrics.h"

static const char *const outcomes[] = { "succeeded", "declined", "action", "unknown" };

#define OUTCOME_METRIC(name_, help_)                                                                                   \
    {                                                                                                                  \
        .name = name_, .help = help_, .label = "outcome", .values = outcomes,                                          \
        .n = sizeof outcomes / sizeof outcomes[0]                                                                      \
    }

static struct metric payments = OUTCOME_METRIC("stoa_payments_total", "Charges by what they came to");
static struct metric refunds = OUTCOME_METRIC("stoa_refunds_total", "Refunds by what they came to");
static struct metric reconciled =
    OUTCOME_METRIC("stoa_reconciled_total", "Operations that the reconciler asked for, by what came of it");
static struct metric notifications =
    OUTCOME_METRIC("stoa_acquirer_notifications_total", "Messages of the acquirer by the outcome they bring");

void pay_metrics_register(void)
{
    metric_register(&payments);
    metric_register(&refunds);
    metric_register(&reconciled);
    metric_register(&notifications);
}

void pay_metrics_count(const struct task *t, enum pay_counter counter, enum outcome outcome)
{
    size_t index = (size_t)outcome - 1;
    switch (counter) {
    case COUNT_PAYMENT:
        metric_add(&payments, t->slot, index, 1);
        return;
    case COUNT_REFUND:
        metric_add(&refunds, t->slot, index, 1);
        return;
    case COUNT_RECONCILED:
        metric_add(&reconciled, t->slot, index, 1);
        return;
    case COUNT_NOTIFICATION:
        metric_add(&notifications, t->slot, index, 1);
        return;
    }
}
