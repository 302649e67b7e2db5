/* Who may call the API: the one merchant, by its key. */
#include "paysrv/sandbox/sandbox.h"

#include "shared/crypto/crypto.h"

static err key_check(struct task *t, struct request *rq, str ours)
{
    str header = request_header(rq, "authorization");
    str prefix = STR("Bearer ");
    if (!str_given(header) || header.n < prefix.n || !str_eq_nocase((str){ header.p, prefix.n }, prefix))
        return FAIL(t, UNAUTHENTICATED, "no bearer key");
    str key = { header.p + prefix.n, header.n - prefix.n };
    if (!equal_bytes(bytes_of(key), bytes_of(ours)))
        return FAIL(t, UNAUTHENTICATED, "wrong key");
    return OK;
}

static err merchant_check(struct task *t, struct request *rq)
{
    return key_check(t, rq, ((const struct app *)t->app)->config.key_file.hidden);
}

static err wallet_merchant_check(struct task *t, struct request *rq)
{
    const struct sandbox_config *config = &((const struct app *)t->app)->config;
    str key = config->wallet_key_file.hidden;
    return key_check(t, rq, key.n > 0 ? key : config->key_file.hidden);
}

const struct guard GUARD_WALLET_MERCHANT = { "merchant of the wallet", wallet_merchant_check };
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
