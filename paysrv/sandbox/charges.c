/*
 * POST /v1/charges, GET /v1/charges?key=, GET /v1/charges/{charge}.
 * One key makes one charge; the journal has it before the answer leaves, whatever then happens to the answer.
 */
#include "paysrv/sandbox/answer.h"
#include "paysrv/sandbox/objects.h"
#include "paysrv/sandbox/sandbox.h"
#include "shared/crypto/crypto.h"
#include "shared/text/currency.h"

#define AUTHORIZED DAYS(7)
#define BRIEFLY SECONDS(3)

struct charge_in {
    int64_t amount;
    str currency;
    str token;
    str reference;
    str return_url;
    str network_reference;
    str statement_descriptor;
    str locale;
    bool authorize_only;
};

static const struct param charge_params[] = {
    P_I64(struct charge_in, amount, .need = REQUIRED, .low = 1, .high = INT64_C(999999999999)),
    P_STR(struct charge_in, currency, .need = REQUIRED, .set = CURRENCY, .min = 3, .max = 3),
    P_STR(struct charge_in, token, .need = REQUIRED, .set = TOKEN, .max = 100),
    P_STR(struct charge_in, reference, .need = REQUIRED, .set = LINE, .max = 200),
    P_STR(struct charge_in, return_url, .need = OPTIONAL, .set = URI, .max = 2000),
    P_STR(struct charge_in, network_reference, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 200),
    P_STR(struct charge_in, statement_descriptor, .need = OPTIONAL, .set = LINE, .min = 5, .max = 22),
    P_STR(struct charge_in, locale, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 35),
    P_BOOL(struct charge_in, authorize_only, .need = OPTIONAL),
};

static bool same_charge(const struct charge *c, const struct charge_in *in)
{
    return c->amount_minor == in->amount && str_eq(c->currency, in->currency) && str_eq(c->token, in->token) &&
           str_eq(c->reference, in->reference) && str_eq(c->return_url, in->return_url) &&
           str_given(c->return_url) == str_given(in->return_url) && c->is_authorization == in->authorize_only &&
           str_eq(c->network_reference, in->network_reference) && str_eq(c->descriptor, in->statement_descriptor);
}

/* Without the card holder: only a card that he let be kept, with the name of a charge that he made himself. */
static str refused_without_holder(const struct token *tok, const struct charge *c)
{
    if (!tok->is_saved || !str_eq(token_network_reference(tok), c->network_reference))
        return STR("mandate_missing");
    return tok->card->does == CARD_DECLINES_LATER ? tok->card->decline_code : STR_NONE;
}

/* The card holder is there: his bank is asked whether it is he. Without its answer (A, U) the charge goes on. */
static void authenticate(struct charge *c)
{
    if (c->card->trans_status == 'C')
        c->status = STATUS_REQUIRES_ACTION;
    if (c->card->trans_status != 'N' && c->card->trans_status != 'R')
        return;
    c->status = STATUS_DECLINED;
    c->decline_code = c->card->trans_status == 'N' ? STR("authentication_failed") : STR("authentication_rejected");
}

/* What the card makes of it. A token that cannot be used is a decline: a final answer, not an error to be retried. */
static void outcome_set(struct charge *c, const struct token *tok)
{
    c->status = c->is_authorization ? STATUS_AUTHORIZED : STATUS_SUCCEEDED;
    c->card = tok ? tok->card : NULL;
    str refused = tok && str_given(c->network_reference) ? refused_without_holder(tok, c) : STR_NONE;
    if (str_given(refused)) {
        c->status = STATUS_DECLINED;
        c->decline_code = refused;
    } else if (!tok) {
        c->status = STATUS_DECLINED;
        c->decline_code = STR("token_unusable");
    } else if (c->card->does == CARD_DECLINES) {
        c->status = STATUS_DECLINED;
        c->decline_code = c->card->decline_code;
    } else if (!str_given(c->network_reference)) {
        authenticate(c);
    }
}

static enum call_fate card_fate(const struct charge *c, enum call_fate drawn)
{
    if (drawn != CALL_SOUND || !c->card)
        return drawn;
    if (c->card->does == CARD_TIMES_OUT)
        return CALL_TIMES_OUT;
    return c->card->does == CARD_ERROR_AFTER ? CALL_ERROR_AFTER : CALL_SOUND;
}

/* The first try with a key of this card comes to nothing. */
static bool fails_first(struct app *app, const struct token *tok, str key)
{
    if (!tok || tok->card->does != CARD_ERROR_BEFORE || table_get(&app->bank.tried, key))
        return false;
    table_put(&app->bank.tried, arena_str(app->bank.arena, key), app);
    return true;
}

static err charge_execute(struct task *t, struct app *app, const struct charge_in *in, str key, struct charge **ret,
                          enum call_fate *fate)
{
    struct token standing;
    const struct token *tok = bank_token_usable(&app->bank, in->token, &standing);
    *ret = NULL;
    if (fails_first(app, tok, key)) {
        *fate = CALL_ERROR_BEFORE;
        return OK;
    }
    struct charge c = { .id = random_id(t->arena, "ch_"),
                        .key = key,
                        .reference = in->reference,
                        .currency = in->currency,
                        .token = in->token,
                        .return_url = in->return_url,
                        .network_reference = in->network_reference,
                        .descriptor = in->statement_descriptor,
                        .locale = tok && str_given(tok->locale) ? tok->locale : in->locale,
                        .amount_minor = in->amount,
                        .is_authorization = in->authorize_only,
                        .at = t->now };
    if (c.is_authorization)
        c.capture_before =
            instant_add(t->now, tok && tok->card->does == CARD_AUTHORIZES_BRIEFLY ? BRIEFLY : AUTHORIZED);
    outcome_set(&c, tok);
    struct buf lines;
    buf_init(&lines, t->arena, 65536);
    bank_write_charge(&lines, &c);
    struct notice notice = { NULL };
    if (c.status != STATUS_REQUIRES_ACTION)
        notice_prepare(t, app, c.card, c.id, &notice, &lines);
    struct bank_dispute dispute = { .charge = NULL };
    struct notice complaint = { NULL };
    if (c.status == STATUS_SUCCEEDED && (c.card->does == CARD_DISPUTES || c.card->does == CARD_INQUIRES)) {
        dispute = dispute_of_charge(t, &c, c.card->does == CARD_DISPUTES);
        dispute_prepare(t, app, &dispute, &complaint, &lines);
    }
    TRY(journal_append(&app->journal, t, buf_str(&lines)));
    *ret = bank_charge(&app->bank, &c);
    notice.charge = *ret;
    notice_post(app, &notice);
    if (dispute.charge) {
        dispute.charge = *ret;
        dispute_enter(app, &dispute, &complaint);
    }
    *fate = card_fate(*ret, *fate);
    return OK;
}

static err charge_answer(struct task *t, struct app *app, const struct charge_in *in, str key, struct response *rs)
{
    enum call_fate fate = fault_draw_call(&app->faults);
    struct charge *c = table_get(&app->bank.charge_keys, key);
    if (c && !same_charge(c, in))
        return FAIL(t, IDEMPOTENCY_MISMATCH, "another body than the first time");
    if (!c && call_is_executed(fate))
        TRY(charge_execute(t, app, in, key, &c, &fate));
    if (c)
        charge_write(reply_json(rs, 200), t->arena, c, app->config.public_url);
    answer_bend(t, rs, fate, fate == CALL_SLOW ? fault_draw_slow_ms(&app->faults) : 0);
    return OK;
}

static err charge_make(struct task *t, const struct request *rq, struct response *rs)
{
    const struct charge_in *in = rq->in;
    str key;
    TRY(idempotency_key(t, rq, &key));
    if (!currency_is_taken(in->currency))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("currency"), STR("is not a currency that is taken here"));
    struct app *app = sandbox_enter(t);
    err e = charge_answer(t, app, in, key, rs);
    sandbox_leave(app);
    return e;
}

struct find_in {
    str key;
};
static const struct param find_params[] = {
    P_STR(struct find_in, key, .need = REQUIRED, .set = TOKEN, .max = 255),
};

static void charges_write(struct task *t, const struct app *app, const struct charge *c, struct response *rs)
{
    struct json *j = reply_json(rs, 200);
    json_array(j, "data");
    if (c) {
        json_object(j, NULL);
        charge_write(j, t->arena, c, app->config.public_url);
        json_close(j);
    }
    json_close(j);
}

static err charge_by_key(struct task *t, const struct request *rq, struct response *rs)
{
    const struct find_in *in = rq->in;
    struct app *app = sandbox_enter(t);
    struct charge *c = table_get(&app->bank.charge_keys, in->key);
    err e = challenge_look(t, app, c);
    if (!e)
        charges_write(t, app, c, rs);
    sandbox_leave(app);
    return e;
}

static err charge_show(struct task *t, const struct request *rq, struct response *rs)
{
    struct app *app = sandbox_enter(t);
    struct charge *c = table_get(&app->bank.charges, request_path_param(rq, "charge"));
    err e = challenge_look(t, app, c);
    if (c && !e)
        charge_write(reply_json(rs, 200), t->arena, c, app->config.public_url);
    sandbox_leave(app);
    TRY(e);
    return c ? OK : FAIL(t, NOT_FOUND, "no such charge");
}

#define CHARGE_ROUTE .guard = &GUARD_MERCHANT, .run = RUN_INLINE, .errors = ERRORS_PROBLEM
const struct route charge_create_route = { CHARGE_ROUTE,
                                           .method = POST,
                                           .path = "/v1/charges",
                                           .body = BODY_JSON,
                                           INPUT(struct charge_in, charge_params),
                                           .handle = charge_make,
                                           .summary = "Charges a card token once per Idempotency-Key." };
const struct route charge_find_route = { CHARGE_ROUTE,
                                         .method = GET,
                                         .path = "/v1/charges",
                                         .body = BODY_NONE,
                                         INPUT(struct find_in, find_params),
                                         .handle = charge_by_key,
                                         .summary = "The charge of a key, or an empty list." };
const struct route charge_get_route = { CHARGE_ROUTE,      .method = GET,         .path = "/v1/charges/{charge}",
                                        .body = BODY_NONE, .handle = charge_show, .summary = "One charge." };
