/* What a person allowed a client. */
#pragma once

#include "authsrv/flow/authorization/code_batch.h"

/* Adds to what was allowed before. lasting: of the scope, what is not asked for again; claims: single ones beyond it.
 */
MUST_USE err consent_add(struct task *t, const struct consent_key *key, str scope, str lasting, str claims);
