/* What a chargeback does besides money: by whose word, and what lifts it (docs/decisions/0090). */
#include "paysrv/domain/dispute/dispute_follow.h"

#include "tests/support/test.h"

static enum dispute_effect effect(enum dispute_turn turn, struct disputed_subscription s)
{
    return dispute_effect_on(turn, &s);
}

TEST(an_inquiry_is_felt_by_nobody)
{
    CHECK(dispute_turn_of(DISPUTE_INQUIRY, DISPUTE_NEEDS_RESPONSE) == DISPUTE_TURN_COUNT);
    CHECK(dispute_turn_of(DISPUTE_INQUIRY, DISPUTE_CLOSED) == DISPUTE_TURN_COUNT);
    CHECK(dispute_turn_of(DISPUTE_CHARGEBACK, DISPUTE_UNDER_REVIEW) == DISPUTE_TURN_OPEN);
    CHECK(dispute_turn_of(DISPUTE_CHARGEBACK, DISPUTE_LOST) == DISPUTE_TURN_LOST);
}

TEST(a_subscription_is_held_by_an_open_chargeback_and_ended_by_a_lost_one)
{
    struct disputed_subscription s = { .policy = ON_DISPUTE_PAUSE, .status = SUBSCRIPTION_ACTIVE, .is_news = true };
    CHECK(effect(DISPUTE_TURN_OPEN, s) == DISPUTE_EFFECT_HOLD);
    CHECK(effect(DISPUTE_TURN_LOST, s) == DISPUTE_EFFECT_CANCEL); /* heard of when it was decided */
    CHECK(effect(DISPUTE_TURN_WON, s) == DISPUTE_EFFECT_NONE);
    s.status = SUBSCRIPTION_UNPAID; /* nothing is charged by itself */
    CHECK(effect(DISPUTE_TURN_OPEN, s) == DISPUTE_EFFECT_NONE);
    s = (struct disputed_subscription){ .policy = ON_DISPUTE_PAUSE, .status = SUBSCRIPTION_PAUSED, .is_held = true };
    CHECK(effect(DISPUTE_TURN_OPEN, s) == DISPUTE_EFFECT_NONE);
    CHECK(effect(DISPUTE_TURN_WON, s) == DISPUTE_EFFECT_RELEASE);
    CHECK(effect(DISPUTE_TURN_LOST, s) == DISPUTE_EFFECT_CANCEL);
    s.others_open = true; /* and waits for all of them */
    CHECK(effect(DISPUTE_TURN_WON, s) == DISPUTE_EFFECT_NONE);
    CHECK(effect(DISPUTE_TURN_LOST, s) == DISPUTE_EFFECT_CANCEL);
}

TEST(whoever_said_that_it_goes_on_meanwhile_is_heard)
{
    struct disputed_subscription s = { .policy = ON_DISPUTE_PAUSE, .status = SUBSCRIPTION_ACTIVE };
    CHECK(effect(DISPUTE_TURN_LOST, s) == DISPUTE_EFFECT_NONE);
    CHECK(effect(DISPUTE_TURN_WON, s) == DISPUTE_EFFECT_NONE);
}

TEST(by_other_words_it_goes_on_or_ends_at_once)
{
    struct disputed_subscription s = { .policy = ON_DISPUTE_CONTINUE, .status = SUBSCRIPTION_ACTIVE, .is_news = true };
    CHECK(effect(DISPUTE_TURN_OPEN, s) == DISPUTE_EFFECT_NONE && effect(DISPUTE_TURN_LOST, s) == DISPUTE_EFFECT_NONE);
    s.policy = ON_DISPUTE_CANCEL;
    CHECK(effect(DISPUTE_TURN_OPEN, s) == DISPUTE_EFFECT_CANCEL);
    s.status = SUBSCRIPTION_CANCELED;
    CHECK(effect(DISPUTE_TURN_OPEN, s) == DISPUTE_EFFECT_NONE && effect(DISPUTE_TURN_LOST, s) == DISPUTE_EFFECT_NONE);
    s.policy = ON_DISPUTE_PAUSE;
    CHECK(effect(DISPUTE_TURN_OPEN, s) == DISPUTE_EFFECT_NONE);
}

TEST(words_for_what_follows_a_dispute)
{
    enum on_dispute policy;
    CHECK(on_dispute_parse(STR("pause"), &policy) && policy == ON_DISPUTE_PAUSE);
    CHECK(on_dispute_parse(STR("cancel"), &policy) && policy == ON_DISPUTE_CANCEL);
    CHECK(!on_dispute_parse(STR("refund"), &policy));
    CHECK(str_given(dispute_turn_name(DISPUTE_TURN_LOST)) && !str_given(dispute_turn_name(DISPUTE_TURN_COUNT)));
}

TEST(a_card_is_blocked_by_who_denies_that_he_agreed)
{
    CHECK(dispute_denies_consent(STR("fraudulent")) && dispute_denies_consent(STR("subscription_canceled")));
    CHECK(!dispute_denies_consent(STR("product_not_received")) && !dispute_denies_consent(STR_NONE));
    CHECK(dispute_effect_on_card(DISPUTE_TURN_OPEN, true, false, false) == CARD_EFFECT_BLOCK);
    CHECK(dispute_effect_on_card(DISPUTE_TURN_OPEN, false, false, false) == CARD_EFFECT_NONE);
    CHECK(dispute_effect_on_card(DISPUTE_TURN_WON, true, true, false) == CARD_EFFECT_UNBLOCK);
    CHECK(dispute_effect_on_card(DISPUTE_TURN_WON, true, true, true) == CARD_EFFECT_NONE); /* by another one */
    CHECK(dispute_effect_on_card(DISPUTE_TURN_LOST, true, true, false) == CARD_EFFECT_END);
    CHECK(dispute_effect_on_card(DISPUTE_TURN_LOST, true, false, false) == CARD_EFFECT_END);
    CHECK(dispute_effect_on_card(DISPUTE_TURN_LOST, false, false, false) == CARD_EFFECT_NONE);
    CHECK(dispute_effect_on_card(DISPUTE_TURN_OPEN, true, true, false) == CARD_EFFECT_NONE);
    CHECK(dispute_effect_on_card(DISPUTE_TURN_WON, false, false, false) == CARD_EFFECT_NONE);
    CHECK(dispute_effect_on_card(DISPUTE_TURN_LOST, false, true, true) == CARD_EFFECT_NONE); /* by another one */
}
