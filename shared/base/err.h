/*
 * Failure as a value. NULL is success; everything else is a typed failure in the request's arena.
 * The fault says what the caller may know; the detail says why, and goes to the log only.
 * Parsers return bool instead; pure decisions return a verdict enum. There is no third way to fail.
 */
#pragma once

#include <stddef.h>

#include "shared/base/str.h"

struct task;

struct fault {
    int status;       /* HTTP status */
    const char *code; /* stable, machine-readable: the OAuth `error` or the problem `code` */
    const char *say;  /* public sentence */
};

struct failure {
    const struct fault *fault;
    str param;   /* public: which input was wrong; absent when none */
    str explain; /* public: what is allowed there; absent: fault->say alone */
    str detail;  /* private: lower case, no full stop, no secrets */
    const char *file;
    int line;
    const struct failure *cause;
    int retry_after_s; /* > 0: Retry-After */
    int attempts_left; /* >= 0 when the caller may know it (confirmation codes), else -1 */
    str challenge;     /* WWW-Authenticate of the answer; absent: none */
    str decline_code;  /* public: why an acquirer declined; absent: none */
    str location;      /* ERRORS_PAGE: answered by 303 to this path of ours (a log-in page); absent: none */
};

typedef const struct failure *err;

/* Stands before every declaration of a function that returns err: an ignored failure does not compile. */
#define MUST_USE __attribute__((warn_unused_result))

#define OK ((err)NULL)

#define TRY(expr)                                                                                                      \
    do {                                                                                                               \
        err try_err = (expr);                                                                                          \
        if (try_err)                                                                                                   \
            return try_err;                                                                                            \
    } while (0)

/* return FAIL(t, INVALID_GRANT, "code of another client"); FAULT_x comes from a faults.h */
#define FAIL(t, name, ...) failure_make((t), &FAULT_##name, __FILE__, __LINE__, __VA_ARGS__)
/* As FAIL, and names the input and what it may hold: both are public. */
#define FAIL_PARAM(t, name, param, explain) failure_param((t), &FAULT_##name, __FILE__, __LINE__, (param), (explain))

struct failure *failure_make(struct task *t, const struct fault *fault, const char *file, int line, const char *format,
                             ...) __attribute__((format(printf, 5, 6)));
struct failure *failure_param(struct task *t, const struct fault *fault, const char *file, int line, str param,
                              str explain);

/* The same failure in the arena of this task. */
err failure_copy(struct task *t, err e);

static inline bool err_is(const struct failure *e, const struct fault *fault)
{
    return e && e->fault == fault;
}

/*
 * A table of faults is one X-macro: X(NAME, status, "code", "Public sentence.").
 * FAULTS_DECLARE in the header, FAULTS_DEFINE in exactly one .c file.
 */
#define FAULT_DECLARE_ROW(name, status_, code_, say_) extern const struct fault FAULT_##name;
#define FAULT_DEFINE_ROW(name, status_, code_, say_) const struct fault FAULT_##name = { status_, code_, say_ };
#define FAULTS_DECLARE(LIST) LIST(FAULT_DECLARE_ROW)
#define FAULTS_DEFINE(LIST) LIST(FAULT_DEFINE_ROW)
