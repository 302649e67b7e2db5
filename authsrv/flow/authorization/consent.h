/* What a person allowed a client. */
#pragma once

#include "authsrv/flow/authorization/code_batch.h"

/* Adds to what was allowed before; claims: single ones beyond the scope. */
MUST_USE err consent_add(struct task *t, const struct consent_key *key, str scope, str claims);
