/* What goes with an outbound request that its caller did not write. */
#include "shared/base/trace.h"
#include "shared/net/fetcher.h"
#include "tests/unit/shared/net/canned.h"

TEST(those_who_are_ours_are_told_the_trace) /* W3C Trace Context, 3.2 */
{
    static const char line[] = "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-0123456789abcdef-01\r\n";
    static const struct fetch_policy inside = { .allow_http = true,
                                                .allow_networks = { "127.0.0.0/8", 11 },
                                                .any_port = true };
    struct trace trace = { .span = { "0123456789abcde" } };
    trace.span[15] = 'f';
    CHECK(trace_read(STR("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), &trace));
    task->trace = &trace;
    for (int is_ours = 0; is_ours < 2; is_ours++) {
        struct canned *c =
            canned_start(CANNED_ANSWER, "127.0.0.1", 0, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        struct fetch_request rq = { .method = "GET",
                                    .url = arena_printf(arena, "http://127.0.0.1:%d/x", canned_port(c)),
                                    .body = STR_NONE,
                                    .limit = SECONDS(30),
                                    .is_ours = is_ours };
        struct fetch_answer answer;
        task->fetcher = fetcher_open(&inside);
        fetch(task, &rq, &answer);
        fetcher_close(task->fetcher);
        const char *got = arena_cstr(arena, canned_received(c, arena));
        canned_stop(c);
        CHECK_I64(answer.outcome, FETCH_ANSWERED);
        CHECK_I64(strstr(got, line) != NULL, is_ours);
    }
    task->trace = NULL;
}
