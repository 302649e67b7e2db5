/* Slices, numbers, time and failures. */
#include "shared/base/faults.h"
#include "shared/base/num.h"
#include "tests/support/test.h"

TEST(str_absent_is_not_empty)
{
    CHECK(!str_given(STR_NONE));
    CHECK(str_given(STR("")));
    CHECK(!str_given(str_of(NULL)));
    CHECK_STR(str_of("x"), STR("x"));
}

TEST(str_compares)
{
    CHECK(str_starts(STR("abc"), STR("ab")) && str_starts(STR("abc"), STR("")));
    CHECK(!str_starts(STR("ab"), STR("abc")) && !str_starts(STR("xab"), STR("ab")));
    CHECK(str_ends(STR("abc"), STR("bc")) && str_ends(STR_NONE, STR("")));
    CHECK(!str_ends(STR("bc"), STR("abc")) && !str_ends(STR("abx"), STR("ab")));
    CHECK(str_eq_nocase(STR("Bearer"), STR("bEARER")));
    CHECK(!str_eq_nocase(STR("Bearer"), STR("Bearer ")));
    CHECK(!str_eq_nocase(STR("@"), STR("`")));
}

TEST(str_cuts)
{
    str rest = STR("a.b.."), head = STR("untouched");
    CHECK(str_cut(&rest, '.', &head));
    CHECK_STR(head, STR("a"));
    CHECK(str_cut(&rest, '.', &head));
    CHECK_STR(head, STR("b"));
    CHECK(str_cut(&rest, '.', &head));
    CHECK_STR(head, STR(""));
    CHECK_STR(rest, STR(""));
    CHECK(!str_cut(&rest, '.', &head));
    rest = STR("none");
    head = STR("untouched");
    CHECK(!str_cut(&rest, '.', &head));
    CHECK_STR(head, STR("untouched"));
    CHECK_STR(rest, STR("none"));
}

TEST(str_words)
{
    CHECK(str_has_word(STR("openid email"), STR("email")));
    CHECK(!str_has_word(STR("openid email"), STR("mail")));
    CHECK(!str_has_word(STR("openid email"), STR("ope")));
    CHECK(!str_has_word(STR("openid email"), STR("")));
    CHECK(!str_has_word(STR_NONE, STR("openid")));
    str rest = STR("  a   bc "), word;
    CHECK(str_next_word(&rest, &word));
    CHECK_STR(word, STR("a"));
    CHECK(str_next_word(&rest, &word));
    CHECK_STR(word, STR("bc"));
    CHECK(!str_next_word(&rest, &word));
}

TEST(num_parses_one_spelling_only)
{
    static const char *const BAD[] = { "",
                                       "-",
                                       "+1",
                                       "01",
                                       "-0",
                                       "00",
                                       " 1",
                                       "1 ",
                                       "1.0",
                                       "1e3",
                                       "0x",
                                       "9223372036854775808",
                                       "-9223372036854775809",
                                       "99999999999999999999" };
    int64_t v = 42;
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        CHECK(!num_parse(str_of(BAD[i]), &v));
    CHECK(!num_parse(STR_NONE, &v));
    CHECK_I64(v, 42);
    CHECK(num_parse(STR("0"), &v) && v == 0);
    CHECK(num_parse(STR("-17"), &v) && v == -17);
    CHECK(num_parse(STR("9223372036854775807"), &v) && v == INT64_MAX);
    CHECK(num_parse(STR("-9223372036854775808"), &v) && v == INT64_MIN);
}

TEST(num_arithmetic_is_checked)
{
    int64_t v;
    CHECK(num_add(INT64_MAX - 1, 1, &v) && v == INT64_MAX);
    CHECK(!num_add(INT64_MAX, 1, &v));
    CHECK(!num_sub(INT64_MIN, 1, &v));
    CHECK(!num_mul(INT64_MAX / 2 + 1, 2, &v));
}

TEST(instant_prints_iso_8601)
{
    CHECK_STR(instant_iso(arena, instant_of_seconds(0)), STR("1970-01-01T00:00:00Z"));
    CHECK_STR(instant_iso(arena, instant_of_seconds(951782400)), STR("2000-02-29T00:00:00Z"));
    CHECK_STR(instant_iso(arena, instant_of_seconds(4107542399)), STR("2100-02-28T23:59:59Z"));
    CHECK_STR(instant_iso(arena, instant_of_seconds(4107542400)), STR("2100-03-01T00:00:00Z"));
    CHECK_STR(instant_iso(arena, (instant){ INT64_C(1795467055123999) }), STR("2026-11-23T20:50:55.123Z"));
    CHECK_STR(instant_iso(arena, (instant){ INT64_C(1795467055000999) }), STR("2026-11-23T20:50:55Z"));
    CHECK_STR(instant_iso(arena, (instant){ -1 }), STR("1969-12-31T23:59:59.999Z"));
    CHECK_STR(instant_iso(arena, (instant){ INT64_C(1795467055007000) }), STR("2026-11-23T20:50:55.007Z"));
    CHECK_STR(instant_iso(arena, instant_of_seconds(-62135596800)), STR("0001-01-01T00:00:00Z"));
    CHECK_STR(instant_iso(arena, instant_of_seconds(253402300800)), STR("10000-01-01T00:00:00Z"));
    CHECK_STR(instant_text(arena, instant_of_seconds(0)), STR("1970-01-01 00:00 UTC"));
    CHECK_STR(instant_text(arena, instant_of_seconds(4107542399)), STR("2100-02-28 23:59 UTC"));
    CHECK_STR(instant_text(arena, (instant){ INT64_C(1795467055123999) }), STR("2026-11-23 20:50 UTC"));
    CHECK_STR(instant_text(arena, (instant){ -1 }), STR("1969-12-31 23:59 UTC"));
    CHECK_STR(instant_date(arena, instant_of_seconds(1795467055)), STR("2026-11-23"));
    CHECK_STR(instant_date(arena, instant_of_seconds(253402300799)), STR("9999-12-31"));
}

TEST(instant_adds_and_compares)
{
    instant t = instant_of_seconds(100);
    CHECK(instant_before(t, instant_add(t, MILLISECONDS(1))));
    CHECK(!instant_before(t, t));
    CHECK_I64(instant_seconds(instant_add(t, DAYS(2))), 100 + 2 * 86400);
    CHECK_I64(DAYS(365 * 200).us, INT64_C(6307200000000000));
}

TEST(clocks_move_forward)
{
    int64_t before = monotonic_us();
    CHECK(monotonic_us() >= before);
    CHECK(wall_clock_now().us > INT64_C(1700000000000000));
}

static err fail_at(struct task *t, int n)
{
    if (n > 3)
        return FAIL(t, UNAVAILABLE, "queue of %d is full", n);
    return OK;
}

static err try_twice(struct task *t, int n)
{
    TRY(fail_at(t, 0));
    TRY(fail_at(t, n));
    return OK;
}

TEST(failures_carry_fault_and_detail)
{
    CHECK_OK(try_twice(task, 1));
    err e = try_twice(task, 9);
    CHECK_FAULT(e, UNAVAILABLE);
    CHECK_STR(e->detail, STR("queue of 9 is full"));
    CHECK_I64(e->attempts_left, -1);
    CHECK(!str_given(e->param) && e->line > 0);
    CHECK(!err_is(OK, &FAULT_UNAVAILABLE));
}

TEST(failures_copy_the_names_they_show)
{
    char name[] = "amount_minor";
    err e = FAIL_PARAM(task, INVALID_REQUEST, str_of(name), STR("an integer above 0"));
    name[0] = 'X';
    CHECK_STR(e->param, STR("amount_minor"));
    CHECK_STR(e->explain, STR("an integer above 0"));
    CHECK_I64(e->fault->status, 400);
}

TEST(instants_are_read_as_answers_write_them)
{
    static const char *const wrong[] = { "2026-11-27",
                                         "2026-11-27T01:02:03.Z",
                                         "2026-11-27T01:02:03.12Z",
                                         "2026-11-27T01:02:03.1234Z",
                                         "2026-11-27T01:02:03,123Z",
                                         "2026-11-27T01:02:03.-12Z",
                                         "2026-13-27T01:02:03.123Z" };
    instant whole, parts;
    CHECK(instant_parse(STR("2026-11-27T01:02:03Z"), &whole));
    CHECK(instant_parse(STR("2026-11-27T01:02:03.045Z"), &parts));
    CHECK_I64(parts.us - whole.us, 45000);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        CHECK(!instant_parse(str_of(wrong[i]), &whole));
}
