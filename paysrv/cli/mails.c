/* paysrv mails list|bounce: what could not be mailed, what still waits for the mail server, and what came back. */
#include <stdio.h>

#include "paysrv/domain/confirmation/bounce.h"
#include "paysrv/domain/confirmation/confirmation.h"
#include "paysrv/flow/confirmation/bounce.h"
#include "paysrv/store/mail.sql.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"

static void mail_print(struct task *t, const struct mail_any_row *m)
{
    str what = m->failed_at_given ? m->failure : STR("waits");
    str until = instant_iso(t->arena, m->failed_at_given ? m->failed_at : m->due_at);
    printf("%.*s\t%.*s\t%.*s\t%.*s\t%d\t%.*s\t%.*s\t%.*s\t%.*s\t%.*s\n", STR_ARG(m->mail_id),
           STR_ARG(instant_iso(t->arena, m->created_at)), STR_ARG(m->kind),
           STR_ARG(email_masked(t->arena, m->recipient)), m->tries, STR_ARG(str_given(what) ? what : STR("given_up")),
           STR_ARG(until), STR_ARG(str_given(m->reply) ? m->reply : STR("-")),
           STR_ARG(str_given(m->partner_id.v) ? m->partner_id.v : STR("-")),
           STR_ARG(str_given(m->subject) ? m->subject : STR("-")));
}

int mails_list(struct task *t, int argc, char **argv)
{
    bool waiting = false;
    const struct cli_option options[] = { { "--waiting", NULL, &waiting, NULL } };
    const struct mail_any_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, options, 1))
        return CLI_USAGE;
    err e = mail_any(t, !waiting, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        mail_print(t, &rows[i]);
    return cli_listed(n, 200);
}

int mails_bounce(struct task *t, int argc, char **argv)
{
    const char *path = NULL;
    str message;
    struct bounced b;
    if (!cli_read(argc, argv, &path, 1, NULL, 0))
        return CLI_USAGE;
    if (!cli_file(t->arena, strcmp(path, "-") == 0 ? "/dev/stdin" : path, BOUNCE_MAX_BYTES, &message))
        return CLI_FAILED;
    err e = bounce_take(t, message, &b);
    if (e)
        return cli_failed(e);
    printf("%.*s: %.*s%s\n", STR_ARG(b.mail), STR_ARG(b.status), b.is_new ? "" : ", had failed before");
    return CLI_DONE;
}
