/* authsrv approvals list|allow|deny. */
#include <stdio.h>

#include "authsrv/faults.h"
#include "authsrv/flow/authorization/decoupled.h"
#include "authsrv/store/decoupled.sql.h"
#include "authsrv/verbs.h"
#include "shared/ops/cli.h"

int approvals_list_verb(struct task *t, int argc, char **argv)
{
    const struct ciba_page_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = ciba_page(t, STR_NONE, CLI_ROWS_MAX, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\t%.*s\t%.*s\t%.*s\n", STR_ARG(rows[i].id.v), STR_ARG(rows[i].client_id.v),
               STR_ARG(rows[i].user_id.v), STR_ARG(rows[i].scope), STR_ARG(rows[i].binding_message));
    return cli_listed(n, CLI_ROWS_MAX);
}

static int decide(struct task *t, int argc, char **argv, bool allow)
{
    const char *auth_req_id = NULL;
    bool known = false;
    if (!cli_read(argc, argv, &auth_req_id, 1, NULL, 0))
        return CLI_USAGE;
    err e = ciba_decide(t, t->actor->id, str_of(auth_req_id), allow, &known);
    if (!e && !known)
        e = FAIL(t, NOT_FOUND, "no request with this auth_req_id waits");
    if (e)
        return cli_failed(e);
    printf("%s\n", allow ? "allowed" : "denied");
    return CLI_DONE;
}

int approvals_allow_verb(struct task *t, int argc, char **argv)
{
    return decide(t, argc, argv, true);
}

int approvals_deny_verb(struct task *t, int argc, char **argv)
{
    return decide(t, argc, argv, false);
}
