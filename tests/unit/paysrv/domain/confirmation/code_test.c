/* Confirmation codes: SECURITY L, MONEY 6.B16. */
#include "paysrv/domain/confirmation/code.h"

#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"
#include "tests/support/test.h"

TEST(code_typed_with_separators_is_normalised)
{
    str code = STR_NONE;
    CHECK(code_normalise(arena, STR("1234 5678"), &code));
    CHECK_STR(code, STR("12345678"));
    CHECK(code_normalise(arena,
                         STR(" 12-34\xC2\xA0 56\xE2\x80\xAF"
                             "78 "),
                         &code));
    CHECK_STR(code, STR("12345678"));
    CHECK(code_normalise(arena, STR("１２３４５６７８"), &code));
    CHECK_STR(code, STR("12345678"));
}

TEST(code_of_other_length_or_characters_is_refused)
{
    str code = STR("untouched");
    CHECK(!code_normalise(arena, STR("1234567"), &code));
    CHECK(!code_normalise(arena, STR("123456789"), &code));
    CHECK(!code_normalise(arena, STR("1234567a"), &code));
    CHECK(!code_normalise(arena, STR(""), &code));
    CHECK(!code_normalise(arena, STR("\xEF\xBC"), &code));
    CHECK_STR(code, STR("untouched"));
}

TEST(the_code_of_a_text_is_two_groups_of_four_digits_and_no_more)
{
    CHECK_STR(code_in_text(arena, STR("request K7: 100.00 EUR to DE89 3000\n\n    1234 5678\n")), STR("12345678"));
    CHECK_STR(code_in_text(arena, STR("1234 5678")), STR("12345678"));
    CHECK(!str_given(code_in_text(arena, STR("12345 6789, 1234 56789, 1234  5678, 1234-5678, 123"))));
}

TEST(code_stands_as_what_it_is_for_and_then_as_itself)
{
    const instant now = { 1000 };
    const struct {
        struct code_standing code;
        enum code_state state;
    } cases[] = {
        { { true, false, false, 5, { 1001 } }, CODE_WAITS },    { { true, false, false, 1, { 1001 } }, CODE_WAITS },
        { { true, false, false, 5, { 1000 } }, CODE_EXPIRED },  { { true, false, false, 0, { 1001 } }, CODE_VOID },
        { { true, false, false, 0, { 1000 } }, CODE_EXPIRED },  { { true, false, true, 5, { 1001 } }, CODE_REPLACED },
        { { true, false, true, 0, { 1000 } }, CODE_REPLACED },  { { false, false, false, 5, { 1001 } }, CODE_OVER },
        { { false, false, false, 5, { 1000 } }, CODE_EXPIRED }, { { false, true, false, 4, { 1000 } }, CODE_DONE },
        { { false, true, true, 0, { 1001 } }, CODE_DONE },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK(code_state_judge(&cases[i].code, now) == cases[i].state);
}

TEST(code_spaced_has_two_groups)
{
    CHECK_STR(code_spaced(arena, STR("12345678")), STR("1234 5678"));
}

static struct code_bind sample(void)
{
    return (struct code_bind){
        .payout = STR("po_1"), .amount_minor = 100, .currency = STR("EUR"), .destination = { { 1 } }
    };
}

/* The database's invariant I21 computes the same hash in SQL. */
TEST(code_bind_is_the_hash_of_its_text)
{
    struct code_bind bind = sample();
    digest got = code_bind_hash(arena, &bind);
    digest want = sha256_str(STR("po_1|100|EUR|0100000000000000000000000000000000000000000000000000000000000000"));
    CHECK(equal_digest(&got, &want));
}

TEST(code_bind_changes_with_every_part)
{
    struct code_bind base = sample(), other = base;
    digest first = code_bind_hash(arena, &base), second;
    other.payout = STR("po_2");
    second = code_bind_hash(arena, &other);
    CHECK(!equal_digest(&first, &second));
    other = base;
    other.amount_minor = 101;
    second = code_bind_hash(arena, &other);
    CHECK(!equal_digest(&first, &second));
    other = base;
    other.currency = STR("USD");
    second = code_bind_hash(arena, &other);
    CHECK(!equal_digest(&first, &second));
    other = base;
    other.destination.b[31] = 9;
    second = code_bind_hash(arena, &other);
    CHECK(!equal_digest(&first, &second));
}

TEST(code_mac_depends_on_both_keys_the_bind_and_the_digits)
{
    digest server = { { 1 } }, own = { { 2 } }, bind = { { 3 } }, other = { { 4 } };
    digest mac = code_mac(arena, &server, &own, &bind, STR("12345678"));
    digest again = code_mac(arena, &server, &own, &bind, STR("12345678"));
    CHECK(equal_digest(&mac, &again));
    digest changed[] = {
        code_mac(arena, &other, &own, &bind, STR("12345678")),
        code_mac(arena, &server, &other, &bind, STR("12345678")),
        code_mac(arena, &server, &own, &other, STR("12345678")),
        code_mac(arena, &server, &own, &bind, STR("12345679")),
    };
    for (size_t i = 0; i < sizeof changed / sizeof changed[0]; i++)
        CHECK(!equal_digest(&mac, &changed[i]));
}

TEST(code_of_a_list_is_bound_to_all_of_it_in_its_order)
{
    const struct code_bind a = { STR("po_a"), 100, STR("EUR"), { { 1 } } },
                           b = { STR("po_b"), 200, STR("EUR"), { { 2 } } };
    struct code_bind more = a;
    more.amount_minor++;
    const struct code_bind lists[][2] = { { a, b }, { b, a }, { more, b }, { a, a } };
    digest one = code_list_hash(arena, STR("pol_1"), lists[0], 2),
           again = code_list_hash(arena, STR("pol_1"), lists[0], 2);
    CHECK(equal_digest(&one, &again));
    for (size_t i = 1; i < 4; i++) {
        digest other = code_list_hash(arena, STR("pol_1"), lists[i], 2);
        CHECK(!equal_digest(&one, &other));
    }
    digest shorter = code_list_hash(arena, STR("pol_1"), lists[0], 1),
           elsewhere = code_list_hash(arena, STR("pol_2"), lists[0], 2);
    CHECK(!equal_digest(&one, &shorter) && !equal_digest(&one, &elsewhere));
}
