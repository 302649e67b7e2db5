/* /payouts/not-me/{token}: the link in every mail with a code. GET only shows, so that mail scanners freeze nothing. */
#include "paysrv/flow/party/freeze.h"

#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/message/speech.h"
#include "paysrv/routes.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/user.sql.h"
#include "web/paysrv/pages.h"

struct owner {
    partner_id partner;
    user_id user;
    str partner_name;
    bool is_frozen;
};

static err owner_of(struct task *t, const struct request *rq, struct owner *ret)
{
    if (!freeze_token_read(t, request_path_param(rq, "token"), &ret->partner, &ret->user))
        return FAIL(t, NOT_FOUND, "no link of ours");
    const struct partner_find_row *partner;
    TRY(partner_find(t, ret->partner, &partner));
    ret->partner_name = partner ? partner->name : STR_NONE;
    const struct user_find_row *user;
    TRY(user_find(t, ret->partner, ret->user, &user));
    ret->is_frozen = user && user->payouts_frozen_at_given;
    if (user)
        speech_prefer(t, user->locale);
    return clock_enter(t, ret->partner);
}

static err freeze_show(struct task *t, const struct request *rq, struct response *rs)
{
    struct owner owner;
    TRY(owner_of(t, rq, &owner));
    const struct page_payouts_freeze page = { .partner_name = owner.partner_name,
                                              .action = rq->path,
                                              .is_frozen = owner.is_frozen };
    page_payouts_freeze(reply_html(rs, 200), t->language, NULL, &page);
    return OK;
}

const struct route payouts_freeze_show_route = {
    .method = GET,
    .path = "/payouts/not-me/{token}",
    .guard = &GUARD_PUBLIC,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .per_minute = 60,
    .ignore_unknown = true,
    .handle = freeze_show,
    .summary = "Ask the owner whether to stop all payouts",
};

static err freeze_act(struct task *t, const struct request *rq, struct response *rs)
{
    struct owner owner;
    TRY(owner_of(t, rq, &owner));
    task_by(t, STR("link:not-me"), STR(""), rq->peer);
    TRY(freeze_run(t, owner.partner, owner.user));
    const struct page_payouts_frozen page = { .partner_name = owner.partner_name };
    page_payouts_frozen(reply_html(rs, 200), t->language, NULL, &page);
    return OK;
}

const struct route payouts_freeze_route = {
    .method = POST,
    .path = "/payouts/not-me/{token}",
    .guard = &GUARD_PUBLIC,
    .body = BODY_FORM,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .per_minute = 60,
    .ignore_unknown = true,
    .handle = freeze_act,
    .summary = "Stop all payouts of the owner of the mail",
};
