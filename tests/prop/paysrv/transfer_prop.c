/* One wrong digit, or two that changed places, is another reference or none; of what came in nothing is lost or
 * doubled. */
#include "paysrv/domain/bank/creditor_reference.h"
#include "paysrv/domain/transfer/transfer.h"
#include "tests/prop/prop.h"

static str drawn(struct arena *arena, struct draw *draw)
{
    return creditor_reference_of(arena, arena_printf(arena, "cha_%lld", (long long)draw_i64(draw)));
}

PROPERTY(a_wrong_digit_of_a_reference_is_found)
{
    str good = drawn(arena, draw);
    char *bad = arena_cstr(arena, good);
    size_t at = (size_t)draw_range(draw, 2, CREDITOR_REFERENCE_N - 1);
    bad[at] = (char)('0' + (bad[at] - '0' + draw_range(draw, 1, 9)) % 10);
    CHECK(creditor_reference_is_valid(good));
    CHECK(!creditor_reference_is_valid((str){ bad, good.n }));
}

PROPERTY(digits_of_a_reference_that_changed_places_are_found)
{
    str good = drawn(arena, draw);
    char *bad = arena_cstr(arena, good);
    size_t at = (size_t)draw_range(draw, 2, CREDITOR_REFERENCE_N - 2);
    char first = bad[at];
    bad[at] = bad[at + 1];
    bad[at + 1] = first;
    CHECK(creditor_reference_is_valid((str){ bad, good.n }) == (bad[at] == bad[at + 1]));
}

PROPERTY(a_reference_is_found_however_it_is_spaced)
{
    str good = drawn(arena, draw), text = draw_word(draw, arena, "xyz .,-", 12);
    for (size_t i = 0; i < good.n; i++) {
        char c = draw_bool(draw) ? good.p[i] : (char)(i < 2 ? good.p[i] | 0x20 : good.p[i]);
        const char *after = i > 0 && i + 1 < good.n && draw_bool(draw) ? " " : "";
        text = arena_printf(arena, "%.*s%c%s", STR_ARG(text), c, after);
    }
    CHECK_STR(creditor_reference_find(arena, text), good);
}

PROPERTY(what_came_in_pays_or_goes_back)
{
    struct transfer_credit credits[8] = { 0 };
    size_t n = (size_t)draw_range(draw, 1, 8);
    int64_t asked = draw_range(draw, 1, 1000), in_time = 0, in = 0, out = 0;
    for (size_t i = 0; i < n; i++) {
        credits[i].amount_minor = draw_range(draw, 1, 1000);
        credits[i].is_late = transfer_is_complete(asked, in_time) && draw_bool(draw);
        in += credits[i].amount_minor;
        in_time += credits[i].is_late ? 0 : credits[i].amount_minor;
    }
    bool is_paid = transfer_is_complete(asked, in_time);
    enum transfer_state state = is_paid ? TRANSFER_PAID : TRANSFER_CLOSED;
    size_t first = (size_t)draw_range(draw, 0, (int64_t)n); /* they may be gone through in parts */
    int64_t left = transfer_left(state, asked, 0), applied = 0;
    CHECK(transfer_settle(state, &left, credits, first));
    for (size_t i = 0; i < first; i++)
        applied += credits[i].applied_minor;
    CHECK_I64(left, transfer_left(state, asked, applied));
    CHECK(transfer_settle(state, &left, credits + first, n - first));
    CHECK_I64(left, 0);
    for (size_t i = 0; i < n; i++) {
        CHECK(credits[i].applied_minor >= 0 && credits[i].back_minor >= 0);
        CHECK_I64(credits[i].applied_minor + credits[i].back_minor, credits[i].amount_minor);
        out += credits[i].back_minor;
    }
    CHECK_I64(in - out, is_paid ? asked : 0);
}
