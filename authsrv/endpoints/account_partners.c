/*
 * GET /account/partners, POST /account/partners/link, POST /account/partners/unlink: the partners that one signs in
 * with. All want a log-in of the last minutes; the last way in stays.
 */
#include "authsrv/faults.h"
#include "authsrv/flow/account/linking.h"
#include "authsrv/guards.h"
#include "authsrv/owner.h"
#include "authsrv/partner_ways.h"
#include "authsrv/routes.h"
#include "authsrv/store/identity.sql.h"
#include "web/authsrv/pages.h"
#include "web/text.h"

#define PAGE "/account/partners"

struct partners_in {
    str csrf, partner, id;
};

static const struct param link_params[] = {
    P_STR(struct partners_in, csrf, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct partners_in, partner, .need = REQUIRED, .set = TOKEN, .max = 64),
};

static const struct param unlink_params[] = {
    P_STR(struct partners_in, csrf, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct partners_in, id, .need = REQUIRED, .set = TOKEN, .max = 64),
};

static err linked_read(struct task *t, const struct owner *o, struct page_account_partners *page)
{
    const struct identity_list_row *rows;
    size_t n;
    TRY(identity_list(t, o->user, &rows, &n));
    struct account_partner *items = arena_array(t->arena, struct account_partner, n + 1);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct account_partner){ .id = rows[i].id,
                                             .name = rows[i].partner_name,
                                             .there = str_given(rows[i].email) ? rows[i].email : rows[i].name,
                                             .keeps = rows[i].keeps,
                                             .since = instant_text(t->arena, rows[i].linked_at),
                                             .used = instant_text(t->arena, rows[i].last_login_at) };
    page->partners.items = items;
    page->partners.n = n;
    return OK;
}

static err page_show(struct task *t, struct response *rs, int status, const struct owner *o, str problem)
{
    struct page_account_partners page = { .link_action = STR(PAGE "/link"),
                                          .unlink_action = STR(PAGE "/unlink"),
                                          .csrf = o->csrf,
                                          .back_url = STR("/account"),
                                          .problem = problem };
    TRY(linked_read(t, o, &page));
    TRY(partner_choices_read(t, &page));
    page_account_partners(reply_html(rs, status), t->language, t->frame, &page);
    return OK;
}

static err account_partners(struct task *t, const struct request *rq, struct response *rs)
{
    struct owner o;
    TRY(owner_load(t, rq, rs, OWNER_FRESH, PAGE, &o));
    return o.session ? page_show(t, rs, 200, &o, STR_NONE) : OK;
}

static err account_partner_link(struct task *t, const struct request *rq, struct response *rs)
{
    const struct partners_in *in = rq->in;
    const struct upstream *up;
    struct owner o;
    str flow;
    TRY(owner_form(t, rq, rs, OWNER_FRESH, PAGE, in->csrf, &o));
    if (!o.session)
        return OK;
    TRY(upstream_load(t, in->partner, &up));
    if (!up || !upstream_has_login(up->set.kind))
        return FAIL_PARAM(t, NOT_FOUND, STR("partner"), STR("no such partner"));
    TRY(owner_link_flow(t, rq, rs, &o, PAGE, &flow));
    leave_page(t, rs, arena_printf(t->arena, "/login/partner/%.*s?flow=%.*s", STR_ARG(up->row->slug), STR_ARG(flow)));
    return OK;
}

static err account_partner_unlink(struct task *t, const struct request *rq, struct response *rs)
{
    const struct partners_in *in = rq->in;
    struct owner o;
    TRY(owner_form(t, rq, rs, OWNER_FRESH, PAGE, in->csrf, &o));
    if (!o.session)
        return OK;
    TRY(owner_renew(t, rq, rs, &o));
    err e = link_remove(t, o.user.v, o.user, o.session, in->id);
    if (err_is(e, &FAULT_CONFLICT))
        return page_show(t, rs, 409, &o, text_in(t->language, TEXT_LAST_WAY));
    if (e && !err_is(e, &FAULT_NOT_FOUND)) /* two forms at the same moment want the same */
        return e;
    reply_see_other(rs, STR(PAGE));
    return OK;
}

const struct route account_partners_route =
    PAGE_ROUTE(PAGE, .handle = account_partners, .summary = "Page of the partners that one signs in with");

const struct route account_partner_link_route =
    FORM_ROUTE(PAGE "/link", INPUT(struct partners_in, link_params), .handle = account_partner_link,
               .summary = "Begin to link an account at a partner");

const struct route account_partner_unlink_route =
    FORM_ROUTE(PAGE "/unlink", INPUT(struct partners_in, unlink_params), .handle = account_partner_unlink,
               .summary = "Unlink an account at a partner");
