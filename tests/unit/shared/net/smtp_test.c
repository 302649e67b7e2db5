/* Mail as it leaves: RFC 5322, RFC 2047, SECURITY G 172. */
#include "shared/net/smtp.h"

#include "shared/net/mail_text.h"
#include "tests/unit/shared/net/canned.h"

static enum smtp_result send_to(struct task *task, const struct canned *c, const struct mail *m, str *why)
{
    str url = arena_printf(task->arena, "smtp://127.0.0.1:%d", canned_port(c));
    struct smtp_config config = { .url = url, .from = STR("Stoa <no-reply@stoa.example>") };
    task->now = instant_of_seconds(1795642385); /* 2026-11-25T21:33:05Z */
    return smtp_send(task, &config, m, why);
}

TEST(a_mail_leaves_whole)
{
    struct canned *c = canned_start(CANNED_SMTP, "127.0.0.1", 0, "");
    struct mail m = { .to = STR("ada@example.org"),
                      .subject = STR("Confirm payout 7.00 EUR"),
                      .id = STR("po_1.code"),
                      .text = STR("Your code:\n\n    1234 5678\n\n.\nDiese Zeile: \xc3\xa4\n") };
    str why;
    enum smtp_result sent = send_to(task, c, &m, &why);
    const char *got = arena_cstr(arena, canned_received(c, arena));
    canned_stop(c);
    CHECK(sent == SMTP_SENT);
    CHECK(strstr(got, "MAIL FROM:<no-reply@stoa.example>\r\n"));
    CHECK(strstr(got, "RCPT TO:<ada@example.org>\r\n"));
    CHECK(strstr(got, "Date: Wed, 25 Nov 2026 21:33:05 +0000\r\n"));
    CHECK(strstr(got, "From: Stoa <no-reply@stoa.example>\r\n"));
    CHECK(strstr(got, "To: <ada@example.org>\r\n"));
    CHECK(strstr(got, "Subject: Confirm payout 7.00 EUR\r\n"));
    CHECK(strstr(got, "Message-ID: <po_1.code@stoa.example>\r\n"));
    CHECK(strstr(got, "text/plain; charset=utf-8"));
    CHECK(strstr(got, "1234 5678\r\n"));
    CHECK(strstr(got, "=C3=A4"));
    CHECK(!strstr(got, "text/html") && !strstr(got, "multipart/mixed"));
}

TEST(what_cannot_be_delivered_comes_back_to_an_address_of_its_own_for_each_mail)
{
    static const char *const wrong[] = { "Stoa <bounces@stoa.example>", "bounces",
                                         "b@x.example\r\nRCPT TO:<b@example.org>", "a@b@stoa.example" };
    struct canned *c = canned_start(CANNED_SMTP, "127.0.0.1", 0, "");
    struct smtp_config config = { .url = arena_printf(arena, "smtp://127.0.0.1:%d", canned_port(c)),
                                  .from = STR("Stoa <no-reply@stoa.example>"),
                                  .bounces = STR("bounces@back.example") };
    struct mail m = { .to = STR("ada@example.org"), .subject = STR("x"), .id = STR("mail_1"), .text = STR("t") };
    str why;
    enum smtp_result sent = smtp_send(task, &config, &m, &why);
    const char *got = arena_cstr(arena, canned_received(c, arena));
    CHECK(sent == SMTP_SENT);
    CHECK(strstr(got, "MAIL FROM:<bounces+mail_1@back.example>\r\n"));
    CHECK(strstr(got, "From: Stoa <no-reply@stoa.example>\r\n"));
    CHECK(strstr(got, "Message-ID: <mail_1@stoa.example>\r\n"));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        config.bounces = str_of(wrong[i]);
        CHECK(smtp_send(task, &config, &m, &why) == SMTP_POSTPONED);
        CHECK(str_given(why));
    }
    CHECK_I64(canned_connections(c), 1);
    canned_stop(c);
}

TEST(html_is_an_alternative)
{
    struct canned *c = canned_start(CANNED_SMTP, "127.0.0.1", 0, "");
    struct mail m = { .to = STR("ada@example.org"),
                      .subject = STR("x"),
                      .id = STR("m1"),
                      .text = STR("plain"),
                      .html = STR("<p>rich</p>") };
    str why;
    enum smtp_result sent = send_to(task, c, &m, &why);
    const char *got = arena_cstr(arena, canned_received(c, arena));
    canned_stop(c);
    CHECK(sent == SMTP_SENT);
    const char *both = strstr(got, "Content-Type: multipart/alternative; boundary="),
               *plain = both ? strstr(both, "text/plain") : NULL;
    CHECK(plain && strstr(plain, "plain\r\n") && strstr(plain, "text/html") && strstr(plain, "<p>rich</p>"));
    CHECK(!strstr(got, "multipart/mixed"));
}

TEST(line_breaks_never_reach_a_header)
{
    struct canned *c = canned_start(CANNED_SMTP, "127.0.0.1", 0, "");
    struct mail good = { .to = STR("a@example.org"), .subject = STR("x"), .id = STR("m1"), .text = STR("t") };
    struct mail bad[] = { good, good, good, good, good };
    bad[0].to = STR("a@example.org\r\nBcc: b@example.org");
    bad[1].to = STR("a@example.org>\n");
    bad[2].subject = STR("x\r\nBcc: b@example.org");
    bad[3].subject = STR("x\ny");
    bad[4].id = STR("m1>\r\nX: y");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        str why = STR_NONE;
        CHECK(send_to(task, c, &bad[i], &why) == (i < 2 ? SMTP_REFUSED : SMTP_POSTPONED));
        CHECK(str_given(why));
    }
    int connections = canned_connections(c);
    canned_stop(c);
    CHECK_I64(connections, 0);
}

TEST(an_unreachable_relay_is_a_failure)
{
    struct canned *c = canned_start(CANNED_SLAM, "127.0.0.1", 0, "");
    struct mail m = { .to = STR("a@example.org"), .subject = STR("x"), .id = STR("m1"), .text = STR("t") };
    str url = arena_printf(arena, "smtp://127.0.0.1:%d", canned_port(c));
    canned_stop(c);
    struct smtp_config config = { .url = url, .from = STR("no-reply@stoa.example") };
    str why = STR_NONE;
    CHECK(smtp_send(task, &config, &m, &why) == SMTP_POSTPONED);
    CHECK(str_given(why));
}

TEST(what_is_said_to_the_recipient_or_to_the_mail_is_for_good_and_nothing_else)
{
    static const struct {
        const char *answer, *why;
        enum smtp_result result;
    } cases[] = {
        { "RCPT 550 5.1.1 <a@example.org>: no such user\r\n", "550 5.1.1", SMTP_REFUSED },
        { "RCPT 550-5.1.10 not here,\r\n550 5.1.10 not there\r\n", "550 5.1.10", SMTP_REFUSED },
        { "RCPT 553 sorry\r\n", "553", SMTP_REFUSED },
        { ". 554 5.7.1 not wanted\r\n", "554 5.7.1", SMTP_REFUSED },
        { "DATA 554 no valid recipients\r\n", "554", SMTP_REFUSED },
        { "RCPT 450 4.2.1 later\r\n", NULL, SMTP_POSTPONED },
        { "RCPT 552 5.2.2 full\r\n", NULL, SMTP_POSTPONED },
        { "RCPT 530 5.7.0 sign in first\r\n", NULL, SMTP_POSTPONED },
        { "MAIL 550 5.7.1 you are nobody\r\n", NULL, SMTP_POSTPONED },
        { ". 451 4.3.0 later\r\n", NULL, SMTP_POSTPONED },
        { "QUIT 550 whatever\r\n", NULL, SMTP_SENT },
    };
    struct mail m = { .to = STR("a@example.org"), .subject = STR("x"), .id = STR("m1"), .text = STR("t") };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct canned *c = canned_start(CANNED_SMTP, "127.0.0.1", 0, cases[i].answer);
        str why = STR_NONE;
        enum smtp_result result = send_to(task, c, &m, &why);
        canned_stop(c);
        if (result != cases[i].result)
            test_fail(__FILE__, __LINE__, "\"%s\": %d, %.*s", cases[i].answer, (int)result, STR_ARG(why));
        if (cases[i].why)
            CHECK_STR(why, str_of(cases[i].why));
        CHECK(str_given(why) == (result != SMTP_SENT));
    }
}

TEST(a_reply_is_a_code_and_not_what_else_it_says)
{
    static const char *const none[] = { "", "5", "55", "550x", "5501 x", "250 ok", "x550 y", "450 4.1.1 x" };
    str code;
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        CHECK(!smtp_refuses(str_of(none[i]), &code));
    CHECK(smtp_refuses(STR("550"), &code));
    CHECK_STR(code, STR("550"));
    CHECK(smtp_refuses(STR("550 5.1.1000 x"), &code));
    CHECK_STR(code, STR("550"));
    CHECK(smtp_refuses(STR("550 5.1."), &code));
    CHECK_STR(code, STR("550"));
    CHECK(smtp_refuses(STR("550 5.123.999"), &code));
    CHECK_STR(code, STR("550 5.123.999"));
}

TEST(addresses_are_plain)
{
    CHECK(mail_address_is_safe(STR("ada+shop@example.org")));
    static const char *const bad[] = { "ada",     "@example.org", "ada@",   "a@b@c",          "a b@c.d", "\"a\"@c.d",
                                       "<a@c.d>", "a@c.d,b@c.d",  "-f@c.d", "ad\xc3\xa4@c.d", "a\t@c.d", "" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (mail_address_is_safe(str_of(bad[i])))
            test_fail(__FILE__, __LINE__, "\"%s\" is taken", bad[i]);
    }
    str address;
    CHECK(mail_address_of(STR("Stoa <a@b.example>"), &address));
    CHECK_STR(address, STR("a@b.example"));
    CHECK(!mail_address_of(STR("Stoa <a@b.example"), &address));
    CHECK(!mail_address_of(STR("Stoa\n<a@b.example>"), &address));
}

TEST(words_that_are_not_ascii_are_encoded)
{
    str value;
    CHECK(mail_header_encode(arena, STR("plain"), &value));
    CHECK_STR(value, STR("plain"));
    CHECK(mail_header_encode(arena, STR("\xe2\x82\xac 5"), &value));
    CHECK_STR(value, STR("=?UTF-8?B?4oKsIDU=?="));
    /* 60 euro signs: 180 bytes, cut between characters only. */
    str many = STR_NONE;
    for (int i = 0; i < 60; i++)
        many = arena_printf(arena, "%.*s\xe2\x82\xac", STR_ARG(many));
    CHECK(mail_header_encode(arena, many, &value));
    str rest = value, line;
    int lines = 1;
    while (str_cut(&rest, '\n', &line)) {
        CHECK(line.n <= 77);
        CHECK(rest.p[0] == ' ');
        lines++;
    }
    CHECK_I64(lines, 5);
    CHECK(!mail_header_encode(arena, STR("a\rb"), &value));
    CHECK(!mail_header_encode(arena, STR("\xff"), &value));
}
