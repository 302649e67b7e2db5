/*
 * What a chargeback does besides money (docs/decisions/0090): to the subscription whose invoice it takes back, as the
 * store or the subscription says, and to the consent by which the card was charged. Pure.
 */
#pragma once

#include "paysrv/domain/dispute/dispute.h"
#include "paysrv/domain/subscription/subscription.h"

#define ON_DISPUTES(X)                                                                                                 \
    X(CONTINUE, "continue")                                                                                            \
    X(PAUSE, "pause")   /* until it is decided: won, it goes on; lost, it ends */                                      \
    X(CANCEL, "cancel") /* at once, and for good */
#define ON_DISPUTE_ROW(name, text) ON_DISPUTE_##name,
enum on_dispute { ON_DISPUTES(ON_DISPUTE_ROW) ON_DISPUTE_COUNT };
#undef ON_DISPUTE_ROW
bool on_dispute_parse(str name, enum on_dispute *ret);

/* What has become of a chargeback, as far as others feel it. */
#define DISPUTE_TURNS(X)                                                                                               \
    X(OPEN, "open")                                                                                                    \
    X(WON, "won")                                                                                                      \
    X(LOST, "lost")
#define DISPUTE_TURN_ROW(name, text) DISPUTE_TURN_##name,
enum dispute_turn { DISPUTE_TURNS(DISPUTE_TURN_ROW) DISPUTE_TURN_COUNT /* nothing: an inquiry */ };
#undef DISPUTE_TURN_ROW
enum dispute_turn dispute_turn_of(enum dispute_phase phase, enum dispute_status status);
str dispute_turn_name(enum dispute_turn turn);

struct disputed_subscription {
    enum on_dispute policy;
    enum subscription_status status;
    bool is_held;     /* a dispute has paused it, and nobody has said since that it is to go on */
    bool others_open; /* another chargeback of it is not decided */
    bool is_news;     /* nothing of this one was felt before: it is heard of when it is decided */
};
enum dispute_effect {
    DISPUTE_EFFECT_NONE = 1,
    DISPUTE_EFFECT_HOLD,
    DISPUTE_EFFECT_CANCEL,
    DISPUTE_EFFECT_RELEASE,
};
enum dispute_effect dispute_effect_on(enum dispute_turn turn, const struct disputed_subscription *s);

/* Its holder says that he did not agree to be charged: what he once agreed to counts no more until that is decided. */
bool dispute_denies_consent(str reason);

enum card_effect { CARD_EFFECT_NONE = 1, CARD_EFFECT_BLOCK, CARD_EFFECT_UNBLOCK, CARD_EFFECT_END };
/* denies: this chargeback does, or did before its reason changed; denied_elsewhere: another one that was not won. */
enum card_effect dispute_effect_on_card(enum dispute_turn turn, bool denies, bool is_blocked, bool denied_elsewhere);
