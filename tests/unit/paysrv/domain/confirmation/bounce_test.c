/* Delivery status notifications as mail systems write them. The files are those that fuzzing begins with. */
#include "paysrv/domain/confirmation/bounce.h"

#include "tests/support/test.h"

static bool read(struct arena *arena, const char *file, struct bounce *ret, str *why)
{
    const char *path = arena_cstr(arena, arena_printf(arena, "fuzz/corpus/bounce/%s", file));
    return bounce_read(arena, test_file(arena, path), ret, why);
}

TEST(bounce_names_the_mail_by_what_is_returned_by_its_envelope_or_by_the_address)
{
    static const char *const files[] = { "failed", "failed-envelope-id", "failed-verp" };
    struct bounce got;
    str why;
    for (size_t i = 0; i < 3; i++) {
        CHECK(read(arena, files[i], &got, &why));
        CHECK_STR(got.mail, STR("mail_01kb3x9v7c2m4n6p8q0r2s4t6v"));
        CHECK_STR(got.status, STR("5.1.1"));
    }
    CHECK(read(arena, "failed-crlf", &got, &why));
    CHECK_STR(got.status, STR("5.2.1"));
}

/* Anybody can send one: what it costs is bounded by its size, whatever it is made of. */
TEST(bounce_of_a_great_many_small_lines_costs_no_more_than_another)
{
    static const char *const made_of[] = { "\n ",   "A:\n x\n",     "\n", "--b\nContent-Type:\n x\n\n",
                                           "--b\n", "Action:\n x\n" };
    static const char head[] = "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n"
                               "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nA: b";
    for (size_t i = 0; i < sizeof made_of / sizeof made_of[0]; i++) {
        struct arena *little = arena_create(1 << 16, (size_t)8 << 20);
        char *text = arena_alloc(arena, BOUNCE_MAX_BYTES);
        size_t n = sizeof head - 1, piece = strlen(made_of[i]);
        memcpy(text, head, n);
        for (; n + piece <= BOUNCE_MAX_BYTES; n += piece)
            memcpy(text + n, made_of[i], piece);
        struct bounce got;
        str why = STR_NONE;
        CHECK(!bounce_read(little, (str){ text, n }, &got, &why));
        CHECK(str_given(why));
        arena_destroy(little);
    }
}

TEST(bounce_that_is_no_failure_for_good_of_one_mail_is_refused)
{
    static const struct {
        const char *file;
        str why;
    } bad[] = {
        { "delayed", STR("it tells of no failure for good") },
        { "failed-for-now", STR("it tells of no failure for good") },
        { "delivered", STR("it tells of no failure for good") },
        { "status-no-code", STR("it tells of no failure for good") },
        { "no-id", STR("it does not say which mail it is about") },
        { "two-ids", STR("it names two mails") },
        { "two-recipients", STR("it tells of more than one recipient") },
        { "base64", STR("its delivery status is encoded") },
        { "disposition", STR("it is no multipart/report of a delivery-status") },
        { "does-not-end", STR("its last part does not end") },
        { "no-report", STR("it is no multipart/report of a delivery-status") },
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct bounce got;
        str why = STR_NONE;
        CHECK(!read(arena, bad[i].file, &got, &why));
        CHECK_STR(why, bad[i].why);
    }
}
