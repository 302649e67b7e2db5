/*
 * What verified access tokens said, by the SHA-256 of the token, so that the same signature is not verified again and
 * again. Bounded, of this process only; an entry lives until the token's exp, and 60 s at most.
 */
#pragma once

#include "paysrv/domain/access/caller.h"
#include "shared/base/bytes.h"
#include "shared/base/task.h"

struct token_cache;

struct token_cache *token_cache_create(struct arena *process);
/* Copies into the task's arena. */
bool token_cache_find(struct task *t, struct token_cache *c, const digest *token, struct caller *ret);
void token_cache_keep(struct task *t, struct token_cache *c, const digest *token, const struct caller *caller);
