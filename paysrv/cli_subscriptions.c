/* paysrv subscriptions list STORE | cancel SUBSCRIPTION | retry SUBSCRIPTION. */
#include <stdio.h>

#include "paysrv/flow/clock.h"
#include "paysrv/flow/invoice_retry.h"
#include "paysrv/flow/subscription.h"
#include "paysrv/store/invoice.sql.h"
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

/* The subscription, with its partner's clock. */
static err load(struct task *t, const char *id, const struct subscription_find_row **ret)
{
    TRY(subscription_any(t, (subscription_id){ str_of(id) }, ret));
    if (!*ret)
        fprintf(stderr, "paysrv: no subscription %s\n", id);
    return *ret ? clock_enter(t, (*ret)->partner_id) : OK;
}

int subscriptions_cancel(struct task *t, int argc, char **argv)
{
    const char *id = NULL;
    const struct subscription_find_row *s;
    if (!cli_read(argc, argv, &id, 1, NULL, 0))
        return CLI_USAGE;
    err e = load(t, id, &s);
    if (!e && !s)
        return CLI_FAILED;
    if (!e)
        e = subscription_cancel(t, s, false, false);
    if (e)
        return cli_failed(e);
    printf("%s: canceled\n", id);
    return CLI_DONE;
}

#define NEWEST 100

static err open_invoice(struct task *t, const struct subscription_find_row *s, const struct invoice_list_row **ret)
{
    const struct invoice_list_row *rows;
    size_t n;
    *ret = NULL;
    TRY(invoice_list(t, s->partner_id, s->subscription_id, STR_NONE, NEWEST, &rows, &n));
    for (size_t i = 0; i < n && !*ret; i++)
        *ret = str_eq(rows[i].status, STR("open")) ? &rows[i] : NULL;
    return OK;
}

/* Written down here and charged by a running server: a command has no business with the acquirer. */
int subscriptions_retry(struct task *t, int argc, char **argv)
{
    const char *id = NULL;
    const struct subscription_find_row *s;
    const struct invoice_list_row *invoice = NULL;
    if (!cli_read(argc, argv, &id, 1, NULL, 0))
        return CLI_USAGE;
    err e = load(t, id, &s);
    if (!e && !s)
        return CLI_FAILED;
    if (!e)
        e = open_invoice(t, s, &invoice);
    if (!e && !invoice) {
        fprintf(stderr, "paysrv: %s has no open invoice\n", id);
        return CLI_FAILED;
    }
    if (!e)
        e = invoice_retry_now(t, invoice);
    if (e)
        return cli_failed(e);
    printf("%s: %.*s will be charged by the running server\n", id, STR_ARG(invoice->invoice_id.v));
    return CLI_DONE;
}
