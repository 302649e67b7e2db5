/* See answer.h and docs/protocol/pay/payments.md. */
#include "paysrv/flow/answer.h"

#include "paysrv/app.h"
#include "paysrv/domain/acquirer/decline.h"
#include "paysrv/domain/acquirer/three_d_secure.h"
#include "paysrv/domain/ledger/posting.h"
#include "paysrv/domain/payment/payer_card.h"
#include "paysrv/faults.h"
#include "paysrv/flow/access/session.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/transfer/transfer_object.h"
#include "shared/text/shape.h"

#define DOCUMENT_MAX 65536

static void share_write(struct json *j, enum split_party party, str user, int64_t amount_minor)
{
    json_object(j, NULL);
    json_str(j, "party", split_party_name(party));
    json_str(j, "user", user);
    json_i64(j, "amount", amount_minor);
    json_close(j);
}

SHAPE(share, "Share", "party: 'platform' | 'partner' | 'seller' | 'user', user?: string, amount: integer")

void split_write(struct json *j, const struct split_shown *s)
{
    json_array(j, "split");
    share_write(j, SPLIT_PLATFORM, STR_NONE, s->shares.platform);
    share_write(j, SPLIT_PARTNER, STR_NONE, s->shares.partner);
    if (s->users.n == 0)
        share_write(j, SPLIT_SELLER, STR_NONE, s->shares.seller);
    for (size_t i = 0; i < s->users.n; i++) {
        bool is_other = !str_eq(s->users.items[i], s->seller);
        share_write(j, is_other ? SPLIT_USER : SPLIT_SELLER, is_other ? s->users.items[i] : STR_NONE,
                    s->amounts.items[i]);
    }
    json_close(j);
}

static void checkout_write(struct task *t, struct json *j, payment_id payment)
{
    const struct app *app = t->app;
    str session = session_of(t, payment), base = app->config.public_url;
    json_object(j, "checkout");
    json_str(j, "session", session);
    json_str(j, "url", arena_printf(t->arena, "%.*s/pay/%.*s", STR_ARG(base), STR_ARG(session)));
    json_str(j, "embed_url", arena_printf(t->arena, "%.*s/embed/checkout?s=%.*s", STR_ARG(base), STR_ARG(session)));
    json_close(j);
}

/* Of an attempt to pay, what to do about it as well. */
static void decline_write(struct json *j, str decline_code)
{
    json_str(j, "decline_code", decline_code);
    if (str_given(decline_code))
        json_str(j, "advice", decline_advice(decline_code));
}

/* A capture or a void without an outcome leaves nothing that another could take. */
static int64_t capturable(const struct payment_find_row *p, enum payment_status status)
{
    return status == PAYMENT_REQUIRES_CAPTURE && !p->is_voiding && p->capturing == 0 ? p->amount - p->captured : 0;
}

SHAPE(three_d_secure, "ThreeDSecure",
      "flow: 'frictionless' | 'challenge' | null, result: 'authenticated' | 'attempted' | 'exempted' | 'unavailable' | "
      "'failed' | 'rejected', liability_shift: boolean")

SHAPE(payment, "Payment",
      "id: string, object: 'payment', livemode: boolean, status: 'requires_payment_method' | "
      "'processing' | 'requires_action' | 'requires_capture' | 'succeeded' | 'canceled' | 'expired', "
      "amount: integer, currency: string, capture_method: 'automatic' | 'manual', amount_captured: "
      "integer, amount_capturable: integer, amount_refunded: integer, amount_disputed: integer, "
      "store: string, user: string | null, description: string, external_id: string | null, metadata?: texts, "
      "method?: PaymentMethod | null, decline_code?: string, advice?: string, card?: { brand: string, last4: "
      "string }, three_d_secure?: ThreeDSecure, "
      "authorized_until?: time, "
      "cancellation_reason?: string, "
      "checkout: { "
      "session: string, url: string, embed_url: string }, split_profile?: string, split: Share[], "
      "created_at: time, expires_at: time, version?: integer, locale?: string | null, next_action?: { type: "
      "'redirect', url: string } | { "
      "type: 'bank_transfer', iban: string, bic?: string, holder_name: string, reference: string, amount: integer, "
      "currency: string, expires_at: time }, capture?: "
      "Capture")

static void members_write(struct task *t, struct json *j, const struct payment_find_row *p, enum payment_status status)
{
    const struct split_shown split = { .shares = { p->platform_amount, p->partner_amount, p->seller_amount },
                                       .seller = p->user_id.v,
                                       .users = p->share_users,
                                       .amounts = p->share_amounts };
    json_str(j, "id", p->payment_id.v);
    json_str(j, "object", STR("payment"));
    json_bool(j, "livemode", clock_is_live(t));
    json_str(j, "status", payment_status_name(status));
    json_i64(j, "amount", p->amount);
    json_str(j, "currency", p->currency);
    json_str(j, "capture_method", p->captured_given ? STR("manual") : STR("automatic"));
    json_i64(j, "amount_captured", payment_taken(status, p->amount, p->captured_given ? &p->captured : NULL));
    json_i64(j, "amount_capturable", capturable(p, status));
    json_i64(j, "amount_refunded", p->refunded);
    json_i64(j, "amount_disputed", p->disputed);
    json_str(j, "store", p->store_id.v);
    json_str_or_null(j, "user", p->user_id.v.n ? p->user_id.v : STR_NONE);
    json_str(j, "description", p->description);
    json_str_or_null(j, "external_id", p->external_id);
    if (str_given(p->metadata))
        json_raw(j, "metadata", p->metadata);
    json_str_or_null(j, "method", payment_method_shown(p->method, p->charge_id));
    if (status == PAYMENT_REQUIRES_PAYMENT_METHOD)
        decline_write(j, p->decline_code);
    payer_card_write(j, p->card);
    three_d_secure_write(j, p->three_d_secure);
    if (status == PAYMENT_REQUIRES_CAPTURE)
        json_time(j, "authorized_until", p->authorized_until);
    if (status == PAYMENT_CANCELED)
        json_str(j, "cancellation_reason", p->cancel_reason);
    checkout_write(t, j, p->payment_id);
    json_str(j, "split_profile", p->split_profile_id);
    split_write(j, &split);
    json_time(j, "created_at", p->created_at);
    json_time(j, "expires_at", p->expires_at);
}

void payment_write(struct task *t, struct json *j, const struct payment_find_row *payment, enum payment_status status)
{
    members_write(t, j, payment, status);
    json_i64(j, "version", payment->version);
    json_str_or_null(j, "locale", payment->locale);
}

str payment_document(struct task *t, const struct payment_find_row *payment, enum payment_status status)
{
    struct buf b;
    struct json j;
    buf_init(&b, t->arena, DOCUMENT_MAX);
    json_begin(&j, &b);
    members_write(t, &j, payment, status);
    json_end(&j);
    return buf_str(&b);
}

static void redirect_write(struct json *j, str url)
{
    json_object(j, "next_action");
    json_str(j, "type", STR("redirect"));
    json_str(j, "url", url);
    json_close(j);
}

str action_document(struct task *t, const struct payment_find_row *payment, const struct acquirer_said *said)
{
    struct buf b;
    struct json j;
    buf_init(&b, t->arena, DOCUMENT_MAX);
    json_begin(&j, &b);
    members_write(t, &j, payment, PAYMENT_REQUIRES_ACTION);
    if (said->transfer)
        transfer_action_write(t, &j, said->transfer);
    else
        redirect_write(&j, said->action_url);
    json_end(&j);
    return buf_str(&b);
}

SHAPE(capture, "Capture",
      "id: string, object: 'capture', status: 'pending' | 'succeeded' | 'failed', payment: string, "
      "amount: integer, currency: string, final: boolean, decline_code?: string, split: Share[], "
      "created_at: time")

void capture_write(struct json *j, const char *name, const struct capture_find_row *c, str status)
{
    const struct split_shown split = { .shares = { c->platform_amount, c->partner_amount, c->seller_amount },
                                       .seller = c->user_id.v,
                                       .users = c->share_users,
                                       .amounts = c->share_amounts };
    json_object(j, name);
    json_str(j, "id", c->capture_id);
    json_str(j, "object", STR("capture"));
    json_str(j, "status", status);
    json_str(j, "payment", c->payment_id.v);
    json_i64(j, "amount", c->amount);
    json_str(j, "currency", c->currency);
    json_bool(j, "final", c->is_final);
    json_str(j, "decline_code", c->decline_code);
    split_write(j, &split);
    json_time(j, "created_at", c->created_at);
    json_close(j);
}

str captured_document(struct task *t, const struct payment_find_row *payment, enum payment_status status,
                      const struct capture_find_row *capture, str capture_status)
{
    struct buf b;
    struct json j;
    buf_init(&b, t->arena, DOCUMENT_MAX);
    json_begin(&j, &b);
    members_write(t, &j, payment, status);
    capture_write(&j, "capture", capture, capture_status);
    json_end(&j);
    return buf_str(&b);
}

SHAPE(payment_attempt, "PaymentAttempt",
      "id: string, object: 'payment_attempt', status: string, payment: string, amount: integer, "
      "currency: string")

str attempt_document(struct task *t, const struct call_find_row *call, str attempt, str status)
{
    struct buf b;
    struct json j;
    buf_init(&b, t->arena, DOCUMENT_MAX);
    json_begin(&j, &b);
    json_str(&j, "id", attempt);
    json_str(&j, "object", STR("payment_attempt"));
    json_str(&j, "status", status);
    json_str(&j, "payment", call->payment_id.v);
    json_i64(&j, "amount", call->amount);
    json_str(&j, "currency", call->currency);
    json_end(&j);
    return buf_str(&b);
}

SHAPE(refund, "Refund",
      "id: string, object: 'refund', status: 'queued' | 'pending' | 'succeeded' | 'failed' | 'canceled', payment: "
      "string, amount: integer, currency: string, external_id: string | null, reason: string | null, reason_code?: "
      "string, initiated_by?: "
      "'partner' | "
      "'user' | 'system', decline_code?: string, split: Share[], created_at: time")

static void refund_members_write(struct json *j, const struct refund_find_row *r, str status, str decline_code)
{
    const struct split_shown split = { .shares = { r->platform_amount, r->partner_amount, r->seller_amount },
                                       .seller = r->user_id.v,
                                       .users = r->share_users,
                                       .amounts = r->share_amounts };
    json_str(j, "id", r->refund_id.v);
    json_str(j, "object", STR("refund"));
    json_str(j, "status", status);
    json_str(j, "payment", r->payment_id.v);
    json_i64(j, "amount", r->amount);
    json_str(j, "currency", r->currency);
    json_str_or_null(j, "external_id", r->external_id);
    json_str_or_null(j, "reason", r->reason);
    json_str(j, "reason_code", r->reason_code);
    json_str(j, "initiated_by", r->initiated_by);
    json_str(j, "decline_code", decline_code);
    split_write(j, &split);
    json_time(j, "created_at", r->created_at);
}

void refund_write(struct json *j, const struct refund_find_row *refund, str status, str decline_code)
{
    json_object(j, NULL);
    refund_members_write(j, refund, status, decline_code);
    json_close(j);
}

str refund_document(struct task *t, const struct refund_find_row *refund, str status, str decline_code)
{
    struct buf b;
    struct json j;
    buf_init(&b, t->arena, DOCUMENT_MAX);
    json_begin(&j, &b);
    refund_members_write(&j, refund, status, decline_code);
    json_end(&j);
    return buf_str(&b);
}

str problem_document(struct task *t, const struct fault *fault, payment_id payment, str decline_code)
{
    struct buf b;
    struct json j;
    buf_init(&b, t->arena, DOCUMENT_MAX);
    json_begin(&j, &b);
    json_str(&j, "type", arena_printf(t->arena, "urn:stoa:problem:%s", fault->code));
    json_str(&j, "title", str_of(fault->say));
    json_i64(&j, "status", fault->status);
    json_str(&j, "detail", str_of(fault->say));
    json_str(&j, "code", str_of(fault->code));
    json_str(&j, "request_id", t->request_id);
    json_bool(&j, "retryable", false);
    json_str(&j, "payment", payment.v);
    if (fault == &FAULT_CARD_DECLINED || fault == &FAULT_PAYMENT_DECLINED)
        decline_write(&j, decline_code);
    else
        json_str(&j, "decline_code", decline_code);
    json_end(&j);
    return buf_str(&b);
}
