/* What the API's endpoints share between request and flow: idempotency keys, stored answers, pages of lists. */
#pragma once

#include "paysrv/domain/access/caller.h"
#include "paysrv/flow/once.h"
#include "shared/http/endpoint.h"
#include "shared/text/json_in.h"
#include "shared/text/url.h"

static inline const struct caller *caller_of(const struct request *rq)
{
    return rq->caller;
}

/* The key that came with it, absent: none. IDEMPOTENCY_KEY_REQUIRED, IDEMPOTENCY_KEY_INVALID. */
MUST_USE err once_key(struct task *t, const struct request *rq, bool required, str *ret);
/* The key of a POST. required: what its body asks for needs one, as all calls of routes with needs_key do, whose guard
 * has seen to it. IDEMPOTENCY_KEY_REQUIRED, IDEMPOTENCY_KEY_INVALID. */
MUST_USE err once_of(struct task *t, const struct request *rq, bool required, struct once *ret);
/*
 * The same, and sends what was answered under the key before: *is_answered, and nothing is left to do. Before anything
 * is judged that may be otherwise by now.
 */
MUST_USE err once_answered(struct task *t, const struct request *rq, struct response *rs, struct once *ret,
                           bool *is_answered);
/* Sends it, with Idempotent-Replayed when it is a stored one. */
void answer_send(struct response *rs, const struct answer *answer);
/* The whole of it: what was answered before, or what `handler` answers, which keeps that under the key (once_run). */
typedef err once_handler(struct task *t, const struct request *rq, const struct once *once, struct answer *answer);
MUST_USE err once_handle(struct task *t, const struct request *rq, struct response *rs, once_handler *handler);

/* What is given as `methods`, for the OpenAPI document. */
#define METHODS_TYPE "PaymentMethod[] | null"
/* Methods by their names, each once; absent or null: no list, which is all. INVALID_PARAMETER for methods. */
MUST_USE err methods_read(struct task *t, const struct json_value *value, str_array *ret);

/* Lists: ?limit=1..100&cursor=. One row more than the limit is asked for, to know whether there is a next page. */
#define PAGE_DEFAULT 20
#define PAGE_MAX 100
#define PAGE_FIELDS                                                                                                    \
    int64_t limit;                                                                                                     \
    str cursor;
#define PAGE_PARAMS(S)                                                                                                 \
    P_I64(S, limit, .need = OPTIONAL, .low = 1, .high = PAGE_MAX),                                                     \
        P_STR(S, cursor, .need = OPTIONAL, .set = BASE64URL, .min = 1, .max = 400)

static inline size_t page_limit(int64_t asked)
{
    return asked ? (size_t)asked : PAGE_DEFAULT;
}

/* Lists of the parts of a payment: nothing said, a page is as long as it may be, for few payments have more. */
struct parts_in {
    PAGE_FIELDS
};
extern const struct param parts_params[2];
/* The list's name for cursors: one of another payment is none of ours. */
const char *parts_name(struct task *t, const char *what, payment_id payment);
static inline size_t parts_limit(int64_t asked)
{
    return asked ? (size_t)asked : PAGE_MAX;
}

/* {"object":"list","data":[ - the caller writes the items and calls page_end. */
struct json *page_begin(struct response *rs);
/* ],"has_more":...,"next_cursor":...}: last is the position of the last item shown; has_more false: null. */
void page_end(struct task *t, struct json *j, const char *list, partner_id partner, bool has_more, str last);

/* Nobody on the way can change what it shows: https, or http that does not leave the machine. */
bool url_is_safe(const struct url *u);
/* Where a browser is sent back to: such an address. Absent is good. */
MUST_USE err return_url_check(struct task *t, str text);
