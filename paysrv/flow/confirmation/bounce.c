/* See bounce.h. */
#include "paysrv/flow/confirmation/bounce.h"

#include "paysrv/domain/confirmation/bounce.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/confirmation/undeliverable.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/store/mail.sql.h"
#include "shared/db/db.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"

static err take_in_tx(struct task *t, void *context)
{
    struct bounced *b = context;
    const struct mail_bounce_row *row;
    TRY(mail_bounce(t, b->status, b->mail, &row));
    b->is_new = row != NULL;
    if (!row)
        return OK;
    TRY(undeliverable_end(t, b->mail));
    CRASH_POINT("bounce.before_commit");
    return OK;
}

static err known_before(struct task *t, const struct bounced *b)
{
    const struct mail_failure_row *row;
    TRY(mail_failure(t, b->mail, &row));
    return row ? OK : FAIL(t, NOT_FOUND, "no mail %.*s", STR_ARG(b->mail));
}

err bounce_take(struct task *t, str message, struct bounced *ret)
{
    struct bounce read;
    str why;
    if (!bounce_read(t->arena, message, &read, &why))
        return FAIL_PARAM(t, BOUNCE_REFUSED, STR("message"), why);
    *ret = (struct bounced){ .mail = read.mail, .status = read.status };
    err e = db_tx(t, take_in_tx, ret);
    clock_leave(t);
    TRY(e);
    if (!ret->is_new)
        return known_before(t, ret);
    pay_metrics_mail(t, MAIL_BOUNCED);
    log_warn(t, "mail.bounced", L_STR("mail", ret->mail), L_STR("status", ret->status));
    return OK;
}
