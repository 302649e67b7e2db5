/*
 * Whose account an identity at a partner is: (issuer, subject) and nothing else. The first log-in makes the account, as
 * far as the partner's policy lets it.
 */
#pragma once

#include "authsrv/domain/upstream/upstream_person.h"
#include "authsrv/flow/session/session.h"
#include "authsrv/flow/upstream/upstream_load.h"

/* ACCOUNT_DISABLED, or NOT_INVITED: nobody yet, and the partner may not make this account. */
MUST_USE err upstream_account(struct task *t, const struct upstream *up, const struct partner_person *person,
                              struct proven *who);
