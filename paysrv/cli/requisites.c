/* paysrv requisites held|release: accounts that nothing is sent to, since the bank knows their holders by other names
 * or does not answer. */
#include <stdio.h>

#include "paysrv/flow/party/verification.h"
#include "paysrv/store/verification.sql.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"

int requisites_held(struct task *t, int argc, char **argv)
{
    const struct verification_held_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = verification_held(t, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s/%.*s\t%.*s %.*s\t%.*s%s%.*s\tsince %.*s, %d tries\t%lld payout(s) wait\n",
               STR_ARG(rows[i].requisite_id.v), STR_ARG(rows[i].partner_id.v), STR_ARG(rows[i].user_id.v),
               STR_ARG(rows[i].masked), STR_ARG(rows[i].holder_name), STR_ARG(rows[i].status),
               str_given(rows[i].matched_name) ? ": " : "", STR_ARG(rows[i].matched_name),
               STR_ARG(instant_iso(t->arena, rows[i].created_at)), (int)rows[i].tries, (long long)rows[i].waiting);
    return cli_listed(n, 200);
}

int requisites_release(struct task *t, int argc, char **argv)
{
    const char *requisite = NULL, *note = NULL;
    const struct cli_option options[] = { { "--note", &note, NULL } };
    if (!cli_read(argc, argv, &requisite, 1, options, 1))
        return CLI_USAGE;
    if (!note)
        return cli_misuse("--note TEXT is needed: how it is known whose account it is");
    err e = payee_release(t, str_of(requisite), cli_account(t->arena), str_of(note));
    if (e)
        return cli_failed(e);
    printf("%s: payouts to it go on\n", requisite);
    return CLI_DONE;
}
