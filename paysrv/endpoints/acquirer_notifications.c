/* POST /v1/acquirer/notifications: the signature over the raw bytes first, then the parser, then 200 (SECURITY M). */
#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/notification.h"
#include "paysrv/routes.h"
#include "shared/crypto/crypto.h"
#include "shared/net/standard_webhook.h"

static enum webhook_verdict verify(struct task *t, const struct request *rq, str key)
{
    return webhook_verify(t->arena, key, request_header(rq, "webhook-id"), request_header(rq, "webhook-timestamp"),
                          request_header(rq, "webhook-signature"), rq->body, t->now);
}

/* The acquirer of live partners has one secret, that of sandbox partners another one or the same. */
static err signature_check(struct task *t, const struct request *rq, enum acquirer_source *from)
{
    const struct app *app = t->app;
    str live = app->config.acquirer_webhook_secret_file.hidden,
        test = app->config.test_acquirer_webhook_secret_file.hidden;
    *from = equal_bytes(bytes_of(live), bytes_of(test)) ? FROM_EITHER : FROM_LIVE;
    enum webhook_verdict verdict = verify(t, rq, live);
    if (verdict == WEBHOOK_BAD_SIGNATURE && test.n > 0 && *from == FROM_LIVE) {
        *from = FROM_TEST;
        verdict = verify(t, rq, test);
    }
    switch (verdict) {
    case WEBHOOK_GOOD:
        return OK;
    case WEBHOOK_MALFORMED:
        return FAIL(t, SIGNATURE_REFUSED, "headers missing or malformed");
    case WEBHOOK_BAD_SIGNATURE:
        return FAIL(t, SIGNATURE_REFUSED, "no signature matches");
    case WEBHOOK_OUTSIDE_TOLERANCE:
        return FAIL(t, SIGNATURE_REFUSED, "outside the tolerance");
    }
    return FAIL(t, SIGNATURE_REFUSED, "unknown verdict");
}

static err receive(struct task *t, const struct request *rq, struct response *rs)
{
    enum acquirer_source from;
    TRY(signature_check(t, rq, &from));
    TRY(notification_apply(t, rq->body, from));
    json_bool(reply_json(rs, 200), "received", true);
    return OK;
}

const struct route acquirer_notifications_route = {
    .method = POST,
    .path = "/v1/acquirer/notifications",
    .guard = &GUARD_PUBLIC,
    .body = BODY_RAW,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = receive,
    .answer = "{ received: boolean }",
    .summary = "Messages of the acquirer",
};
