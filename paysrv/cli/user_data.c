/* paysrv users reopen, export, erase and forget: for people who ask what is kept about them, and who leave. */
#include <stdio.h>

#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/party/user.h"
#include "paysrv/flow/party/user_data.h"
#include "paysrv/store/user.sql.h"
#include "paysrv/verbs.h"
#include "shared/base/buf.h"
#include "shared/ops/cli.h"

#define DOCUMENT_MAX_BYTES ((size_t)8 << 20)

static err user_by_id(struct task *t, const char *id, partner_id *partner, const struct user_find_row **ret)
{
    const struct user_any_row *any;
    *ret = NULL;
    TRY(user_any(t, (user_id){ str_of(id) }, &any));
    if (!any)
        return FAIL(t, NOT_FOUND, "no such user");
    *partner = any->partner_id;
    TRY(clock_enter(t, any->partner_id));
    TRY(user_find(t, any->partner_id, (user_id){ str_of(id) }, ret));
    return *ret ? OK : FAIL(t, NOT_FOUND, "no such user");
}

static err export(struct task *t, const char *id, bool whole)
{
    const struct user_find_row *user;
    partner_id partner;
    struct buf out;
    struct json j;
    TRY(user_by_id(t, id, &partner, &user));
    buf_init(&out, t->arena, DOCUMENT_MAX_BYTES);
    json_begin(&j, &out);
    TRY(user_data_write(t, &j, partner, user, whole));
    json_end(&j);
    printf("%.*s\n", STR_ARG(buf_str(&out)));
    return OK;
}

int users_export(struct task *t, int argc, char **argv)
{
    const char *user = NULL;
    bool whole = false;
    const struct cli_option options[] = { { "--whole", NULL, &whole, NULL } };
    if (!cli_read(argc, argv, &user, 1, options, 1))
        return CLI_USAGE;
    err e = export(t, user, whole);
    return e ? cli_failed(e) : CLI_DONE;
}

static err erase(struct task *t, const char *id)
{
    const struct user_find_row *user;
    const struct once nothing = { .given = false };
    struct answer answer;
    struct caller operator= { .subject = STR_NONE };
    TRY(user_by_id(t, id, &operator.partner, &user));
    return users_erase(t, &operator, user, &nothing, &answer);
}

int users_erase_now(struct task *t, int argc, char **argv)
{
    const char *user = NULL;
    if (!cli_read(argc, argv, &user, 1, NULL, 0))
        return CLI_USAGE;
    err e = erase(t, user);
    if (e)
        return cli_failed(e);
    printf("%s is erased; what the law asks for goes after user_retention\n", user);
    return CLI_DONE;
}

static err open_again(struct task *t, const char *id)
{
    const struct user_find_row *user;
    partner_id partner;
    TRY(user_by_id(t, id, &partner, &user));
    return users_open_again(t, partner, user);
}

int users_reopen(struct task *t, int argc, char **argv)
{
    const char *user = NULL;
    if (!cli_read(argc, argv, &user, 1, NULL, 0))
        return CLI_USAGE;
    err e = open_again(t, user);
    if (e)
        return cli_failed(e);
    printf("%s is open again; close him when he is paid out\n", user);
    return CLI_DONE;
}

int users_forget_now(struct task *t, int argc, char **argv)
{
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = users_forget(t);
    return e ? cli_failed(e) : CLI_DONE;
}
