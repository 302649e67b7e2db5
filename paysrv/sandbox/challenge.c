/* GET and POST /3ds/{charge}: the bank's question to the card holder. The answer settles the charge once, or its end:
 * nobody answers it after CHALLENGE_LIFE. POST /v1/charges/{charge}/expire, for tests, brings that on. */
#include "paysrv/sandbox/objects.h"
#include "paysrv/sandbox/pages.h"
#include "paysrv/sandbox/sandbox.h"
#include "web/acquirer/pages.h"

#define CHALLENGE_LIFE MINUTES(30)

struct show_in {
    str locale;
};

/* What is no language of ours says nothing, as at a checkout. */
#define LOCALE_PARAM(type) P_STR(type, locale, .need = OPTIONAL, .set = LINE, .max = 200)

static const struct param show_params[] = {
    LOCALE_PARAM(struct show_in),
};

struct challenge_in {
    str result, locale;
};

static const struct param challenge_params[] = {
    P_STR(struct challenge_in, result, .need = REQUIRED, .set = ID, .max = 10),
    LOCALE_PARAM(struct challenge_in),
};

static err settle(struct task *t, struct app *app, struct charge *c, bool approved)
{
    if (c->status != STATUS_REQUIRES_ACTION)
        return OK;
    enum object_status good = c->is_authorization ? STATUS_AUTHORIZED : STATUS_SUCCEEDED;
    enum object_status status = approved ? good : STATUS_DECLINED;
    str decline_code = approved ? STR_NONE : STR("authentication_failed");
    struct buf lines;
    buf_init(&lines, t->arena, 4096);
    bank_write_settle(&lines, c, status, decline_code);
    struct notice notice = { .charge = c };
    notice_prepare(t, app, c->card, c->id, &notice, &lines);
    TRY(journal_append(&app->journal, t, buf_str(&lines)));
    bank_settle(c, status, decline_code);
    notice_post(app, &notice);
    return OK;
}

err challenge_look(struct task *t, struct app *app, struct charge *c)
{
    bool is_over = c && !instant_before(t->now, instant_add(c->at, CHALLENGE_LIFE));
    return is_over ? settle(t, app, c, false) : OK;
}

/* In the language that the page was asked for in, else in that which the merchant speaks with him, else the browser's.
 */
static err charge_get(struct task *t, const struct request *rq, str locale, struct charge *ret)
{
    struct app *app = sandbox_enter(t);
    struct charge *c = table_get(&app->bank.charges, request_path_param(rq, "charge"));
    bool is_challenged = c && c->card && c->card->trans_status == 'C';
    err e = challenge_look(t, app, c);
    if (is_challenged)
        *ret = *c;
    sandbox_leave(app);
    TRY(e);
    if (!is_challenged)
        return FAIL(t, NOT_FOUND, "no charge that asks its card holder");
    if (!page_speak(t, locale))
        page_speak(t, ret->locale);
    return OK;
}

static struct language_choice *choices(struct task *t, str action)
{
    const struct languages all = page_languages();
    struct language_choice *ret = arena_array(t->arena, struct language_choice, all.n + 1);
    for (size_t i = 0; i < all.n; i++)
        ret[i] = (struct language_choice){
            .tag = all.tags[i],
            .name = text_in((enum language)i, TEXT_LANGUAGE_NAME),
            .url = arena_printf(t->arena, "%.*s?locale=%.*s", STR_ARG(action), STR_ARG(all.tags[i])),
            .is_current = i == t->language,
        };
    return ret;
}

static void lead_back(struct task *t, struct response *rs, const struct charge *c)
{
    if (str_given(c->return_url))
        page_lead_back(t, rs, c->return_url, "charge", c->id);
    else
        page_answered(page_start(t, rs, 200), t->language, NULL,
                      &(struct page_answered){ .approved = c->status != STATUS_DECLINED });
}

static err challenge_show(struct task *t, const struct request *rq, struct response *rs)
{
    const struct app *app = t->app;
    const struct show_in *in = rq->in;
    struct charge c = { .id = STR_NONE };
    TRY(charge_get(t, rq, in->locale, &c));
    if (c.status != STATUS_REQUIRES_ACTION) {
        lead_back(t, rs, &c);
        return OK;
    }
    str action = arena_printf(t->arena, "/3ds/%.*s", STR_ARG(c.id));
    page_challenge(page_start(t, rs, 200), t->language, NULL,
                   &(struct page_challenge){
                       .action = action,
                       .locale = in->locale,
                       .merchant = app->config.merchant,
                       .amount = page_money(t, c.amount_minor, c.currency),
                       .last4 = c.card->last4,
                       .languages = { choices(t, action), page_languages().n },
                   });
    return OK;
}

static err challenge_take(struct task *t, const struct request *rq, struct response *rs)
{
    const struct challenge_in *in = rq->in;
    struct charge c = { .id = STR_NONE };
    TRY(charge_get(t, rq, in->locale, &c));
    bool approved = str_eq(in->result, STR("approve"));
    if (!approved && !str_eq(in->result, STR("deny")))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("result"), STR("must be approve or deny"));
    struct app *app = sandbox_enter(t);
    err e = settle(t, app, table_get(&app->bank.charges, c.id), approved);
    sandbox_leave(app);
    TRY(e);
    TRY(charge_get(t, rq, in->locale, &c));
    lead_back(t, rs, &c);
    return OK;
}

/* For tests: its time is over now. */
static err challenge_expire(struct task *t, const struct request *rq, struct response *rs)
{
    struct app *app = sandbox_enter(t);
    struct charge *c = table_get(&app->bank.charges, request_path_param(rq, "charge"));
    err e = c ? settle(t, app, c, false) : FAIL(t, NOT_FOUND, "no such charge");
    if (!e)
        charge_write(reply_json(rs, 200), t->arena, c, app->config.public_url);
    sandbox_leave(app);
    return e;
}

#define CHALLENGE_ROUTE .path = "/3ds/{charge}", .guard = &GUARD_PUBLIC, .run = RUN_INLINE, .errors = ERRORS_PAGE
const struct route challenge_page_route = { CHALLENGE_ROUTE,          .method = GET,
                                            .body = BODY_NONE,        INPUT(struct show_in, show_params),
                                            .handle = challenge_show, .summary = "The 3-D Secure question." };
const struct route challenge_answer_route = { CHALLENGE_ROUTE,
                                              .method = POST,
                                              .body = BODY_FORM,
                                              .max_body_bytes = 4096,
                                              INPUT(struct challenge_in, challenge_params),
                                              .handle = challenge_take,
                                              .summary = "Approves or denies the charge." };
const struct route charge_expire_route = { .guard = &GUARD_MERCHANT,
                                           .run = RUN_INLINE,
                                           .errors = ERRORS_PROBLEM,
                                           .method = POST,
                                           .path = "/v1/charges/{charge}/expire",
                                           .body = BODY_NONE,
                                           .handle = challenge_expire,
                                           .summary = "Ends a challenge that nobody answered." };
