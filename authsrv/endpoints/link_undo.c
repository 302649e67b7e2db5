/*
 * GET and POST /link/undo: what the mail about a new link leads to. It needs no log-in, since whoever made the link may
 * have changed how one logs in; a mail scanner that opens it changes nothing.
 */
#include "authsrv/browser.h"
#include "authsrv/faults.h"
#include "authsrv/flow/account/linking.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "web/authsrv/pages.h"
#include "web/text.h"

struct undo_in {
    str token;
};

static const struct param undo_params[] = {
    P_STR(struct undo_in, token, .need = REQUIRED, .set = TOKEN, .max = 64),
};

static void page_show(struct task *t, struct response *rs, int status, const struct undo_in *in, str partner_name,
                      str problem)
{
    page_link_undo(reply_html(rs, status), t->language, t->frame,
                   &(struct page_link_undo){ .partner_name = partner_name,
                                             .action = STR("/link/undo"),
                                             .token = in->token,
                                             .problem = problem,
                                             .account_url = STR("/account") });
}

static err link_undo(struct task *t, const struct request *rq, struct response *rs)
{
    const struct undo_in *in = rq->in;
    const struct identity_of_undo_row *row;
    TRY(visit_language(t, rq, STR_NONE));
    TRY(link_of_undo(t, in->token, &row));
    if (row)
        page_show(t, rs, 200, in, row->partner_name, STR_NONE);
    else
        page_show(t, rs, 410, in, STR_NONE, text_in(t->language, TEXT_UNDO_OVER));
    return OK;
}

static err link_undo_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct undo_in *in = rq->in;
    const struct identity_of_undo_row *row;
    TRY(visit_language(t, rq, STR_NONE));
    TRY(link_of_undo(t, in->token, &row));
    err e =
        row ? link_remove(t, row->user_id.v, row->user_id, NULL, row->id) : (err)FAIL(t, NOT_FOUND, "no link to undo");
    if (err_is(e, &FAULT_NOT_FOUND)) {
        page_show(t, rs, 410, in, STR_NONE, text_in(t->language, TEXT_UNDO_OVER));
        return OK;
    }
    if (err_is(e, &FAULT_CONFLICT)) {
        page_show(t, rs, 409, in, STR_NONE, text_in(t->language, TEXT_UNDO_LAST));
        return OK;
    }
    TRY(e);
    page_show(t, rs, 200, in, STR_NONE, STR_NONE);
    return OK;
}

const struct route link_undo_route =
    PAGE_ROUTE("/link/undo", .per_minute = 60, INPUT(struct undo_in, undo_params), .handle = link_undo,
               .summary = "Page to undo a link that was made lately");

const struct route link_undo_post_route =
    FORM_ROUTE("/link/undo", .per_minute = 60, INPUT(struct undo_in, undo_params), .handle = link_undo_post,
               .summary = "Undo a link that was made lately");
