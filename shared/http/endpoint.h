/*
 * What an endpoint file includes: request, response, parameters, route.
 * Everything that cuts across endpoints (who may call, body kind, limits, caching, errors) is a column of struct route.
 */
#pragma once

#include <stdint.h>

#include "shared/base/faults.h"
#include "shared/base/task.h"
#include "shared/text/form.h"
#include "shared/text/json_in.h"
#include "shared/text/json_out.h"

enum method { GET = 1, POST, PUT, PATCH, DELETE, OPTIONS, HEAD };

/* ---- request ---- */

struct route;
struct http_header {
    str name, value;
};
struct path_param {
    str name, value; /* value percent-decoded */
};

struct request {
    enum method method;
    str path;  /* raw, as sent: /v1/payments/pay_x */
    str query; /* raw, absent when there is no '?' */
    str body;  /* raw bytes */
    str peer;  /* client address as text; the proxy's word for it only when the proxy is a configured one */
    const struct route *route;
    const void *in;          /* the route's own input struct, validated: cast once in the handler */
    const struct form *form; /* query (GET) or body (BODY_FORM) as decoded; for routes that need undeclared fields */
    const struct json_value *json; /* BODY_JSON: the whole document */
    const void *caller;            /* what the guard put there */
    const digest *credential;      /* of what it proves itself by, once somebody has asked; NULL: nobody has */
    const struct http_header *headers;
    size_t n_headers;
    const struct path_param *path_params;
    size_t n_path_params;
    bool secure; /* the client came over TLS, to us or to a trusted proxy */
    /*
     * The client's own certificate as DER, absent when it sent none: from the TLS connection, or from the header of a
     * trusted proxy. The client has proved that it holds the key, and nothing else: compare it with what is registered.
     */
    bytes client_certificate;
    bool client_certificate_trusted; /* it is in its validity and chains to the configured CA, at this request */
    instant now;
};

/* Header by lower-case name. Absent when missing. Headers sent more than once are refused before unless they are list
 * headers. */
str request_header(const struct request *rq, const char *name);
/* Cookie by name. Absent when missing or sent twice. */
str request_cookie(const struct request *rq, const char *name);
/* The values of those whose names begin so, at most cap of them; how many. */
size_t request_cookies(const struct request *rq, const char *prefix, str *ret, size_t cap);
/* Segment of the path named {name} in the route's pattern, percent-decoded. */
str request_path_param(const struct request *rq, const char *name);

/* ---- response ---- */

struct response; /* opaque: filled by the functions below */

/* Of a page or of JSON. More is answered 500: a list ends before that, however long what is in it. */
#define RESPONSE_MAX_BYTES ((size_t)4 << 20)
/* Starts a JSON object body; dispatch closes it and sends. */
struct json *reply_json(struct response *rs, int status);
/* A stored JSON document sent again as it was, byte for byte. */
void reply_raw(struct response *rs, int status, const char *content_type, str body);
/* To be kept under this name: the first so many bytes of an open file, which are read as they are sent: for what is too
 * large for memory. It has to stay open as long as the task's arena lives (shared/ops/spool.h). */
void reply_file(struct response *rs, int status, const char *content_type, str name, int file, int64_t size);
/*
 * The same while it is being written: the answer begins, with the headers that it has by now, and the handler goes on
 * and says how much is there. What it returns ends the answer, or breaks it off: a failure cannot be told any more, but
 * the peer sees that the answer is not whole. From a route that is RUN_COSTLY. False: this peer could not see it
 * (HTTP/1.0), and gets the file when it is whole.
 */
MUST_USE bool reply_file_begin(struct task *t, struct response *rs, int status, const char *content_type, str name,
                               int file);
/* UNAVAILABLE: the peer has gone, and nobody wants the rest. */
MUST_USE err reply_file_written(struct task *t, struct response *rs, int64_t size);
/* An HTML page: sets the strict Content-Security-Policy and no-store; write the page into the returned buffer. */
struct buf *reply_html(struct response *rs, int status);
/* 303 to location, which must be our own path or a URL that was validated before. */
void reply_see_other(struct response *rs, str location);
void reply_found(struct response *rs, str location); /* 302, GET chains only */
void reply_empty(struct response *rs, int status);
/*
 * Starts the route's error document (problem or OAuth) for a fault and leaves it open for further members; for answers
 * that are kept and sent again. Ordinary failures are returned, not replied.
 */
struct json *reply_problem(struct task *t, struct response *rs, const struct failure *f);
/* An OAuth error (RFC 6749 section 5.2) whose code is a verdict, not a fault of the table. */
void reply_oauth_error(struct task *t, struct response *rs, int status, str error, str description);
/* What was written so far by reply_json, reply_raw or reply_html, for an answer that is stored. Closes the JSON. */
str reply_text(struct response *rs);
int reply_status(const struct response *rs);
/* The answer leaves not before so long after the request came, however long it took; no thread waits meanwhile. */
void reply_hold(struct response *rs, duration wait);
/* No answer: the connection is closed (the sandbox's faults). */
void reply_drop(struct response *rs);
/* Extra header, kept even when the handler fails; replaces a default of the same name. Bytes below 0x20 or 0x7f in it
 * are a bug and abort. */
void reply_header(struct response *rs, const char *name, str value);
/* Replaces one directive of the page's Content-Security-Policy, e.g. "frame-ancestors", "https://a.example". */
void reply_csp(struct response *rs, const char *directive, str value);

struct cookie {
    const char *name; /* __Host- prefixed */
    str value;
    int64_t max_age_s;   /* 0: session cookie; < 0: delete */
    bool same_site_none; /* default Lax */
    bool partitioned;    /* of a frame: kept for each site around it, which is all that browsers keep there (CHIPS) */
    bool readable;       /* default HttpOnly */
};
void reply_cookie(struct response *rs, const struct cookie *c);

/* ---- parameters ---- */

enum param_need { REQUIRED = 1, OPTIONAL };
enum param_set {
    TEXT = 1,   /* valid UTF-8, no control characters but tab, LF, CR */
    LINE,       /* TEXT without line breaks and what turns the direction of writing */
    TOKEN,      /* printable ASCII without space */
    UNRESERVED, /* RFC 3986 */
    BASE64URL,
    DIGITS,
    URI, /* parses as an absolute URL or private-use URI */
    EMAIL,
    CURRENCY, /* three capital letters */
    WORDS,    /* space-separated RFC 6749 scope tokens */
    ID,       /* lower-case letters, digits, '_' */
};
enum param_kind { KIND_STR = 1, KIND_I64, KIND_BOOL, KIND_VALUE, KIND_OBJECT, KIND_OBJECTS };

struct param {
    const char *name;
    enum param_kind kind;
    size_t offset;
    enum param_need need;
    enum param_set set; /* KIND_STR */
    size_t min, max;    /* KIND_STR: length in bytes; KIND_OBJECTS: items */
    int64_t low, high;  /* KIND_I64: inclusive range */
    int64_t fallback;   /* KIND_I64, OPTIONAL: the value when it is absent */
    bool in_characters; /* KIND_STR of TEXT or LINE: what people write, whose length is of characters */
    /* For the OpenAPI document, of what the handler judges: the words that a KIND_STR takes, space-separated; the type
     * of a KIND_VALUE (shared/text/shape.h). */
    const char *words, *type;
    const struct param *fields; /* KIND_OBJECT(S): the inner table */
    size_t n_fields, inner_size;
};

/* A list of inner structs, for KIND_OBJECTS: `struct list line_items;` items is an array of the inner struct. */
struct list {
    const void *items;
    size_t n;
};

#define PARAM_OFFSET(S, field, T)                                                                                      \
    (__builtin_choose_expr(__builtin_types_compatible_p(__typeof__(((S *)0)->field), T), offsetof(S, field), (void)0))
/* Each names the struct, the field and what is allowed: P_STR(struct in, code, .need = REQUIRED, .set = BASE64URL, .min
 * = 43, .max = 43) */
#define P_STR(S, field, ...)                                                                                           \
    {                                                                                                                  \
        .name = #field, .kind = KIND_STR, .offset = PARAM_OFFSET(S, field, str), __VA_ARGS__                           \
    }
#define P_I64(S, field, ...)                                                                                           \
    {                                                                                                                  \
        .name = #field, .kind = KIND_I64, .offset = PARAM_OFFSET(S, field, int64_t), __VA_ARGS__                       \
    }
#define P_BOOL(S, field, ...)                                                                                          \
    {                                                                                                                  \
        .name = #field, .kind = KIND_BOOL, .offset = PARAM_OFFSET(S, field, bool), __VA_ARGS__                         \
    }
/* Any JSON value, as parsed (JSON bodies only). */
#define P_VALUE(S, field, ...)                                                                                         \
    {                                                                                                                  \
        .name = #field, .kind = KIND_VALUE, .offset = PARAM_OFFSET(S, field, const struct json_value *), __VA_ARGS__   \
    }
/* Pointer to an inner struct, NULL when absent: P_OBJECT(struct in, bank, struct bank_in, bank_params, .need =
 * OPTIONAL) */
#define P_OBJECT(S, field, INNER, TABLE, ...)                                                                          \
    {                                                                                                                  \
        .name = #field, .kind = KIND_OBJECT, .offset = PARAM_OFFSET(S, field, const INNER *), .fields = TABLE,         \
        .n_fields = sizeof(TABLE) / sizeof(TABLE)[0], .inner_size = sizeof(INNER), __VA_ARGS__                         \
    }
#define P_OBJECTS(S, field, INNER, TABLE, ...)                                                                         \
    {                                                                                                                  \
        .name = #field, .kind = KIND_OBJECTS, .offset = PARAM_OFFSET(S, field, struct list), .fields = TABLE,          \
        .n_fields = sizeof(TABLE) / sizeof(TABLE)[0], .inner_size = sizeof(INNER), __VA_ARGS__                         \
    }

/* A table over another form than the request's: parameters that came inside a signed document. Unknown ones are
 * ignored. */
MUST_USE err form_params_read(struct task *t, const struct param *params, size_t n, const struct form *form, void *in);

/* ---- route ---- */

enum body_kind { BODY_NONE = 1, BODY_FORM, BODY_JSON, BODY_RAW };
enum run_kind {
    RUN_INLINE = 1, /* on the I/O thread: no database, no blocking */
    RUN_TRY_INLINE, /* first inline with t->db == NULL; NEED_WORKER runs it again, whole, on a worker */
    RUN_WORKER,
    RUN_IN_TURNS, /* only reads: inline as above, and waits for rows of a batch without a thread (struct turn) */
    RUN_COSTLY,   /* on few workers with a queue of their own: what costs much of a processor never holds up the rest */
};
enum error_style { ERRORS_PROBLEM = 1, ERRORS_OAUTH, ERRORS_PAGE };
enum cors_kind { CORS_NONE = 0, CORS_ANY /* public documents: '*', never with credentials */ };

/* Decides who calls and whether they may; puts the caller into rq->caller. */
struct guard {
    const char *name;
    err (*check)(struct task *t, struct request *rq);
    /* Headers that its refusals carry besides; NULL: none. */
    void (*refused)(struct task *t, const struct request *rq, struct response *rs);
};
extern const struct guard GUARD_PUBLIC; /* anybody: written down, never by omission */

/* At which names a route answers: the server's own, or those of others that it serves (server.h, site_find). */
enum route_sites { SITE_OWN = 0, SITE_ANY, SITE_OTHERS };

struct route {
    enum method method;
    const char *path; /* "/v1/payments/{payment}" */
    struct {
        const char *param, *value;
    } when; /* several routes on one path are told apart by the value of one form field (grant_type); value NULL: the
               route that answers when the field is missing or has no route of its own. Without such a route: 400 */
    const struct guard *guard;
    enum body_kind body;
    size_t max_body_bytes; /* 0: 64 KiB */
    enum run_kind run;
    /* With RUN_COSTLY: this one is served before the others, and has room when they have none. Asked on the I/O thread,
     * before the guard; NULL: never. */
    bool (*ahead)(struct task *t, const struct request *rq);
    enum error_style errors;
    enum cors_kind cors;
    bool no_store;
    bool any_host; /* answers whatever Host says: for probes that know an address only */
    enum route_sites sites;
    int64_t cache_s; /* > 0: Cache-Control: public, max-age */
    int per_minute;  /* rate limit per address, or /64 of IPv6 (0: none); over it 429 */
    /*
     * And per value of the path's first parameter, which is a secret link: it bounds each of many that share one
     * address (a carrier's), so that per_minute can be generous.
     */
    int per_minute_link;
    bool ignore_unknown; /* OAuth: unrecognized parameters are ignored; JSON APIs refuse them by name */
    bool needs_key;      /* a request without Idempotency-Key is refused, by the guard */
    bool repeatable;   /* a POST that a second time does nothing more: it takes no Idempotency-Key, nor looks at one */
    const char *media; /* of a body that is a file: the types that it may have, space-separated; NULL: any */
    bool named_file;   /* and Content-Disposition may say what it is called */
    const char *repeats; /* form fields that may come several times, space-separated; NULL: none */
    size_t input_size;
    const struct param *params; /* the body; of GET, DELETE and a body that is a file the query */
    size_t n_params;
    err (*handle)(struct task *t, const struct request *rq, struct response *rs);
    const char *answer;  /* the type of what it answers when it is done (shared/text/shape.h); NULL: no JSON */
    const char *done;    /* the statuses of that, space-separated: 200 201 202 204; NULL: 200 */
    const char *refusal; /* the type of what it answers to 4XX; NULL: that of its error style */
    const char *sheet;   /* the media type of what it answers otherwise, as the request asks; NULL: nothing else */
    const char *paper;   /* and one more */
    const char *summary; /* one line for docs/endpoints.md and openapi.json */
};

#define INPUT(S, TABLE) .input_size = sizeof(S), .params = TABLE, .n_params = sizeof(TABLE) / sizeof(TABLE)[0]
