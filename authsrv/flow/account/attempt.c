/* See attempt.h. */
#include "authsrv/flow/account/attempt.h"

#include "authsrv/app.h"
#include "authsrv/domain/account/account.h"
#include "authsrv/domain/authorization/device.h"
#include "shared/cache/cache.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"
#include "shared/text/network.h"

struct bucket {
    str key;
    int per_minute, burst;
};

enum { BUCKETS_MAX = 4 };

static str login_of(struct task *t, str typed)
{
    str canonical;
    return account_login(t->arena, typed, &canonical) ? canonical : typed;
}

static str device_known(struct task *t, const struct attempt *a, str login)
{
    return device_of(t->arena, &app_of(t)->sealing_key, a->devices, login);
}

bool attempt_is_known(struct task *t, const struct attempt *a)
{
    return str_given(a->devices) && str_given(device_known(t, a, login_of(t, a->login)));
}

/*
 * The narrowest bucket comes first and an empty one ends the attempt, so that one place cannot use up what all
 * strangers share.
 */
static size_t buckets_of(struct task *t, const struct attempt *a, struct bucket ret[BUCKETS_MAX])
{
    str login = login_of(t, a->login);
    str device = device_known(t, a, login);
    digest name = typed_digest("login_name", login);
    str account = base64url_encode(t->arena, (bytes){ name.b, 16 });
    str place = network_of(t->arena, a->peer);
    if (str_given(device)) {
        ret[0] = (struct bucket){ arena_printf(t->arena, "login_device:%.*s", STR_ARG(device)), 10, 20 };
        return 1;
    }
    ret[0] = (struct bucket){ arena_printf(t->arena, "login:%.*s:%.*s", STR_ARG(account), STR_ARG(place)), 10, 30 };
    ret[1] = (struct bucket){ arena_printf(t->arena, "login_from:%.*s", STR_ARG(place)), 200, 600 };
    str around = wider_network_of(t->arena, a->peer);
    ret[2] = (struct bucket){ arena_printf(t->arena, "login_around:%.*s", STR_ARG(around)), 400, 1200 };
    ret[3] = (struct bucket){ arena_printf(t->arena, "login:%.*s", STR_ARG(account)), 20, 60 };
    return 4;
}

bool attempt_allow(struct task *t, const struct attempt *a, int *retry_after_s)
{
    struct bucket buckets[BUCKETS_MAX];
    if (!app_of(t)->config.rate_limits)
        return true;
    size_t n = buckets_of(t, a, buckets);
    for (size_t i = 0; i < n; i++)
        if (!cache_allow(t, buckets[i].key, buckets[i].per_minute, buckets[i].burst, retry_after_s))
            return false;
    return true;
}

str attempt_succeeded(struct task *t, const struct attempt *a)
{
    struct bucket buckets[BUCKETS_MAX];
    size_t n = app_of(t)->config.rate_limits ? buckets_of(t, a, buckets) : 0;
    for (size_t i = 0; i < n; i++)
        cache_put_back(t, buckets[i].key, buckets[i].per_minute, buckets[i].burst);
    unsigned char fresh[DEVICE_ID_BYTES];
    random_bytes(fresh, sizeof fresh);
    return device_remember(t->arena, &app_of(t)->sealing_key, a->devices, login_of(t, a->login), fresh);
}
