/* Answers that begin while they are written. See wire.h. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/shared/http/wire.h"

#define PIECE_BYTES ((size_t)200000)

atomic_bool wire_written_goes_on;
atomic_int wire_written_refused;

static err piece_write(struct task *t, struct response *rs, int file, char letter, int64_t *size)
{
    char *piece = arena_alloc(t->arena, PIECE_BYTES);
    memset(piece, letter, PIECE_BYTES);
    CHECK(write(file, piece, PIECE_BYTES) == (ssize_t)PIECE_BYTES);
    *size += (int64_t)PIECE_BYTES;
    return reply_file_written(t, rs, *size);
}

static void file_close(void *file)
{
    fclose(file);
}

static err written(struct task *t, const struct request *rq, struct response *rs)
{
    FILE *f = tmpfile();
    int64_t size = 0;
    CHECK(f);
    arena_defer(t->arena, file_close, f);
    if (str_eq(rq->query, STR("never")))
        return FAIL(t, NOT_FOUND, "before it has begun");
    reply_header(rs, "X-Kind", STR("written"));
    if (!reply_file_begin(t, rs, 200, "text/plain", STR("written.txt"), fileno(f))) {
        reply_raw(rs, 200, "text/plain", STR("when it is whole"));
        return OK;
    }
    TRY(piece_write(t, rs, fileno(f), 'a', &size));
    if (str_eq(rq->query, STR("fails")))
        return FAIL(t, NOT_FOUND, "in the middle");
    for (int i = 0; str_eq(rq->query, STR("endless")) && i < 1000; i++) {
        err e = piece_write(t, rs, fileno(f), 'a', &size);
        CHECK_STR(request_header(rq, "host"), STR("a")); /* the head outlasts the connection */
        CHECK(rq->peer.n > 0 && rq->peer.p[0] == '1');
        atomic_fetch_add(&wire_written_refused, e != OK);
        TRY(e);
        usleep(1000);
    }
    while (!atomic_load(&wire_written_goes_on))
        usleep(1000);
    return piece_write(t, rs, fileno(f), 'b', &size);
}

const struct route wire_written_route = { .method = GET,
                                          .path = "/written",
                                          .guard = &GUARD_PUBLIC,
                                          .body = BODY_NONE,
                                          .run = RUN_COSTLY,
                                          .errors = ERRORS_PROBLEM,
                                          .handle = written };
