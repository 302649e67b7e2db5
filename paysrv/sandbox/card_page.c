/*
 * GET and POST /card/{session}: the only place where a card number is typed. It is checked, turned into a token and
 * forgotten: neither log nor journal nor the page shown again holds it.
 */
#include "paysrv/sandbox/pages.h"
#include "paysrv/sandbox/sandbox.h"
#include "shared/crypto/crypto.h"
#include "web/acquirer/pages.h"

struct typed {
    str number;
    str exp;
    str csc;
    str cancel;
};

static const struct param typed_params[] = {
    P_STR(struct typed, number, .need = OPTIONAL, .set = TEXT, .max = 100),
    P_STR(struct typed, exp, .need = OPTIONAL, .set = TEXT, .max = 100),
    P_STR(struct typed, csc, .need = OPTIONAL, .set = TEXT, .max = 100),
    P_STR(struct typed, cancel, .need = OPTIONAL, .set = ID, .max = 10),
};

/* What is wrong with each field; absent: nothing. */
struct mistakes {
    str number, exp, csc;
};

/* A copy, so that the lock is not held while a page is written, in the language of the session. */
static err session_get(struct task *t, const struct request *rq, struct card_session *ret)
{
    struct app *app = sandbox_enter(t);
    const struct card_session *s = table_get(&app->bank.sessions, request_path_param(rq, "session"));
    if (s)
        *ret = *s;
    sandbox_leave(app);
    if (s && str_given(s->locale))
        page_speak(t, s->locale);
    return s ? OK : FAIL(t, NOT_FOUND, "no such card session");
}

static void form_show(struct task *t, struct response *rs, int status, const struct card_session *s,
                      const struct mistakes *wrong, str exp)
{
    const struct app *app = t->app;
    bool has_mistakes = str_given(wrong->number) || str_given(wrong->exp) || str_given(wrong->csc);
    page_card(page_start(t, rs, status), t->language, NULL,
              &(struct page_card){
                  .action = arena_printf(t->arena, "/card/%.*s", STR_ARG(s->id)),
                  .merchant = app->config.merchant,
                  .is_payee = s->is_payee,
                  .amount = s->is_payee ? STR_NONE : page_money(t, s->amount_minor, s->currency),
                  .description = s->description,
                  .has_mistakes = has_mistakes,
                  .number_mistake = wrong->number,
                  .exp_mistake = wrong->exp,
                  .csc_mistake = wrong->csc,
                  .exp = exp,
              });
}

static bool session_closed(struct task *t, struct response *rs, const struct card_session *s)
{
    if (str_given(s->token)) {
        page_lead_back(t, rs, s->return_url, "card_token", s->token);
        return true;
    }
    if (instant_before(t->now, s->expires_at))
        return false;
    page_closed(page_start(t, rs, 410), t->language, NULL, &(struct page_closed){ .back = s->return_url });
    return true;
}

static err card_show(struct task *t, const struct request *rq, struct response *rs)
{
    struct card_session s = { .id = STR_NONE };
    TRY(session_get(t, rq, &s));
    if (!session_closed(t, rs, &s))
        form_show(t, rs, 200, &s, &(struct mistakes){ .number = STR_NONE }, STR_NONE);
    return OK;
}

static const struct card *typed_judge(struct task *t, const struct typed *in, struct expiry *expiry,
                                      struct mistakes *wrong)
{
    str digits = STR("");
    const struct card *card = NULL;
    if (!str_given(in->number) || !card_digits(t->arena, in->number, &digits) || !luhn_holds(digits))
        wrong->number = page_text(t, TEXT_ACQ_NUMBER_WRONG);
    else if (!(card = card_of_number(digits)))
        wrong->number = page_text(t, TEXT_ACQ_NUMBER_NOT_TEST);
    switch (expiry_judge(in->exp, t->now, expiry)) {
    case EXPIRY_GOOD:
        break;
    case EXPIRY_MALFORMED:
        wrong->exp = page_text(t, TEXT_ACQ_EXP_WRONG);
        break;
    case EXPIRY_PAST:
        wrong->exp = page_text(t, TEXT_DECLINE_CARD_EXPIRED);
        break;
    }
    if (!cvc_holds(in->csc))
        wrong->csc = page_text(t, TEXT_ACQ_CSC_WRONG);
    return str_given(wrong->number) || str_given(wrong->exp) || str_given(wrong->csc) ? NULL : card;
}

/* Two submissions of one page make one token. */
static err token_issue(struct task *t, struct app *app, const struct card_session *s, const struct token *typed,
                       str *ret)
{
    const struct card_session *live = table_get(&app->bank.sessions, s->id);
    *ret = live->token;
    if (str_given(live->token))
        return OK;
    struct token tok = *typed;
    tok.id = random_token(t->arena, "tok_");
    tok.is_saved = s->is_to_save;
    struct buf line;
    buf_init(&line, t->arena, 4096);
    bank_write_token(&line, &tok, s->id);
    TRY(journal_append(&app->journal, t, buf_str(&line)));
    *ret = bank_token(&app->bank, &tok, s->id)->id;
    return OK;
}

static err card_take(struct task *t, const struct request *rq, struct response *rs)
{
    const struct typed *in = rq->in;
    struct card_session s = { .id = STR_NONE };
    struct mistakes wrong = { .number = STR_NONE };
    TRY(session_get(t, rq, &s));
    if (session_closed(t, rs, &s))
        return OK;
    if (str_given(in->cancel)) {
        page_lead_back(t, rs, s.return_url, "card_error", STR("cancelled"));
        return OK;
    }
    struct token typed = { .id = STR_NONE };
    typed.card = typed_judge(t, in, &typed.expiry, &wrong);
    if (!typed.card) {
        form_show(t, rs, 422, &s, &wrong, in->exp);
        return OK;
    }
    str token;
    struct app *app = sandbox_enter(t);
    err e = token_issue(t, app, &s, &typed, &token);
    sandbox_leave(app);
    TRY(e);
    page_lead_back(t, rs, s.return_url, "card_token", token);
    return OK;
}

#define CARD_ROUTE .path = "/card/{session}", .guard = &GUARD_PUBLIC, .run = RUN_INLINE, .errors = ERRORS_PAGE
const struct route card_page_route = { CARD_ROUTE, .method = GET, .body = BODY_NONE, .handle = card_show,
                                       .summary = "The card form." };
const struct route card_submit_route = { CARD_ROUTE,
                                         .method = POST,
                                         .body = BODY_FORM,
                                         .max_body_bytes = 4096,
                                         INPUT(struct typed, typed_params),
                                         .handle = card_take,
                                         .summary = "Takes the card and leads back with a token." };
