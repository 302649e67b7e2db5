/*
 * Runs the registered tests in the order of their text and prints TAP 13. Usage: program [part of a test's name], or
 * program K/N: every N-th test from the K-th on, so that N of them beside each other run each test once,
 * and each of them the last ones.
 */
#include "tests/support/test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARENA_MAX_BYTES ((size_t)64 << 20)

enum outcome { PASSED, FAILED, SKIPPED };

static struct test *first, **last = &first;
static jmp_buf *after_test;
static bool is_quiet;
static const char *skip_reason;
static char reason[4096]; /* of the last failure */

const char *test_reason(void)
{
    return reason;
}

void test_register(struct test *test)
{
    *last = test;
    last = &test->next;
}

_Noreturn void test_fail(const char *file, int line, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    int n = snprintf(reason, sizeof reason, "%s:%d: ", file, line);
    if (n > 0 && (size_t)n < sizeof reason)
        vsnprintf(reason + n, sizeof reason - (size_t)n, format, ap);
    va_end(ap);
    if (!is_quiet)
        printf("# %s\n", reason);
    longjmp(*after_test, FAILED);
}

_Noreturn void test_skip(const char *why)
{
    skip_reason = why;
    longjmp(*after_test, SKIPPED);
}

void test_check_str(const char *file, int line, const char *what, str got, str want)
{
    if (str_given(got) != str_given(want) || !str_eq(got, want))
        test_fail(file, line, "%s is %s\"%.*s\", not %s\"%.*s\"", what, str_given(got) ? "" : "absent ", STR_ARG(got),
                  str_given(want) ? "" : "absent ", STR_ARG(want));
}

void test_check_i64(const char *file, int line, const char *what, int64_t got, int64_t want)
{
    if (got != want)
        test_fail(file, line, "%s is %" PRId64 ", not %" PRId64, what, got, want);
}

void test_check_bytes(const char *file, int line, const char *what, bytes got, bytes want)
{
    if (got.n != want.n)
        test_fail(file, line, "%s has %zu bytes, not %zu", what, got.n, want.n);
    for (size_t i = 0; i < got.n; i++) {
        if (got.p[i] != want.p[i])
            test_fail(file, line, "%s: byte %zu is %02x, not %02x", what, i, got.p[i], want.p[i]);
    }
}

void test_check_ok(const char *file, int line, const char *what, err got)
{
    if (got)
        test_fail(file, line, "%s failed: %s, %.*s (%s:%d)", what, got->fault->code, STR_ARG(got->detail), got->file,
                  got->line);
}

void test_check_fault(const char *file, int line, const char *what, err got, const struct fault *want)
{
    if (!err_is(got, want))
        test_fail(file, line, "%s is %s, not %s", what, got ? got->fault->code : "no failure", want->code);
}

str test_file(struct arena *a, const char *path_below_tests)
{
    FILE *f = fopen(arena_cstr(a, arena_printf(a, "%s/%s", STOA_TESTS_DIR, path_below_tests)), "rb");
    if (!f)
        test_fail(__FILE__, __LINE__, "no file %s", path_below_tests);
    char *p = arena_alloc(a, 1 << 20);
    size_t n = fread(p, 1, 1 << 20, f);
    fclose(f);
    return (str){ p, n };
}

bool test_aborts(void (*body)(void *), void *arg)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        if (!freopen("/dev/null", "w", stderr))
            _exit(1);
        body(arg);
        _exit(0);
    }
    int status;
    if (child < 0 || waitpid(child, &status, 0) != child)
        return false;
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

bool test_holds(void (*body)(void *), void *arg)
{
    jmp_buf here, *outer = after_test;
    is_quiet = true;
    after_test = &here;
    int outcome = setjmp(here);
    if (outcome == PASSED)
        body(arg);
    after_test = outer;
    is_quiet = false;
    return outcome == PASSED;
}

static enum outcome test_run(const struct test *test)
{
    struct arena *arena = arena_create(1 << 16, ARENA_MAX_BYTES);
    struct task task = { .arena = arena, .now = { INT64_C(1700000000000000) }, .what = test->name };
    task.request_id = STR("req_test");
    jmp_buf here;
    after_test = &here;
    int outcome = setjmp(here);
    if (outcome == PASSED)
        test->run(arena, &task);
    arena_destroy(arena);
    return (enum outcome)outcome;
}

static bool is_wanted(const char *which, const struct test *t, int place)
{
    int share, shares;
    char rest;
    if (!which)
        return true;
    if (sscanf(which, "%d/%d%c", &share, &shares, &rest) != 2)
        return strstr(t->name, which);
    return share >= 1 && share <= shares && (t->is_last || place % shares == share - 1);
}

static int n_run, n_failed;

static void tests_run(const char *which, bool at_last)
{
    int place = 0;
    for (const struct test *t = first; t; t = t->next) {
        if (!is_wanted(which, t, place++) || t->is_last != at_last)
            continue;
        enum outcome outcome = test_run(t);
        n_run++;
        n_failed += outcome == FAILED;
        printf("%sok %d - %s%s%s\n", outcome == FAILED ? "not " : "", n_run, t->name,
               outcome == SKIPPED ? " # SKIP " : "", outcome == SKIPPED ? skip_reason : "");
    }
}

int main(int argc, char **argv)
{
    const char *which = argc > 1 ? argv[1] : NULL;
    setvbuf(stdout, NULL, _IOLBF, 0);
    tests_run(which, false);
    tests_run(which, true);
    printf("1..%d\n", n_run);
    return n_failed || n_run == 0;
}
