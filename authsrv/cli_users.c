/* authsrv users add|list|disable. */
#include <stdio.h>

#include "authsrv/app.h"
#include "authsrv/domain/account.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/store/user.sql.h"
#include "authsrv/verbs.h"
#include "shared/crypto/crypto.h"
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

struct user_words {
    const char *email, *name, *password_file, *role;
    bool full, if_missing;
    str login, password;
};

static int words_check(struct task *t, struct user_words *w)
{
    if (!w->email || !account_login(t->arena, str_of(w->email), &w->login))
        return cli_misuse("--email: an e-mail address is needed");
    if (!w->name || !*w->name || !w->password_file)
        return cli_misuse("--name and --password-file are needed");
    if (strcmp(w->role, "user") != 0 && strcmp(w->role, "operator") != 0 && strcmp(w->role, "admin") != 0)
        return cli_misuse("--role: admin, operator or user");
    if (!cli_file(t->arena, w->password_file, 1024, &w->password))
        return CLI_FAILED;
    if (!account_password_valid(w->password))
        return cli_misuse("--password-file: 8 to 256 characters are needed");
    return CLI_DONE;
}

static err user_add(struct task *t, const struct user_words *w, str *id)
{
    int64_t n;
    *id = random_id(t->arena, "usr_");
    TRY(user_create(t,
                    &(struct user_create_args){ .id = { *id },
                                                .login = w->login,
                                                .password_hash = password_hash(t->arena, app_of(t)->config.pepper_file,
                                                                               (secret){ w->password }),
                                                .role = str_of(w->role),
                                                .name = str_of(w->name),
                                                .email_verified = true,
                                                .profile = w->full ? str_of(full_profile) : STR("{}") },
                    &n));
    return audit_write(t, STR("operator"), STR("account.created"), *id, str_of(w->role));
}

int users_add_verb(struct task *t, int argc, char **argv)
{
    struct user_words w = { .role = "user" };
    const struct cli_option options[] = {
        { "--email", &w.email, NULL, NULL },
        { "--name", &w.name, NULL, NULL },
        { "--password-file", &w.password_file, NULL, NULL },
        { "--role", &w.role, NULL, NULL },
        { "--full-profile", NULL, &w.full, NULL },
        { "--if-missing", NULL, &w.if_missing, NULL },
    };
    str id;
    if (!cli_read(argc, argv, NULL, 0, options, sizeof options / sizeof options[0]))
        return CLI_USAGE;
    int code = words_check(t, &w);
    if (code != CLI_DONE)
        return code;
    err e = user_add(t, &w, &id);
    if (w.if_missing && err_is(e, &FAULT_ALREADY_EXISTS)) {
        printf("%s exists\n", w.email);
        return CLI_DONE;
    }
    if (e)
        return cli_failed(e);
    printf("%s added as %.*s\n", w.email, STR_ARG(id));
    return CLI_DONE;
}

int users_list_verb(struct task *t, int argc, char **argv)
{
    const struct user_list_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = user_list(t, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\t%.*s\t%.*s%s\n", STR_ARG(rows[i].id.v), STR_ARG(rows[i].name), STR_ARG(rows[i].email),
               STR_ARG(rows[i].role), rows[i].disabled ? "\tdisabled" : "");
    return CLI_DONE;
}

/* Twice: what a request that was under way created meanwhile is ended by the second. */
static err user_end(struct task *t, str id, const struct user_disable_row **row)
{
    TRY(user_disable(t, id, row));
    TRY(user_disable(t, id, row));
    return *row ? audit_write(t, STR("operator"), STR("account.disabled"), (*row)->id.v, STR("")) : OK;
}

int users_disable_verb(struct task *t, int argc, char **argv)
{
    const char *id = NULL;
    const struct user_disable_row *row;
    if (!cli_read(argc, argv, &id, 1, NULL, 0))
        return CLI_USAGE;
    err e = user_end(t, str_of(id), &row);
    if (e)
        return cli_failed(e);
    if (!row)
        return cli_failed(FAIL(t, NOT_FOUND, "account %s", id));
    printf("%.*s disabled\n", STR_ARG(row->id.v));
    return CLI_DONE;
}
