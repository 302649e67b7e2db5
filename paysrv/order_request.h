/* What is asked of the one object that a path names, under an idempotency key: handlers that differ in the flow only.
 */
#pragma once

#include "paysrv/domain/access/caller.h"
#include "paysrv/flow/once.h"
#include "paysrv/store/user.rows.h"
#include "shared/http/endpoint.h"

typedef err order_run(struct task *t, const struct caller *c, str id, const struct once *once, struct answer *ret);
/* `param` of the path is the id. The key may be absent. */
MUST_USE err order_answer(struct task *t, const struct request *rq, struct response *rs, const char *param,
                          order_run *run);

struct code_in {
    str code;
};
extern const struct param code_params[1];

typedef err code_order_run(struct task *t, const struct caller *c, str id, str typed, const struct once *once,
                           struct answer *ret);
/*
 * The same with the code that was mailed (code_params). What it confirms is done at once, so that the key is required.
 * CODES_SEALED, before anything of it is looked at: no guess is counted, and nobody learns whether it would be one.
 */
MUST_USE err code_order_answer(struct task *t, const struct request *rq, struct response *rs, const char *param,
                               code_order_run *run);

typedef err user_order_run(struct task *t, const struct caller *c, const struct user_find_row *user,
                           const struct once *once, struct answer *ret);
/* `user` of the path, when the caller may act for him (flow/party/party.h), and the key, which may be absent. */
MUST_USE err user_order_begin(struct task *t, const struct request *rq, const struct user_find_row **user,
                              struct once *once);
/* The same of that user. */
MUST_USE err user_order_answer(struct task *t, const struct request *rq, struct response *rs, user_order_run *run);
