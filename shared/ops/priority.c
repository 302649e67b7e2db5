/* See priority.h. */
#include "shared/ops/priority.h"

#include <sched.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOW_PRIORITY 10 /* nice */
#define SHORT_SLICE_NS 100000

static long attributes_set(int nice)
{
    /* struct sched_attr of the kernel, whose header does not go together with the library's. */
    const struct {
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t priority;
        uint64_t runtime, deadline, period;
    } attr = { .size = sizeof attr, .policy = SCHED_OTHER, .nice = nice, .runtime = SHORT_SLICE_NS };
    return syscall(SYS_sched_setattr, 0, &attr, 0);
}

/* Niceness gives way over time; short slices give way at once. */
void thread_step_back(void)
{
    if (attributes_set(LOW_PRIORITY) != 0)
        (void)setpriority(PRIO_PROCESS, (id_t)gettid(), LOW_PRIORITY);
}

void thread_answer_soon(void)
{
    (void)attributes_set(getpriority(PRIO_PROCESS, (id_t)gettid()));
}
