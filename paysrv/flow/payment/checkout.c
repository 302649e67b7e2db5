/* See checkout.h. */
#include "paysrv/flow/payment/checkout.h"

#include "paysrv/app.h"
#include "paysrv/domain/payment/consent.h"
#include "paysrv/domain/stores/store_speech.h"
#include "paysrv/domain/subscription/subscription.h"
#include "paysrv/faults.h"
#include "paysrv/flow/access/partner_standing.h"
#include "paysrv/flow/access/session.h"
#include "paysrv/flow/acquirer/connector.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/message/speech.h"
#include "paysrv/flow/payment/saved_card.h"
#include "paysrv/flow/subscription/card_change.h"
#include "paysrv/flow/subscription/invoice.h"
#include "paysrv/flow/zones.h"
#include "paysrv/store/transfer.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/log.h"
#include "shared/text/encode.h"
#include "shared/text/url.h"

#define VISIT_MAX HOURS(2)

static const struct app *app_of(struct task *t)
{
    return t->app;
}

/* With the language that the page was asked for in, which nobody else keeps on the way. */
static str return_address(struct task *t, const struct checkout *c, const char *query)
{
    struct buf b;
    buf_init(&b, t->arena, 8192);
    buf_printf(&b, "%.*s/pay/%.*s/return%s", STR_ARG(app_of(t)->config.public_url), STR_ARG(c->session), query);
    if (str_given(c->locale))
        url_add_query(&b, "locale", c->locale);
    return buf_str(&b);
}

/* A card needs a page to be typed on, and what goes on after today needs a card. Without anything else it is offered
 * all the same: setting out says what is wrong. */
static void offers_find(struct task *t, struct checkout *c)
{
    const struct connector *of_cards = connector_for(t, METHOD_CARD);
    bool needs_card = c->shown->save_required_given && c->shown->save_required, has_any = false;
    for (unsigned i = 0; i < PAYMENT_METHOD_COUNT; i++) {
        enum payment_method method = (enum payment_method)i;
        bool is_fit = method == METHOD_CARD ? of_cards && of_cards->card_page : !needs_card;
        c->offers[i] = is_fit && acquirer_method_judge(t, c->payment, method) == METHOD_GOOD;
        has_any = has_any || c->offers[i];
    }
    c->offers[METHOD_CARD] = c->offers[METHOD_CARD] || !has_any;
}

/* The payment of an invoice lives longer than its buyer is waited for; his mail names the latter. */
static err pay_until_find(struct task *t, struct checkout *c)
{
    const struct payment_shown_row *shown = c->shown;
    const struct zone *zone;
    instant until = shown->waits_until;
    c->pay_until = c->payment->expires_at;
    if (!shown->declined_at_given)
        return OK;
    if (!shown->waits_until_given) {
        TRY(zone_load(t, shown->zone, &zone));
        until = dunning_last_retry(zone, shown->declined_at);
    }
    if (instant_before(until, c->pay_until))
        c->pay_until = until;
    return OK;
}

err checkout_find(struct task *t, str session, struct checkout *ret)
{
    payment_id id;
    if (!session_parse(t, session, &id))
        return FAIL(t, NOT_FOUND, "no session of ours");
    *ret = (struct checkout){ .session = session };
    TRY(payment_any(t, id, &ret->payment));
    if (!ret->payment)
        return FAIL(t, NOT_FOUND, "a session without its payment");
    TRY(clock_enter(t, ret->payment->partner_id));
    TRY(payment_shown(t, id, &ret->shown));
    if (!ret->shown)
        return FAIL(t, NOT_FOUND, "a session without what is shown of it");
    ret->status = payment_status_at(ret->payment->status, ret->payment->expires_at, t->now);
    offers_find(t, ret);
    TRY(pay_until_find(t, ret));
    TRY(card_change_checks(t, ret->payment, ret->status, &ret->is_card_check));
    ret->transfer = NULL;
    const struct transfers_going_back_row *back;
    TRY(transfers_going_back(t, id, &back));
    ret->going_back_minor = back->amount;
    if (ret->status == PAYMENT_REQUIRES_ACTION && checkout_method(ret) == METHOD_BANK_TRANSFER)
        return transfer_find(t, ret->payment->charge_id, &ret->transfer);
    return OK;
}

void checkout_speak(struct task *t, struct checkout *c, str locale)
{
    const struct store_speech store = { c->shown->store_locale, c->shown->store_locales };
    const struct speech_wishes wishes = { locale, c->shown->locale, c->accepts };
    bool by_page;
    t->language = (unsigned)store_speech_choose(speech_languages(), &store, &wishes, &by_page);
    c->locale = by_page ? speech_tag(t) : STR_NONE;
    c->languages = store_speech_offered(t->arena, speech_languages(), &store, c->shown->locale);
}

enum payment_method checkout_method(const struct checkout *c)
{
    return payment_method_of(c->payment->method);
}

err checkout_start(struct task *t, const struct checkout *c, const struct checkout_visit *visit, str *card_page)
{
    bool is_to_save = visit->keeps_card && c->shown->save_required_given;
    str state = random_token(t->arena, "");
    const char *query = arena_cstr(t->arena, arena_printf(t->arena, "?state=%.*s&embedded=%s", STR_ARG(state),
                                                          visit->is_embedded ? "true" : "false"));
    int64_t affected;
    const struct card_session in = {
        .return_url = return_address(t, c, query),
        .amount_minor = c->payment->amount,
        .currency = c->payment->currency,
        .description = c->payment->description,
        .locale = speech_tag(t),
        .is_to_save = is_to_save,
    };
    TRY(partner_in_good_standing(t, c->payment->partner_id));
    TRY(acquirer_card_page(t, &in, card_page));
    return attempt_create(t, typed_digest("checkout_state", state), c->payment->payment_id,
                          typed_digest("checkout_browser", visit->browser), visit->is_embedded,
                          is_to_save ? STR(CONSENT_VERSION) : STR_NONE, &affected);
}

/* A payment that is not ready any more is no failure here: the page shows how it stands. */
static err charge(struct task *t, const struct charge_order *order)
{
    struct answer answer;
    err e = charge_run(t, order, &answer);
    return err_is(e, &FAULT_PAYMENT_STATE) || err_is(e, &FAULT_PAYMENT_EXPIRED) ? OK : e;
}

/* Nobody frames such a page, so he comes back to a page of its own. */
err checkout_set_out(struct task *t, const struct checkout *c, enum payment_method method)
{
    const struct charge_order order = {
        .partner = c->payment->partner_id,
        .payment = c->payment->payment_id,
        .route = STR("checkout"),
        .key = random_token(t->arena, ""),
        .fingerprint = typed_digest("checkout_method", payment_method_name(method)),
        .method = method,
        .return_url = return_address(t, c, ""),
    };
    TRY(partner_in_good_standing(t, c->payment->partner_id));
    return charge(t, &order);
}

static err charge_visit(struct task *t, const struct checkout *c, const struct checkout_return *in, bool is_embedded)
{
    digest key = typed_digest("checkout_key", in->state);
    const struct charge_order order = {
        .partner = c->payment->partner_id,
        .payment = c->payment->payment_id,
        .route = STR("checkout"),
        .key = hex_encode(t->arena, digest_bytes(&key)),
        .fingerprint = typed_digest("checkout_token", in->card_token),
        .token = in->card_token,
        .return_url = return_address(t, c, is_embedded ? "?embedded=true" : "?embedded=false"),
    };
    return charge(t, &order);
}

static err look_soon(struct task *t, const struct checkout *c)
{
    if (!c->shown->save_required_given)
        return OK;
    TRY(saved_card_look_soon(t, c->payment->payment_id));
    return invoice_look_soon(t, c->payment->payment_id);
}

static err visit_find(struct task *t, const struct checkout *c, const struct checkout_return *in,
                      const struct attempt_use_row **ret)
{
    const instant oldest = { t->now.us - VISIT_MAX.us };
    digest browser;
    *ret = NULL;
    if (in->is_confirmed)
        return attempt_use(t, typed_digest("checkout_state", in->state), c->payment->payment_id, NULL, oldest, ret);
    if (!str_given(in->browser))
        return OK;
    browser = typed_digest("checkout_browser", in->browser);
    return attempt_use(t, typed_digest("checkout_state", in->state), c->payment->payment_id, &browser, oldest, ret);
}

/* It came back where nobody can tell whether it set out from there. */
static err ask(struct task *t, const struct checkout *c, const struct checkout_return *in, struct checkout_visited *ret)
{
    const struct attempt_waits_row *waits = NULL;
    log_info(t, "checkout.state_refused", L_STR("payment", c->payment->payment_id.v));
    if (in->is_confirmed || !str_given(in->card_token))
        return OK;
    TRY(attempt_waits(t, typed_digest("checkout_state", in->state), c->payment->payment_id,
                      (instant){ t->now.us - VISIT_MAX.us }, &waits));
    if (waits)
        *ret = (struct checkout_visited){ waits->is_embedded, true, str_given(waits->consent_version) };
    return OK;
}

err checkout_return(struct task *t, const struct checkout *c, const struct checkout_return *in,
                    struct checkout_visited *ret)
{
    const struct attempt_use_row *visit = NULL;
    if (!str_given(in->state) || saved_card_is_id(in->card_token))
        return OK;
    TRY(visit_find(t, c, in, &visit));
    if (!visit)
        return ask(t, c, in, ret);
    ret->is_embedded = visit->is_embedded;
    if (!str_given(in->card_token))
        return OK;
    TRY(partner_in_good_standing(t, c->payment->partner_id));
    if (str_given(visit->consent_version))
        TRY(saved_card_take(t, c->payment->payment_id, in->card_token, visit->consent_version));
    TRY(charge_visit(t, c, in, visit->is_embedded));
    return look_soon(t, c);
}

err checkout_refresh(struct task *t, const struct checkout *c)
{
    if (c->status != PAYMENT_PROCESSING && c->status != PAYMENT_REQUIRES_ACTION)
        return OK;
    TRY(charge_refresh(t, (charge_id){ c->payment->charge_id }));
    return look_soon(t, c);
}

err checkout_give_up(struct task *t, const struct checkout *c)
{
    const struct payment_find_row *p = c->payment;
    int64_t given_up;
    return app_of(t)->env->attempt_abandon(t, p->payment_id, p->partner_id, p->charge_id, &given_up);
}
