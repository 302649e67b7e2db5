/* See trace.h. */
#include "shared/base/trace.h"

#include <string.h>

#define ID_AT 3
#define SPAN_AT 36
#define FLAGS_AT 53

static bool is_hex(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] < '0' || s.p[i] > '9') && (s.p[i] < 'a' || s.p[i] > 'f'))
            return false;
    return true;
}

static bool is_id(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '0')
            return is_hex(s);
    return false;
}

/* Versions after 00 may say more behind another dash, and mean the same by what is before it; ff is no version. */
static bool is_framed(str s)
{
    if (s.n < TRACE_HEADER_N || s.p[ID_AT - 1] != '-' || s.p[SPAN_AT - 1] != '-' || s.p[FLAGS_AT - 1] != '-')
        return false;
    str version = { s.p, 2 };
    if (!is_hex(version) || str_eq(version, STR("ff")))
        return false;
    return s.n == TRACE_HEADER_N || (!str_eq(version, STR("00")) && s.p[TRACE_HEADER_N] == '-');
}

bool trace_read(str traceparent, struct trace *ret)
{
    if (!is_framed(traceparent))
        return false;
    str id = { traceparent.p + ID_AT, TRACE_ID_N }, span = { traceparent.p + SPAN_AT, TRACE_SPAN_N };
    str flags = { traceparent.p + FLAGS_AT, sizeof ret->flags };
    if (!is_id(id) || !is_id(span) || !is_hex(flags))
        return false;
    memcpy(ret->id, id.p, id.n);
    memcpy(ret->parent, span.p, span.n);
    memcpy(ret->flags, flags.p, flags.n);
    return true;
}

void trace_write(const struct trace *trace, char ret[static TRACE_HEADER_N])
{
    memcpy(ret, "00-", ID_AT);
    memcpy(ret + ID_AT, trace->id, TRACE_ID_N);
    ret[SPAN_AT - 1] = ret[FLAGS_AT - 1] = '-';
    memcpy(ret + SPAN_AT, trace->span, TRACE_SPAN_N);
    memcpy(ret + FLAGS_AT, trace->flags, sizeof trace->flags);
}
