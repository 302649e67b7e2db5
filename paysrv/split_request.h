/* Rules of a split in a request's body: the fields of one rule, and from there to a draft (flow/stores/split.h). */
#pragma once

#include "paysrv/flow/stores/split.h"
#include "shared/http/endpoint.h"

struct rule_in {
    str party, user;
    int64_t bp, fixed, min, cap;
    bool rest;
    str on_refund;
};
extern const struct param rule_params[8];

/* Rules for one payment in place of its store's: given one by one, or a profile that is named. */
struct split_choice {
    const struct list *split;
    str split_profile;
};
/* Who gets what is the partner's to say, not the user's whose token this may be. */
MUST_USE err split_choice_check(struct task *t, const struct caller *caller, const struct split_choice *choice);
/* *id absent: nothing was chosen. */
MUST_USE err split_choice_read(struct task *t, partner_id partner, const struct split_choice *choice, str currency,
                               struct split_profile *ret, str *id);

/* Complete and checked. field: the parameter that holds the list. */
MUST_USE err split_request_read(struct task *t, partner_id partner, const char *field, const struct list *rules,
                                str currency, struct split_draft *ret);
