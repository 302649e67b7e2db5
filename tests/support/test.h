/*
 * The unit tests' harness: TEST(name) { ... CHECK(...) ... } registers itself; a program prints TAP and exits 1 when
 * a test failed. A failed CHECK ends its test. Every test starts with the empty arena `arena` and the task `task`.
 */
#pragma once

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "shared/base/arena.h"
#include "shared/base/bytes.h"
#include "shared/base/task.h"

enum test_kind { TEST_ONCE, TEST_SHARED, TEST_LAST };

struct test {
    const char *name;
    void (*run)(struct arena *arena, struct task *task);
    enum test_kind kind;
    struct test *next;
};

void test_register(struct test *test);
/* Prints where and what as a TAP diagnostic and ends the running test as failed. */
_Noreturn void test_fail(const char *file, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Ends the running test as skipped: for what the machine cannot do, never for what is not written. */
_Noreturn void test_skip(const char *why);
/* The whole file below tests/, as text in the arena; a missing file fails the test. */
str test_file(struct arena *a, const char *path_below_tests);
/* True when body(arg) ends the process by abort: for what must be impossible. Its messages are not shown. */
bool test_aborts(void (*body)(void *), void *arg);
/* Runs body(arg) and tells whether no CHECK in it failed; prints nothing. Not to be nested. */
bool test_holds(void (*body)(void *), void *arg);
/* The same of one of many. When it does not hold, or ends the process: prints why, and the command that does it again.
 */
bool test_try(void (*body)(void *), void *arg, const char *again, ...) __attribute__((format(printf, 3, 4)));
/* Whether the n-th piece of a test's work (0: the first) is this share's. */
bool test_is_mine(int64_t n);
int test_shares(void); /* 1: the tests are not shared out */

#define TEST(name) TEST_OF(name, TEST_ONCE)
/* Long: in each share of the tests, where it does no more of its work than test_is_mine() says. */
#define SHARED_TEST(name) TEST_OF(name, TEST_SHARED)
/* Of what the tests before have left: after all others, and in each share of them. */
#define LAST_TEST(name) TEST_OF(name, TEST_LAST)
#define TEST_OF(name, kind)                                                                                            \
    static void test_run_##name(struct arena *arena, struct task *task);                                               \
    static struct test test_##name = { #name, test_run_##name, kind, NULL };                                           \
    __attribute__((constructor)) static void test_add_##name(void)                                                     \
    {                                                                                                                  \
        test_register(&test_##name);                                                                                   \
    }                                                                                                                  \
    static void test_run_##name(__attribute__((unused)) struct arena *arena, __attribute__((unused)) struct task *task)

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            test_fail(__FILE__, __LINE__, "%s", #condition);                                                           \
    } while (0)

#define CHECK_STR(got, want) test_check_str(__FILE__, __LINE__, #got, (got), (want))
#define CHECK_I64(got, want) test_check_i64(__FILE__, __LINE__, #got, (int64_t)(got), (int64_t)(want))
#define CHECK_BYTES(got, want) test_check_bytes(__FILE__, __LINE__, #got, (got), (want))
/* NULL, or the failure's private detail is shown. */
#define CHECK_OK(expression) test_check_ok(__FILE__, __LINE__, #expression, (expression))
/* CHECK_FAULT(code_redeem(...), INVALID_GRANT) */
#define CHECK_FAULT(expression, fault) test_check_fault(__FILE__, __LINE__, #expression, (expression), &FAULT_##fault)
#define CHECK_ABORTS(body, arg)                                                                                        \
    do {                                                                                                               \
        if (!test_aborts((body), (arg)))                                                                               \
            test_fail(__FILE__, __LINE__, "%s does not abort", #body);                                                 \
    } while (0)

void test_check_str(const char *file, int line, const char *what, str got, str want);
void test_check_i64(const char *file, int line, const char *what, int64_t got, int64_t want);
void test_check_bytes(const char *file, int line, const char *what, bytes got, bytes want);
void test_check_ok(const char *file, int line, const char *what, err got);
void test_check_fault(const char *file, int line, const char *what, err got, const struct fault *want);
