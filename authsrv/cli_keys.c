/* authsrv keys list|rotate|revoke, tokens initial, invariants. */
#include <stdio.h>

#include "authsrv/flow/audit.h"
#include "authsrv/flow/keys.h"
#include "authsrv/store/audit.sql.h"
#include "authsrv/store/client.sql.h"
#include "authsrv/store/key.sql.h"
#include "authsrv/verbs.h"
#include "shared/crypto/crypto.h"
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
    return CLI_DONE;
}

int keys_rotate_verb(struct task *t, int argc, char **argv)
{
    bool at_once = false;
    const char *alg = NULL;
    const struct cli_option options[] = { { "--now", NULL, &at_once, NULL }, { "--alg", &alg, NULL, NULL } };
    if (!cli_read(argc, argv, NULL, 0, options, 2))
        return CLI_USAGE;
    err e = keys_rotate(t, STR("operator"), str_of(alg), at_once);
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
    err e = keys_revoke(t, STR("operator"), str_of(kid));
    if (e)
        return cli_failed(e);
    printf("%s revoked\n", kid);
    return CLI_DONE;
}

int tokens_initial_verb(struct task *t, int argc, char **argv)
{
    const char *uses_text = "1", *hours_text = "24";
    const struct cli_option options[] = { { "--uses", &uses_text, NULL, NULL },
                                          { "--hours", &hours_text, NULL, NULL } };
    int64_t uses, hours, n;
    if (!cli_read(argc, argv, NULL, 0, options, 2))
        return CLI_USAGE;
    if (!cli_integer("--uses", uses_text, 1, 1000000, &uses) || !cli_integer("--hours", hours_text, 1, 8760, &hours))
        return CLI_USAGE;
    str token = random_token(t->arena, "iat_");
    err e = initial_token_create(t, typed_digest("initial_token", token), uses, instant_add(t->now, HOURS(hours)), &n);
    if (e)
        return cli_failed(e);
    e = audit_write(t, STR("operator"), STR("initial_token.created"), STR(""), STR(""));
    if (e)
        return cli_failed(e);
    printf("%.*s\n", STR_ARG(token));
    return CLI_DONE;
}

int invariants_verb(struct task *t, int argc, char **argv)
{
    const struct invariants_read_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = invariants_read(t, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\n", STR_ARG(rows[i].inv), STR_ARG(rows[i].k));
    return n == 0 ? CLI_DONE : CLI_FAILED;
}
