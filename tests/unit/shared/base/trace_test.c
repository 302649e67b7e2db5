/* W3C Trace Context, 3.2: what is a traceparent, and what is none. */
#include "shared/base/trace.h"
#include "tests/support/test.h"

#define ID "4bf92f3577b34da6a3ce929d0e0e4736"
#define SPAN "00f067aa0ba902b7"

TEST(a_trace_is_read_and_told_on_with_a_span_of_our_own)
{
    struct trace trace = { .span = "0123456789abcde" };
    trace.span[15] = 'f';
    CHECK(trace_read(STR("00-" ID "-" SPAN "-01"), &trace));
    CHECK_STR(((str){ trace.id, sizeof trace.id }), STR(ID));
    CHECK_STR(((str){ trace.parent, sizeof trace.parent }), STR(SPAN));
    char header[TRACE_HEADER_N];
    trace_write(&trace, header);
    CHECK_STR(((str){ header, sizeof header }), STR("00-" ID "-0123456789abcdef-01"));
}

TEST(a_later_version_may_say_more)
{
    struct trace trace;
    CHECK(trace_read(STR("cc-" ID "-" SPAN "-00"), &trace));
    CHECK(trace_read(STR("cc-" ID "-" SPAN "-00-what-comes-later"), &trace));
}

TEST(what_is_no_trace_is_not_read)
{
    static const char *const bad[] = {
        "",
        "00",
        "00-" ID "-" SPAN,
        "00-" ID "-" SPAN "-1",
        "00-" ID "-" SPAN "-01-more",
        "00-" ID "-" SPAN "-011",
        "cc-" ID "-" SPAN "-01.more",
        "ff-" ID "-" SPAN "-01",
        "0X-" ID "-" SPAN "-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-" SPAN "-01",
        "00-" ID "-00F067AA0BA902B7-01",
        "00-" ID "-" SPAN "-0g",
        "00-00000000000000000000000000000000-" SPAN "-01",
        "00-" ID "-0000000000000000-01",
        "00_" ID "-" SPAN "-01",
        "00-" ID "_" SPAN "-01",
        "00-" ID "-" SPAN "_01",
        "00-4bf92f3577b34da6a3ce929d0e0e473-" SPAN "-01x",
    };
    struct trace trace = { .id = "as it was" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (trace_read(str_of(bad[i]), &trace) || strcmp(trace.id, "as it was") != 0)
            test_fail(__FILE__, __LINE__, "\"%s\" is a trace", bad[i]);
}
