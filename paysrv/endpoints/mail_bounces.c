/* /v1/operator/mails/bounces: the operator's mail system hands over what came back. */
#include "paysrv/domain/confirmation/bounce.h"
#include "paysrv/flow/confirmation/bounce.h"
#include "paysrv/guards.h"
#include "paysrv/routes.h"
#include "shared/text/shape.h"

SHAPE(mail_bounce, "MailBounce", "object: 'mail_bounce', mail: string, status: string, is_new: boolean")

static err bounce_create(struct task *t, const struct request *rq, struct response *rs)
{
    struct bounced b;
    TRY(bounce_take(t, rq->body, &b));
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("mail_bounce"));
    json_str(j, "mail", b.mail);
    json_str(j, "status", b.status);
    json_bool(j, "is_new", b.is_new);
    return OK;
}

const struct route mail_bounce_create_route = {
    .method = POST,
    .path = "/v1/operator/mails/bounces",
    .guard = &GUARD_OPERATOR,
    .body = BODY_RAW,
    .max_body_bytes = BOUNCE_MAX_BYTES,
    .media = "message/rfc822",
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .repeatable = true,
    .handle = bounce_create,
    .answer = "MailBounce",
    .summary = "Hand over a report that a mail could not be delivered (RFC 3464)",
};
