/*
 * Access tokens that the issuer took back before their end, kept in memory from its feed (docs/protocol/tokens.md). A
 * token is refused a second or two after its revocation; while the feed cannot be had, tokens stay good until their
 * end. Of more than memory is meant for, every token of before is refused (domain/access/revoked.h).
 */
#pragma once

#include "paysrv/domain/access/caller.h"
#include "shared/base/err.h"
#include "shared/base/task.h"

struct revocations;

struct revocations *revocations_create(struct arena *process);
/* Was this token, everything that its client had at that time, or everything that its key signed, taken back? */
bool revocations_hit(struct task *t, struct revocations *r, const struct caller *caller);
/* Has what this operator rested on at that moment been lost since? */
bool revocations_hit_person(struct task *t, struct revocations *r, str subject, instant since);
/* The job: asks for what is new. Without operator_client_id there is nobody to ask as, and it does nothing. */
MUST_USE err revocations_poll(struct task *t);
