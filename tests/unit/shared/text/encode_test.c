/* Encodings: the vectors of RFC 4648 section 10, and what decoders must refuse. */
#include "shared/text/encode.h"
#include "tests/support/test.h"

static const char *const PLAIN[] = { "", "f", "fo", "foo", "foob", "fooba", "foobar" };

TEST(base64_vectors_of_rfc_4648)
{
    static const char *const CODED[] = { "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy" };
    for (size_t i = 0; i < 7; i++) {
        bytes back;
        CHECK_STR(base64_encode(arena, bytes_of(str_of(PLAIN[i]))), str_of(CODED[i]));
        CHECK(base64_decode(arena, str_of(CODED[i]), &back));
        CHECK_BYTES(back, bytes_of(str_of(PLAIN[i])));
    }
}

TEST(base64url_vectors_without_padding)
{
    static const char *const CODED[] = { "", "Zg", "Zm8", "Zm9v", "Zm9vYg", "Zm9vYmE", "Zm9vYmFy" };
    for (size_t i = 0; i < 7; i++) {
        bytes back;
        CHECK_STR(base64url_encode(arena, bytes_of(str_of(PLAIN[i]))), str_of(CODED[i]));
        CHECK(base64url_decode(arena, str_of(CODED[i]), &back));
        CHECK_BYTES(back, bytes_of(str_of(PLAIN[i])));
    }
    CHECK_STR(base64url_encode(arena, (bytes){ (const unsigned char *)"\xfb\xff\xfe", 3 }), STR("-__-"));
    CHECK_STR(base64_encode(arena, (bytes){ (const unsigned char *)"\xfb\xff\xfe", 3 }), STR("+//+"));
}

TEST(base64url_refuses_what_it_would_not_write)
{
    static const char *const BAD[] = { "Zg==", "Zg=",  "Z",     "Zm9vY", "Zh",   "Zm9",
                                       "Zm8 ", " Zm8", "Zm\n8", "+//+",  "Zm8.", "Zm8\x80" };
    bytes back = { NULL, 99 };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        CHECK(!base64url_decode(arena, str_of(BAD[i]), &back));
    CHECK(!base64url_decode(arena, (str){ "Zm\0v", 4 }, &back));
    CHECK_I64(back.n, 99);
}

TEST(base64_refuses_what_it_would_not_write)
{
    static const char *const BAD[] = { "Zg", "Zg=", "Zh==", "Zm9=", "=", "====", "Z===", "Zg==Zg==", "-__-", "Zm8=\n" };
    bytes back;
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        CHECK(!base64_decode(arena, str_of(BAD[i]), &back));
}

TEST(hex_round_trip)
{
    bytes back;
    CHECK_STR(hex_encode(arena, (bytes){ (const unsigned char *)"\x00\x9f\xff", 3 }), STR("009fff"));
    CHECK(hex_decode(arena, STR("009fff"), &back));
    CHECK_BYTES(back, ((bytes){ (const unsigned char *)"\x00\x9f\xff", 3 }));
    CHECK(!hex_decode(arena, STR("009"), &back) && !hex_decode(arena, STR("0g"), &back));
    CHECK(!hex_decode(arena, STR("9F"), &back));
}

TEST(percent_encodes_all_but_unreserved)
{
    CHECK_STR(percent_encode(arena, STR("aZ0-._~")), STR("aZ0-._~"));
    CHECK_STR(percent_encode(arena, STR("a b&c=\xC3\xA9/")), STR("a%20b%26c%3D%C3%A9%2F"));
    CHECK(!str_given(percent_encode(arena, STR_NONE)));
}

TEST(percent_decodes_strictly)
{
    str out = STR("untouched");
    CHECK(percent_decode(arena, STR("a%20b+c%c3%A9"), true, &out));
    CHECK_STR(out, STR("a b c\xC3\xA9"));
    CHECK(percent_decode(arena, STR("a+b"), false, &out));
    CHECK_STR(out, STR("a+b"));
    CHECK(percent_decode(arena, STR(""), true, &out));
    CHECK_STR(out, STR(""));
    static const char *const BAD[] = { "%", "%2", "a%", "%zz", "%2g", "%00", "%C0%AF", "%ED%A0%80", "%FF", "\x80" };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        CHECK(!percent_decode(arena, str_of(BAD[i]), true, &out));
    CHECK_STR(out, STR(""));
}

TEST(utf8_accepts_the_edges)
{
    CHECK(utf8_valid(STR("")) && utf8_valid(STR("\x01\x7F")));
    CHECK(utf8_valid(STR("\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF")));
    CHECK(utf8_valid(STR("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF")));
}

TEST(utf8_is_counted_in_characters)
{
    CHECK_I64(utf8_length(STR("")), 0);
    CHECK_I64(utf8_length(STR("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80")), 4);
    CHECK(utf8_within(STR("\xC3\xA9\xC3\xA9\xC3\xA9"), 3, 3));
    CHECK(!utf8_within(STR("\xC3\xA9\xC3\xA9"), 3, 9));
    CHECK(!utf8_within(STR("\xC3\xA9\xC3\xA9"), 0, 1));
    CHECK(!utf8_within(STR("ab\xFF"), 1, 9)); /* not text at all */
}

TEST(utf8_lines_read_as_they_are_written)
{
    static const char *const bad[] = {
        "a\nb",         "a\tb",          "a\x7F",         "a\xC2\x80",     "a\xC2\x85",
        "a\xC2\x9F",    "a\xE2\x80\xA8", "a\xE2\x80\xA9", "a\xE2\x80\xAA", "a\xE2\x80\xAC",
        "\xE2\x80\xAE", "\xE2\x81\xA6",  "\xE2\x81\xA9",  "a\xFF",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (utf8_is_line(str_of(bad[i])))
            test_fail(__FILE__, __LINE__, "number %zu is a line", i);
    CHECK(utf8_is_line(STR("")) && utf8_is_line(STR("a \xC2\xA0\xC3\xA9")));
    CHECK(utf8_is_line(STR("\xD7\xA9\xE2\x80\x8F \xE2\x80\x8E 1")));              /* marks of direction */
    CHECK(utf8_is_line(STR("\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7")));     /* joined */
    CHECK(utf8_is_line(STR("\xE2\x80\xA7\xE2\x80\xAF\xE2\x81\xA5\xE2\x81\xAA"))); /* beside those */
}

TEST(utf8_bad_byte_is_found_wherever_it_stands)
{
    char text[40];
    for (size_t at = 0; at < sizeof text; at++) {
        const char bad[] = { '\0', '\xFF', '\x80' };
        for (size_t i = 0; i < sizeof bad; i++) {
            memset(text, 'a', sizeof text);
            text[at] = bad[i];
            CHECK_I64(utf8_prefix((str){ text, sizeof text }), (int64_t)at);
        }
    }
}

TEST(utf8_refuses_overlong_surrogates_and_fragments)
{
    static const char *const BAD[] = { "\x80",
                                       "\xC0\xAF",
                                       "\xC1\xBF",
                                       "\xE0\x9F\xBF",
                                       "\xED\xA0\x80",
                                       "\xED\xBF\xBF",
                                       "\xF0\x8F\xBF\xBF",
                                       "\xF4\x90\x80\x80",
                                       "\xF5\x80\x80\x80",
                                       "\xF8\x88\x80\x80\x80",
                                       "\xC3",
                                       "\xE2\x82",
                                       "\xF0\x9F\x92",
                                       "\xC3(",
                                       "a\xE2\x28\xA1" };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        CHECK(!utf8_valid(str_of(BAD[i])));
    CHECK(!utf8_valid((str){ "a\0b", 3 }));
    CHECK_I64(utf8_prefix(STR("ab\xC3\xA9\xFFz")), 4);
}

TEST(blanks_of_any_alphabet_are_nothing_to_read)
{
    CHECK(utf8_is_blank(STR("")) && utf8_is_blank(STR(" \t")) && utf8_is_blank(STR("\xC2\xA0\xE3\x80\x80")));
    CHECK(utf8_is_blank(STR("\xE2\x80\x8B\xE2\x80\x8D\xEF\xBB\xBF"))); /* without width */
    CHECK(!utf8_is_blank(STR(" a ")) && !utf8_is_blank(STR("\xE3\x80\x80\xE6\x9D\xB1")) && !utf8_is_blank(STR("-")));
    CHECK(!utf8_is_blank(STR("\xFF")));
}

TEST(what_cannot_stand_in_a_line_becomes_a_blank)
{
    CHECK_STR(utf8_to_line(arena, STR("J\xC3\xB6rg\n\xE2\x80\xAE"
                                      "gnp.exe\x7F")),
              STR("J\xC3\xB6rg  gnp.exe "));
    CHECK_STR(utf8_to_line(arena, STR("as it is")), STR("as it is"));
}
