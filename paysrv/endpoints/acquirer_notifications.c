/* POST /v1/acquirer/notifications: the signature over the raw bytes first, then the parser, then 200 (SECURITY M). */
#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/acquirer/connector.h"
#include "paysrv/flow/acquirer/notification.h"
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
static err signature_check(struct task *t, const struct request *rq, struct acquirer_sender *from)
{
    const struct app *app = t->app;
    const struct connector *live = app->acquirers[from->method], *test = app->test_acquirers[from->method];
    str live_key = acquirer_door(&app->config, from->method, true).secret,
        test_key = acquirer_door(&app->config, from->method, false).secret;
    bool is_one = live == test && equal_bytes(bytes_of(live_key), bytes_of(test_key));
    enum message_verdict verdict = MESSAGE_BAD_SIGNATURE; /* nobody without a connector and a secret has a say */
    if (live && live_key.n > 0)
        verdict = verify(t, rq, live, live_key);
    from->source = is_one ? FROM_EITHER : FROM_LIVE;
    if ((verdict == MESSAGE_BAD_SIGNATURE || verdict == MESSAGE_MALFORMED) && !is_one && test && test_key.n > 0) {
        from->source = FROM_TEST;
        verdict = verify(t, rq, test, test_key);
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

static err receive_from(struct task *t, const struct request *rq, struct response *rs, enum payment_method method)
{
    struct acquirer_sender from = { .method = method };
    TRY(signature_check(t, rq, &from));
    TRY(notification_apply(t, rq->body, from));
    json_bool(reply_json(rs, 200), "received", true);
    return OK;
}

static err receive(struct task *t, const struct request *rq, struct response *rs)
{
    return receive_from(t, rq, rs, METHOD_CARD);
}

static err receive_of_method(struct task *t, const struct request *rq, struct response *rs)
{
    enum payment_method method;
    if (!payment_method_parse(request_path_param(rq, "method"), &method))
        return FAIL(t, NOT_FOUND, "no such method");
    return receive_from(t, rq, rs, method);
}

#define MESSAGES(PATH, HANDLE, SUMMARY)                                                                                \
    {                                                                                                                  \
        .method = POST, .path = PATH, .guard = &GUARD_PUBLIC, .body = BODY_RAW, .run = RUN_WORKER,                     \
        .errors = ERRORS_PROBLEM, .no_store = true, .handle = HANDLE, .answer = "{ received: boolean }",               \
        .summary = SUMMARY                                                                                             \
    }

const struct route acquirer_notifications_route =
    MESSAGES("/v1/acquirer/notifications", receive, "Messages of the acquirer of cards");
const struct route method_notifications_route =
    MESSAGES("/v1/acquirer/notifications/{method}", receive_of_method, "Messages of the acquirer of a payment method");
