/* paysrv subscriptions list STORE | cancel SUBSCRIPTION. */
#include <stdio.h>

#include "paysrv/flow/clock.h"
#include "paysrv/flow/subscription.h"
#include "paysrv/store/subscription.sql.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"

int subscriptions_list(struct task *t, int argc, char **argv)
{
    const char *store = NULL;
    const struct subscription_find_row *rows;
    size_t n;
    if (!cli_read(argc, argv, &store, 1, NULL, 0))
        return CLI_USAGE;
    err e = subscriptions_of_store(t, (store_id){ str_of(store) }, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++) {
        const struct subscription_find_row *s = &rows[i];
        printf("%.*s\t%.*s%s\t%.*s\t%.*s\tperiod %lld until %.*s\n", STR_ARG(s->subscription_id.v), STR_ARG(s->status),
               s->has_open_invoice ? ", open invoice" : "", STR_ARG(s->buyer), STR_ARG(s->price_name),
               (long long)s->period_n, STR_ARG(instant_iso(t->arena, s->period_end)));
    }
    return CLI_DONE;
}

int subscriptions_cancel(struct task *t, int argc, char **argv)
{
    const char *id = NULL;
    const struct subscription_find_row *s;
    if (!cli_read(argc, argv, &id, 1, NULL, 0))
        return CLI_USAGE;
    err e = subscription_any(t, (subscription_id){ str_of(id) }, &s);
    if (!e && !s) {
        fprintf(stderr, "paysrv: no subscription %s\n", id);
        return CLI_FAILED;
    }
    if (!e)
        e = clock_enter(t, s->partner_id);
    if (!e)
        e = subscription_cancel(t, s, false, false);
    if (e)
        return cli_failed(e);
    printf("%s: canceled\n", id);
    return CLI_DONE;
}
