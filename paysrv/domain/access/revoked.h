/*
 * What was taken back before its end, by digests, in memory: an open-addressed table that grows with what there is, to
 * a limit. Beyond it nothing is forgotten silently: what is as old as an entry for which there was no room counts as
 * taken back too, until that entry's end, and whoever has it gets a new one.
 */
#pragma once

#include <stdint.h>

#include "shared/base/arena.h"
#include "shared/crypto/crypto.h"

struct revoked;

/* Both are powers of two; entries of 32 bytes. */
struct revoked *revoked_create(struct arena *a, size_t slots, size_t slots_max);
/* What is younger than before_us is something else. false: there was no room. */
bool revoked_put(struct revoked *r, digest key, int64_t before_us, int64_t expires_s, int64_t now_s);
bool revoked_has(const struct revoked *r, digest key, int64_t issued_us, int64_t now_s);
/* Whether what was issued then may be one of those for which there was no room. */
bool revoked_doubts(const struct revoked *r, int64_t issued_us, int64_t now_s);
