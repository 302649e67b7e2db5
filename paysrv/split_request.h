/* Rules of a split in a request's body: the fields of one rule, and from there to a draft (flow/split.h). */
#pragma once

#include "paysrv/flow/split.h"
#include "shared/http/endpoint.h"

struct rule_in {
    str party, user;
    int64_t bp, fixed, min, cap;
    bool rest;
    str on_refund;
};
extern const struct param rule_params[8];

/* Complete and checked. field: the parameter that holds the list. */
MUST_USE err split_request_read(struct task *t, partner_id partner, const char *field, const struct list *rules,
                                str currency, struct split_draft *ret);
