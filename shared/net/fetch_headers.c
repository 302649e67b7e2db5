/* See fetch_headers.h. */
#include "shared/net/fetch_headers.h"

#include <curl/curl.h>

#include "shared/base/trace.h"

static bool is_header_safe(const struct fetch_header *h)
{
    if (!h->name[0] || strpbrk(h->name, " :\r\n"))
        return false;
    for (size_t i = 0; i < h->value.n; i++) {
        unsigned char c = (unsigned char)h->value.p[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

static char *header_line(struct task *t, const char *name, str value)
{
    /* An empty value is written with a semicolon in libcurl's language. */
    const char *mark = value.n ? ": " : ";";
    return arena_cstr(t->arena, arena_printf(t->arena, "%s%s%.*s", name, mark, STR_ARG(value)));
}

/* Our own log, or the acquirer's, tells the same trace; what strangers get says nothing of it. */
static char *trace_line(struct task *t)
{
    char value[TRACE_HEADER_N];
    trace_write(t->trace, value);
    return header_line(t, "traceparent", (str){ value, sizeof value });
}

bool fetch_headers_make(struct task *t, const struct fetch_request *rq, struct curl_slist **ret)
{
    static char no_expect[] = "Expect:";
    struct curl_slist *nodes = arena_array(t->arena, struct curl_slist, rq->n_headers + 2), *last = nodes;
    *last = (struct curl_slist){ .data = no_expect };
    for (size_t i = 0; i < rq->n_headers; i++) {
        const struct fetch_header *h = &rq->headers[i];
        if (!is_header_safe(h))
            return false;
        if (!str_given(h->value))
            continue;
        last->next = last + 1;
        *++last = (struct curl_slist){ .data = header_line(t, h->name, h->value) };
    }
    if (t->trace && rq->is_ours) {
        last->next = last + 1;
        *++last = (struct curl_slist){ .data = trace_line(t) };
    }
    *ret = nodes;
    return true;
}
