/* See billing.h. */
#include "paysrv/flow/subscription/billing.h"

#include "paysrv/app.h"
#include "paysrv/domain/stores/store_speech.h"
#include "paysrv/faults.h"
#include "paysrv/flow/access/session.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/message/mail.h"
#include "paysrv/flow/message/speech.h"
#include "paysrv/flow/subscription/card_change.h"
#include "paysrv/flow/subscription/price_change.h"
#include "paysrv/flow/subscription/subscription.h"
#include "paysrv/store/billing.sql.h"
#include "paysrv/store/subscription.sql.h"
#include "shared/base/num.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "shared/ops/log.h"
#include "shared/text/encode.h"
#include "web/paysrv/pages.h"

#define STATE_BYTES 12

static const str CONTEXT = { "billing page", 12 };

static const struct app *app_of(struct task *t)
{
    return t->app;
}

/* ---- the link ---- */

str billing_url(struct task *t, store_id store, str buyer)
{
    const struct app *app = app_of(t);
    str plain =
        arena_printf(t->arena, "%lld %.*s %.*s", (long long)instant_seconds(instant_add(t->now, BILLING_LINK_LIFE)),
                     STR_ARG(store.v), STR_ARG(buyer));
    bytes sealed = seal(t->arena, &app->sealing_key, bytes_of(plain), CONTEXT);
    return arena_printf(t->arena, "%.*s/billing/%.*s", STR_ARG(app->config.public_url),
                        STR_ARG(base64url_encode(t->arena, sealed)));
}

static bool token_read(struct task *t, str token, struct billing_visit *ret, int64_t *until_s)
{
    bytes sealed, plain;
    str head, rest;
    if (!base64url_decode(t->arena, token, &sealed) ||
        !unseal(t->arena, &app_of(t)->sealing_key, sealed, CONTEXT, &plain))
        return false;
    rest = (str){ (const char *)plain.p, plain.n };
    if (!str_cut(&rest, ' ', &head) || !num_parse(head, until_s) || !str_cut(&rest, ' ', &ret->store.v))
        return false;
    ret->buyer = rest;
    return true;
}

err billing_visit_open(struct task *t, str token, struct billing_visit *ret)
{
    int64_t until_s;
    *ret = (struct billing_visit){ .who = NULL };
    if (!token_read(t, token, ret, &until_s))
        return FAIL(t, NOT_FOUND, "no link of ours");
    TRY(billing_buyer(t, ret->store, ret->buyer, &ret->who));
    if (!ret->who)
        return FAIL(t, NOT_FOUND, "a link of a buyer without a card");
    TRY(clock_enter(t, ret->who->partner_id));
    ret->is_late = !instant_before(t->now, instant_of_seconds(until_s));
    return OK;
}

void billing_speak(struct task *t, struct billing_visit *v, str locale, str accepts)
{
    const struct store_speech store = { v->who->store_locale, v->who->store_locales };
    const struct speech_wishes wishes = { locale, v->who->locale, accepts };
    bool by_page;
    t->language = (unsigned)store_speech_choose(speech_languages(), &store, &wishes, &by_page);
    v->locale = by_page ? speech_tag(t) : STR_NONE;
    v->languages = store_speech_offered(t->arena, speech_languages(), &store, v->who->locale);
}

err billing_link_send(struct task *t, const struct billing_visit *v)
{
    enum language lang = speech_to(t, v->who->locale);
    const struct billing_link_mail_row *row;
    const struct mail_billing_link m = { .store_name = v->who->store_name,
                                         .billing_url = billing_url(t, v->store, v->buyer) };
    struct mail_draft mail = mail_draft_make(t, v->who->email, lang, mail_billing_link(t->arena, lang, &m));
    TRY(billing_link_mail(t, v->store, v->buyer, mail.id, mail.recipient, mail.content, &row));
    mail_wake(t);
    return OK;
}

/* ---- what is asked for ---- */

#define ACTION_TEXT_ROW(name, text) [BILLING_##name] = text,
static const char *const action_text[BILLING_ACTION_COUNT] = { BILLING_ACTIONS(ACTION_TEXT_ROW) };

bool billing_action_parse(str name, enum billing_action *ret)
{
    for (unsigned i = 0; i < BILLING_ACTION_COUNT; i++) {
        if (str_eq(name, str_of(action_text[i]))) {
            *ret = (enum billing_action)i;
            return true;
        }
    }
    return false;
}

str billing_state(struct task *t, const struct subscription_find_row *s)
{
    str made_of = arena_printf(t->arena, "billing %.*s %.*s %d %lld %lld %.*s %lld %.*s %.*s %d",
                               STR_ARG(s->subscription_id.v), STR_ARG(s->status), s->cancel_at_period_end,
                               (long long)(s->cancel_at_given ? s->cancel_at.us : 0), (long long)s->period_n,
                               STR_ARG(s->price_id.v), (long long)s->quantity, STR_ARG(s->saved_card_id.v),
                               STR_ARG(s->next_price_id), s->next_price_at_given && s->next_price_agreed);
    digest mac = hmac_sha256(digest_bytes(&app_of(t)->sealing_key), bytes_of(made_of));
    return hex_encode(t->arena, (bytes){ mac.b, STATE_BYTES });
}

static err card_begin(struct task *t, const struct billing_visit *v, const struct subscription_find_row *s, str *next)
{
    payment_id payment;
    TRY(card_change_begin(t, s, v->who->email, billing_url(t, v->store, v->buyer), &payment));
    *next = arena_printf(t->arena, "/pay/%.*s", STR_ARG(session_of(t, payment)));
    return OK;
}

/* What the button says has come about already: the form came twice, or its answer was lost. */
static bool is_as_asked(const struct subscription_find_row *s, enum billing_action action)
{
    bool is_canceled = str_eq(s->status, subscription_status_name(SUBSCRIPTION_CANCELED));
    bool is_paused = str_eq(s->status, subscription_status_name(SUBSCRIPTION_PAUSED));
    bool is_unpaid = str_eq(s->status, subscription_status_name(SUBSCRIPTION_UNPAID));
    switch (action) {
    case BILLING_PAUSE:
        return is_paused;
    case BILLING_RESUME:
        return !is_paused && !is_unpaid && !is_canceled;
    case BILLING_CANCEL:
        return is_canceled || s->cancel_at_period_end;
    case BILLING_KEEP:
        return !is_canceled && !s->cancel_at_period_end && !s->cancel_at_given;
    case BILLING_AGREE:
        return s->next_price_at_given && s->next_price_agreed;
    case BILLING_CARD:
    case BILLING_ACTION_COUNT:
        break;
    }
    return false;
}

struct acting {
    const struct billing_visit *visit;
    subscription_id id;
    enum billing_action action;
    str state;
    const struct subscription_find_row *subscription; /* NULL: what is asked for is so */
};

static err act_judge(struct task *t, struct acting *a)
{
    const struct subscription_find_row *s;
    TRY(subscription_any(t, a->id, &s));
    if (!s || !str_eq(s->store_id.v, a->visit->store.v) || !str_eq(s->buyer, a->visit->buyer))
        return FAIL(t, NOT_FOUND, "no subscription of this buyer");
    a->subscription = NULL;
    if (!equal_bytes(bytes_of(billing_state(t, s)), bytes_of(a->state)))
        return is_as_asked(s, a->action) ? OK : (err)FAIL(t, SUBSCRIPTION_STATE, "the page is of before");
    a->subscription = s;
    return OK;
}

/*
 * Whether an invoice is open decides when it is due next, and a statement by itself would ask that as it was when it
 * began, however long it then waited for who is paying it: it would be due never more.
 */
static err act_in_tx(struct task *t, void *context)
{
    struct acting *a = context;
    bool applied;
    TRY(act_judge(t, a));
    if (!a->subscription)
        return OK;
    switch (a->action) {
    case BILLING_PAUSE:
        return subscription_pause(t, a->subscription);
    case BILLING_RESUME:
    case BILLING_KEEP:
        return subscription_resume(t, a->subscription);
    case BILLING_CANCEL:
        return subscription_cancel(t, a->subscription, true, false);
    case BILLING_AGREE:
        TRY(price_change_agree(t, a->subscription, &applied));
        return applied ? OK : FAIL(t, SUBSCRIPTION_STATE, "nothing is to be agreed to");
    case BILLING_CARD:
    case BILLING_ACTION_COUNT:
        break;
    }
    return FAIL(t, INTERNAL, "an action that is none");
}

err billing_act(struct task *t, const struct billing_visit *v, subscription_id id, enum billing_action action,
                str state, str *next)
{
    struct acting a = { .visit = v, .id = id, .action = action, .state = state };
    if (action == BILLING_CARD)
        TRY(act_judge(t, &a));
    else
        TRY(db_tx(t, act_in_tx, &a));
    if (!a.subscription)
        return OK;
    log_info(t, "billing.asked", L_STR("subscription", id.v), L_STR("action", str_of(action_text[action])));
    clock_wake(t, "subscriptions.run"); /* what was woken inside of the transaction has seen nothing yet */
    return action == BILLING_CARD ? card_begin(t, v, a.subscription, next) : OK;
}
