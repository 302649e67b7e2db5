/* authsrv users add|list|disable|enable|role. */
#include <stdio.h>

#include "authsrv/faults.h"
#include "authsrv/flow/account/accounts.h"
#include "authsrv/flow/account/second.h"
#include "authsrv/store/admin.sql.h"
#include "authsrv/verbs.h"
#include "shared/ops/cli.h"

/* Every standard claim filled, so that a client can be tried against a complete person. */
static const char full_profile[] =
    "{\"given_name\":\"Tess\",\"family_name\":\"Tester\",\"middle_name\":\"T.\",\"nickname\":\"tess\","
    "\"preferred_username\":\"tess\",\"profile\":\"https://example.org/tess\",\"picture\":\"https://example.org/"
    "tess.png\","
    "\"website\":\"https://example.org\",\"gender\":\"female\",\"birthdate\":\"1990-01-02\",\"zoneinfo\":\"Europe/"
    "Berlin\","
    "\"locale\":\"en-GB\",\"phone_number\":\"+49 30 1234567\",\"phone_number_verified\":true,"
    "\"address\":{\"formatted\":\"Main Street 1\\n10115 Berlin\\nGermany\",\"street_address\":\"Main Street 1\","
    "\"locality\":\"Berlin\",\"region\":\"Berlin\",\"postal_code\":\"10115\",\"country\":\"DE\"}}";

int users_add_verb(struct task *t, int argc, char **argv)
{
    const char *email = NULL, *name = NULL, *password_file = NULL, *role = NULL;
    bool full = false, if_missing = false;
    const struct cli_option options[] = {
        { "--email", &email, NULL, NULL },
        { "--name", &name, NULL, NULL },
        { "--password-file", &password_file, NULL, NULL },
        { "--role", &role, NULL, NULL },
        { "--full-profile", NULL, &full, NULL },
        { "--if-missing", NULL, &if_missing, NULL },
    };
    str id, password;
    if (!cli_read(argc, argv, NULL, 0, options, sizeof options / sizeof options[0]))
        return CLI_USAGE;
    if (!email || !name || !password_file)
        return cli_misuse("--email, --name and --password-file are needed");
    if (!cli_file(t->arena, password_file, 1024, &password))
        return CLI_FAILED;
    const struct account_draft d = { str_of(email), str_of(name), password, str_of(role),
                                     full ? str_of(full_profile) : STR_NONE };
    err e = account_create(t, t->actor->id, &d, &id);
    if (if_missing && err_is(e, &FAULT_ALREADY_EXISTS)) {
        printf("%s exists\n", email);
        return CLI_DONE;
    }
    if (e)
        return cli_failed(e);
    printf("%s added as %.*s\n", email, STR_ARG(id));
    return CLI_DONE;
}

int users_list_verb(struct task *t, int argc, char **argv)
{
    const char *query = NULL;
    const struct cli_option options[] = { { "--query", &query, NULL, NULL } };
    const struct account_find_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, options, 1))
        return CLI_USAGE;
    err e = account_page(t, STR_NONE, STR_NONE, STR_NONE, NULL, str_of(query), CLI_ROWS_MAX, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\t%.*s\t%.*s%s\n", STR_ARG(rows[i].id.v), STR_ARG(rows[i].name), STR_ARG(rows[i].email),
               STR_ARG(rows[i].role), rows[i].disabled_at_given ? "\tdisabled" : "");
    return cli_listed(n, CLI_ROWS_MAX);
}

static int changed(const struct account_find_row *row, err e, const char *what)
{
    if (e)
        return cli_failed(e);
    printf("%.*s %s\n", STR_ARG(row->id.v), what);
    return CLI_DONE;
}

int users_disable_verb(struct task *t, int argc, char **argv)
{
    const char *id = NULL;
    const struct account_find_row *row;
    if (!cli_read(argc, argv, &id, 1, NULL, 0))
        return CLI_USAGE;
    err e = account_load(t, str_of(id), STR_NONE, &row);
    return e ? cli_failed(e) : changed(row, account_disable(t, t->actor->id, row->id), "disabled");
}

int users_enable_verb(struct task *t, int argc, char **argv)
{
    const char *id = NULL;
    const struct account_find_row *row;
    if (!cli_read(argc, argv, &id, 1, NULL, 0))
        return CLI_USAGE;
    err e = account_load(t, str_of(id), STR_NONE, &row);
    return e ? cli_failed(e) : changed(row, account_allow_again(t, t->actor->id, row->id), "enabled");
}

int users_expire_password_verb(struct task *t, int argc, char **argv)
{
    const char *id = NULL;
    const struct account_find_row *row;
    bool withdraw = false;
    const struct cli_option options[] = { { "--withdraw", NULL, &withdraw, NULL } };
    if (!cli_read(argc, argv, &id, 1, options, 1))
        return CLI_USAGE;
    err e = account_load(t, str_of(id), STR_NONE, &row);
    return e ? cli_failed(e)
             : changed(row, account_expire_password(t, t->actor->id, row, !withdraw),
                       withdraw ? "keeps its password" : "needs a new password");
}

int users_remove_second_factor_verb(struct task *t, int argc, char **argv)
{
    const char *id = NULL;
    const struct account_find_row *row;
    if (!cli_read(argc, argv, &id, 1, NULL, 0))
        return CLI_USAGE;
    err e = account_load(t, str_of(id), STR_NONE, &row);
    return e ? cli_failed(e)
             : changed(row, totp_disuse(t, t->actor->id, row->id, NULL), "logs in without a second factor from now on");
}

int users_role_verb(struct task *t, int argc, char **argv)
{
    const char *words[2] = { NULL, NULL };
    const struct account_find_row *row;
    if (!cli_read(argc, argv, words, 2, NULL, 0))
        return CLI_USAGE;
    const struct account_change c = { .role = str_of(words[1]) };
    err e = account_load(t, str_of(words[0]), STR_NONE, &row);
    return e ? cli_failed(e) : changed(row, account_update(t, t->actor->id, row->id, row->version, &c), words[1]);
}
