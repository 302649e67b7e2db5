/*
 * The agreement between sellers and the operator: published in versions, each with the hash of its text, and accepted
 * by each seller. An acceptance is evidence: who, when, from where, and of which text; it is never changed.
 */
#pragma once

#include "paysrv/domain/access/caller.h"
#include "paysrv/flow/once.h"
#include "paysrv/store/agreement.rows.h"
#include "paysrv/store/user.rows.h"
#include "shared/base/task.h"
#include "shared/text/json_out.h"

#define ACCEPTANCES_MOST 1000 /* of one user, in a list: as many as there may be versions */

void agreement_write(struct json *j, struct task *t, const struct agreement_in_force_row *row);
void acceptance_write(struct json *j, struct task *t, const struct acceptance_list_row *row);

struct acceptance {
    str version;
    str ip, user_agent; /* of the seller, as the partner saw them; absent: not said */
};
/* INVALID_PARAMETER `version`: not one that can be accepted now. Accepted before: that acceptance, 200. */
MUST_USE err agreements_accept(struct task *t, const struct caller *c, const struct user_find_row *user,
                               const struct acceptance *acceptance, const struct once *once, struct answer *ret);
