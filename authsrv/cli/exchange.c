/* authsrv exchange allow|deny|list. */
#include <stdio.h>

#include "authsrv/faults.h"
#include "authsrv/flow/token/trust.h"
#include "authsrv/store/exchange.sql.h"
#include "authsrv/verbs.h"
#include "shared/ops/cli.h"

int exchange_allow_verb(struct task *t, int argc, char **argv)
{
    const char *client = NULL, *source = NULL, *scopes = NULL, *audience = NULL;
    const struct cli_option options[] = { { "--tokens-of", &source, NULL, NULL },
                                          { "--scopes", &scopes, NULL, NULL },
                                          { "--audience", &audience, NULL, NULL } };
    if (!cli_read(argc, argv, &client, 1, options, 3))
        return CLI_USAGE;
    if (!source || !scopes)
        return cli_misuse("--tokens-of CLIENT and --scopes \"one two\" are needed");
    const struct exchange_draft d = { str_of(client), str_of(source), str_of(scopes), str_of(audience) };
    err e = exchange_put(t, t->actor->id, &d, NULL);
    if (e)
        return cli_failed(e);
    printf("%s may exchange tokens of %s\n", client, source);
    return CLI_DONE;
}

int exchange_deny_verb(struct task *t, int argc, char **argv)
{
    const char *client = NULL, *source = NULL;
    const struct cli_option options[] = { { "--tokens-of", &source, NULL, NULL } };
    if (!cli_read(argc, argv, &client, 1, options, 1))
        return CLI_USAGE;
    if (!source)
        return cli_misuse("--tokens-of CLIENT is needed");
    err e = exchange_remove(t, t->actor->id, str_of(client), str_of(source));
    if (e)
        return cli_failed(e);
    printf("%s may not exchange tokens of %s any more\n", client, source);
    return CLI_DONE;
}

int exchange_list_verb(struct task *t, int argc, char **argv)
{
    const struct exchange_rule_page_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = exchange_rule_page(t, STR_NONE, STR_NONE, CLI_ROWS_MAX, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\t%.*s\t%.*s\n", STR_ARG(rows[i].client_id.v), STR_ARG(rows[i].source_client_id.v),
               STR_ARG(rows[i].scope), STR_ARG(rows[i].audience));
    return cli_listed(n, CLI_ROWS_MAX);
}
