/* paysrv entries list|payees|approve|reject: what is entered by hand and needs a second operator. */
#include <stdio.h>

#include "paysrv/flow/ledger/manual_entry.h"
#include "paysrv/store/manual_entry.sql.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"
#include "shared/text/money_text.h"

#define PAYEES_AT_ONCE 500

static void entry_print(struct task *t, const struct manual_entry_list_row *e)
{
    printf(
        "%.*s\t%.*s\t%.*s\t%.*s\t%.*s\t%s %.*s\t%.*s\t%.*s\tasked by %.*s", STR_ARG(e->manual_entry_id),
        STR_ARG(e->status), STR_ARG(e->kind), STR_ARG(e->object), STR_ARG(money_text(t->arena, e->amount, e->currency)),
        str_eq(e->kind, STR("payout")) || str_eq(e->kind, STR("batch")) || str_eq(e->kind, STR("order")) ? "is"
                                                                                                         : "borne by",
        STR_ARG(e->borne_by), STR_ARG(e->partner_id.v), STR_ARG(e->reason), STR_ARG(e->asked_name));
    if (str_given(e->iban))
        printf("\tto %.*s %.*s", STR_ARG(e->holder_name), STR_ARG(e->iban));
    if (str_given(e->decided_name))
        printf("\tdecided by %.*s", STR_ARG(e->decided_name));
    printf("\n");
}

int entries_list(struct task *t, int argc, char **argv)
{
    bool all = false;
    const struct cli_option options[] = { { "--all", NULL, &all, NULL } };
    const struct manual_entry_list_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, options, 1))
        return CLI_USAGE;
    err e = manual_entry_list(t, all, STR_NONE, CLI_ROWS_MAX, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        entry_print(t, &rows[i]);
    return cli_listed(n, CLI_ROWS_MAX);
}

static void payee_print(struct task *t, const struct manual_entry_payees_row *p)
{
    printf("%.*s\t%.*s\t%.*s\t%.*s\t%.*s\t%.*s\t%.*s", STR_ARG(money_text(t->arena, p->amount, p->currency)),
           STR_ARG(p->holder_name), STR_ARG(manual_entry_payee_account(t->arena, p)), STR_ARG(p->user_name),
           STR_ARG(p->partner_name), STR_ARG(p->status), STR_ARG(p->id));
    if (p->shared_with)
        printf("\tthe account is of %lld other user(s), too", (long long)p->shared_with);
    printf("\n");
}

int entries_payees(struct task *t, int argc, char **argv)
{
    const char *id = NULL;
    const struct manual_entry_payees_row *rows;
    str position = STR_NONE;
    size_t n = PAYEES_AT_ONCE;
    if (!cli_read(argc, argv, &id, 1, NULL, 0))
        return CLI_USAGE;
    while (n == PAYEES_AT_ONCE) {
        err e = manual_entry_payees_read(t, str_of(id), position, PAYEES_AT_ONCE, &rows, &n);
        if (e)
            return cli_failed(e);
        for (size_t i = 0; i < n; i++)
            payee_print(t, &rows[i]);
        if (n)
            position = manual_entry_payee_position(t->arena, &rows[n - 1]);
    }
    return CLI_DONE;
}

static int decide(struct task *t, int argc, char **argv, bool is_approval)
{
    const char *id = NULL, *note = NULL;
    const struct cli_option options[] = { { "--note", &note, NULL, NULL } };
    const struct manual_entry_list_row *row;
    if (!cli_read(argc, argv, &id, 1, options, 1))
        return CLI_USAGE;
    str who = cli_account(t->arena);
    const struct operator_decision decision = {
        .subject = who, .name = who, .note = str_of(note), .is_approval = is_approval
    };
    err e = manual_entry_decision(t, str_of(id), &decision, &row);
    if (e)
        return cli_failed(e);
    entry_print(t, row);
    return CLI_DONE;
}

int entries_approve(struct task *t, int argc, char **argv)
{
    return decide(t, argc, argv, true);
}

int entries_reject(struct task *t, int argc, char **argv)
{
    return decide(t, argc, argv, false);
}
