/*
 * The beginning of what a webhook endpoint answered in place of a 2xx, for the log of deliveries (MONEY D26): words
 * that say what was wrong, and nothing that may be a secret or a person's.
 */
#pragma once

#include "shared/base/arena.h"

#define WEBHOOK_EXCERPT_MAX_BYTES 200

/* One line. Absent: it is no text, by its media type, or nothing in it can be seen. */
str webhook_excerpt(struct arena *a, str media_type, str body);
