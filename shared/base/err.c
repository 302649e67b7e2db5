/* Failures are made in the arena of the task that failed; everything they say is copied there. */
#include "shared/base/err.h"

#include "shared/base/task.h"

static struct failure *failure_new(struct task *t, const struct fault *fault, const char *file, int line)
{
    struct failure *f = arena_new(t->arena, struct failure);
    f->fault = fault;
    f->file = file;
    f->line = line;
    f->attempts_left = -1;
    return f;
}

struct failure *failure_make(struct task *t, const struct fault *fault, const char *file, int line, const char *format,
                             ...)
{
    struct failure *f = failure_new(t, fault, file, line);
    va_list ap;
    va_start(ap, format);
    f->detail = arena_vprintf(t->arena, format, ap);
    va_end(ap);
    return f;
}

struct failure *failure_param(struct task *t, const struct fault *fault, const char *file, int line, str param,
                              str explain)
{
    struct failure *f = failure_new(t, fault, file, line);
    f->param = arena_str(t->arena, param);
    f->explain = arena_str(t->arena, explain);
    f->detail = arena_printf(t->arena, "input %.*s refused", STR_ARG(param));
    return f;
}

err failure_copy(struct task *t, err e)
{
    if (!e)
        return OK;
    struct failure *f = arena_new(t->arena, struct failure);
    *f = *e;
    f->cause = failure_copy(t, e->cause);
    str *const texts[] = { &f->param, &f->explain, &f->detail, &f->challenge, &f->decline_code, &f->location };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (str_given(*texts[i]))
            *texts[i] = arena_str(t->arena, *texts[i]);
    return f;
}
