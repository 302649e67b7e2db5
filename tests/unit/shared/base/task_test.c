/* What a task does with memory of its own leaves nothing behind but a failure. */
#include "shared/base/faults.h"
#include "shared/base/task.h"
#include "tests/support/test.h"

struct aside {
    struct arena *seen;
    bool fails;
};

static err work(struct task *t, void *context)
{
    struct aside *a = context;
    a->seen = t->arena;
    (void)arena_alloc(t->arena, 100000);
    if (!a->fails)
        return OK;
    struct failure *f = FAIL_PARAM(t, INVALID_REQUEST, arena_printf(t->arena, "li%s", "ne"), STR("short"));
    f->cause = FAIL(t, NOT_FOUND, "none of %d", 3);
    return f;
}

TEST(task_aside_leaves_nothing_but_its_failure)
{
    struct task t = { .arena = arena };
    struct aside a = { .fails = false };
    size_t before = arena_used(arena);
    CHECK(!task_aside(&t, 1 << 20, work, &a));
    CHECK_I64(arena_used(arena), before);
    CHECK(a.seen != arena && t.arena == arena);
    a.fails = true;
    err e = task_aside(&t, 1 << 20, work, &a);
    CHECK(err_is(e, &FAULT_INVALID_REQUEST));
    CHECK_STR(e->param, STR("line"));
    CHECK_STR(e->explain, STR("short"));
    CHECK(err_is(e->cause, &FAULT_NOT_FOUND));
    CHECK_STR(e->cause->detail, STR("none of 3"));
    CHECK(arena_used(arena) < before + 5000);
}
