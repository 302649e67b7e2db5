/* The functions a handler answers with. Header values are checked here once: a control byte in one is our own bug. */
#include "shared/http/response.h"

#include "shared/base/panic.h"

void response_init(struct response *rs, struct arena *a, const struct route *route)
{
    rs->arena = a;
    rs->route = route;
    rs->status = 0;
    rs->kind = REPLY_NONE;
    rs->content_type = NULL;
    rs->raw = STR_NONE;
    rs->json_open = false;
    rs->n_fields = rs->n_directives = 0;
    rs->hold_us = 0;
    rs->dropped = false;
}

void response_discard_body(struct response *rs)
{
    rs->status = 0;
    rs->kind = REPLY_NONE;
    rs->content_type = NULL;
    rs->raw = STR_NONE;
    rs->json_open = false;
    rs->hold_us = 0;
    rs->dropped = false;
}

static void reply_start(struct response *rs, int status, enum reply_kind kind, const char *content_type)
{
    response_discard_body(rs);
    rs->status = status;
    rs->kind = kind;
    rs->content_type = content_type;
}

struct json *reply_json(struct response *rs, int status)
{
    reply_start(rs, status, REPLY_JSON, "application/json");
    buf_init_bounded(&rs->body, rs->arena, RESPONSE_MAX_BYTES);
    json_begin(&rs->json, &rs->body);
    rs->json_open = true;
    return &rs->json;
}

void reply_raw(struct response *rs, int status, const char *content_type, str body)
{
    reply_start(rs, status, REPLY_RAW, content_type);
    rs->raw = body;
}

/* A name of ours: it has nothing that would have to be quoted. */
void response_start_file(struct response *rs, int status, const char *content_type, str name, int file)
{
    reply_start(rs, status, REPLY_FILE, content_type);
    rs->file = file;
    reply_header(rs, "Content-Disposition", arena_printf(rs->arena, "attachment; filename=\"%.*s\"", STR_ARG(name)));
}

void reply_file(struct response *rs, int status, const char *content_type, str name, int file, int64_t size)
{
    response_start_file(rs, status, content_type, name, file);
    rs->file_bytes = size;
}

struct buf *reply_html(struct response *rs, int status)
{
    reply_start(rs, status, REPLY_PAGE, "text/html; charset=utf-8");
    buf_init_bounded(&rs->body, rs->arena, RESPONSE_MAX_BYTES);
    return &rs->body;
}

void reply_empty(struct response *rs, int status)
{
    reply_start(rs, status, REPLY_EMPTY, NULL);
}

void reply_see_other(struct response *rs, str location)
{
    reply_start(rs, 303, REPLY_EMPTY, NULL);
    reply_header(rs, "Location", location);
}

void reply_found(struct response *rs, str location)
{
    reply_start(rs, 302, REPLY_EMPTY, NULL);
    reply_header(rs, "Location", location);
}

static void body_end(struct response *rs)
{
    if (rs->json_open)
        json_end(&rs->json);
    rs->json_open = false;
}

bool response_complete(struct response *rs)
{
    body_end(rs);
    return (rs->kind != REPLY_JSON && rs->kind != REPLY_PAGE) || !rs->body.is_over;
}

str reply_text(struct response *rs)
{
    body_end(rs);
    switch (rs->kind) {
    case REPLY_JSON:
    case REPLY_PAGE:
        return buf_str(&rs->body);
    case REPLY_RAW:
        return rs->raw;
    case REPLY_NONE:
    case REPLY_EMPTY:
    case REPLY_FILE:
    case REPLY_STREAM:
        break;
    }
    return STR("");
}

int reply_status(const struct response *rs)
{
    return rs->status;
}

void reply_hold(struct response *rs, duration wait)
{
    rs->hold_us = wait.us;
}

void reply_drop(struct response *rs)
{
    if (rs->kind == REPLY_NONE)
        reply_empty(rs, 500);
    rs->dropped = true;
}

static struct reply_field *field_find(struct response *rs, const char *name)
{
    for (size_t i = 0; i < rs->n_fields; i++)
        if (str_eq_nocase(str_of(rs->fields[i].name), str_of(name)))
            return &rs->fields[i];
    return NULL;
}

bool response_has_field(const struct response *rs, const char *name)
{
    for (size_t i = 0; i < rs->n_fields; i++)
        if (str_eq_nocase(str_of(rs->fields[i].name), str_of(name)))
            return true;
    return false;
}

static void field_add(struct response *rs, const char *name, str value)
{
    for (size_t i = 0; i < value.n; i++)
        if ((unsigned char)value.p[i] < 0x20 || value.p[i] == 0x7f)
            panic("control byte in a response header");
    if (rs->n_fields == RESPONSE_MAX_FIELDS)
        panic("too many response headers");
    rs->fields[rs->n_fields++] = (struct reply_field){ name, arena_cstr(rs->arena, value) };
}

void reply_header(struct response *rs, const char *name, str value)
{
    struct reply_field *old = field_find(rs, name);
    field_add(rs, name, value);
    if (old)
        *old = rs->fields[--rs->n_fields];
}

void reply_cookie(struct response *rs, const struct cookie *c)
{
    struct buf b;
    buf_init(&b, rs->arena, 8192);
    buf_printf(&b, "%s=%.*s; Path=/; Secure; SameSite=%s", c->name, STR_ARG(c->value),
               c->same_site_none ? "None" : "Lax");
    if (!c->readable)
        buf_add(&b, STR("; HttpOnly"));
    if (c->partitioned)
        buf_add(&b, STR("; Partitioned"));
    if (c->max_age_s > 0)
        buf_printf(&b, "; Max-Age=%lld", (long long)c->max_age_s);
    else if (c->max_age_s < 0)
        buf_add(&b, STR("; Max-Age=0"));
    field_add(rs, "Set-Cookie", buf_str(&b));
}
