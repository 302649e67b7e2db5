/*
 * POST /login/leave: back to the application from a log-in at a partner that failed; it learns what happened there.
 * POST /login/home: to the partner whose domain an e-mail address has; the address is kept with the flow.
 */
#include "authsrv/browser.h"
#include "authsrv/domain/account/account.h"
#include "authsrv/domain/upstream/upstream_person.h"
#include "authsrv/faults.h"
#include "authsrv/guards.h"
#include "authsrv/partner_ways.h"
#include "authsrv/routes.h"
#include "authsrv/store/flow.sql.h"
#include "authsrv/store/partner.sql.h"

struct login_leave_in {
    str flow, csrf, email;
};

static const struct param leave_params[] = {
    P_STR(struct login_leave_in, flow, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct login_leave_in, csrf, .need = REQUIRED, .set = TOKEN, .max = 64),
};

static const struct param home_params[] = {
    P_STR(struct login_leave_in, flow, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct login_leave_in, csrf, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct login_leave_in, email, .need = REQUIRED, .set = TEXT, .max = 1024),
};

static err login_leave(struct task *t, const struct request *rq, struct response *rs)
{
    const struct login_leave_in *in = rq->in;
    struct visit v;
    int64_t n;
    TRY(visit_load(t, rq, in->flow, &v));
    TRY(visit_check(t, &v, in->csrf));
    TRY(flow_leave(t, v.flow->id, v.browser, &n));
    visit_leave(t, &v, rs);
    return OK;
}

static str home_of(struct task *t, str email, const struct partner_list_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (email_in_domains(email, rows[i].email_domains) && partner_is_way(t, &rows[i]))
            return rows[i].slug;
    return STR_NONE;
}

static err login_home(struct task *t, const struct request *rq, struct response *rs)
{
    const struct login_leave_in *in = rq->in;
    const struct partner_list_row *rows;
    struct visit v;
    str email, slug = STR_NONE;
    size_t n;
    int64_t kept;
    TRY(visit_load(t, rq, in->flow, &v));
    TRY(visit_check(t, &v, in->csrf));
    if (account_login(t->arena, in->email, &email)) {
        TRY(flow_hint(t, email, v.flow->id, v.browser, &kept));
        TRY(partner_list(t, &rows, &n));
        slug = home_of(t, email, rows, n);
    }
    str flow = v.flow->id.v;
    if (str_given(slug)) /* leads to another site, which a form may not (form-action is enforced along the chain) */
        leave_page(t, rs, arena_printf(t->arena, "/login/partner/%.*s?flow=%.*s", STR_ARG(slug), STR_ARG(flow)));
    else
        reply_see_other(rs, arena_printf(t->arena, "/login?flow=%.*s", STR_ARG(flow)));
    return OK;
}

const struct route login_leave_route =
    FORM_ROUTE("/login/leave", .sites = SITE_ANY, INPUT(struct login_leave_in, leave_params), .handle = login_leave,
               .summary = "Back to the application after a failed log-in at a partner");

const struct route login_home_route =
    FORM_ROUTE("/login/home", .per_minute = 120, INPUT(struct login_leave_in, home_params), .handle = login_home,
               .summary = "To the partner whose domain an e-mail address has");
