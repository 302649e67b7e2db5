/* See panic.h. write(2) alone: no allocation, no lock that another thread may hold. */
#include "shared/base/panic.h"

#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

/* writev takes no const, and does not write to what it is given. */
static struct iovec piece_of(const char *text)
{
    union {
        const char *readable;
        void *base;
    } same = { .readable = text };
    return (struct iovec){ same.base, strlen(text) };
}

_Noreturn void panic(const char *why)
{
    struct iovec line[3] = { piece_of("panic: "), piece_of(why), piece_of("\n") };
    /* If even this cannot be written, there is nobody left to tell. */
    ssize_t written = writev(STDERR_FILENO, line, 3);
    (void)written;
    abort();
}
