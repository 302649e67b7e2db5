/* The claims about a user that we can make, read from the account. */
#pragma once

#include "authsrv/domain/token/claims.h"
#include "authsrv/store/newtypes.h"
#include "shared/base/err.h"
#include "shared/base/task.h"

/* What a statement that was asked for something else read of the account along. */
struct account_words {
    str name, email, profile;
    bool email_verified;
    instant updated_at;
};
#define ACCOUNT_WORDS(row)                                                                                             \
    ((struct account_words){ (row)->user_name, (row)->email, (row)->profile, (row)->email_verified, (row)->updated_at })

const struct person *person_of(struct task *t, const struct account_words *account);
/* NULL: the account is disabled. */
MUST_USE err person_load(struct task *t, user_id user, const struct person **ret);
