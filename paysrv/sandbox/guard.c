/* Who may call the API: the one merchant, by its key. */
#include "paysrv/sandbox/sandbox.h"

#include "shared/crypto/crypto.h"

static err merchant_check(struct task *t, struct request *rq)
{
    const struct app *app = t->app;
    str header = request_header(rq, "authorization");
    str prefix = STR("Bearer ");
    if (!str_given(header) || header.n < prefix.n || !str_eq_nocase((str){ header.p, prefix.n }, prefix))
        return FAIL(t, UNAUTHENTICATED, "no bearer key");
    str key = { header.p + prefix.n, header.n - prefix.n };
    if (!equal_bytes(bytes_of(key), bytes_of(app->config.key_file.hidden)))
        return FAIL(t, UNAUTHENTICATED, "wrong key");
    return OK;
}

const struct guard GUARD_MERCHANT = { "merchant", merchant_check };

err idempotency_key(struct task *t, const struct request *rq, str *ret)
{
    str key = request_header(rq, "idempotency-key");
    if (key.n >= 2 && key.p[0] == '"' && key.p[key.n - 1] == '"')
        key = (str){ key.p + 1, key.n - 2 };
    bool printable = key.n >= 1 && key.n <= 255;
    for (size_t i = 0; i < key.n; i++)
        printable = printable && key.p[i] > 0x20 && key.p[i] < 0x7f;
    if (!printable)
        return FAIL_PARAM(t, INVALID_REQUEST, STR("Idempotency-Key"),
                          STR("is required: 1 to 255 printable ASCII characters"));
    *ret = key;
    return OK;
}

struct app *sandbox_enter(struct task *t)
{
    struct app *app = t->app;
    pthread_mutex_lock(&app->lock);
    return app;
}

void sandbox_leave(struct app *app)
{
    pthread_mutex_unlock(&app->lock);
}
