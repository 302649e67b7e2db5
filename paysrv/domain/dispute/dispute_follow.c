/* See dispute_follow.h. */
#include "paysrv/domain/dispute/dispute_follow.h"

#define NAME_ROW(name, text) text,
static const char *const policy_names[ON_DISPUTE_COUNT] = { ON_DISPUTES(NAME_ROW) };
static const char *const turn_names[DISPUTE_TURN_COUNT] = { DISPUTE_TURNS(NAME_ROW) };

bool on_dispute_parse(str name, enum on_dispute *ret)
{
    for (unsigned i = 0; i < ON_DISPUTE_COUNT; i++)
        if (str_eq(name, str_of(policy_names[i]))) {
            *ret = (enum on_dispute)i;
            return true;
        }
    return false;
}

str dispute_turn_name(enum dispute_turn turn)
{
    return turn < DISPUTE_TURN_COUNT ? str_of(turn_names[turn]) : STR_NONE;
}

enum dispute_turn dispute_turn_of(enum dispute_phase phase, enum dispute_status status)
{
    if (phase != DISPUTE_CHARGEBACK)
        return DISPUTE_TURN_COUNT;
    switch (status) {
    case DISPUTE_NEEDS_RESPONSE:
    case DISPUTE_UNDER_REVIEW:
        return DISPUTE_TURN_OPEN;
    case DISPUTE_WON:
        return DISPUTE_TURN_WON;
    case DISPUTE_LOST:
        return DISPUTE_TURN_LOST;
    case DISPUTE_CLOSED:
    case DISPUTE_STATUS_COUNT:
        break;
    }
    return DISPUTE_TURN_COUNT;
}

/* One that is unpaid is charged nothing by itself, and waits for its buyer anyway. */
static bool can_be_held(const struct disputed_subscription *s)
{
    return !s->is_held && s->status != SUBSCRIPTION_UNPAID && s->status != SUBSCRIPTION_CANCELED;
}

static enum dispute_effect effect_when_lost(const struct disputed_subscription *s)
{
    bool ends = s->policy != ON_DISPUTE_CONTINUE && s->status != SUBSCRIPTION_CANCELED && (s->is_held || s->is_news);
    return ends ? DISPUTE_EFFECT_CANCEL : DISPUTE_EFFECT_NONE;
}

static enum dispute_effect effect_when_opened(const struct disputed_subscription *s)
{
    switch (s->policy) {
    case ON_DISPUTE_PAUSE:
        return can_be_held(s) ? DISPUTE_EFFECT_HOLD : DISPUTE_EFFECT_NONE;
    case ON_DISPUTE_CANCEL:
        return s->status == SUBSCRIPTION_CANCELED ? DISPUTE_EFFECT_NONE : DISPUTE_EFFECT_CANCEL;
    case ON_DISPUTE_CONTINUE:
    case ON_DISPUTE_COUNT:
        break;
    }
    return DISPUTE_EFFECT_NONE;
}

enum dispute_effect dispute_effect_on(enum dispute_turn turn, const struct disputed_subscription *s)
{
    switch (turn) {
    case DISPUTE_TURN_OPEN:
        return effect_when_opened(s);
    case DISPUTE_TURN_WON:
        return s->is_held && !s->others_open ? DISPUTE_EFFECT_RELEASE : DISPUTE_EFFECT_NONE;
    case DISPUTE_TURN_LOST:
        return effect_when_lost(s);
    case DISPUTE_TURN_COUNT:
        break;
    }
    return DISPUTE_EFFECT_NONE;
}

bool dispute_denies_consent(str reason)
{
    static const char *const denials[] = { "fraudulent", "unrecognized", "subscription_canceled" };
    for (size_t i = 0; i < sizeof denials / sizeof denials[0]; i++)
        if (str_eq(reason, str_of(denials[i])))
            return true;
    return false;
}

enum card_effect dispute_effect_on_card(enum dispute_turn turn, bool denies, bool is_blocked, bool denied_elsewhere)
{
    switch (turn) {
    case DISPUTE_TURN_OPEN:
        return denies && !is_blocked ? CARD_EFFECT_BLOCK : CARD_EFFECT_NONE;
    case DISPUTE_TURN_WON:
        return is_blocked && !denied_elsewhere ? CARD_EFFECT_UNBLOCK : CARD_EFFECT_NONE;
    case DISPUTE_TURN_LOST:
        return denies ? CARD_EFFECT_END : CARD_EFFECT_NONE;
    case DISPUTE_TURN_COUNT:
        break;
    }
    return CARD_EFFECT_NONE;
}
