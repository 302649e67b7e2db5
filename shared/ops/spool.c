/* See spool.h. */
#include "shared/ops/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "shared/base/faults.h"
#include "shared/base/task.h"

#define PENDING_MAX_BYTES ((size_t)1 << 16)

static void close_it(void *descriptor)
{
    close(*(int *)descriptor);
}

err spool_open(struct task *t, const char *directory, struct spool *ret)
{
    int *fd = arena_new(t->arena, int);
    *fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (*fd < 0)
        return FAIL(t, UNAVAILABLE, "no file in %s: %s", directory, strerror(errno));
    arena_defer(t->arena, close_it, fd);
    *ret = (struct spool){ .fd = *fd, .pending = arena_alloc(t->arena, PENDING_MAX_BYTES) };
    return OK;
}

static err write_all(struct task *t, struct spool *s, const char *p, size_t n)
{
    while (n) {
        ssize_t done = write(s->fd, p, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return FAIL(t, UNAVAILABLE, "spool: %s", done < 0 ? strerror(errno) : "nothing is written");
        p += done;
        n -= (size_t)done;
        s->bytes += done;
    }
    return OK;
}

err spool_flush(struct task *t, struct spool *s)
{
    size_t n = s->n_pending;
    s->n_pending = 0;
    return write_all(t, s, s->pending, n);
}

err spool_add(struct task *t, struct spool *s, str piece)
{
    if (piece.n > PENDING_MAX_BYTES - s->n_pending)
        TRY(spool_flush(t, s));
    if (piece.n > PENDING_MAX_BYTES)
        return write_all(t, s, piece.p, piece.n);
    memcpy(s->pending + s->n_pending, piece.p, piece.n);
    s->n_pending += piece.n;
    return OK;
}
