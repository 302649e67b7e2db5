/* One event is one line of valid JSON, whatever is in it. */
#include "shared/ops/log.h"

#include <stdlib.h>
#include <unistd.h>

#include "shared/base/faults.h"
#include "shared/text/json_in.h"
#include "tests/support/test.h"

static char written[16384];

static int pipes[2], before;

/* Standard error into a pipe, and back. */
static void tap(void)
{
    before = dup(STDERR_FILENO);
    CHECK(before >= 0 && pipe(pipes) == 0 && dup2(pipes[1], STDERR_FILENO) >= 0);
}

static str tapped(void)
{
    dup2(before, STDERR_FILENO);
    close(before);
    close(pipes[1]);
    ssize_t n = read(pipes[0], written, sizeof written);
    close(pipes[0]);
    return (str){ written, n > 0 ? (size_t)n : 0 };
}

static str captured(const struct task *t, enum log_level level, str value)
{
    tap();
    log_write(t, level, "thing.happened", (const struct log_field[]){ L_STR("value", value), L_I64("n", -7) }, 2);
    return tapped();
}

TEST(a_line_is_json_with_the_task_in_it)
{
    const struct json_value *v;
    str text;
    int64_t n;
    task->what = "/token";
    task->request_id = STR("req_1");
    str line = captured(task, LOG_WARN_LEVEL, STR("plain"));
    CHECK(json_parse(arena, line, &v));
    CHECK(json_get_str(v, "event", &text) && str_eq(text, STR("thing.happened")));
    CHECK(json_get_str(v, "level", &text) && str_eq(text, STR("warn")));
    CHECK(json_get_str(v, "what", &text) && str_eq(text, STR("/token")));
    CHECK(json_get_str(v, "request_id", &text) && str_eq(text, STR("req_1")));
    CHECK(json_get_str(v, "value", &text) && str_eq(text, STR("plain")));
    CHECK(json_get_i64(v, "n", &n) && n == -7);
}

TEST(hostile_values_stay_inside_their_line)
{
    static const str hostile[] = {
        STR("a\r\nlevel=error"),
        STR("\x1b[31mred"),
        STR("\"},{\""),
        STR("\xe2\x80\xa8 separator"),
        STR("\xff\xfe"),
        STR("\xc3"),
        STR("back\\slash"),
        STR("%n%s%x"),
        STR("a\0b"),
        STR("\xf0\x9f\x92\xb6"),
    };
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        const struct json_value *v;
        str line = captured(NULL, LOG_ERROR_LEVEL, hostile[i]);
        CHECK(line.n > 0 && line.p[line.n - 1] == '\n');
        CHECK(!memchr(line.p, '\n', line.n - 1) && !memchr(line.p, 0x1b, line.n) && !memchr(line.p, '\r', line.n));
        if (memchr(hostile[i].p, '\0', hostile[i].n) == NULL)
            CHECK(json_parse(arena, line, &v));
    }
}

TEST(long_values_are_cut_and_levels_filter)
{
    const struct json_value *v;
    str text;
    char *big = arena_alloc(arena, 1 << 20);
    memset(big, 'x', 1 << 20);
    str line = captured(NULL, LOG_ERROR_LEVEL, (str){ big, 1 << 20 });
    CHECK(line.n < 4096 && json_parse(arena, line, &v));
    CHECK(json_get_str(v, "value", &text) && text.n == 515 && str_ends(text, STR("...")));
    CHECK_I64(captured(NULL, LOG_DEBUG_LEVEL, STR("x")).n, 0);
    enum log_level level;
    CHECK(log_level_parse(STR("debug"), &level) && level == LOG_DEBUG_LEVEL);
    CHECK(!log_level_parse(STR("loud"), &level));
}

static bool failure_is_at(struct task *t, err e, const char *level)
{
    const struct json_value *v;
    str text;
    tap();
    log_failure(t, e);
    str line = tapped();
    return json_parse(t->arena, line, &v) && json_get_str(v, "level", &text) && str_eq(text, str_of(level));
}

TEST(what_is_our_fault_or_nobodys_is_an_error)
{
    CHECK(failure_is_at(task, FAIL(task, INTERNAL, "a bug"), "error"));
    CHECK(failure_is_at(task, FAIL(task, NUMBER_TOO_LARGE, "no column holds it"), "error"));
    CHECK(failure_is_at(task, FAIL(task, NOT_FOUND, "nothing there"), "info"));
}
