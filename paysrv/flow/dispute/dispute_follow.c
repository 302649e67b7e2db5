/* See dispute_follow.h. */
#include "paysrv/flow/dispute/dispute_follow.h"

#include "paysrv/app.h"
#include "paysrv/domain/dispute/dispute_follow.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/message/mail.h"
#include "paysrv/flow/payment/saved_card.h"
#include "paysrv/flow/subscription/invoice.h"
#include "paysrv/flow/subscription/invoice_retry.h"
#include "paysrv/flow/subscription/subscription_hold.h"
#include "paysrv/store/dispute_follow.sql.h"
#include "paysrv/store/event.sql.h"
#include "paysrv/store/invoice.sql.h"
#include "paysrv/store/saved_card.sql.h"
#include "paysrv/store/subscription.sql.h"
#include "shared/db/db.h"
#include "shared/ops/log.h"

struct following {
    dispute_id dispute;
    const struct dispute_felt_row *felt;
    enum dispute_turn turn; /* DISPUTE_TURN_COUNT: there is nothing to feel, or it was felt */
};

static event_id new_event(struct task *t)
{
    return (event_id){ ((const struct app *)t->app)->env->new_id(t->arena, "evt_") };
}

/* ---- the card ---- */

/* Its bank may give it another reason before it decides: what was said of the card stays said. */
static bool denies(const struct following *f)
{
    return f->felt->has_denied || dispute_denies_consent(f->felt->reason);
}

static err card_follow(struct task *t, const struct following *f)
{
    const bool is_blocked = str_eq(f->felt->card_state, STR("blocked"));
    const struct saved_card_find_row *card;
    if (!str_given(f->felt->card))
        return OK;
    TRY(saved_card_any(t, (saved_card_id){ f->felt->card }, &card));
    if (!card)
        return FAIL(t, INTERNAL, "a saved card vanished");
    switch (dispute_effect_on_card(f->turn, denies(f), is_blocked, f->felt->denied_elsewhere)) {
    case CARD_EFFECT_BLOCK:
        return saved_card_blocks(t, card, true);
    case CARD_EFFECT_UNBLOCK:
        TRY(saved_card_blocks(t, card, false));
        return invoices_unblocked(t, card->saved_card_id);
    case CARD_EFFECT_END:
        return saved_card_end(t, card, STR("dispute"));
    case CARD_EFFECT_NONE:
        break;
    }
    return OK;
}

/* ---- the subscription ---- */

static err invoice_tell(struct task *t, const struct following *f)
{
    static const str types[DISPUTE_TURN_COUNT] = {
        [DISPUTE_TURN_OPEN] = { "invoice.disputed", 16 },
        [DISPUTE_TURN_WON] = { "invoice.dispute_won", 19 },
        [DISPUTE_TURN_LOST] = { "invoice.dispute_lost", 20 },
    };
    const struct invoice_list_row *i;
    int64_t affected;
    TRY(invoice_any(t, (invoice_id){ f->felt->invoice }, &i));
    if (!i)
        return FAIL(t, INTERNAL, "an invoice vanished");
    return event_insert(t, new_event(t), i->partner_id, types[f->turn], i->invoice_id.v, invoice_document(t, i),
                        &affected);
}

static err subscription_follow(struct task *t, const struct following *f)
{
    const struct subscription_find_row *s;
    struct disputed_subscription facts = { .others_open = f->felt->others_open,
                                           .is_news = !str_given(f->felt->followed) };
    int64_t affected;
    if (!str_given(f->felt->invoice))
        return OK;
    TRY(invoice_tell(t, f));
    TRY(subscription_meet(t, (subscription_id){ f->felt->subscription }, &affected));
    TRY(subscription_any(t, (subscription_id){ f->felt->subscription }, &s));
    if (!s || !on_dispute_parse(s->on_dispute, &facts.policy) || !subscription_status_parse(s->status, &facts.status))
        return FAIL(t, INTERNAL, "an invoice of no known subscription");
    facts.is_held = str_given(s->held_from);
    switch (dispute_effect_on(f->turn, &facts)) {
    case DISPUTE_EFFECT_HOLD:
        return subscription_disputed(t, s, DISPUTED_HOLDS);
    case DISPUTE_EFFECT_CANCEL:
        return subscription_disputed(t, s, DISPUTED_ENDS);
    case DISPUTE_EFFECT_RELEASE:
        return subscription_disputed(t, s, DISPUTED_GOES_ON);
    case DISPUTE_EFFECT_NONE:
        break;
    }
    return OK;
}

/* ---- both ---- */

static err turn_read(struct task *t, struct following *f)
{
    enum dispute_phase phase;
    enum dispute_status status;
    f->turn = DISPUTE_TURN_COUNT;
    TRY(dispute_felt(t, f->dispute, &f->felt));
    if (!f->felt)
        return OK;
    if (!dispute_phase_parse(f->felt->phase, &phase) || !dispute_status_parse(f->felt->status, &status))
        return FAIL(t, INTERNAL, "a dispute in no known state");
    enum dispute_turn turn = dispute_turn_of(phase, status);
    if (!str_eq(f->felt->followed, dispute_turn_name(turn)))
        f->turn = turn;
    return OK;
}

/* What it decides by is read in it: two disputes of one card at one moment see each other, or one begins anew. */
static err follow_in_tx(struct task *t, void *context)
{
    struct following *f = context;
    int64_t affected;
    TRY(turn_read(t, f));
    if (f->turn == DISPUTE_TURN_COUNT) /* somebody was faster */
        return OK;
    TRY(dispute_follow(t, dispute_turn_name(f->turn), denies(f) ? f->felt->card : STR_NONE, f->dispute, &affected));
    TRY(card_follow(t, f));
    return subscription_follow(t, f);
}

err dispute_follow_up(struct task *t, dispute_id dispute)
{
    struct following f = { .dispute = dispute };
    TRY(turn_read(t, &f));
    if (f.turn == DISPUTE_TURN_COUNT) /* mostly, and no transaction */
        return OK;
    TRY(db_tx(t, follow_in_tx, &f));
    if (f.turn == DISPUTE_TURN_COUNT)
        return OK;
    log_info(t, "dispute.followed", L_STR("dispute", dispute.v), L_STR("turn", dispute_turn_name(f.turn)),
             L_STR("card", f.felt->card), L_STR("subscription", f.felt->subscription));
    mail_wake(t);
    clock_wake(t, "subscriptions.run");
    return OK;
}
