/*
 * A failure becomes an answer in one place: OAuth endpoints speak RFC 6749 errors, the API RFC 9457 problems, pages a
 * page. The detail of a failure never leaves the process.
 */
#include "shared/http/response.h"

#include <stdio.h>

#include "shared/text/encode.h"

#define NAME_MAX_BYTES 64

/* The name of an input may be what somebody sent; it is shown, but not at any length. */
static str param_shown(str param)
{
    size_t n = param.n;
    if (n > NAME_MAX_BYTES)
        for (n = NAME_MAX_BYTES; n > 0 && ((unsigned char)param.p[n] & 0xc0) == 0x80;)
            n--;
    return (str){ param.p, n };
}

static str say(struct task *t, const struct failure *f)
{
    if (!str_given(f->param))
        return str_given(f->explain) ? f->explain : str_of(f->fault->say);
    str explain = str_given(f->explain) ? f->explain : str_of(f->fault->say);
    return arena_printf(t->arena, "%.*s: %.*s", STR_ARG(param_shown(f->param)), STR_ARG(explain));
}

static void oauth_write(struct task *t, struct json *j, str error, str description)
{
    json_str(j, "error", error);
    json_str(j, "error_description", oauth_text(t->arena, description));
}

void reply_oauth_error(struct task *t, struct response *rs, int status, str error, str description)
{
    oauth_write(t, reply_json(rs, status), error, description);
}

static void problem_write(struct task *t, struct json *j, const struct failure *f)
{
    int status = f->fault->status;
    json_str(j, "type", arena_printf(t->arena, "urn:stoa:problem:%s", f->fault->code));
    json_str(j, "title", str_of(f->fault->say));
    json_i64(j, "status", status);
    json_str(j, "detail", say(t, f));
    json_str(j, "code", str_of(f->fault->code));
    if (str_given(f->param))
        json_str(j, "param", param_shown(f->param));
    json_str(j, "request_id", t->request_id);
    json_bool(j, "retryable", status == 429 || status >= 500 || f->retry_after_s > 0);
    if (f->attempts_left >= 0)
        json_i64(j, "attempts_left", f->attempts_left);
    json_str(j, "decline_code", f->decline_code);
}

static void headers_add(struct response *rs, const struct failure *f, enum error_style style)
{
    if (f->retry_after_s > 0) {
        char seconds[16];
        int n = snprintf(seconds, sizeof seconds, "%d", f->retry_after_s);
        reply_header(rs, "Retry-After", (str){ seconds, (size_t)n });
    }
    if (str_given(f->challenge))
        reply_header(rs, "WWW-Authenticate", f->challenge);
    else if (f->fault->status == 401 && style != ERRORS_PAGE && !response_has_field(rs, "WWW-Authenticate"))
        reply_header(rs, "WWW-Authenticate", style == ERRORS_OAUTH ? STR("Basic realm=\"oauth\"") : STR("Bearer"));
}

/* For programs without a renderer of their own: every text comes from the table of faults, so nothing needs escaping.
 */
static void plain_page(struct task *t, const struct request *rq, const struct failure *f, struct response *rs)
{
    (void)rq;
    buf_printf(
        reply_html(rs, f->fault->status),
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>%d</title></head><body><h1>%s</h1>"
        "<p>%.*s</p></body></html>",
        f->fault->status, f->fault->say, STR_ARG(t->request_id));
}

static struct json *document_start(struct task *t, struct response *rs, const struct failure *f, enum error_style style)
{
    headers_add(rs, f, style);
    struct json *j = reply_json(rs, f->fault->status);
    if (style == ERRORS_OAUTH) {
        oauth_write(t, j, str_of(f->fault->code), say(t, f));
    } else {
        rs->content_type = "application/problem+json";
        problem_write(t, j, f);
    }
    return j;
}

struct json *reply_problem(struct task *t, struct response *rs, const struct failure *f)
{
    return document_start(t, rs, f, rs->route ? rs->route->errors : ERRORS_PROBLEM);
}

void response_fail(struct task *t, const struct request *rq, struct response *rs, const struct failure *f,
                   enum error_style style,
                   void (*page)(struct task *t, const struct request *rq, const struct failure *f, struct response *rs))
{
    response_discard_body(rs);
    switch (style) {
    case ERRORS_PROBLEM:
    case ERRORS_OAUTH:
        document_start(t, rs, f, style);
        return;
    case ERRORS_PAGE:
        break;
    }
    if (str_given(f->location)) {
        reply_see_other(rs, f->location);
        return;
    }
    headers_add(rs, f, style);
    (page ? page : plain_page)(t, rq, f, rs);
}
