/* See checkout_page.h and web/paysrv/. */
#include "paysrv/checkout_page.h"

#include "paysrv/app.h"
#include "paysrv/buyer_page.h"
#include "paysrv/domain/bank/creditor_reference.h"
#include "paysrv/domain/party/requisite.h"
#include "paysrv/domain/payment/payer_card.h"
#include "paysrv/domain/transfer/transfer.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/message/speech.h"
#include "paysrv/flow/message/speech_words.h"
#include "paysrv/flow/stores/store_state.h"
#include "paysrv/store/transfer.rows.h"
#include "shared/text/url.h"
#include "web/paysrv/pages.h"

#define COOKIE "__Host-stoa_checkout"
#define COOKIE_LIFE_S (2 * 3600)
#define SECRET_MAX 100

static str page_path(struct task *t, const struct checkout *c, bool is_embedded)
{
    return arena_printf(t->arena, "%s%.*s", is_embedded ? "/embed/checkout?s=" : "/pay/", STR_ARG(c->session));
}

str checkout_path(struct task *t, const struct checkout *c, bool is_embedded)
{
    return in_locale(t, page_path(t, c, is_embedded), c->locale);
}

str checkout_browser(const struct request *rq)
{
    str cookie = request_cookie(rq, COOKIE);
    return cookie.n > 0 && cookie.n <= SECRET_MAX ? cookie : STR_NONE;
}

void checkout_browser_set(struct response *rs, str browser, bool is_embedded)
{
    const struct cookie cookie = { .name = COOKIE,
                                   .value = browser,
                                   .max_age_s = COOKIE_LIFE_S,
                                   .same_site_none = is_embedded,
                                   .partitioned = is_embedded };
    reply_cookie(rs, &cookie);
}

static str origins_text(struct task *t, const struct checkout *c)
{
    struct buf b;
    buf_init(&b, t->arena, 65536);
    for (size_t i = 0; i < c->payment->origins.n; i++) {
        if (i)
            buf_add_char(&b, ' ');
        buf_add(&b, c->payment->origins.items[i]);
    }
    return buf_str(&b);
}

/* Where the partner's page is: with the payment's id, so that it can look it up; never trusted there as proof. */
static str back_url(struct task *t, const struct checkout *c, bool is_embedded)
{
    struct buf b;
    if (is_embedded || !str_given(c->payment->return_url))
        return STR_NONE;
    buf_init(&b, t->arena, 8192);
    buf_add(&b, c->payment->return_url);
    url_add_query(&b, "payment", c->payment->payment_id.v);
    return buf_str(&b);
}

static struct buf *page_start(struct task *t, struct response *rs, const struct checkout *c, bool is_embedded)
{
    struct buf *out = reply_html(rs, c->is_consent_missing ? 422 : 200);
    str origins = origins_text(t, c);
    if (is_embedded)
        reply_csp(rs, "frame-ancestors", origins.n ? origins : STR("'none'"));
    return out;
}

/* Members that all pages of a payment have. */
#define COMMON(t, c, is_embedded)                                                                                      \
    .embedded = (is_embedded), .origins = origins_text((t), (c)), .session = (c)->session,                             \
    .amount = money_in((t), (t)->language, (c)->payment->amount, (c)->payment->currency),                              \
    .store_name = (c)->shown->store_name, .partner_name = (c)->shown->partner_name,                                    \
    .description = (c)->payment->description, .sheet = store_file_path((t), (c)->shown->sheet),                        \
    .logo = store_file_path((t), (c)->shown->logo), .support_email = (c)->shown->support_email,                        \
    .support_mail = mail_url((t), (c)->shown->support_email), .support_url = (c)->shown->support_url,                  \
    .languages = { language_choices((t), (c)->languages, page_path((t), (c), (is_embedded))), (c)->languages.n },      \
    .is_test = !clock_is_live(t)

static str going_back(struct task *t, const struct checkout *c)
{
    return c->going_back_minor > 0 ? money_in(t, t->language, c->going_back_minor, c->payment->currency) : STR_NONE;
}

static str start_path(struct task *t, const struct checkout *c, bool is_embedded)
{
    const char *base = is_embedded ? "/embed/checkout" : "/pay";
    return arena_printf(t->arena, "%s/%.*s/start", base, STR_ARG(c->session));
}

/*
 * What is left, for the buyer's page to count and then to ask once what came of it; 0: a clock that stands counts
 * nothing down, and what is over and still open, as an attempt at its bank is for a while, is not asked for again.
 */
static int64_t left_s(struct task *t, const struct checkout *c)
{
    int64_t left_us = c->pay_until.us - t->now.us;
    if (!clock_is_live(t) || c->shown->stands || left_us <= 0)
        return 0;
    return (left_us + SECONDS(1).us - 1) / SECONDS(1).us;
}

#define EXPIRY(t, c, is_embedded)                                                                                      \
    .expires = moment_in((t), (t)->language, (c)->pay_until), .expires_iso = instant_iso((t)->arena, (c)->pay_until),  \
    .left = left_s((t), (c)), .here = checkout_path((t), (c), (is_embedded))

static void ready_show(struct task *t, struct buf *out, const struct checkout *c, bool is_embedded)
{
    const struct page_pay page = {
        COMMON(t, c, is_embedded),
        EXPIRY(t, c, is_embedded),
        .declined = str_given(c->payment->decline_code)
                        ? word_of_decline(t->language, checkout_method(c), c->payment->decline_code)
                        : STR_NONE,
        .by_card = c->offers[METHOD_CARD],
        .by_wallet = c->offers[METHOD_WALLET],
        .by_transfer = c->offers[METHOD_BANK_TRANSFER],
        .was_wallet = checkout_method(c) == METHOD_WALLET,
        .action = start_path(t, c, is_embedded),
        .locale = c->locale,
        .save_offered = c->shown->save_required_given,
        .save_required = c->shown->save_required_given && c->shown->save_required,
        .consent_missing = c->is_consent_missing,
        .cancel_url = is_embedded ? checkout_path(t, c, true) : back_url(t, c, false),
        .going_back = going_back(t, c),
    };
    page_pay(out, t->language, NULL, &page);
}

/* "Visa •• 4242"; absent: nobody said with which card. */
static str card_shown(struct task *t, const struct checkout *c)
{
    str brand, last4;
    return payer_card_parse(c->payment->card, &brand, &last4) ? requisite_masked_card(t->arena, brand, last4)
                                                              : STR_NONE;
}

/* The amount of a receipt is what was charged. */
static void paid_show(struct task *t, struct buf *out, const struct checkout *c, bool is_embedded)
{
    const struct payment_find_row *p = c->payment;
    struct payment_find_row charged = *p;
    struct checkout shown = *c;
    charged.amount = payment_taken(c->status, p->amount, p->captured_given ? &p->captured : NULL);
    shown.payment = &charged;
    const struct page_receipt page = {
        COMMON(t, &shown, is_embedded),
        .card = card_shown(t, c),
        .paid_at = p->succeeded_at_given ? moment_in(t, t->language, p->succeeded_at) : STR(""),
        .paid_iso = p->succeeded_at_given ? instant_iso(t->arena, p->succeeded_at) : STR(""),
        .reference = p->payment_id.v,
        .refunded = p->refunded > 0 ? money_in(t, t->language, p->refunded, p->currency) : STR_NONE,
        .return_url = back_url(t, c, is_embedded),
        .going_back = going_back(t, c),
    };
    page_receipt(out, t->language, NULL, &page);
}

static void authorized_show(struct task *t, struct buf *out, const struct checkout *c, bool is_embedded)
{
    const struct payment_find_row *p = c->payment;
    const struct page_pay_authorized page = {
        COMMON(t, c, is_embedded),
        .card = card_shown(t, c),
        .captured = p->captured > 0 ? money_in(t, t->language, p->captured, p->currency) : STR_NONE,
        .until = moment_in(t, t->language, p->authorized_until),
        .until_iso = instant_iso(t->arena, p->authorized_until),
        .reference = p->payment_id.v,
        .return_url = back_url(t, c, is_embedded),
        .going_back = going_back(t, c),
    };
    page_pay_authorized(out, t->language, NULL, &page);
}

static void checked_show(struct task *t, struct buf *out, const struct checkout *c, bool is_embedded)
{
    const struct page_pay_checked page = {
        COMMON(t, c, is_embedded),
        .is_released = c->status == PAYMENT_CANCELED,
        .card = card_shown(t, c),
        .reference = c->payment->payment_id.v,
        .return_url = back_url(t, c, is_embedded),
    };
    page_pay_checked(out, t->language, NULL, &page);
}

static void waiting_show(struct task *t, struct buf *out, const struct checkout *c, bool is_embedded)
{
    const struct page_pay_processing page = { COMMON(t, c, is_embedded),
                                              .status_url = checkout_path(t, c, is_embedded) };
    page_pay_processing(out, t->language, NULL, &page);
}

/* Framed, it opens in a tab of its own, and this page looks when he is back. */
static void wallet_show(struct task *t, struct buf *out, const struct checkout *c, bool is_embedded)
{
    const struct page_pay_wallet page = { COMMON(t, c, is_embedded),
                                          EXPIRY(t, c, is_embedded),
                                          .action_url = c->shown->action_url,
                                          .status_url = checkout_path(t, c, is_embedded),
                                          .another_action = start_path(t, c, is_embedded),
                                          .locale = c->locale };
    page_pay_wallet(out, t->language, NULL, &page);
}

static void transfer_show(struct task *t, struct buf *out, const struct checkout *c, bool is_embedded)
{
    const struct transfer_find_row *x = c->transfer;
    const struct page_pay_transfer page = {
        COMMON(t, c, is_embedded),
        .holder_name = x->holder_name,
        .iban = creditor_reference_grouped(t->arena, x->iban),
        .bic = x->bic,
        .reference = creditor_reference_grouped(t->arena, x->reference),
        .exact = money_in(t, t->language, transfer_rest(x->amount, x->received), x->currency),
        .received = x->received > 0 ? money_in(t, t->language, x->received, x->currency) : STR_NONE,
        .pay_by = moment_in(t, t->language, x->pay_by),
        .pay_by_iso = instant_iso(t->arena, x->pay_by),
        .qr_url = arena_printf(t->arena, "/pay/%.*s/transfer.svg", STR_ARG(c->session)),
        .status_url = checkout_path(t, c, is_embedded),
        .another_action = start_path(t, c, is_embedded),
        .locale = c->locale,
        .going_back = going_back(t, c),
    };
    page_pay_transfer(out, t->language, NULL, &page);
}

static void action_show(struct task *t, struct buf *out, const struct checkout *c, bool is_embedded)
{
    const struct page_pay_action page = { COMMON(t, c, is_embedded), EXPIRY(t, c, is_embedded),
                                          .action_url = c->shown->action_url,
                                          .another_action = start_path(t, c, is_embedded), .locale = c->locale };
    page_pay_action(out, t->language, NULL, &page);
}

static void closed_show(struct task *t, struct buf *out, const struct checkout *c, bool is_embedded)
{
    const struct page_pay_closed page = { COMMON(t, c, is_embedded),
                                          .is_canceled = c->status == PAYMENT_CANCELED,
                                          .is_store_away = c->status == PAYMENT_REQUIRES_PAYMENT_METHOD,
                                          .is_late = c->shown->is_late,
                                          .return_url = back_url(t, c, is_embedded),
                                          .going_back = going_back(t, c) };
    page_pay_closed(out, t->language, NULL, &page);
}

void checkout_show(struct task *t, struct response *rs, const struct checkout *c, bool is_embedded)
{
    struct buf *out = page_start(t, rs, c, is_embedded);
    switch (c->status) {
    case PAYMENT_REQUIRES_PAYMENT_METHOD:
        (store_is_selling(c->shown->store_status) ? ready_show : closed_show)(t, out, c, is_embedded);
        return;
    case PAYMENT_PROCESSING:
        waiting_show(t, out, c, is_embedded);
        return;
    case PAYMENT_REQUIRES_ACTION:
        if (c->transfer)
            transfer_show(t, out, c, is_embedded);
        else if (checkout_method(c) == METHOD_CARD)
            action_show(t, out, c, is_embedded);
        else
            wallet_show(t, out, c, is_embedded);
        return;
    case PAYMENT_REQUIRES_CAPTURE:
        (c->is_card_check ? checked_show : authorized_show)(t, out, c, is_embedded);
        return;
    case PAYMENT_SUCCEEDED:
        paid_show(t, out, c, is_embedded);
        return;
    case PAYMENT_CANCELED:
    case PAYMENT_EXPIRED:
    case PAYMENT_STATUS_COUNT:
        (c->is_card_check ? checked_show : closed_show)(t, out, c, is_embedded);
        return;
    }
}

void checkout_ask(struct task *t, struct response *rs, const struct checkout *c, bool is_embedded,
                  const struct checkout_asked *asked)
{
    struct checkout shown = *c;
    shown.languages.n = 0; /* the page in another language would be without the card */
    const struct page_pay_confirm page = { COMMON(t, &shown, is_embedded),
                                           .action = arena_printf(t->arena, "/pay/%.*s/return", STR_ARG(c->session)),
                                           .state = asked->state,
                                           .card_token = asked->card_token,
                                           .keeps_card = asked->keeps_card,
                                           .locale = c->locale,
                                           .no_url = checkout_path(t, c, is_embedded) };
    page_pay_confirm(page_start(t, rs, c, is_embedded), t->language, NULL, &page);
}

void checkout_leave(struct task *t, struct response *rs, const struct checkout *c, bool is_embedded, str location)
{
    struct buf *out = page_start(t, rs, c, is_embedded);
    struct url url;
    const struct page_pay_leave page = {
        .embedded = is_embedded,
        .origins = origins_text(t, c),
        .session = c->session,
        .is_wallet = c->status == PAYMENT_REQUIRES_ACTION && checkout_method(c) == METHOD_WALLET,
        .location = location,
        .host = url_parse(location, &url) ? url.host : STR_NONE,
    };
    page_pay_leave(out, t->language, NULL, &page);
}
