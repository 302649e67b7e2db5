/* paysrv subscriptions list STORE | cancel SUBSCRIPTION | retry SUBSCRIPTION | forgive SUBSCRIPTION | returned
 * SUBSCRIPTION. */
#include <stdio.h>

#include "paysrv/flow/clock.h"
#include "paysrv/flow/subscription/invoice_retry.h"
#include "paysrv/flow/subscription/invoice_void.h"
#include "paysrv/flow/subscription/subscription.h"
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
    return cli_listed(n, CLI_ROWS_MAX);
}

/*
 * The beginning of a verb about one subscription: *s is it, with its partner's clock. False: *code says how it ended.
 */
static bool begin(struct task *t, int argc, char **argv, const struct subscription_find_row **s, int *code)
{
    const char *id = NULL;
    *code = CLI_USAGE;
    if (!cli_read(argc, argv, &id, 1, NULL, 0))
        return false;
    err e = subscription_any(t, (subscription_id){ str_of(id) }, s);
    if (!e && *s)
        e = clock_enter(t, (*s)->partner_id);
    *code = e ? cli_failed(e) : CLI_FAILED;
    if (!e && !*s)
        fprintf(stderr, "paysrv: no subscription %s\n", id);
    return !e && *s;
}

int subscriptions_cancel(struct task *t, int argc, char **argv)
{
    const struct subscription_find_row *s;
    int code;
    if (!begin(t, argc, argv, &s, &code))
        return code;
    err e = subscription_cancel(t, s, false, false);
    if (e)
        return cli_failed(e);
    printf("%.*s: canceled\n", STR_ARG(s->subscription_id.v));
    return CLI_DONE;
}

#define NEWEST 100

static err newest_open(struct task *t, const struct subscription_find_row *s, const struct invoice_list_row **ret)
{
    const struct invoice_list_row *rows;
    size_t n;
    *ret = NULL;
    TRY(invoice_list(t, s->partner_id, s->subscription_id, STR_NONE, NEWEST, &rows, &n));
    for (size_t i = 0; i < n && !*ret; i++)
        *ret = str_eq(rows[i].status, STR("open")) ? &rows[i] : NULL;
    return OK;
}

/* The same of a verb about its open invoice. */
static bool begin_open(struct task *t, int argc, char **argv, const struct invoice_list_row **invoice, int *code)
{
    const struct subscription_find_row *s;
    if (!begin(t, argc, argv, &s, code))
        return false;
    err e = newest_open(t, s, invoice);
    *code = e ? cli_failed(e) : CLI_FAILED;
    if (!e && !*invoice)
        fprintf(stderr, "paysrv: %.*s has no open invoice\n", STR_ARG(s->subscription_id.v));
    return !e && *invoice;
}

/* Written down here and charged by a running server: a command has no business with the acquirer. */
int subscriptions_retry(struct task *t, int argc, char **argv)
{
    const struct invoice_list_row *invoice;
    int code;
    if (!begin_open(t, argc, argv, &invoice, &code))
        return code;
    err e = invoice_retry_now(t, invoice);
    if (e)
        return cli_failed(e);
    printf("%.*s: %.*s will be charged by the running server\n", STR_ARG(invoice->subscription_id.v),
           STR_ARG(invoice->invoice_id.v));
    return CLI_DONE;
}

int subscriptions_forgive(struct task *t, int argc, char **argv)
{
    const struct invoice_list_row *invoice;
    int code;
    if (!begin_open(t, argc, argv, &invoice, &code))
        return code;
    err e = invoice_void(t, invoice->invoice_id);
    if (e)
        return cli_failed(e);
    printf("%.*s: %.*s is void\n", STR_ARG(invoice->subscription_id.v), STR_ARG(invoice->invoice_id.v));
    return CLI_DONE;
}

int subscriptions_returned(struct task *t, int argc, char **argv)
{
    const struct subscription_find_row *s;
    int64_t affected = 0;
    int code;
    if (!begin(t, argc, argv, &s, &code))
        return code;
    err e = subscription_returned(t, s->subscription_id, &affected);
    if (e)
        return cli_failed(e);
    if (affected == 0) {
        fprintf(stderr, "paysrv: nothing of it is to be given back\n");
        return CLI_FAILED;
    }
    printf("%.*s: nothing is given back here\n", STR_ARG(s->subscription_id.v));
    return CLI_DONE;
}
