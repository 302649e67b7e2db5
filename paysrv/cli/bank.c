/* paysrv bank import|files|balance|close|release: what the bank answers. */
#include <stdio.h>

#include "paysrv/domain/bank/bank_answer.h"
#include "paysrv/flow/bank/bank_apart.h"
#include "paysrv/flow/bank/bank_import.h"
#include "paysrv/flow/settlement/settlement_book.h"
#include "paysrv/store/bank.sql.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"
#include "shared/text/money_text.h"

#define ROWS 200

int bank_import_file(struct task *t, int argc, char **argv)
{
    const char *path = NULL;
    str document;
    if (!cli_read(argc, argv, &path, 1, NULL, 0))
        return CLI_USAGE;
    if (!cli_file(t->arena, path, BANK_ANSWER_MAX_BYTES, &document))
        return CLI_FAILED;
    const struct bank_file_of_hash_row *file;
    bool is_new;
    err e = bank_import(t, document, cli_account(t->arena), &file, &is_new);
    if (e)
        return cli_failed(e);
    printf("%.*s %.*s: file %lld, %d line(s), %lld break(s), %.*s%s\n", STR_ARG(file->kind), STR_ARG(file->message_id),
           (long long)file->file_id, file->lines, (long long)file->breaks, STR_ARG(file->state),
           is_new ? "" : ", was imported before");
    return CLI_DONE;
}

int bank_files(struct task *t, int argc, char **argv)
{
    const struct bank_file_of_hash_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = bank_file_list(t, NULL, ROWS, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%lld\t%.*s\t%.*s\t%.*s\t%.*s\t%d line(s)\t%lld break(s)\t%.*s\n", (long long)rows[i].file_id,
               STR_ARG(instant_iso(t->arena, rows[i].created_at)), STR_ARG(rows[i].kind),
               STR_ARG(str_given(rows[i].statement_id) ? rows[i].statement_id : rows[i].message_id),
               STR_ARG(rows[i].state), rows[i].lines, (long long)rows[i].breaks, STR_ARG(rows[i].imported_by));
    return cli_listed(n, ROWS);
}

int bank_balance(struct task *t, int argc, char **argv)
{
    struct bank_balance *balances;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = bank_balances_read(t, &balances, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++) {
        const struct bank_balance_list_row *r = balances[i].of;
        printf("%.*s\t%.*s\t%.*s\tat the bank %.*s\tin the books %.*s\tnot booked %.*s\tapart %.*s\n",
               STR_ARG(r->account), STR_ARG(r->statement), STR_ARG(instant_iso(t->arena, r->created_at)),
               STR_ARG(money_text(t->arena, r->closing, r->currency)),
               STR_ARG(money_text(t->arena, r->booked, r->currency)),
               STR_ARG(money_text(t->arena, balances[i].unbooked_minor, r->currency)),
               STR_ARG(money_text(t->arena, balances[i].apart_minor, r->currency)));
        for (size_t k = 0; k < r->accounts.n && r->accounts.n > 1; k++)
            printf("\tof that %.*s\t%.*s\n", STR_ARG(r->accounts.items[k]),
                   STR_ARG(money_text(t->arena, r->closings.items[k], r->currency)));
    }
    return cli_listed(n, 100);
}

/* ID --note TEXT */
static bool id_and_note(int argc, char **argv, int64_t *id, const char **note)
{
    const char *number = NULL;
    const struct cli_option options[] = { { "--note", note, NULL } };
    if (!cli_read(argc, argv, &number, 1, options, 1) || !cli_integer("ID", number, 1, INT64_MAX, id))
        return false;
    return *note || cli_misuse("--note TEXT is needed") == CLI_DONE;
}

int bank_close(struct task *t, int argc, char **argv)
{
    const char *note = NULL;
    int64_t id;
    if (!id_and_note(argc, argv, &id, &note))
        return CLI_USAGE;
    err e = break_end(t, id, cli_account(t->arena), str_of(note));
    if (e)
        return cli_failed(e);
    printf("break %lld closed\n", (long long)id);
    return CLI_DONE;
}

int bank_release_file(struct task *t, int argc, char **argv)
{
    const char *note = NULL;
    int64_t id;
    if (!id_and_note(argc, argv, &id, &note))
        return CLI_USAGE;
    err e = bank_release(t, id, cli_account(t->arena), str_of(note));
    if (e)
        return cli_failed(e);
    printf("file %lld taken up\n", (long long)id);
    return CLI_DONE;
}
