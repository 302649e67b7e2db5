/*
 * /confirm/{token}: the link in every mail with a code. GET only shows, so that mail scanners confirm nothing; what
 * confirms is the code, which is in the mail and not in the link. There is no session that another site's form could
 * use: who does not have the link has nothing to post to.
 */
#include "paysrv/faults.h"
#include "paysrv/flow/confirmation/code_link.h"
#include "paysrv/routes.h"
#include "web/paysrv/pages.h"

static void over_show(struct task *t, struct response *rs, const struct code_link *link)
{
    static const struct {
        enum text_key title, text;
    } says[] = {
        [CODE_DONE] = { TEXT_CONFIRM_DONE, TEXT_CONFIRM_DONE_TEXT },
        [CODE_OVER] = { TEXT_CONFIRM_OVER, TEXT_CONFIRM_OVER_TEXT },
        [CODE_REPLACED] = { TEXT_CONFIRM_REPLACED, TEXT_CONFIRM_REPLACED_TEXT },
        [CODE_EXPIRED] = { TEXT_CONFIRM_EXPIRED, TEXT_CONFIRM_AGAIN },
        [CODE_VOID] = { TEXT_CONFIRM_VOID, TEXT_CONFIRM_AGAIN },
    };
    bool is_done = link->state == CODE_DONE;
    const struct page_confirm_over page = {
        .title = text_in(t->language, says[link->state].title),
        .text = text_in(t->language, says[link->state].text),
        .is_done = is_done,
        .label = link->code->label,
        .partner_name = link->partner_name,
        .not_me_url = link->not_me_url,
    };
    page_confirm_over(reply_html(rs, is_done ? 200 : 410), t->language, NULL, &page);
}

static void link_show(struct task *t, const struct request *rq, struct response *rs, const struct code_link *link,
                      bool is_wrong)
{
    if (link->state != CODE_WAITS) {
        over_show(t, rs, link);
        return;
    }
    const int64_t left_us = link->code->expires_at.us - t->now.us;
    const struct page_confirm page = {
        .title = link->title,
        .hello = link->hello,
        .facts = { link->facts, link->n_facts },
        .partner_name = link->partner_name,
        .minutes = (left_us + MINUTES(1).us - 1) / MINUTES(1).us,
        .attempts = link->code->attempts_left,
        .is_wrong = is_wrong,
        .action = rq->path,
        .not_me_url = link->not_me_url,
    };
    page_confirm(reply_html(rs, is_wrong ? 422 : 200), t->language, NULL, &page);
}

static err show(struct task *t, const struct request *rq, struct response *rs)
{
    struct code_link link;
    TRY(code_link_open(t, request_path_param(rq, "token"), &link));
    link_show(t, rq, rs, &link, false);
    return OK;
}

struct confirm_in {
    str code;
};

static const struct param confirm_params[] = {
    P_STR(struct confirm_in, code, .need = OPTIONAL, .set = LINE, .max = 64),
};

/* However it went, the page says how it stands now. */
static err type(struct task *t, const struct request *rq, struct response *rs)
{
    const struct confirm_in *in = rq->in;
    struct code_link link;
    str token = request_path_param(rq, "token");
    TRY(code_link_open(t, token, &link));
    task_by(t, STR("link:confirm"), STR(""), rq->peer);
    err e = link.state == CODE_WAITS ? code_link_confirm(t, &link, str_given(in->code) ? in->code : STR("")) : OK;
    if (!e) {
        reply_see_other(rs, rq->path);
        return OK;
    }
    if (!err_is(e, &FAULT_CODE_REFUSED))
        return e;
    TRY(code_link_open(t, token, &link));
    link_show(t, rq, rs, &link, true);
    return OK;
}

#define LINK_ROUTE                                                                                                     \
    .path = "/confirm/{token}", .guard = &GUARD_PUBLIC, .run = RUN_WORKER, .errors = ERRORS_PAGE, .no_store = true,    \
    .per_minute = 600, .per_minute_link = 60, .ignore_unknown = true

const struct route confirm_show_route = { LINK_ROUTE, .method = GET, .body = BODY_NONE, .handle = show,
                                          .summary = "Show the owner what a mailed code is for" };

const struct route confirm_type_route = {
    LINK_ROUTE,        .method = POST,
    .body = BODY_FORM, INPUT(struct confirm_in, confirm_params),
    .handle = type,    .summary = "Confirm it with the code, outside of the partner's pages"
};
