/* What a handler has replied so far. Private to shared/http. */
#pragma once

#include "shared/http/endpoint.h"

#define RESPONSE_MAX_FIELDS 24
#define RESPONSE_MAX_DIRECTIVES 8

enum reply_kind { REPLY_NONE = 0, REPLY_EMPTY, REPLY_JSON, REPLY_RAW, REPLY_PAGE, REPLY_FILE, REPLY_STREAM };

struct reply_field {
    const char *name, *value; /* NUL-terminated for the library that sends them */
};

struct response {
    struct arena *arena;
    const struct route *route; /* NULL: none matched */
    int status;
    enum reply_kind kind;
    const char *content_type;
    str raw;
    int file;
    int64_t file_bytes;
    struct buf body;
    struct json json;
    bool json_open;
    size_t n_fields;
    struct reply_field fields[RESPONSE_MAX_FIELDS];
    size_t n_directives;
    struct {
        const char *name;
        str value;
    } directives[RESPONSE_MAX_DIRECTIVES];
    int64_t hold_us;
    bool dropped;
};

void response_init(struct response *rs, struct arena *a, const struct route *route);
/* Forgets the body but keeps headers and cookies, for the error answer of a handler that set some. */
void response_discard_body(struct response *rs);
/* Ends the body. false: it has grown over what an answer may be, and is not to be sent. */
bool response_complete(struct response *rs);
bool response_has_field(const struct response *rs, const char *name);
/* A file of which it is not yet said how much there is. */
void response_start_file(struct response *rs, int status, const char *content_type, str name, int file);
/* The Content-Security-Policy with this response's replacements. */
const char *response_policy(struct response *rs);
/* Writes the answer to a failure in the route's error style. page: configured renderer or NULL. */
void response_fail(struct task *t, const struct request *rq, struct response *rs, const struct failure *f,
                   enum error_style style,
                   void (*page)(struct task *t, const struct request *rq, const struct failure *f,
                                struct response *rs));
