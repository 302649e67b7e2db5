/* See saved_card.h. */
#include "paysrv/flow/payment/saved_card.h"

#include "paysrv/app.h"
#include "paysrv/domain/party/requisite.h"
#include "paysrv/domain/payment/payment.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/message/mail.h"
#include "paysrv/flow/message/speech.h"
#include "paysrv/flow/payment/acquirer_round.h"
#include "paysrv/flow/subscription/billing.h"
#include "paysrv/flow/zones.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/log.h"
#include "shared/text/encode.h"
#include "shared/text/shape.h"
#include "web/paysrv/pages.h"

#define PREFIX "scd_"
#define DOCUMENT_MAX_BYTES 8192
#define JOB "cards.keep"
#define LEASE SECONDS(30) /* longer than one look takes */

static const str LINK_CONTEXT = { "saved card withdrawal", 21 };

static const struct app *app_of(struct task *t)
{
    return t->app;
}

bool saved_card_is_id(str token)
{
    return str_starts(token, STR(PREFIX));
}

/* ---- keeping ---- */

err saved_card_take(struct task *t, payment_id payment, str token, str consent_version)
{
    const struct app *app = app_of(t);
    saved_card_id card = { app->env->new_id(t->arena, PREFIX) };
    bytes sealed = seal(t->arena, &app->sealing_key, bytes_of(token), card.v);
    str mandate = app->env->new_id(t->arena, "mdt_");
    int64_t kept;
    return saved_card_keep(t, card, mandate, consent_version, sealed, speech_tag(t), payment, &kept);
}

err saved_card_look_soon(struct task *t, payment_id payment)
{
    int64_t hastened;
    TRY(saved_cards_hasten(t, payment, &hastened));
    if (hastened > 0)
        clock_wake(t, JOB);
    return OK;
}

SHAPE(saved_card, "SavedCard",
      "id: string, object: 'saved_card', status: string, store: string, buyer: string, payment: "
      "string, brand?: string, last4?: string, exp_month: integer, exp_year: integer, mandate: { id: "
      "string, version: string, accepted_at: time }, withdrawn_at?: time, withdrawn_by?: string")

void saved_card_write(struct json *j, const struct saved_card_find_row *c)
{
    json_str(j, "id", c->saved_card_id.v);
    json_str(j, "object", STR("saved_card"));
    json_str(j, "status", c->state);
    json_str(j, "store", c->store_id.v);
    json_str(j, "buyer", c->buyer);
    json_str(j, "payment", c->payment_id.v);
    json_str(j, "brand", c->brand);
    json_str(j, "last4", c->last4);
    json_i64(j, "exp_month", c->exp_month);
    json_i64(j, "exp_year", c->exp_year);
    json_object(j, "mandate");
    json_str(j, "id", c->mandate_id);
    json_str(j, "version", c->consent_version);
    json_time(j, "accepted_at", c->consented_at);
    json_close(j);
    if (c->withdrawn_at_given) {
        json_time(j, "withdrawn_at", c->withdrawn_at);
        json_str(j, "withdrawn_by", c->withdrawn_by);
    }
}

str saved_card_shown(struct task *t, const struct saved_card_find_row *card)
{
    return requisite_masked_card(t->arena, card->brand, card->last4);
}

static str document(struct task *t, const struct saved_card_find_row *card)
{
    struct buf b;
    struct json j;
    buf_init(&b, t->arena, DOCUMENT_MAX_BYTES);
    json_begin(&j, &b);
    saved_card_write(&j, card);
    json_end(&j);
    return buf_str(&b);
}

static struct mail_draft mail_write(struct task *t, const struct saved_card_due_row *due,
                                    const struct acquirer_card *card)
{
    enum language lang = speech_to(t, due->locale);
    const struct mail_card_saved m = {
        .store_name = due->store_name,
        .card = requisite_masked_card(t->arena, card->brand, card->last4),
        .expires = arena_printf(t->arena, "%02d/%d", (int)card->exp_month, (int)card->exp_year),
        .mandate = due->mandate_id,
        .time = moment_by(t, lang, due->consented_at, due->zone),
        .withdraw_url = saved_card_withdraw_url(t, due->saved_card_id),
        .support = due->support,
        .billing_url = billing_url(t, due->store_id, due->buyer),
    };
    return mail_draft_make(t, due->email, lang, mail_card_saved(t->arena, lang, &m));
}

static err activate(struct task *t, const struct saved_card_due_row *due, const struct acquirer_card *card)
{
    const struct saved_card_find_row shown = {
        .saved_card_id = due->saved_card_id,
        .store_id = due->store_id,
        .payment_id = due->payment_id,
        .buyer = due->buyer,
        .mandate_id = due->mandate_id,
        .consent_version = due->consent_version,
        .consented_at = due->consented_at,
        .state = STR("active"),
        .brand = card->brand,
        .last4 = card->last4,
        .exp_month = (int32_t)card->exp_month,
        .exp_year = (int32_t)card->exp_year,
    };
    struct mail_draft mail = mail_write(t, due, card);
    const struct saved_card_activate_args args = {
        .brand = card->brand,
        .last4 = card->last4,
        .exp_month = shown.exp_month,
        .exp_year = shown.exp_year,
        .network_reference = card->network_reference,
        .card = due->saved_card_id,
        .event = { app_of(t)->env->new_id(t->arena, "evt_") },
        .data = document(t, &shown),
        .mail = mail.id,
        .content = mail.content,
    };
    const struct saved_card_activate_row *row;
    TRY(saved_card_activate(t, &args, &row));
    if (row->applied)
        log_info(t, "saved_card.created", L_STR("card", due->saved_card_id.v), L_STR("payment", due->payment_id.v));
    mail_wake(t);
    clock_wake(t, "subscriptions.run"); /* one may have waited for it */
    return OK;
}

static bool token_open(struct task *t, bytes sealed, saved_card_id card, str *ret)
{
    bytes plain;
    if (!unseal(t->arena, &app_of(t)->sealing_key, sealed, card.v, &plain))
        return false;
    *ret = (str){ (const char *)plain.p, plain.n };
    return true;
}

/* The payment is paid; whether with this card, its token tells. */
static err look_at_paid(struct task *t, const struct saved_card_due_row *due)
{
    struct acquirer_card card;
    int64_t dropped;
    str token;
    if (!token_open(t, due->token, due->saved_card_id, &token))
        return saved_card_drop(t, due->saved_card_id, &dropped);
    app_of(t)->env->card(t, token, &card);
    switch (card.standing) {
    case CARD_STANDING_UNKNOWN:
        return OK;
    case CARD_STANDING_UNPAID:
        return saved_card_drop(t, due->saved_card_id, &dropped);
    case CARD_STANDING_GOOD:
        return activate(t, due, &card);
    }
    return OK;
}

static err look(struct task *t, const struct saved_card_due_row *due)
{
    int64_t dropped;
    switch (payment_status_at(due->payment_status, due->payment_expires_at, t->now)) {
    case PAYMENT_SUCCEEDED:
    case PAYMENT_REQUIRES_CAPTURE:
        return look_at_paid(t, due);
    case PAYMENT_CANCELED:
    case PAYMENT_EXPIRED:
        return saved_card_drop(t, due->saved_card_id, &dropped);
    case PAYMENT_REQUIRES_PAYMENT_METHOD:
    case PAYMENT_PROCESSING:
    case PAYMENT_REQUIRES_ACTION:
    case PAYMENT_STATUS_COUNT:
        break;
    }
    return OK;
}

/* It is looked at again, unless that was the end of it. */
static err put_off(struct task *t, saved_card_id card, instant lease)
{
    int64_t affected;
    return saved_card_again(t, clock_is_live(t) ? app_of(t)->env->now() : t->now, card, lease, &affected);
}

static err first_due_settle(struct task *t, void *found)
{
    const struct saved_card_due_row *due;
    const instant lease = instant_add(t->now, LEASE);
    TRY(saved_card_due(t, lease, &due));
    *(bool *)found = due != NULL;
    if (!due)
        return OK;
    err e = look(t, due);
    if (e)
        log_failure(t, e); /* one card must not keep the others waiting */
    return put_off(t, due->saved_card_id, lease);
}

/* Taken one by one, so that none is kept from others by a round that ends before it. */
err saved_cards_settle(struct task *t)
{
    return acquirer_round_run(t, first_due_settle);
}

/* ---- charging ---- */

static err charged_row(struct task *t, str card, payment_id payment, const struct saved_card_charge_row **ret)
{
    *ret = NULL;
    return saved_card_is_id(card) ? app_of(t)->env->saved_card_charge(t, (saved_card_id){ card }, payment, ret) : OK;
}

err saved_card_usable(struct task *t, str card, payment_id payment, bool *ret)
{
    const struct saved_card_charge_row *row;
    TRY(charged_row(t, card, payment, &row));
    *ret = row != NULL;
    return OK;
}

/* A card that ended meanwhile, or is blocked, stays its id, which is no token: no acquirer is asked (acquirer_order),
 * or, of an attempt that may have come to it before, declines it. */
err saved_card_instrument(struct task *t, struct acquirer_ask *ask)
{
    const struct saved_card_charge_row *row;
    str token, card = ask->token;
    TRY(charged_row(t, card, (payment_id){ ask->reference }, &row));
    if (!row || !token_open(t, row->token, (saved_card_id){ card }, &token))
        return OK;
    ask->token = token;
    ask->network_reference = row->network_reference;
    ask->return_url = STR_NONE;
    return OK;
}

/* ---- ending ---- */

err saved_card_blocks(struct task *t, const struct saved_card_find_row *card, bool blocks)
{
    const str active = STR("active"), blocked = STR("blocked");
    struct saved_card_find_row after = *card;
    event_id event = { app_of(t)->env->new_id(t->arena, "evt_") };
    int64_t affected;
    after.state = blocks ? blocked : active;
    return saved_card_block(t, after.state, card->saved_card_id, blocks ? active : blocked, event, document(t, &after),
                            &affected);
}

err saved_card_end(struct task *t, const struct saved_card_find_row *card, str by)
{
    const struct saved_card_withdraw_row *row;
    struct saved_card_find_row ended = *card;
    ended.state = STR("withdrawn");
    ended.withdrawn_at = t->now;
    ended.withdrawn_at_given = true;
    ended.withdrawn_by = by;
    event_id event = { app_of(t)->env->new_id(t->arena, "evt_") };
    TRY(saved_card_withdraw(t, by, card->saved_card_id, event, document(t, &ended), &row));
    if (row->applied)
        log_info(t, "saved_card.withdrawn", L_STR("card", card->saved_card_id.v), L_STR("by", by));
    return OK;
}

str saved_card_withdraw_url(struct task *t, saved_card_id card)
{
    const struct app *app = app_of(t);
    bytes sealed = seal(t->arena, &app->sealing_key, bytes_of(card.v), LINK_CONTEXT);
    return arena_printf(t->arena, "%.*s/cards/%.*s", STR_ARG(app->config.public_url),
                        STR_ARG(base64url_encode(t->arena, sealed)));
}

bool saved_card_link_read(struct task *t, str link, saved_card_id *ret)
{
    bytes sealed, plain;
    if (!base64url_decode(t->arena, link, &sealed) ||
        !unseal(t->arena, &app_of(t)->sealing_key, sealed, LINK_CONTEXT, &plain))
        return false;
    ret->v = (str){ (const char *)plain.p, plain.n };
    return true;
}
