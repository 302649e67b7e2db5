/* See context.h. */
#include "shared/ops/context.h"

#include <stdint.h>
#include <sys/mman.h>

#include "shared/base/panic.h"

#ifdef __SANITIZE_ADDRESS__
#include <dlfcn.h>
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
#endif

#define GUARD_BYTES 4096
#define STACK_BYTES ((size_t)1 << 20) /* of addresses: memory is only what was ever touched */

/* What a new stack begins with; makecontext hands on ints. */
struct beginning {
    void (*main)(void *arg);
    void *arg;
};

static void begin(unsigned high, unsigned low)
{
    const struct beginning *b = (const struct beginning *)((uintptr_t)high << 32 | low);
    b->main(b->arg);
}

void context_of_thread(struct context *c)
{
    *c = (struct context){ .mapped = NULL };
#ifdef __SANITIZE_THREAD__
    c->sanitizer = __tsan_get_current_fiber();
#endif
}

/* Behind the guard page; what it begins with lies at its far end, where it was never touched. */
void context_make(struct context *c, void (*main)(void *arg), void *arg)
{
    size_t bytes = STACK_BYTES + GUARD_BYTES;
    char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
    *c = (struct context){ .mapped = p, .bottom = p + GUARD_BYTES, .bytes = STACK_BYTES - sizeof(struct beginning) };
    if (p == MAP_FAILED || mprotect(p, GUARD_BYTES, PROT_NONE) != 0 || getcontext(&c->machine) != 0)
        panic("out of memory");
    struct beginning *b = (struct beginning *)(void *)(p + bytes - sizeof *b);
    *b = (struct beginning){ main, arg };
    c->machine.uc_stack = (stack_t){ .ss_sp = p + GUARD_BYTES, .ss_size = c->bytes };
    c->machine.uc_link = NULL;
#ifdef __SANITIZE_THREAD__
    c->sanitizer = __tsan_create_fiber(0);
#endif
    makecontext(&c->machine, (void (*)(void))begin, 2, (unsigned)((uintptr_t)b >> 32), (unsigned)(uintptr_t)b);
}

void context_free(struct context *c)
{
#ifdef __SANITIZE_THREAD__
    __tsan_destroy_fiber(c->sanitizer);
#endif
    munmap(c->mapped, STACK_BYTES + GUARD_BYTES);
}

/* The sanitizer's wrapper would warn, in the middle of the log, that it does not know of switches; but it is told of
 * each below. So here it is the library's own function that switches. */
static int swap(ucontext_t *from, const ucontext_t *to)
{
#ifdef __SANITIZE_ADDRESS__
    static _Thread_local int (*own)(ucontext_t *, const ucontext_t *);
    if (!own)
        own = (int (*)(ucontext_t *, const ucontext_t *))dlsym(dlopen("libc.so.6", RTLD_LAZY), "swapcontext");
    return own(from, to);
#else
    return swapcontext(from, to);
#endif
}

static void sanitizer_leave(void **keep, const struct context *to)
{
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_start_switch_fiber(keep, to->bottom, to->bytes);
#endif
#ifdef __SANITIZE_THREAD__
    __tsan_switch_to_fiber(to->sanitizer, 0);
#endif
    (void)keep, (void)to;
}

/* It says where the stack is that was left: a thread's own is known from there. */
static void sanitizer_arrive(void *kept, struct context *from)
{
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_finish_switch_fiber(kept, &from->bottom, &from->bytes);
#endif
    (void)kept, (void)from;
}

void context_switch(struct context *from, struct context *to, bool is_over)
{
    void *kept = NULL;
    sanitizer_leave(is_over ? NULL : &kept, to);
    if (swap(&from->machine, &to->machine) != 0)
        panic("cannot switch to another stack");
    sanitizer_arrive(kept, to);
}

void context_begin(struct context *from)
{
    sanitizer_arrive(NULL, from);
}
