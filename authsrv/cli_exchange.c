/* authsrv exchange allow|deny|list. */
#include <stdio.h>

#include "authsrv/domain/scope.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/store/exchange.sql.h"
#include "authsrv/verbs.h"
#include "shared/ops/cli.h"
#include "shared/text/url.h"

int exchange_allow_verb(struct task *t, int argc, char **argv)
{
    const char *client = NULL, *source = NULL, *scopes = NULL, *audience = NULL;
    const struct cli_option options[] = { { "--tokens-of", &source, NULL, NULL },
                                          { "--scopes", &scopes, NULL, NULL },
                                          { "--audience", &audience, NULL, NULL } };
    const struct exchange_rule_put_row *row;
    struct url u;
    if (!cli_read(argc, argv, &client, 1, options, 3))
        return CLI_USAGE;
    if (!source || !scopes || !*scopes || !scope_is_wellformed(str_of(scopes)))
        return cli_misuse("--tokens-of CLIENT and --scopes \"one two\" are needed");
    if (audience && !url_parse(str_of(audience), &u))
        return cli_misuse("--audience: the URL of a resource; see authsrv resources list");
    err e = exchange_rule_put(t, str_of(scopes), str_of(audience), (client_id){ str_of(client) },
                              (client_id){ str_of(source) }, &row);
    if (!e && !row)
        e = FAIL(t, NOT_FOUND, "there are no two clients %s and %s", client, source);
    if (!e)
        e = audit_write(t, STR("operator"), STR("exchange.allowed"), str_of(client),
                        arena_printf(t->arena, "tokens of %s: %s", source, scopes));
    if (e)
        return cli_failed(e);
    printf("%s may exchange tokens of %s\n", client, source);
    return CLI_DONE;
}

int exchange_deny_verb(struct task *t, int argc, char **argv)
{
    const char *client = NULL, *source = NULL;
    const struct cli_option options[] = { { "--tokens-of", &source, NULL, NULL } };
    int64_t n;
    if (!cli_read(argc, argv, &client, 1, options, 1))
        return CLI_USAGE;
    if (!source)
        return cli_misuse("--tokens-of CLIENT is needed");
    err e = exchange_rule_remove(t, (client_id){ str_of(client) }, (client_id){ str_of(source) }, &n);
    if (!e && n == 0)
        e = FAIL(t, NOT_FOUND, "%s may not exchange tokens of %s anyway", client, source);
    if (!e)
        e = audit_write(t, STR("operator"), STR("exchange.denied"), str_of(client), str_of(source));
    if (e)
        return cli_failed(e);
    printf("%s may not exchange tokens of %s any more\n", client, source);
    return CLI_DONE;
}

int exchange_list_verb(struct task *t, int argc, char **argv)
{
    const struct exchange_rule_list_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = exchange_rule_list(t, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\t%.*s\t%.*s\n", STR_ARG(rows[i].client_id.v), STR_ARG(rows[i].source_client_id.v),
               STR_ARG(rows[i].scope), STR_ARG(rows[i].audience));
    return CLI_DONE;
}
