/*
 * GET /account/access, POST /account/sessions/end, POST /account/apps/end: where one is signed in, and which
 * applications may do something in one's name.
 */
#include "authsrv/faults.h"
#include "authsrv/flow/account/holdings.h"
#include "authsrv/flow/account/self.h"
#include "authsrv/guards.h"
#include "authsrv/owner.h"
#include "authsrv/routes.h"
#include "authsrv/store/admin.sql.h"
#include "authsrv/store/self.sql.h"
#include "web/authsrv/pages.h"
#include "web/text.h"

#define PAGE "/account/access"
#define SESSIONS_MAX 200

struct access_in {
    str csrf, id;
};

static const struct param end_params[] = {
    P_STR(struct access_in, csrf, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct access_in, id, .need = REQUIRED, .set = TOKEN, .max = 512),
};

static str how_of(const struct task *t, const struct session_page_row *s)
{
    if (str_given(s->partner))
        return text_in(t->language, TEXT_ACCESS_BY_PARTNER);
    if (str_has_word(s->amr, STR("hwk")) || str_has_word(s->amr, STR("swk")))
        return text_in(t->language, TEXT_ACCESS_BY_PASSKEY);
    return text_in(t->language, str_has_word(s->amr, STR("otp")) ? TEXT_ACCESS_BY_BOTH : TEXT_ACCESS_BY_PASSWORD);
}

static err sessions_read(struct task *t, const struct owner *o, struct page_account_access *page)
{
    const struct session_page_row *rows;
    size_t n;
    TRY(session_page(t, o->user, STR_NONE, SESSIONS_MAX, &rows, &n));
    struct account_session *items = arena_array(t->arena, struct account_session, n + 1);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct account_session){ .id = rows[i].sid,
                                             .how = how_of(t, &rows[i]),
                                             .began = instant_text(t->arena, rows[i].created_at),
                                             .seen = instant_text(t->arena, rows[i].last_seen_at),
                                             .is_here = str_eq(rows[i].sid, o->session->row->sid),
                                             .host = rows[i].host };
    page->sessions.items = items;
    page->sessions.n = n;
    return OK;
}

static err apps_read(struct task *t, const struct owner *o, struct page_account_access *page)
{
    const struct self_apps_row *rows;
    size_t n;
    TRY(self_apps(t, o->user, &rows, &n));
    struct account_app *items = arena_array(t->arena, struct account_app, n + 1);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct account_app){ .id = rows[i].client_id.v,
                                         .name = rows[i].name,
                                         .since = instant_text(t->arena, rows[i].since) };
    page->apps.items = items;
    page->apps.n = n;
    return OK;
}

static err account_access(struct task *t, const struct request *rq, struct response *rs)
{
    struct owner o;
    TRY(owner_load(t, rq, rs, OWNER_ANY, PAGE, &o));
    if (!o.session)
        return OK;
    struct page_account_access page = { .session_action = STR("/account/sessions/end"),
                                        .app_action = STR("/account/apps/end"),
                                        .csrf = o.csrf,
                                        .back_url = STR("/account") };
    TRY(sessions_read(t, &o, &page));
    TRY(apps_read(t, &o, &page));
    page_account_access(reply_html(rs, 200), t->language, t->frame, &page);
    return OK;
}

/* Two forms that were sent at the same moment want the same: what is gone already is no mistake. */
static err done(struct response *rs, err e)
{
    if (e && !err_is(e, &FAULT_NOT_FOUND))
        return e;
    reply_see_other(rs, STR(PAGE));
    return OK;
}

static err account_session_end(struct task *t, const struct request *rq, struct response *rs)
{
    const struct access_in *in = rq->in;
    struct owner o;
    TRY(owner_form(t, rq, rs, OWNER_ANY, PAGE, in->csrf, &o));
    if (!o.session)
        return OK;
    return done(rs, self_session_end(t, o.user, in->id));
}

static err account_app_end(struct task *t, const struct request *rq, struct response *rs)
{
    const struct access_in *in = rq->in;
    struct owner o;
    TRY(owner_form(t, rq, rs, OWNER_ANY, PAGE, in->csrf, &o));
    if (!o.session)
        return OK;
    return done(rs, consent_end(t, o.user.v, o.user, (client_id){ in->id }));
}

const struct route account_access_route =
    PAGE_ROUTE(PAGE, .handle = account_access, .summary = "Page of one's own sessions and applications");

const struct route account_session_end_route =
    FORM_ROUTE("/account/sessions/end", INPUT(struct access_in, end_params), .handle = account_session_end,
               .summary = "End one of one's own sessions");

const struct route account_app_end_route =
    FORM_ROUTE("/account/apps/end", INPUT(struct access_in, end_params), .handle = account_app_end,
               .summary = "Withdraw what an application was allowed");
