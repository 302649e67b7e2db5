/*
 * The page /operator/sellers/{user}: what one seller has, sells, owes and is paid out; and the same after one of its
 * forms was refused, with what was typed.
 */
#pragma once

#include "paysrv/operator_page.h"
#include "paysrv/store/user.rows.h"
#include "shared/http/endpoint.h"

struct seller_refused {
    struct operator_refusal said;
    str currency, write_off; /* of what is owed in it; or the undoing of that one */
    str amount, reason;
    bool is_shown; /* out: beside what it is about; else above all */
};

/* refused NULL: none. NOT_FOUND. */
MUST_USE err operator_seller_show(struct task *t, const struct operator_session *who, user_id id,
                                  struct seller_refused *refused, struct response *rs);
/* With the task under his partner's clock. NOT_FOUND. */
MUST_USE err operator_seller_load(struct task *t, user_id id, partner_id *partner, const struct user_find_row **ret);
