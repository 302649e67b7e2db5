/* The answer in the library's terms. The body stays in the arena of the request until the answer is through. */
#include "shared/http/exchange.h"

#include <microhttpd.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define PERMISSIONS                                                                                                    \
    "publickey-credentials-get=(self), publickey-credentials-create=(self), identity-credentials-get=(self), "         \
    "payment=(self), camera=(), microphone=(), geolocation=()"

struct sending {
    struct MHD_Response *mhd;
    const struct response *rs;
};

static void field_set(const struct sending *s, const char *name, const char *value)
{
    MHD_add_response_header(s->mhd, name, value);
}

/* A default, unless the handler said otherwise. */
static void field_default(const struct sending *s, const char *name, const char *value)
{
    if (s->rs->n_fields == 0 || !response_has_field(s->rs, name))
        field_set(s, name, value);
}

static void cache_fields(const struct sending *s, const struct route *route)
{
    char line[48];
    bool public = route && route->cache_s > 0 && !route->no_store && s->rs->status == 200;
    if (public) {
        snprintf(line, sizeof line, "public, max-age=%lld", (long long)route->cache_s);
        field_default(s, "Cache-Control", line);
    } else {
        field_default(s, "Cache-Control", "no-store");
    }
}

static void page_fields(const struct sending *s, struct response *rs)
{
    field_default(s, "Content-Security-Policy", response_policy(rs));
    field_default(s, "Referrer-Policy", "strict-origin");
    field_default(s, "Permissions-Policy", PERMISSIONS);
    field_default(s, "Cross-Origin-Opener-Policy", "same-origin");
    field_default(s, "Cross-Origin-Resource-Policy", "same-origin");
}

static void fields_write(const struct sending *s, struct exchange *x)
{
    struct response *rs = &x->rs;
    char id[sizeof x->id + 1];
    memcpy(id, x->id, sizeof x->id);
    id[sizeof x->id] = '\0';
    if (rs->content_type)
        field_set(s, "Content-Type", rs->content_type);
    field_set(s, "X-Content-Type-Options", "nosniff");
    field_set(s, "X-Request-Id", id);
    cache_fields(s, rs->route);
    if (rs->kind == REPLY_PAGE)
        page_fields(s, rs);
    if (rs->route && rs->route->cors == CORS_ANY)
        field_default(s, "Access-Control-Allow-Origin", "*");
    for (size_t i = 0; i < rs->n_fields; i++)
        field_set(s, rs->fields[i].name, rs->fields[i].value);
    if (x->close || __atomic_load_n(&x->server->draining, __ATOMIC_RELAXED))
        field_set(s, "Connection", "close");
}

#define FILE_PIECE_BYTES ((size_t)1 << 16)
#define SLOWEST_BYTES_PER_S 16384
#define STANDING_LIMIT_US 120000000

int64_t answer_deadline(int64_t deadline_us, int64_t now_us, size_t n)
{
    int64_t begun_us = deadline_us ? deadline_us : now_us;
    int64_t earned_us = begun_us + (int64_t)n * 1000000 / SLOWEST_BYTES_PER_S, most_us = now_us + STANDING_LIMIT_US;
    return earned_us < most_us ? earned_us : most_us;
}

/* The library forgets a connection whose answer it was told to break off until something happens on it. */
static ssize_t answer_break(const struct exchange *x)
{
    shutdown(x->connection->fd, SHUT_RDWR);
    return MHD_CONTENT_READER_END_WITH_ERROR;
}

static ssize_t file_read(void *exchange, uint64_t at, char *buffer, size_t max)
{
    struct exchange *x = exchange;
    struct connection *c = x->connection;
    bool is_stream = x->rs.kind == REPLY_STREAM;
    ssize_t n = is_stream ? stream_read(x, at, buffer, max) : pread(x->rs.file, buffer, max, (off_t)at);
    if (n > 0)
        connection_deadline(c, answer_deadline(c->deadline_us, monotonic_us(), (size_t)n));
    else if (!is_stream || n == MHD_CONTENT_READER_END_WITH_ERROR)
        n = answer_break(x);
    return n;
}

static struct MHD_Response *response_make(struct exchange *x)
{
    if (x->rs.kind == REPLY_STREAM)
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, FILE_PIECE_BYTES, file_read, x, NULL);
    if (x->rs.kind == REPLY_FILE && x->rs.file_bytes)
        return MHD_create_response_from_callback((uint64_t)x->rs.file_bytes, FILE_PIECE_BYTES, file_read, x, NULL);
    str body = reply_text(&x->rs);
    /* The library takes a pointer to non-const but only reads what is persistent. */
    void *p = (void *)(uintptr_t)body.p;
    return MHD_create_response_from_buffer(body.n, p, MHD_RESPMEM_PERSISTENT);
}

bool exchange_send(struct exchange *x)
{
    struct sending s = { response_make(x), &x->rs };
    if (!s.mhd)
        return false;
    fields_write(&s, x);
    enum MHD_Result queued = MHD_queue_response(x->mhd, (unsigned)x->rs.status, s.mhd);
    MHD_destroy_response(s.mhd);
    return queued == MHD_YES;
}
