/* The table secret_slot: secrets of a server, wrapped for each file that opens them (shared/server/secrets.h). */
#pragma once

#include "shared/base/bytes.h"
#include "shared/base/instant.h"
#include "shared/base/task.h"

struct secret_slot {
    str name, slot;
    bytes wrapped; /* absent: the content of the file is the secret itself, as before there were slots */
    instant created_at;
    bool is_held; /* a server that runs goes by its file, or did a moment ago */
};

/* By name, the oldest first. */
MUST_USE err secret_slot_list(struct task *t, const struct secret_slot **ret, size_t *n);
/* One that is there stays. */
MUST_USE err secret_slot_put(struct task *t, const char *name, str slot, bytes wrapped);
/* A server that runs has opened it. Said again and again: it counts for two minutes. */
MUST_USE err secret_slot_hold(struct task *t, const char *name, str slot);
MUST_USE err secret_slot_delete(struct task *t, const char *name, str slot);
