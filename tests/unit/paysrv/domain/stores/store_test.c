/* States of stores and who may change them; tariffs and which one is in force (MONEY B18). */
#include "paysrv/domain/stores/store.h"

#include "tests/support/test.h"

static enum store_verdict move(enum store_status from, enum store_status to, enum store_actor by,
                               enum store_actor put_by)
{
    const struct store_move m = { .from = from, .to = to, .by = by, .put_by = put_by };
    return store_move_judge(&m);
}

TEST(store_names_are_read_back)
{
    enum store_status status;
    enum store_actor actor;
    for (int i = STORE_PENDING_CONFIRMATION; i < STORE_STATUS_COUNT; i++) {
        CHECK(store_status_parse(store_status_name((enum store_status)i), &status));
        CHECK_I64(status, i);
        CHECK(store_status_text(status).n > 0);
    }
    for (int i = STORE_OWNER; i < STORE_ACTOR_COUNT; i++) {
        CHECK(store_actor_parse(store_actor_name((enum store_actor)i), &actor));
        CHECK_I64(actor, i);
    }
    CHECK(!store_status_parse(STR("Active"), &status));
    CHECK(!store_status_parse(STR_NONE, &status));
    CHECK(!store_actor_parse(STR(""), &actor));
}

/* Nothing leaves closed, nothing comes back to waiting for a code, and the operator can do what a partner can. */
TEST(store_moves_have_their_limits)
{
    for (int from = STORE_PENDING_CONFIRMATION; from < STORE_STATUS_COUNT; from++)
        for (int to = STORE_PENDING_CONFIRMATION; to < STORE_STATUS_COUNT; to++)
            for (int by = STORE_OWNER; by < STORE_ACTOR_COUNT; by++) {
                enum store_verdict v =
                    move((enum store_status)from, (enum store_status)to, (enum store_actor)by, STORE_OWNER);
                CHECK_I64(v == STORE_IS_THERE, from == to);
                if (from != to && (from == STORE_CLOSED || to == STORE_PENDING_CONFIRMATION))
                    CHECK_I64(v, STORE_NO_WAY);
                if (v == STORE_MOVES)
                    CHECK_I64(move((enum store_status)from, (enum store_status)to, STORE_OPERATOR, STORE_OPERATOR),
                              STORE_MOVES);
            }
}

TEST(store_closes_from_everywhere_for_everybody)
{
    for (int from = STORE_PENDING_CONFIRMATION; from < STORE_CLOSED; from++)
        for (int by = STORE_OWNER; by < STORE_ACTOR_COUNT; by++)
            CHECK_I64(move((enum store_status)from, STORE_CLOSED, (enum store_actor)by, STORE_OPERATOR), STORE_MOVES);
}

TEST(store_suspended_is_resumed_by_nobody_lower)
{
    CHECK_I64(move(STORE_SUSPENDED, STORE_ACTIVE, STORE_OWNER, STORE_OWNER), STORE_MOVES);
    CHECK_I64(move(STORE_SUSPENDED, STORE_ACTIVE, STORE_OWNER, STORE_PARTNER), STORE_OF_ANOTHER);
    CHECK_I64(move(STORE_SUSPENDED, STORE_ACTIVE, STORE_PARTNER, STORE_OWNER), STORE_MOVES);
    CHECK_I64(move(STORE_SUSPENDED, STORE_ACTIVE, STORE_PARTNER, STORE_OPERATOR), STORE_OF_ANOTHER);
    CHECK_I64(move(STORE_SUSPENDED, STORE_ACTIVE, STORE_OPERATOR, STORE_OPERATOR), STORE_MOVES);
    CHECK_I64(move(STORE_SUSPENDED, STORE_REVIEW, STORE_PARTNER, STORE_PARTNER), STORE_OF_ANOTHER);
}

TEST(store_review_is_the_operators)
{
    struct store_move m = { .from = STORE_DRAFT, .to = STORE_ACTIVE, .by = STORE_PARTNER };
    CHECK_I64(store_move_judge(&m), STORE_MOVES);
    m.is_reviewed = true;
    CHECK_I64(store_move_judge(&m), STORE_TO_OPERATOR);
    m.by = STORE_OPERATOR;
    CHECK_I64(store_move_judge(&m), STORE_MOVES);
    m = (struct store_move){
        .from = STORE_SUSPENDED, .to = STORE_ACTIVE, .by = STORE_PARTNER, .put_by = STORE_PARTNER, .is_reviewed = true
    };
    CHECK_I64(store_move_judge(&m), STORE_MOVES);
    CHECK_I64(move(STORE_REVIEW, STORE_ACTIVE, STORE_PARTNER, STORE_PARTNER), STORE_TO_OPERATOR);
    CHECK_I64(move(STORE_REVIEW, STORE_ACTIVE, STORE_OPERATOR, STORE_PARTNER), STORE_MOVES);
    CHECK_I64(move(STORE_ACTIVE, STORE_REVIEW, STORE_PARTNER, STORE_PARTNER), STORE_OF_ANOTHER);
    CHECK_I64(move(STORE_PENDING_CONFIRMATION, STORE_ACTIVE, STORE_PARTNER, STORE_OWNER), STORE_TO_OPERATOR);
}

/* Latest first: what is planned, the one in force at its very moment, those before it; one that was canceled counts for
 * nothing. */
TEST(tariff_in_force_is_the_latest_that_has_begun)
{
    const int64_t from[] = { 30, 20, 20, 15, 10 };
    const bool canceled[] = { false, true, false, false, false };
    const enum tariff_state at_19[] = { TARIFF_PLANNED, TARIFF_CANCELED, TARIFF_PLANNED, TARIFF_IN_FORCE, TARIFF_PAST };
    const enum tariff_state at_20[] = { TARIFF_PLANNED, TARIFF_CANCELED, TARIFF_IN_FORCE, TARIFF_PAST, TARIFF_PAST };
    bool then = false, now = false;
    for (size_t i = 0; i < 5; i++) {
        CHECK_I64(tariff_state_at(instant_of_seconds(from[i]), canceled[i], instant_of_seconds(19), &then), at_19[i]);
        CHECK_I64(tariff_state_at(instant_of_seconds(from[i]), canceled[i], instant_of_seconds(20), &now), at_20[i]);
        CHECK(tariff_state_name(at_20[i]).n > 0);
    }
}
