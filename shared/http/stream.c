/* A file that is sent while it is written. See exchange.h. */
#include <microhttpd.h>
#include <stddef.h>
#include <unistd.h>

#include "shared/base/faults.h"
#include "shared/base/panic.h"
#include "shared/http/exchange.h"

static struct exchange *exchange_of(struct response *rs)
{
    return (struct exchange *)(void *)((char *)rs - offsetof(struct exchange, rs));
}

/* ---- the worker's part ---- */

bool reply_file_begin(struct task *t, struct response *rs, int status, const char *content_type, str name, int file)
{
    struct exchange *x = exchange_of(rs);
    const struct http_server_config *config = &x->server->config;
    if (rs->route->run != RUN_COSTLY || x->stream.is_begun)
        panic("an answer cannot begin here");
    if (!x->takes_chunks)
        return false;
    response_start_file(rs, status, content_type, name, file);
    rs->kind = REPLY_STREAM;
    if (config->render)
        config->render(t, &x->rq, rs);
    x->stream.is_begun = true;
    MHD_resume_connection(x->mhd);
    return true;
}

/* Whether the connection has to be resumed. Called with the lock held. */
static bool is_woken(struct stream *s)
{
    bool ret = s->is_suspended;
    s->is_suspended = false;
    return ret;
}

err reply_file_written(struct task *t, struct response *rs, int64_t size)
{
    struct exchange *x = exchange_of(rs);
    struct stream *s = &x->stream;
    pthread_mutex_lock(&s->lock);
    s->bytes = size;
    bool wakes = is_woken(s), is_left = s->is_left;
    pthread_mutex_unlock(&s->lock);
    if (wakes)
        MHD_resume_connection(x->mhd);
    return is_left ? FAIL(t, UNAVAILABLE, "the peer has gone") : OK;
}

bool stream_is_left(struct exchange *x)
{
    pthread_mutex_lock(&x->stream.lock);
    bool ret = x->stream.is_left;
    pthread_mutex_unlock(&x->stream.lock);
    return ret;
}

void stream_end(struct exchange *x)
{
    struct stream *s = &x->stream;
    struct MHD_Connection *mhd = x->mhd;
    pthread_mutex_lock(&s->lock);
    s->is_over = true;
    bool wakes = is_woken(s), is_left = s->is_left;
    pthread_mutex_unlock(&s->lock);
    if (is_left)
        exchange_return(x);
    else if (wakes)
        MHD_resume_connection(mhd);
}

/* ---- the I/O thread's part ---- */

ssize_t stream_read(struct exchange *x, uint64_t at, char *buffer, size_t max)
{
    struct stream *s = &x->stream;
    pthread_mutex_lock(&s->lock);
    int64_t there = s->bytes - (int64_t)at;
    bool is_over = s->is_over, waits = there <= 0 && !is_over;
    if (waits) {
        connection_deadline(x->connection, 0);
        s->is_suspended = true;
        MHD_suspend_connection(x->mhd);
    }
    pthread_mutex_unlock(&s->lock);
    if (waits)
        return 0;
    if (is_over && s->is_broken)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (there <= 0)
        return MHD_CONTENT_READER_END_OF_STREAM;
    ssize_t n = pread(x->rs.file, buffer, (uint64_t)there < max ? (size_t)there : max, (off_t)at);
    return n > 0 ? n : MHD_CONTENT_READER_END_WITH_ERROR;
}

bool stream_leave(struct exchange *x)
{
    struct stream *s = &x->stream;
    pthread_mutex_lock(&s->lock);
    s->is_left = true;
    bool ret = !s->is_begun || s->is_over;
    pthread_mutex_unlock(&s->lock);
    return ret;
}
