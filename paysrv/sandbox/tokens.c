/*
 * POST /v1/card_sessions: the address of a card page. POST /v1/tokens: a token without the page, for tests.
 * GET /v1/cards/{token}: a card that is kept.
 */
#include "paysrv/sandbox/pages.h"
#include "paysrv/sandbox/sandbox.h"
#include "shared/base/civil.h"
#include "shared/crypto/crypto.h"
#include "shared/text/currency.h"
#include "shared/text/encode.h"

#define SESSION_LIFE HOURS(1)

struct session_in {
    str return_url;
    int64_t amount;
    str currency;
    str description;
    str locale;
    bool save;
    bool payee;
};

static const struct param session_params[] = {
    P_STR(struct session_in, return_url, .need = REQUIRED, .set = URI, .max = 2000),
    P_I64(struct session_in, amount, .need = OPTIONAL, .low = 1, .high = INT64_C(999999999999)),
    P_STR(struct session_in, currency, .need = OPTIONAL, .set = CURRENCY, .min = 3, .max = 3),
    P_STR(struct session_in, description, .need = REQUIRED, .set = LINE, .max = 500, .in_characters = true),
    P_STR(struct session_in, locale, .need = OPTIONAL, .set = TOKEN, .max = 35),
    P_BOOL(struct session_in, save, .need = OPTIONAL),
    P_BOOL(struct session_in, payee, .need = OPTIONAL),
};

static err session_open(struct task *t, struct app *app, const struct card_session *s)
{
    struct buf line;
    buf_init(&line, t->arena, 65536);
    bank_write_session(&line, s);
    TRY(journal_append(&app->journal, t, buf_str(&line)));
    bank_session(&app->bank, s);
    return OK;
}

static err session_make(struct task *t, const struct request *rq, struct response *rs)
{
    const struct session_in *in = rq->in;
    if (in->payee && (in->amount || str_given(in->currency)))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("payee"), STR("must stand without amount and currency"));
    if (!in->payee && !in->amount)
        return FAIL_PARAM(t, INVALID_REQUEST, STR("amount"), STR("is missing"));
    if (!in->payee && !(str_given(in->currency) && currency_is_taken(in->currency)))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("currency"), STR("is not a currency that is taken here"));
    if (str_given(in->locale) && !page_speak(t, in->locale))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("locale"), STR("is no language that the card page speaks"));
    struct card_session s = { .id = random_token(t->arena, "cds_"),
                              .return_url = in->return_url,
                              .currency = in->currency,
                              .description = in->description,
                              .locale = in->locale,
                              .amount_minor = in->amount,
                              .expires_at = instant_add(t->now, SESSION_LIFE),
                              .is_to_save = in->save || in->payee,
                              .is_payee = in->payee };
    struct app *app = sandbox_enter(t);
    err e = session_open(t, app, &s);
    sandbox_leave(app);
    TRY(e);
    struct json *j = reply_json(rs, 200);
    json_str(j, "id", s.id);
    json_str(j, "url", arena_printf(t->arena, "%.*s/card/%.*s", STR_ARG(app->config.public_url), STR_ARG(s.id)));
    json_time(j, "expires_at", s.expires_at);
    return OK;
}

struct token_in {
    str number;
    bool save;
};
static const struct param token_params[] = {
    P_STR(struct token_in, number, .need = REQUIRED, .set = LINE, .max = 30),
    P_BOOL(struct token_in, save, .need = OPTIONAL),
};

static err token_save(struct task *t, struct app *app, const struct token *tok)
{
    struct buf line;
    buf_init(&line, t->arena, 4096);
    bank_write_token(&line, tok, STR_NONE);
    TRY(journal_append(&app->journal, t, buf_str(&line)));
    bank_token(&app->bank, tok, STR_NONE);
    return OK;
}

static err token_make(struct task *t, const struct request *rq, struct response *rs)
{
    const struct token_in *in = rq->in;
    str digits;
    const struct card *card = card_digits(t->arena, in->number, &digits) ? card_of_number(digits) : NULL;
    if (!card)
        return FAIL_PARAM(t, CARD_REFUSED, STR("number"), STR("must be the number of a test card"));
    struct civil_date today = civil_of_days(instant_seconds(t->now) / 86400);
    struct token tok = { .id = random_token(t->arena, "tok_"),
                         .card = card,
                         .is_saved = in->save,
                         .expiry = { today.month, today.year + 3 } };
    struct app *app = sandbox_enter(t);
    err e = token_save(t, app, &tok);
    sandbox_leave(app);
    TRY(e);
    struct json *j = reply_json(rs, 200);
    json_str(j, "id", tok.id);
    json_str(j, "last4", card->last4);
    return OK;
}

/* The same for the same number, and of no use for anything else: keyed, as a number is guessed from a plain hash. */
static str fingerprint_of(struct task *t, const struct card *card)
{
    const struct app *app = t->app;
    digest d = hmac_sha256(bytes_of(app->config.key_file.hidden), bytes_of(card->number));
    return hex_encode(t->arena, (bytes){ d.b, 12 });
}

static void card_write(struct json *j, const struct token *tok, str fingerprint)
{
    json_str(j, "token", tok->id);
    json_str(j, "object", STR("card"));
    json_str(j, "brand", STR("visa"));
    json_str(j, "last4", tok->card->last4);
    json_i64(j, "exp_month", tok->expiry.month);
    json_i64(j, "exp_year", tok->expiry.year);
    json_str_or_null(j, "network_reference", token_network_reference(tok));
    json_bool(j, "push", tok->card->takes != TAKES_NO_PUSHES);
    json_str(j, "fingerprint", fingerprint);
}

static err card_get(struct task *t, const struct request *rq, struct response *rs)
{
    struct app *app = sandbox_enter(t);
    struct token standing;
    const struct token *tok = bank_token_usable(&app->bank, request_path_param(rq, "token"), &standing);
    bool is_kept = tok && (tok->is_saved || tok->standing);
    if (is_kept)
        card_write(reply_json(rs, 200), tok, fingerprint_of(t, tok->card));
    sandbox_leave(app);
    return is_kept ? OK : FAIL(t, NOT_FOUND, "no card that is kept");
}

#define TOKEN_ROUTE                                                                                                    \
    .method = POST, .guard = &GUARD_MERCHANT, .body = BODY_JSON, .run = RUN_INLINE, .errors = ERRORS_PROBLEM
const struct route card_session_create_route = { TOKEN_ROUTE, .path = "/v1/card_sessions",
                                                 INPUT(struct session_in, session_params), .handle = session_make,
                                                 .summary = "Opens a card page for one payment." };
const struct route token_create_route = { TOKEN_ROUTE, .path = "/v1/tokens", INPUT(struct token_in, token_params),
                                          .handle = token_make,
                                          .summary = "A card token without the page, for tests." };
const struct route card_get_route = { .method = GET,
                                      .path = "/v1/cards/{token}",
                                      .guard = &GUARD_MERCHANT,
                                      .body = BODY_NONE,
                                      .run = RUN_INLINE,
                                      .errors = ERRORS_PROBLEM,
                                      .handle = card_get,
                                      .summary = "A card that its holder lets the merchant keep." };
