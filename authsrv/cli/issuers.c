/* authsrv issuers add|map|unmap|list|remove. */
#include <stdio.h>

#include "authsrv/faults.h"
#include "authsrv/flow/token/trust.h"
#include "authsrv/store/assertion.sql.h"
#include "authsrv/verbs.h"
#include "shared/ops/cli.h"

#define JWKS_MAX_BYTES 65536

int issuers_add_verb(struct task *t, int argc, char **argv)
{
    const char *issuer = NULL, *alg = NULL, *clients = NULL, *jwks_uri = NULL, *jwks_file = NULL;
    bool if_missing = false, statements = false;
    const struct cli_option options[] = {
        { "--alg", &alg, NULL, NULL },
        { "--clients", &clients, NULL, NULL },
        { "--jwks-uri", &jwks_uri, NULL, NULL },
        { "--jwks-file", &jwks_file, NULL, NULL },
        { "--software-statements", NULL, &statements, NULL },
        { "--if-missing", NULL, &if_missing, NULL },
    };
    str text;
    if (!cli_read(argc, argv, &issuer, 1, options, sizeof options / sizeof options[0]))
        return CLI_USAGE;
    if (!alg || (!clients && !statements))
        return cli_misuse("--alg ALG and --clients \"ID ...\" or --software-statements are needed");
    struct issuer_draft d = { .issuer = str_of(issuer),
                              .alg = str_of(alg),
                              .clients = str_of(clients),
                              .software_statements = statements,
                              .jwks_uri = str_of(jwks_uri) };
    if (jwks_file && !cli_file(t->arena, jwks_file, JWKS_MAX_BYTES, &text))
        return CLI_FAILED;
    if (jwks_file && !json_parse(t->arena, text, &d.jwks))
        return cli_misuse("--jwks-file: must hold a JWK set of public keys");
    err e = issuer_put(t, t->actor->id, &d, 0);
    bool exists = err_is(e, &FAULT_ALREADY_EXISTS);
    if (e && !(exists && if_missing))
        return cli_failed(e);
    printf("%s %s\n", issuer, exists ? "exists" : "added");
    return CLI_DONE;
}

int issuers_map_verb(struct task *t, int argc, char **argv)
{
    const char *issuer = NULL, *subject = NULL, *user = NULL;
    const struct cli_option options[] = { { "--subject", &subject, NULL, NULL }, { "--user", &user, NULL, NULL } };
    if (!cli_read(argc, argv, &issuer, 1, options, 2))
        return CLI_USAGE;
    if (!subject || !user)
        return cli_misuse("--subject S and --user ID|EMAIL are needed");
    err e = subject_put(t, t->actor->id, str_of(issuer), str_of(subject), str_of(user));
    if (e)
        return cli_failed(e);
    printf("%s of %s is %s\n", subject, issuer, user);
    return CLI_DONE;
}

int issuers_unmap_verb(struct task *t, int argc, char **argv)
{
    const char *issuer = NULL, *subject = NULL;
    const struct cli_option options[] = { { "--subject", &subject, NULL, NULL } };
    if (!cli_read(argc, argv, &issuer, 1, options, 1))
        return CLI_USAGE;
    if (!subject)
        return cli_misuse("--subject S is needed");
    err e = subject_remove(t, t->actor->id, str_of(issuer), str_of(subject));
    if (e)
        return cli_failed(e);
    printf("%s of %s is nobody\n", subject, issuer);
    return CLI_DONE;
}

int issuers_list_verb(struct task *t, int argc, char **argv)
{
    const struct assertion_issuer_page_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = assertion_issuer_page(t, STR_NONE, CLI_ROWS_MAX, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\t%.*s\t%.*s%s\n", STR_ARG(rows[i].issuer), STR_ARG(rows[i].alg),
               STR_ARG(str_given(rows[i].jwks_uri) ? rows[i].jwks_uri : STR("keys in the database")),
               STR_ARG(rows[i].clients), rows[i].software_statements ? "\tsoftware statements" : "");
    return cli_listed(n, CLI_ROWS_MAX);
}

int issuers_remove_verb(struct task *t, int argc, char **argv)
{
    const char *issuer = NULL;
    if (!cli_read(argc, argv, &issuer, 1, NULL, 0))
        return CLI_USAGE;
    err e = issuer_remove(t, t->actor->id, str_of(issuer));
    if (e)
        return cli_failed(e);
    printf("%s removed\n", issuer);
    return CLI_DONE;
}
