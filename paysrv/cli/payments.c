/* paysrv payments list|show|cancel: which there are, what became of one, and its end by the operator
 * (docs/OPERATIONS.md). */
#include <stdio.h>

#include "paysrv/domain/money.h"
#include "paysrv/domain/payment/capture.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/payment/cancel.h"
#include "paysrv/flow/payment/payment_search.h"
#include "paysrv/store/attempt.sql.h"
#include "paysrv/store/audit.sql.h"
#include "paysrv/store/capture.sql.h"
#include "paysrv/store/operator.sql.h"
#include "paysrv/store/payment.sql.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"
#include "shared/text/money_text.h"

#define BY_OPERATOR STR("operator")
#define LISTED 100

static err rows_print(struct task *t, str_array payments)
{
    const struct operator_payments_row *rows;
    size_t n;
    TRY(operator_payments(t, payments, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        enum payment_status status = payment_status_at(rows[i].status, rows[i].expires_at, t->now);
        printf("%.*s\t%.*s\t%.*s\t%.*s\t%.*s\t%.*s\t%.*s\t%.*s\n", STR_ARG(rows[i].payment_id.v),
               STR_ARG(instant_iso(t->arena, rows[i].created_at)), STR_ARG(payment_status_name(status)),
               STR_ARG(money_text(t->arena, rows[i].amount, rows[i].currency)), STR_ARG(rows[i].partner_name),
               STR_ARG(rows[i].store_name), STR_ARG(rows[i].external_id), STR_ARG(rows[i].description));
    }
    return OK;
}

/* Look by look, each printed at once: it may be long until there is enough. */
static err list_print(struct task *t, const struct payment_wish *wish, size_t most)
{
    struct payment_found found = { .has_more = true };
    if (str_given(wish->partner))
        TRY(clock_enter(t, (partner_id){ wish->partner }));
    while (most > 0 && found.has_more) {
        TRY(payment_look(t, wish, found.next, most, &found));
        TRY(rows_print(t, found.payments));
        most -= found.payments.n;
    }
    if (found.has_more)
        fprintf(stderr, "paysrv: there may be more: --to, or a larger --limit, shows them\n");
    return OK;
}

int payments_list(struct task *t, int argc, char **argv)
{
    const char *id = NULL, *partner = NULL, *store = NULL, *seller = NULL, *status = NULL, *currency = NULL,
               *min = NULL, *max = NULL, *from = NULL, *to = NULL, *last4 = NULL, *limit = NULL;
    const struct cli_option options[] = {
        { "--id", &id, NULL },         { "--partner", &partner, NULL }, { "--store", &store, NULL },
        { "--seller", &seller, NULL }, { "--status", &status, NULL },   { "--currency", &currency, NULL },
        { "--min", &min, NULL },       { "--max", &max, NULL },         { "--from", &from, NULL },
        { "--to", &to, NULL },         { "--last4", &last4, NULL },     { "--limit", &limit, NULL },
    };
    int64_t most = LISTED;
    if (!cli_read(argc, argv, NULL, 0, options, sizeof options / sizeof options[0]))
        return CLI_USAGE;
    struct payment_wish wish = { .partner = str_of(partner),
                                 .store = str_of(store),
                                 .seller = str_of(seller),
                                 .status = str_of(status),
                                 .currency = str_of(currency),
                                 .from = str_of(from),
                                 .to = str_of(to),
                                 .name = str_of(id),
                                 .last4 = str_of(last4) };
    if ((min && !cli_integer("--min", min, 1, MONEY_MAX_MINOR, &wish.amount_min)) ||
        (max && !cli_integer("--max", max, 1, MONEY_MAX_MINOR, &wish.amount_max)) ||
        (limit && !cli_integer("--limit", limit, 1, CLI_ROWS_MAX, &most)))
        return CLI_USAGE;
    err e = list_print(t, &wish, (size_t)most);
    return e ? cli_failed(e) : CLI_DONE;
}

static bool payment_argument(struct task *t, int argc, char **argv, const struct payment_find_row **ret, int *code)
{
    const char *id = NULL;
    *code = CLI_USAGE;
    if (!cli_read(argc, argv, &id, 1, NULL, 0))
        return false;
    err e = payment_any(t, (payment_id){ str_of(id) }, ret);
    if (!e && *ret)
        e = clock_enter(t, (*ret)->partner_id);
    if (!e && *ret)
        return true;
    if (!e)
        fprintf(stderr, "paysrv: no payment %s\n", id);
    *code = e ? cli_failed(e) : CLI_FAILED;
    return false;
}

static void line(struct task *t, str id, instant at, const char *kind, str state, str amount, str more, str acquirer)
{
    printf("%.*s\t%.*s\t%s\t%.*s\t%.*s\t%.*s\t%.*s\n", STR_ARG(instant_iso(t->arena, at)), STR_ARG(id), kind,
           STR_ARG(state), STR_ARG(amount), STR_ARG(more), STR_ARG(acquirer));
}

static void payment_print(struct task *t, const struct payment_find_row *p)
{
    enum payment_status status = payment_status_at(p->status, p->expires_at, t->now);
    int64_t taken = payment_taken(status, p->amount, p->captured_given ? &p->captured : NULL);
    printf("%.*s %.*s %.*s, captured %.*s, refunded %.*s", STR_ARG(p->payment_id.v),
           STR_ARG(payment_status_name(status)), STR_ARG(money_text(t->arena, p->amount, p->currency)),
           STR_ARG(money_text(t->arena, taken, p->currency)), STR_ARG(money_text(t->arena, p->refunded, p->currency)));
    str method = payment_method_shown(p->method, p->charge_id);
    if (str_given(method))
        printf(", by %.*s", STR_ARG(method));
    if (p->disputed)
        printf(", disputed %.*s", STR_ARG(money_text(t->arena, p->disputed, p->currency)));
    if (p->authorized_until_given)
        printf(", authorized until %.*s", STR_ARG(instant_iso(t->arena, p->authorized_until)));
    printf("\n");
}

int payments_show(struct task *t, int argc, char **argv)
{
    const struct payment_find_row *p;
    const struct attempts_of_payment_row *attempts;
    const struct capture_find_row *captures;
    size_t n_attempts, n_captures;
    int code;
    if (!payment_argument(t, argc, argv, &p, &code))
        return code;
    err e = attempts_of_payment(t, p->payment_id, &attempts, &n_attempts);
    if (!e)
        e = capture_list(t, p->payment_id, p->partner_id, STR_NONE, CLI_ROWS_MAX, &captures, &n_captures);
    if (e)
        return cli_failed(e);
    payment_print(t, p);
    for (size_t i = 0; i < n_attempts; i++)
        line(t, attempts[i].call_id, attempts[i].created_at, attempts[i].is_abandoned ? "attempt, given up" : "attempt",
             attempts[i].state, money_text(t->arena, attempts[i].amount, attempts[i].currency),
             attempts[i].decline_code, attempts[i].acquirer);
    for (size_t i = 0; i < n_captures; i++)
        line(t, captures[i].capture_id, captures[i].created_at, "capture", captures[i].status,
             money_text(t->arena, captures[i].amount, captures[i].currency), captures[i].decline_code, STR_NONE);
    return CLI_DONE;
}

static err cancel(struct task *t, const struct payment_find_row *p, enum cancel_way way, bool *done)
{
    struct answer unused;
    if (way == CANCEL_AT_ONCE)
        return cancel_unpaid(t, p, BY_OPERATOR, &unused, done);
    return void_plan(t, p, BY_OPERATOR, done);
}

/* A void is written down here and made by a running server: a command has no business with the acquirer. */
int payments_cancel(struct task *t, int argc, char **argv)
{
    const struct payment_find_row *p;
    bool done;
    int code;
    if (!payment_argument(t, argc, argv, &p, &code))
        return code;
    enum payment_status status = payment_status_at(p->status, p->expires_at, t->now);
    enum cancel_way way = cancel_judge(status, p->capturing > 0 || p->refunding > 0 || p->is_voiding);
    if (way == CANCEL_WAIT || way == CANCEL_NEVER) {
        fprintf(stderr, "paysrv: it is %.*s%s\n", STR_ARG(payment_status_name(status)),
                way == CANCEL_WAIT ? ", and something of it has no outcome yet" : "");
        return CLI_FAILED;
    }
    /* Before it: what was tried and failed may be in the log, what was done has to be. */
    const struct audit_write_row *written;
    err e = audit_write(t, STR("payment.cancel_asked"), p->payment_id.v, p->partner_id.v, STR(""), &written);
    if (!e)
        e = cancel(t, p, way, &done);
    if (e)
        return cli_failed(e);
    printf("%.*s: %s\n", STR_ARG(p->payment_id.v),
           !done                   ? "something else came first"
           : way == CANCEL_AT_ONCE ? "canceled"
                                   : "will be released by the running server");
    return done ? CLI_DONE : CLI_FAILED;
}
