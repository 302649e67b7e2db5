/* See owner.h. */
#include "authsrv/owner.h"

#include "authsrv/faults.h"
#include "authsrv/store/credential.sql.h"
#include "authsrv/store/identity.sql.h"
#include "shared/crypto/crypto.h"

#define FLOW_LIFE MINUTES(15)
#define FRESH_S 600
#define CSRF_PURPOSE STR("account")

/* Of the session and not of its cookie, which changes with each change of credentials: a form in another tab, or behind
 * the back button, stays good for as long as the person is signed in here. */
static str csrf_of(struct task *t, const struct session *session)
{
    return csrf_token(t, session->row->sid, CSRF_PURPOSE);
}

static err log_in_first(struct task *t, const struct request *rq, struct response *rs, enum owner_need need,
                        const char *back)
{
    const int64_t fresh_s = FRESH_S;
    flow_id id = { random_id(t->arena, "fl_") };
    int64_t n;
    digest browser = browser_bind(t, rq, rs);
    TRY(account_flow_create(t, browser, id, str_of(back), need == OWNER_FRESH ? &fresh_s : NULL,
                            instant_add(t->now, FLOW_LIFE), &n));
    reply_see_other(rs, arena_printf(t->arena, "/login?flow=%.*s", STR_ARG(id.v)));
    return OK;
}

static bool serves(const struct task *t, const struct session *session, enum owner_need need)
{
    if (!session)
        return false;
    return need == OWNER_ANY || instant_seconds(t->now) - instant_seconds(session->row->auth_time) <= FRESH_S;
}

err owner_load(struct task *t, const struct request *rq, struct response *rs, enum owner_need need, const char *back,
               struct owner *ret)
{
    *ret = (struct owner){ .session = NULL };
    const struct session *session;
    TRY(browser_session(t, rq, &session));
    if (!serves(t, session, need))
        return log_in_first(t, rq, rs, need, back);
    ret->session = session;
    ret->user = session->row->user_id;
    ret->csrf = csrf_of(t, session);
    return OK;
}

err owner_form(struct task *t, const struct request *rq, struct response *rs, enum owner_need need, const char *back,
               str csrf, struct owner *ret)
{
    TRY(owner_load(t, rq, rs, need, back, ret));
    if (ret->session && !equal_bytes(bytes_of(ret->csrf), bytes_of(csrf)))
        return FAIL(t, FORBIDDEN, "wrong csrf token");
    return OK;
}

err owner_link_flow(struct task *t, const struct request *rq, struct response *rs, const struct owner *o,
                    const char *back, str *flow)
{
    flow_id id = { random_id(t->arena, "fl_") };
    int64_t n;
    digest browser = browser_bind(t, rq, rs);
    TRY(link_flow_create(t, browser, id, str_of(back), o->session->id_hash, instant_add(t->now, FLOW_LIFE), &n));
    *flow = id.v;
    return OK;
}

err owner_renew(struct task *t, const struct request *rq, struct response *rs, struct owner *o)
{
    str cookie;
    digest id_hash;
    const struct session_new again = { .who = session_proof(o->session),
                                       .amr = o->session->row->amr,
                                       .auth_time = o->session->row->auth_time,
                                       .partner = o->session->row->partner,
                                       .old_cookie = request_cookie(rq, SESSION_COOKIE) };
    TRY(session_begin(t, &again, &cookie, &id_hash));
    if (!str_given(cookie))
        return session_missed(t, o->user, STR("/account"));
    session_cookie_set(rs, cookie);
    const struct session *now;
    TRY(session_load(t, cookie, &now));
    if (!now) /* by the same form, which was faster: what is asked for is done, and the next page asks for a log-in */
        return OK;
    o->session = now;
    o->csrf = csrf_of(t, now);
    return OK;
}
