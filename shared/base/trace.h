/*
 * Which piece of work a request is part of, across processes: W3C Trace Context (Recommendation, level 1). Ids are
 * lower-case hexadecimal digits, and no secret.
 */
#pragma once

#include "shared/base/str.h"

enum { TRACE_ID_N = 32, TRACE_SPAN_N = 16, TRACE_HEADER_N = 55 };

struct trace {
    char id[TRACE_ID_N];
    char span[TRACE_SPAN_N];   /* of this request */
    char parent[TRACE_SPAN_N]; /* of whoever asked for it; a NUL first: it begins here */
    char flags[2];
};

/* What a `traceparent` says: id, flags, and its span as the parent. false: it is none (3.2.2), *ret stays as it is. */
bool trace_read(str traceparent, struct trace *ret);
/* The `traceparent` of what this request asks of others. */
void trace_write(const struct trace *trace, char ret[static TRACE_HEADER_N]);
