/* See cookies.h. */
#include "authsrv/cookies.h"

#include "authsrv/app.h"
#include "authsrv/domain/partner/site.h"
#include "authsrv/flow/authorization/fedcm.h"
#include "authsrv/flow/session/session_state.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"

#define DEVICE_COOKIE_LIFE_S ((int64_t)365 * 86400)
#define BINDING_COOKIE_LIFE_S ((int64_t)3600) /* longer than any flow */
#define BINDING_CHARS 43

digest browser_digest(const struct task *t, str cookie)
{
    return site_digest(t->site, "browser", cookie);
}

str browser_cookie(const struct request *rq)
{
    str cookie = request_cookie(rq, BROWSER_COOKIE);
    return cookie.n == BINDING_CHARS ? cookie : STR_NONE;
}

size_t browser_cookies(const struct request *rq, str ret[BINDINGS_MAX])
{
    str first = browser_cookie(rq), given[BINDINGS_MAX];
    size_t n = 0, n_given = request_cookies(rq, BINDING_COOKIE, given, BINDINGS_MAX);
    if (str_given(first))
        ret[n++] = first;
    for (size_t i = 0; i < n_given && n < BINDINGS_MAX; i++)
        if (given[i].n == BINDING_CHARS && !(str_given(first) && str_eq(given[i], first)))
            ret[n++] = given[i];
    return n;
}

str browser_cookie_keep(struct task *t, const struct request *rq, struct response *rs)
{
    str cookie = browser_cookie(rq);
    if (!str_given(cookie)) {
        cookie = random_token(t->arena, "");
        str name = arena_printf(t->arena, BINDING_COOKIE "%.8s", random_token(t->arena, "").p);
        reply_cookie(rs, &(struct cookie){ .name = BROWSER_COOKIE, .value = cookie });
        reply_cookie(rs, &(struct cookie){ .name = name.p, .value = cookie, .max_age_s = BINDING_COOKIE_LIFE_S });
    }
    return cookie;
}

digest browser_bind(struct task *t, const struct request *rq, struct response *rs)
{
    return browser_digest(t, browser_cookie_keep(t, rq, rs));
}

void session_cookie_set(struct response *rs, str value)
{
    reply_cookie(rs, &(struct cookie){ .name = SESSION_COOKIE, .value = value });
}

/* What a browser may know of a session where it does not send the session's own cookie; empty: there is none. */
static void shadows_set(const struct task *t, struct response *rs, str state, str fedcm)
{
    if (t->site) /* session management and FedCM are the issuer's */
        return;
    int64_t max_age_s = state.n > 0 ? 0 : -1;
    reply_cookie(rs, &(struct cookie){ .name = BROWSER_STATE_COOKIE,
                                       .value = state,
                                       .max_age_s = max_age_s,
                                       .same_site_none = true,
                                       .readable = true });
    reply_cookie(
        rs, &(struct cookie){ .name = FEDCM_COOKIE, .value = fedcm, .max_age_s = max_age_s, .same_site_none = true });
    reply_header(rs, "Set-Login", state.n > 0 ? STR("logged-in") : STR("logged-out"));
}

void session_cookie_clear(const struct task *t, struct response *rs)
{
    reply_cookie(rs, &(struct cookie){ .name = SESSION_COOKIE, .value = STR(""), .max_age_s = -1 });
    shadows_set(t, rs, STR(""), STR(""));
}

static bool is_shown(const struct request *rq, const char *cookie, str value)
{
    str shown = request_cookie(rq, cookie);
    return str_given(shown) && str_eq(shown, value);
}

void session_shadows_follow(struct task *t, const struct request *rq, struct response *rs,
                            const struct session *session)
{
    if (!session) {
        if (str_given(request_cookie(rq, BROWSER_STATE_COOKIE)))
            shadows_set(t, rs, STR(""), STR(""));
        return;
    }
    str state = browser_state_of(t, session->row->sid), fedcm = fedcm_cookie_of(t, session->row->sid);
    if (!is_shown(rq, BROWSER_STATE_COOKIE, state) || !is_shown(rq, FEDCM_COOKIE, fedcm))
        shadows_set(t, rs, state, fedcm);
}

void device_cookie_set(struct response *rs, str value)
{
    reply_cookie(rs, &(struct cookie){ .name = DEVICE_COOKIE, .value = value, .max_age_s = DEVICE_COOKIE_LIFE_S });
}

str csrf_token(struct task *t, str cookie, str purpose)
{
    str message = arena_printf(t->arena, "csrf\n%.*s\n%.*s", STR_ARG(cookie), STR_ARG(purpose));
    digest mac = hmac_sha256(digest_bytes(&app_of(t)->sealing_key), bytes_of(message));
    return base64url_encode(t->arena, digest_bytes(&mac));
}
