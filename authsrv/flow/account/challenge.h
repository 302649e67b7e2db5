/*
 * People who prove themselves inside an application: what it asks for is kept, a code goes to the owner of the address,
 * and whoever types it to the application gets it an authorization code (OAuth 2.0 for First-Party Applications). The
 * form (endpoints/challenge.c) and the partner API (endpoints/partner_users.c) are two faces of this.
 *
 * What the application hears does not depend on whether anybody here has the address; what the mail says does.
 */
#pragma once

#include "authsrv/domain/account/challenge.h"
#include "authsrv/store/challenge.rows.h"
#include "shared/base/err.h"
#include "shared/base/task.h"
#include "shared/text/form.h"

struct challenge_ask {
    const struct client *client;
    const struct form *form; /* what an authorization request has, with login_hint */
    str name;                /* for a new account; absent: from the address */
    str request_id;          /* the same again is answered with the same challenge; absent: none */
};

struct challenge_begun {
    const char *page;                                 /* why one of our pages is needed; NULL: a code was mailed */
    str request_uri;                                  /* that leads to it */
    str auth_session;                                 /* absent: an earlier request's challenge */
    const struct challenge_by_session_row *challenge; /* as it is now */
};
/* UNAUTHORIZED_CLIENT: the operator did not allow it to this client. TOO_MANY_REQUESTS: this address had enough mails.
 */
MUST_USE err challenge_begin(struct task *t, const struct challenge_ask *ask, struct challenge_begun *ret);

/* INVALID_SESSION: none of this client, over, or begun with another key. */
MUST_USE err challenge_resume(struct task *t, const struct client *client, str auth_session,
                              const struct challenge_by_session_row **ret);
/* Another code for it. TOO_MANY_REQUESTS: too early, or once more than may be. */
MUST_USE err challenge_again(struct task *t, const struct client *client, const struct challenge_by_session_row *c);

enum challenge_end {
    CHALLENGE_CONFIRMED = 1,
    CHALLENGE_WRONG, /* the code: or there is nobody to whom it was mailed, or it is dead */
    CHALLENGE_WEB,   /* it is right; this account needs more than that */
};
struct challenge_answer {
    enum challenge_end end;
    str code; /* the authorization code */
    user_id user;
    int64_t attempts_left;
};
MUST_USE err challenge_try(struct task *t, const struct client *client, const struct challenge_by_session_row *c,
                           str typed, struct challenge_answer *ret);

/* The key of the link in the mail fits this challenge. */
bool challenge_link_good(struct task *t, str id, str key);
/* The owner of the address says that it was somebody else: the code dies, unless it was over already. */
MUST_USE err challenge_end_disowned(struct task *t, str id);

/* What both halves of this do in one transaction (the other is challenge_answer.c). */
MUST_USE err challenge_tx(struct task *t, err (*fn)(struct task *t, void *context), void *context);
