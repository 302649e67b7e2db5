/* authsrv logouts list|retry. */
#include <stdio.h>

#include "authsrv/faults.h"
#include "authsrv/flow/session/logout.h"
#include "authsrv/store/logout.sql.h"
#include "authsrv/verbs.h"
#include "shared/ops/cli.h"

static void logout_line(struct task *t, const struct logout_list_row *row)
{
    printf("%lld\t%.*s\t%.*s\t%.*s\t%d\t%.*s\t%.*s\n", (long long)row->id, STR_ARG(row->client_id.v),
           STR_ARG(row->user_id.v), STR_ARG(row->state), (int)row->attempts,
           STR_ARG(instant_iso(t->arena, row->created_at)), STR_ARG(str_given(row->why) ? row->why : STR("")));
}

int logouts_list_verb(struct task *t, int argc, char **argv)
{
    const struct logout_list_row *rows;
    size_t n;
    bool all = false;
    const struct cli_option options[] = { { "--all", NULL, &all, NULL } };
    if (!cli_read(argc, argv, NULL, 0, options, 1))
        return CLI_USAGE;
    err e = logout_list(t, all, INT64_MAX, CLI_ROWS_MAX, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        logout_line(t, &rows[i]);
    return cli_listed(n, CLI_ROWS_MAX);
}

int logouts_retry_verb(struct task *t, int argc, char **argv)
{
    const char *client = NULL;
    int64_t n;
    if (!cli_read(argc, argv, &client, 1, NULL, 0))
        return CLI_USAGE;
    err e = logouts_again(t, t->actor->id, str_of(client), &n);
    if (e)
        return cli_failed(e);
    printf("%lld logout(s) of %s are tried again\n", (long long)n, client);
    return CLI_DONE;
}
