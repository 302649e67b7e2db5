/* authsrv keys list|rotate|revoke. */
#include <stdio.h>

#include "authsrv/flow/token/keys.h"
#include "authsrv/store/key.sql.h"
#include "authsrv/verbs.h"
#include "shared/ops/cli.h"

int keys_list_verb(struct task *t, int argc, char **argv)
{
    const struct key_history_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = key_history(t, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\t%.*s\tpublished %.*s\n", STR_ARG(rows[i].kid), STR_ARG(rows[i].alg), STR_ARG(rows[i].state),
               STR_ARG(instant_iso(t->arena, rows[i].published_at)));
    return cli_listed(n, 200);
}

int keys_rotate_verb(struct task *t, int argc, char **argv)
{
    bool at_once = false;
    const char *alg = NULL;
    const struct cli_option options[] = { { "--now", NULL, &at_once, NULL }, { "--alg", &alg, NULL, NULL } };
    if (!cli_read(argc, argv, NULL, 0, options, 2))
        return CLI_USAGE;
    err e = keys_rotate(t, t->actor->id, str_of(alg), at_once);
    if (e)
        return cli_failed(e);
    puts("rotated");
    return CLI_DONE;
}

int keys_revoke_verb(struct task *t, int argc, char **argv)
{
    const char *kid = NULL;
    if (!cli_read(argc, argv, &kid, 1, NULL, 0))
        return CLI_USAGE;
    err e = keys_revoke(t, t->actor->id, str_of(kid));
    if (e)
        return cli_failed(e);
    printf("%s revoked\n", kid);
    return CLI_DONE;
}
