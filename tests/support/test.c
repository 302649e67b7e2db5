/*
 * Runs the registered tests in the order of their text and prints TAP 13. Usage: program [part of a test's name] [K/N].
 * K/N: of these every N-th from the K-th on, so that N programs beside each other run each test once, share out what
 * can be shared, and each run the last ones.
 */
#include "tests/support/test.h"

#include <setjmp.h>
#include <signal.h>
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

static char again[512]; /* the command for what is being tried */

static void on_abort(int signal)
{
    (void)signal;
    if (write(STDOUT_FILENO, again, strlen(again)) < 0)
        _exit(1);
}

bool test_try(void (*body)(void *), void *arg, const char *command, ...)
{
    va_list ap;
    va_start(ap, command);
    int n = snprintf(again, sizeof again, "# again: ");
    vsnprintf(again + n, sizeof again - (size_t)n - 1, command, ap);
    va_end(ap);
    strcat(again, "\n");
    signal(SIGABRT, on_abort);
    bool holds = test_holds(body, arg);
    signal(SIGABRT, SIG_DFL);
    if (!holds)
        printf("# %s\n%s", reason, again);
    return holds;
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

/* ---- which ---- */

static const char *part = ""; /* of the names */
static int share = 1, shares = 1;

int test_shares(void)
{
    return shares;
}

bool test_is_mine(int64_t n)
{
    return n % shares == share - 1;
}

static bool arguments_read(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        int k, n;
        char rest;
        if (sscanf(argv[i], "%d/%d%c", &k, &n, &rest) != 2) {
            part = argv[i];
            continue;
        }
        if (k < 1 || k > n)
            return false;
        share = k;
        shares = n;
    }
    return argc <= 3;
}

static int n_meant, n_run, n_failed;

static void tests_run(bool at_last)
{
    int64_t place = 0;
    for (const struct test *t = first; t; t = t->next) {
        if (!strstr(t->name, part))
            continue;
        n_meant++;
        if ((t->kind == TEST_ONCE && !test_is_mine(place++)) || (t->kind == TEST_LAST) != at_last)
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
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (!arguments_read(argc, argv)) {
        fprintf(stderr, "usage: %s [PART OF A NAME] [K/N]\n", argv[0]);
        return 2;
    }
    tests_run(false);
    tests_run(true);
    printf("1..%d\n", n_run);
    return n_failed || n_meant == 0;
}
