/*
 * Captures, refunds, disputes that are won, and releases of a deal in any order: what is held of a seller is his share
 * of what is neither delivered nor returned, whatever came first; it is never more than he has, and the parts of
 * several captures are together what one would be (MONEY 6.A9, docs/decisions/0063).
 */
#include "paysrv/domain/ledger/holdback.h"
#include "paysrv/domain/money.h"
#include "paysrv/domain/payment/deal.h"
#include "paysrv/domain/stores/split.h"
#include "tests/prop/prop.h"

enum { CAPTURES_MAX = 6, STEPS = 24, CASES_PER_RUN = 50 };

struct world {
    struct split_profile split;
    struct deal_state at;
    int64_t parts[CAPTURES_MAX]; /* the seller's of each capture */
    size_t n;
    int64_t has; /* the seller's balance of it */
};

static void money_move(struct world *w, int64_t captured, int64_t returned)
{
    const struct split_state before = { w->at.captured_minor, w->at.returned_minor }, after = { captured, returned };
    int64_t shares[SPLIT_RULES_MAX];
    CHECK(split_step(&w->split, before, after, shares));
    if (captured != w->at.captured_minor)
        w->parts[w->n++] = shares[2] > 0 ? shares[2] : 0;
    w->has += shares[2];
    w->at.captured_minor = captured;
    w->at.returned_minor = returned;
}

static void step(struct draw *d, struct world *w, int64_t whole)
{
    int64_t left = w->at.captured_minor - w->at.returned_minor, amount;
    bool ends;
    switch (draw_range(d, 0, 3)) {
    case 0:
        if (w->n < CAPTURES_MAX && w->at.captured_minor < whole)
            money_move(w, draw_range(d, w->at.captured_minor + 1, whole), w->at.returned_minor);
        return;
    case 1:
        if (left > 0)
            money_move(w, w->at.captured_minor, w->at.returned_minor + draw_range(d, 1, left));
        return;
    case 2:
        if (w->at.returned_minor > 0)
            money_move(w, w->at.captured_minor, draw_range(d, 0, w->at.returned_minor - 1));
        return;
    default:
        if (deal_release_judge(&w->at, draw_range(d, 0, left), &amount, &ends) == DEAL_GOOD)
            w->at.released_minor += amount;
        return;
    }
}

static int64_t held(const struct world *w, bool is_early)
{
    int64_t helds[CAPTURES_MAX], sum = 0;
    deal_parts_left(w->parts, w->n, w->at.captured_minor, deal_gone_minor(&w->at, is_early), helds);
    for (size_t i = 0; i < w->n; i++) {
        CHECK(helds[i] >= 0 && helds[i] <= w->parts[i]);
        sum += helds[i];
    }
    return sum;
}

static void check(const struct world *w)
{
    int64_t parts = 0;
    if (w->at.captured_minor == 0)
        return;
    for (size_t i = 0; i < w->n; i++)
        parts += w->parts[i];
    int64_t now = held(w, false);
    /* one capture of the same sums, the same released and returned at once */
    CHECK_I64(now, holdback_left(parts, w->at.captured_minor, deal_gone_minor(&w->at, false)));
    CHECK(now <= held(w, true));
    CHECK(deal_open_minor(&w->at) > 0 || now == 0);
    struct deal_state over = w->at;
    over.is_over = true;
    CHECK_I64(deal_gone_minor(&over, false), w->at.captured_minor);
}

static void case_play(struct draw *d)
{
    int64_t whole = draw_bool(d) ? draw_range(d, 1, 500) : draw_range(d, 1, MONEY_MAX_MINOR);
    struct world w = { .split = split_of_bp((int32_t)draw_range(d, 0, 3000), (int32_t)draw_range(d, 0, 5000)) };
    for (int i = 0; i < STEPS; i++) {
        step(d, &w, whole);
        check(&w);
    }
    if (w.at.captured_minor == 0)
        return;
    /* The end: the rest is delivered, and all that the seller has is his. */
    w.at.released_minor += deal_open_minor(&w.at);
    CHECK_I64(held(&w, false), 0);
    int64_t shares[SPLIT_RULES_MAX];
    const struct split_state end = { w.at.captured_minor, w.at.returned_minor };
    CHECK(split_position(&w.split, end, shares));
    CHECK_I64(w.has, shares[2]);
}

PROPERTY(deals_hold_the_same_units_whatever_the_order)
{
    for (int i = 0; i < CASES_PER_RUN; i++)
        case_play(draw);
}
