/* authsrv sessions list|end, grants list|revoke, consents list|withdraw. */
#include <stdio.h>

#include "authsrv/flow/account/accounts.h"
#include "authsrv/flow/account/holdings.h"
#include "authsrv/store/admin.sql.h"
#include "authsrv/verbs.h"
#include "shared/ops/cli.h"

static int done(err e, const char *what, const char *how)
{
    if (e)
        return cli_failed(e);
    printf("%s %s\n", what, how);
    return CLI_DONE;
}

/* The one word of the verb names an account, by id or e-mail. CLI_DONE: *ret is set. */
static int user_read(struct task *t, int argc, char **argv, user_id *ret)
{
    const char *id = NULL;
    const struct account_find_row *row;
    if (!cli_read(argc, argv, &id, 1, NULL, 0))
        return CLI_USAGE;
    err e = account_load(t, str_of(id), STR_NONE, &row);
    if (e)
        return cli_failed(e);
    *ret = row->id;
    return CLI_DONE;
}

int sessions_list_verb(struct task *t, int argc, char **argv)
{
    const struct session_page_row *rows;
    size_t n;
    user_id user;
    int code = user_read(t, argc, argv, &user);
    if (code != CLI_DONE)
        return code;
    err e = session_page(t, user, STR_NONE, CLI_ROWS_MAX, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\tbegan %.*s\tseen %.*s\n", STR_ARG(rows[i].sid), STR_ARG(rows[i].amr),
               STR_ARG(instant_iso(t->arena, rows[i].created_at)),
               STR_ARG(instant_iso(t->arena, rows[i].last_seen_at)));
    return cli_listed(n, CLI_ROWS_MAX);
}

int sessions_end_verb(struct task *t, int argc, char **argv)
{
    const char *id = NULL;
    if (!cli_read(argc, argv, &id, 1, NULL, 0))
        return CLI_USAGE;
    return done(session_kill(t, t->actor->id, STR_NONE, str_of(id)), id, "ended");
}

int grants_list_verb(struct task *t, int argc, char **argv)
{
    const struct grant_page_row *rows;
    size_t n;
    user_id user;
    int code = user_read(t, argc, argv, &user);
    if (code != CLI_DONE)
        return code;
    err e = grant_page(t, user, STR_NONE, STR_NONE, CLI_ROWS_MAX, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\t%.*s%s%.*s\n", STR_ARG(rows[i].id.v), STR_ARG(rows[i].client_id.v), STR_ARG(rows[i].scope),
               rows[i].revoked_at_given ? "\t" : "", STR_ARG(rows[i].revoked_why));
    return cli_listed(n, CLI_ROWS_MAX);
}

int grants_revoke_verb(struct task *t, int argc, char **argv)
{
    const char *id = NULL;
    if (!cli_read(argc, argv, &id, 1, NULL, 0))
        return CLI_USAGE;
    return done(grant_end(t, t->actor->id, STR_NONE, str_of(id)), id, "revoked");
}

int consents_list_verb(struct task *t, int argc, char **argv)
{
    const struct consent_page_row *rows;
    size_t n;
    user_id user;
    int code = user_read(t, argc, argv, &user);
    if (code != CLI_DONE)
        return code;
    err e = consent_page(t, user, STR_NONE, STR_NONE, STR_NONE, CLI_ROWS_MAX, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\t%.*s\n", STR_ARG(rows[i].client_id.v), STR_ARG(rows[i].redirect_uri),
               STR_ARG(rows[i].scope));
    return cli_listed(n, CLI_ROWS_MAX);
}

int consents_withdraw_verb(struct task *t, int argc, char **argv)
{
    const char *words[2] = { NULL, NULL };
    const struct account_find_row *row;
    if (!cli_read(argc, argv, words, 2, NULL, 0))
        return CLI_USAGE;
    err e = account_load(t, str_of(words[0]), STR_NONE, &row);
    if (e)
        return cli_failed(e);
    return done(consent_end(t, t->actor->id, row->id, (client_id){ str_of(words[1]) }), words[1], "withdrawn");
}
