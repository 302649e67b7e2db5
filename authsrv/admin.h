/*
 * What the endpoints under /admin/v1 share: who may call, pages of lists, versions against lost updates.
 * A guard per area lets in tokens for the admin API's audience with the area's scope; of people, as far as their role
 * goes at this moment. A client that belongs to a partner is that partner's administration (tenant): decision 0023.
 */
#pragma once

#include "authsrv/domain/client/client.h"
#include "shared/http/endpoint.h"

struct admin_caller {
    str actor;                   /* of the audit log: the user's id, or the client's */
    str scope;                   /* what counts: the token's, cut down to the role of a person */
    str tenant;                  /* the partner whose client asks; absent: the operator's */
    const struct client *client; /* through which he asks */
};

/* What is behind these guards is the operator's: a partner's administration is refused. */
extern const struct guard GUARD_ADMIN_USERS;
extern const struct guard GUARD_ADMIN_CLIENTS;
extern const struct guard GUARD_ADMIN_PARTNERS;
extern const struct guard GUARD_ADMIN_RESOURCES;
extern const struct guard GUARD_ADMIN_KEYS;
extern const struct guard GUARD_ADMIN_READ; /* the log and the numbers */
/* What is behind these looks at admin_of(rq)->tenant, so that a partner's administration may have it for its own. */
extern const struct guard GUARD_ADMIN_USERS_OWN;
extern const struct guard GUARD_ADMIN_CLIENTS_OWN;
extern const struct guard GUARD_ADMIN_PARTNERS_OWN;
extern const struct guard GUARD_ADMIN_READ_OWN;
/* A backend that brings people to its own client. */
extern const struct guard GUARD_ADMIN_BRINGS;

static inline const struct admin_caller *admin_of(const struct request *rq)
{
    return rq->caller;
}

/* FORBIDDEN_TENANT naming the member, when a partner's administration says what only the operator may say. */
MUST_USE err admin_operator_says(struct task *t, const struct request *rq, const char *member, bool said);

#define ADMIN_PAGE_MAX 100
#define ADMIN_PAGE_DEFAULT 20

#define ADMIN_PAGE_FIELDS                                                                                              \
    int64_t limit;                                                                                                     \
    str cursor;
#define ADMIN_PAGE_PARAMS(S)                                                                                           \
    P_I64(S, limit, .need = OPTIONAL, .low = 1, .high = ADMIN_PAGE_MAX, .fallback = ADMIN_PAGE_DEFAULT),               \
        P_STR(S, cursor, .need = OPTIONAL, .set = BASE64URL, .min = 1, .max = 400)

/* A route that reads or writes: what all of the admin API have in common. */
#define ADMIN_ROUTE(method_, path_, guard_, body_, ...)                                                                \
    {                                                                                                                  \
        .method = method_, .path = path_, .guard = &guard_, .body = body_, .run = RUN_WORKER,                          \
        .errors = ERRORS_PROBLEM, .no_store = true, __VA_ARGS__                                                        \
    }

/* {"object":"list","data":[ - the caller writes the items and calls list_end. */
struct json *list_begin(struct response *rs);
/* ],"has_more":...,"next_cursor":...}: last is the position of the last item shown. */
void list_end(struct task *t, struct json *j, const char *list, bool has_more, str last);

/* The ETag of what is shown. */
void version_tag(struct task *t, struct response *rs, int64_t version);
/* If-Match as the version that the caller saw. VERSION_NEEDED without it, VERSION_DIFFERS when it is none of ours. */
MUST_USE err version_want(struct task *t, const struct request *rq, int64_t *version);
