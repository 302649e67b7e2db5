/*
 * GET and POST /wallet/pay/{payment}: the user logs in to his wallet and says yes or no. A payment is decided once,
 * however many pages are open.
 */
#include "paysrv/sandbox/pages.h"
#include "paysrv/sandbox/sandbox.h"
#include "web/acquirer/pages.h"

#define LATE SECONDS(5)
#define USERS_MAX 32

struct answer_in {
    str user;
    str answer; /* approve or cancel; absent: only logged in */
};
static const struct param answer_params[] = {
    P_STR(struct answer_in, user, .need = OPTIONAL, .set = LINE, .max = 100),
    P_STR(struct answer_in, answer, .need = OPTIONAL, .set = ID, .max = 10),
};

err wallet_decide(struct task *t, struct app *app, struct wallet_payment *p, const struct wallet_user *user,
                  str decline_code)
{
    str unused;
    if (p->status != WALLET_PENDING || wallet_status_at(p, t->now, &unused) != WALLET_PENDING)
        return OK;
    bool is_late = user && user->does == WALLET_PAYS_LATE && !str_given(decline_code);
    struct wallet_payment decided = *p;
    decided.user = user;
    decided.status = str_given(decline_code) ? WALLET_DECLINED : WALLET_SUCCEEDED;
    decided.decline_code = decline_code;
    decided.done_at = is_late ? instant_add(t->now, LATE) : t->now;
    struct buf lines;
    struct notice notice = { .is_wallet = true };
    buf_init(&lines, t->arena, 16384);
    wallet_decided_line(&lines, &decided);
    if (!user || user->does != WALLET_SILENT)
        notice_prepare(t, app, NULL, p->id, &notice, &lines);
    if (user && user->does == WALLET_NOTIFIES_TWICE)
        notice.copies = 2;
    if (is_late)
        notice.due = decided.done_at;
    TRY(journal_append(&app->journal, t, buf_str(&lines)));
    wallet_payment_decide(&app->wallet, p, &decided);
    notice.wallet_payment = p;
    notice_post(app, &notice);
    return OK;
}

static err payment_get(struct task *t, const struct request *rq, struct wallet_payment *ret)
{
    struct app *app = sandbox_enter(t);
    const struct wallet_payment *p = table_get(&app->wallet.payments, request_path_param(rq, "payment"));
    if (p)
        *ret = *p;
    sandbox_leave(app);
    return p ? OK : FAIL(t, NOT_FOUND, "no such payment");
}

/* The log-in; with a user, whether he pays. */
static void page_show(struct task *t, struct response *rs, int status, const struct wallet_payment *p,
                      const struct wallet_user *user, str mistake)
{
    const struct app *app = t->app;
    str *names = arena_array(t->arena, str, USERS_MAX);
    size_t n = 0;
    for (const struct wallet_user *u; n < USERS_MAX && (u = wallet_user_at(n)); n++)
        names[n] = u->name;
    const struct page_wallet page = {
        .action = arena_printf(t->arena, "/wallet/pay/%.*s", STR_ARG(p->id)),
        .merchant = app->config.merchant,
        .amount = page_money(t, p->amount_minor, p->currency),
        .user = user ? user->name : STR_NONE,
        .mistake = mistake,
        .users = { names, n },
    };
    struct buf *out = reply_html(rs, status);
    reply_csp(rs, "frame-ancestors", STR("'none'")); /* nobody else's page stands around a yes */
    reply_header(rs, "Referrer-Policy", STR("no-referrer"));
    page_wallet(out, t->language, NULL, &page);
}

/* What is decided leads back to the merchant; so does what is over. */
static bool is_closed(struct task *t, struct response *rs, const struct wallet_payment *p)
{
    str unused;
    bool is_open = p->status == WALLET_PENDING && wallet_status_at(p, t->now, &unused) == WALLET_PENDING;
    if (!is_open)
        page_lead_back(t, rs, p->return_url, "wallet_payment", p->id);
    return !is_open;
}

static err wallet_show(struct task *t, const struct request *rq, struct response *rs)
{
    struct wallet_payment p = { .id = STR_NONE };
    TRY(payment_get(t, rq, &p));
    if (!is_closed(t, rs, &p))
        page_show(t, rs, 200, &p, NULL, STR_NONE);
    return OK;
}

/* An answer of a user, or of a buyer who does not even log in. */
static err decide(struct task *t, const struct request *rq, const struct wallet_user *user, bool approved)
{
    str refused = user && user->does == WALLET_DECLINES ? user->decline_code : STR_NONE;
    struct app *app = sandbox_enter(t);
    struct wallet_payment *p = table_get(&app->wallet.payments, request_path_param(rq, "payment"));
    err e = wallet_decide(t, app, p, user, approved ? refused : STR("canceled_by_buyer"));
    sandbox_leave(app);
    return e;
}

static err wallet_take(struct task *t, const struct request *rq, struct response *rs)
{
    const struct answer_in *in = rq->in;
    const struct wallet_user *user = wallet_user_of(in->user);
    bool approved = str_eq(in->answer, STR("approve")), canceled = str_eq(in->answer, STR("cancel"));
    struct wallet_payment p = { .id = STR_NONE };
    TRY(payment_get(t, rq, &p));
    if (is_closed(t, rs, &p))
        return OK;
    if (!canceled && !user) {
        page_show(t, rs, 422, &p, NULL, page_text(t, TEXT_WALLET_NOBODY));
        return OK;
    }
    if (!canceled && !approved) {
        page_show(t, rs, 200, &p, user, STR_NONE);
        return OK;
    }
    TRY(decide(t, rq, user, approved));
    TRY(payment_get(t, rq, &p));
    page_lead_back(t, rs, p.return_url, "wallet_payment", p.id);
    return OK;
}

#define WALLET_PAGE .path = "/wallet/pay/{payment}", .guard = &GUARD_PUBLIC, .run = RUN_INLINE, .errors = ERRORS_PAGE
const struct route wallet_page_route = { WALLET_PAGE, .method = GET, .body = BODY_NONE, .handle = wallet_show,
                                         .summary = "The wallet's page." };
const struct route wallet_answer_route = { WALLET_PAGE,
                                           .method = POST,
                                           .body = BODY_FORM,
                                           .max_body_bytes = 4096,
                                           INPUT(struct answer_in, answer_params),
                                           .handle = wallet_take,
                                           .summary = "Logs in, pays or cancels." };
