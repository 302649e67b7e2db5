/* authsrv users identities|unlink, partners move-identities. */
#include <stdio.h>

#include "authsrv/faults.h"
#include "authsrv/flow/account/accounts.h"
#include "authsrv/flow/account/linking.h"
#include "authsrv/store/identity.sql.h"
#include "authsrv/verbs.h"
#include "shared/ops/cli.h"

#define MAP_MAX_BYTES 1048576

int users_identities_verb(struct task *t, int argc, char **argv)
{
    const char *id = NULL;
    const struct account_find_row *account;
    const struct identity_list_row *rows;
    size_t n;
    if (!cli_read(argc, argv, &id, 1, NULL, 0))
        return CLI_USAGE;
    err e = account_load(t, str_of(id), STR_NONE, &account);
    if (!e)
        e = identity_list(t, account->id, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\t%.*s\t%.*s\n", STR_ARG(rows[i].id), STR_ARG(rows[i].partner), STR_ARG(rows[i].subject),
               STR_ARG(rows[i].email));
    return cli_listed(n, 100);
}

int users_unlink_verb(struct task *t, int argc, char **argv)
{
    const char *words[2] = { NULL, NULL };
    const struct account_find_row *account;
    if (!cli_read(argc, argv, words, 2, NULL, 0))
        return CLI_USAGE;
    err e = account_load(t, str_of(words[0]), STR_NONE, &account);
    if (!e)
        e = link_remove(t, t->actor->id, account->id, NULL, str_of(words[1]));
    if (e)
        return cli_failed(e);
    printf("%s unlinked from %.*s\n", words[1], STR_ARG(account->id.v));
    return CLI_DONE;
}

int partners_move_verb(struct task *t, int argc, char **argv)
{
    const char *words[2] = { NULL, NULL }, *file = NULL;
    const struct cli_option options[] = { { "--map", &file, NULL, NULL } };
    const struct json_value *map;
    str text;
    size_t n;
    if (!cli_read(argc, argv, words, 2, options, 1))
        return CLI_USAGE;
    if (!file)
        return cli_misuse("--map FILE is needed");
    if (!cli_file(t->arena, file, MAP_MAX_BYTES, &text))
        return CLI_FAILED;
    if (!json_parse(t->arena, text, &map))
        return cli_failed(FAIL_PARAM(t, INVALID_REQUEST, STR("subjects"), STR("JSON")));
    const struct identity_mover who = { .actor = t->actor->id };
    err e = identities_move(t, &who, str_of(words[0]), str_of(words[1]), map, &n);
    if (e)
        return cli_failed(e);
    printf("%zu moved from %s to %s\n", n, words[0], words[1]);
    return CLI_DONE;
}
