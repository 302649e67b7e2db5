/* The operator's work on accounts; the verbs and the admin API both call it. Every change writes its audit entry. */
#pragma once

#include "authsrv/store/admin.rows.h"
#include "shared/base/err.h"
#include "shared/base/task.h"

struct account_draft {
    str email, name, password, role;
    str profile; /* JSON of further standard claims; absent: none */
};
/* ALREADY_EXISTS: the e-mail address is another account's log-in name. */
MUST_USE err account_create(struct task *t, str actor, const struct account_draft *d, str *id);

/* Absent: stays. */
struct account_change {
    str name, email, role;
    const bool *email_verified;
};
/* VERSION_DIFFERS when the account is not as the caller saw it. */
MUST_USE err account_update(struct task *t, str actor, user_id id, int64_t version, const struct account_change *c);
/* Ends at once what the account holds. */
MUST_USE err account_disable(struct task *t, str actor, user_id id);
/*
 * Its password opens nothing until the person has chosen another with a mailed code; sessions go on. CONFLICT: there is
 * no password, or no mails are sent.
 */
MUST_USE err account_expire_password(struct task *t, str actor, const struct account_find_row *row, bool expired);
MUST_USE err account_expiry_check(struct task *t, const struct account_find_row *row,
                                  bool expired); /* changes nothing */
MUST_USE err account_allow_again(struct task *t, str actor, user_id id);
/* By id or log-in name; NOT_FOUND when there is none, or it is not this tenant's (absent: anybody's). */
MUST_USE err account_load(struct task *t, str id_or_login, str tenant, const struct account_find_row **ret);
