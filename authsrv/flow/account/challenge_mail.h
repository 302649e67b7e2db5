/* What the owner of an address is told when an application wants it to be proved. */
#pragma once

#include "authsrv/domain/account/challenge.h"
#include "shared/base/err.h"
#include "shared/base/task.h"

struct challenge_mail {
    const struct client *client;
    enum challenge_entry entry;
    str id, address, code;
    str locale;         /* of the person whose address it is; absent: unknown */
    str registered_uri; /* whose host is where the code belongs */
};
MUST_USE err challenge_mail_keep(struct task *t, const struct challenge_mail *m);
/* The key of the link that says it was somebody else. */
str challenge_link_key(struct task *t, str id);
