/* What of a request is written into its partner's log, and what can be looked for there. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "shared/base/str.h"

/* "404", or a class: "4xx". Absent: every status. */
bool request_status_parse(str text, int64_t *low, int64_t *high);
/*
 * A name in a path may be kept: it looks like one of ours (pay_..., 2026-11, a number). What does not may be anything
 * that somebody put there, a card number for one.
 */
bool request_name_is_plain(str name);
/* The id of the object that an answer is, which stands first in it; absent: it begins otherwise. */
str request_object_of(str body);
