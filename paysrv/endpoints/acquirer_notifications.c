/* POST /v1/acquirer/notifications: the signature over the raw bytes first, then the parser, then 200 (SECURITY M). */
#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/connector.h"
#include "paysrv/flow/notification.h"
#include "paysrv/routes.h"
#include "shared/crypto/crypto.h"

static enum message_verdict verify(struct task *t, const struct request *rq, const struct connector *c, str key)
{
    struct signed_message m = { .body = rq->body };
    for (size_t i = 0; i < SIGNATURE_HEADERS_MAX && c->signature_headers[i]; i++)
        m.headers[i] = request_header(rq, c->signature_headers[i]);
    return c->verify(t, key, &m);
}

/* The acquirer of live partners has one secret, that of sandbox partners another one or the same. */
static err signature_check(struct task *t, const struct request *rq, enum acquirer_source *from)
{
    const struct app *app = t->app;
    str live = app->config.acquirer_webhook_secret_file.hidden,
        test = app->config.test_acquirer_webhook_secret_file.hidden;
    bool is_one = app->acquirer == app->test_acquirer && equal_bytes(bytes_of(live), bytes_of(test));
    enum message_verdict verdict = verify(t, rq, app->acquirer, live);
    *from = is_one ? FROM_EITHER : FROM_LIVE;
    if ((verdict == MESSAGE_BAD_SIGNATURE || verdict == MESSAGE_MALFORMED) && test.n > 0 && !is_one) {
        *from = FROM_TEST;
        verdict = verify(t, rq, app->test_acquirer, test);
    }
    switch (verdict) {
    case MESSAGE_GOOD:
        return OK;
    case MESSAGE_MALFORMED:
        return FAIL(t, SIGNATURE_REFUSED, "headers missing or malformed");
    case MESSAGE_BAD_SIGNATURE:
        return FAIL(t, SIGNATURE_REFUSED, "no signature matches");
    case MESSAGE_OUTSIDE_TOLERANCE:
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
