/* paysrv transfers list|show|assign|send: payments by bank transfer, and money that nobody could be given back. */
#include <stdio.h>

#include "paysrv/flow/transfer/transfer.h"
#include "paysrv/flow/transfer/transfer_lines.h"
#include "paysrv/store/repayment.sql.h"
#include "paysrv/store/transfer.sql.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"
#include "shared/text/money_text.h"

#define ROWS 200

static str money(struct task *t, int64_t minor, str currency)
{
    return money_text(t->arena, minor, currency);
}

int transfers_list(struct task *t, int argc, char **argv)
{
    const struct transfers_open_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = transfers_open(t, STR("zz"), ROWS, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\t%.*s\t%.*s of %.*s\theld %.*s\tuntil %.*s\t%.*s\n", STR_ARG(rows[i].payment_id.v),
               STR_ARG(rows[i].partner_id.v), STR_ARG(rows[i].reference),
               STR_ARG(money(t, rows[i].received, rows[i].currency)),
               STR_ARG(money(t, rows[i].amount, rows[i].currency)), STR_ARG(money(t, rows[i].held, rows[i].currency)),
               STR_ARG(instant_iso(t->arena, rows[i].pay_by)),
               STR_ARG(rows[i].is_abandoned ? STR("closed") : rows[i].call_state));
    return cli_listed(n, ROWS);
}

static err credits_print(struct task *t, const struct transfer_find_row *x)
{
    const struct transfer_credits_row *rows;
    const struct credit_held_row *held;
    size_t n;
    TRY(transfer_credits(t, x->call_id, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        TRY(credit_held(t, rows[i].credit_id, &held));
        printf("  %.*s\t%.*s\tfrom %.*s %.*s\tapplied %.*s\theld %.*s%s%s\n", STR_ARG(rows[i].credit_id),
               STR_ARG(money(t, rows[i].amount, x->currency)), STR_ARG(rows[i].payer_name), STR_ARG(rows[i].payer_iban),
               STR_ARG(money(t, rows[i].applied, x->currency)), STR_ARG(money(t, held ? held->held : 0, x->currency)),
               rows[i].is_late ? "\tlate" : "", rows[i].is_reversed ? "\ttaken back by the bank" : "");
    }
    return OK;
}

static err payment_print(struct task *t, payment_id payment)
{
    const struct transfer_find_row *x;
    const struct repayments_of_payment_row *back;
    size_t n, n_back;
    TRY(transfers_of_payment(t, payment, &x, &n));
    for (size_t i = 0; i < n; i++) {
        printf("%.*s\t%.*s\t%.*s of %.*s\t%.*s\n", STR_ARG(x[i].call_id), STR_ARG(x[i].reference),
               STR_ARG(money(t, x[i].received, x[i].currency)), STR_ARG(money(t, x[i].amount, x[i].currency)),
               STR_ARG(transfer_state_name(transfer_state_at(&x[i]))));
        TRY(credits_print(t, &x[i]));
    }
    TRY(repayments_of_payment(t, payment, &back, &n_back));
    for (size_t i = 0; i < n_back; i++)
        printf("back %.*s\t%.*s\t%.*s\tof %.*s to %.*s\t%.*s %.*s\n", STR_ARG(back[i].repayment_id),
               STR_ARG(back[i].reason), STR_ARG(money(t, back[i].amount, back[i].currency)), STR_ARG(back[i].credit_id),
               STR_ARG(back[i].iban), STR_ARG(back[i].status), STR_ARG(back[i].bank_reason));
    return OK;
}

int transfers_show(struct task *t, int argc, char **argv)
{
    const char *payment = NULL;
    if (!cli_read(argc, argv, &payment, 1, NULL, 0))
        return CLI_USAGE;
    err e = payment_print(t, (payment_id){ str_of(payment) });
    return e ? cli_failed(e) : CLI_DONE;
}

static void waits_print(str entry)
{
    printf("%.*s waits for another operator: paysrv entries approve %.*s\n", STR_ARG(entry), STR_ARG(entry));
}

int transfers_send(struct task *t, int argc, char **argv)
{
    const char *credit = NULL, *iban = NULL, *name = NULL, *note = NULL;
    const struct cli_option options[] = { { "--iban", &iban, NULL },
                                          { "--name", &name, NULL },
                                          { "--note", &note, NULL } };
    if (!cli_read(argc, argv, &credit, 1, options, 3) || !iban || !name || !note)
        return CLI_USAGE;
    str by = cli_account(t->arena);
    struct transfer_sending sending = { .credit = str_of(credit),
                                        .iban = str_of(iban),
                                        .holder_name = str_of(name),
                                        .by = by,
                                        .by_name = by,
                                        .note = str_of(note) };
    err e = transfer_send(t, &sending);
    if (e)
        return cli_failed(e);
    if (str_given(sending.waits))
        waits_print(sending.waits);
    else
        printf("%s: what is held of it is in the next bank file\n", credit);
    return CLI_DONE;
}

int transfers_assign(struct task *t, int argc, char **argv)
{
    const char *number = NULL, *payment = NULL, *note = NULL;
    const struct cli_option options[] = { { "--payment", &payment, NULL }, { "--note", &note, NULL } };
    str by = cli_account(t->arena);
    struct transfer_assigning in = { .by = by, .by_name = by };
    if (!cli_read(argc, argv, &number, 1, options, 2) || !cli_integer("BREAK", number, 1, INT64_MAX, &in.break_id) ||
        !payment || !note)
        return CLI_USAGE;
    in.payment = (payment_id){ str_of(payment) };
    in.note = str_of(note);
    err e = transfer_assign(t, &in);
    if (e)
        return cli_failed(e);
    if (str_given(in.waits))
        waits_print(in.waits);
    else
        printf("break %s: it is a credit of %s\n", number, payment);
    return CLI_DONE;
}
