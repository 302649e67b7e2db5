/*
 * Time zones of the IANA database: the compiled file of a zone (TZif, RFC 9636, version 2 and later) and what its local
 * time is. Pure and without shared state, so that any thread may use any zone. Times are seconds since 1970; a local
 * time is counted as if it were UTC.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "shared/base/bytes.h"

struct arena;
struct zone;

/* "Europe/Berlin": letters, digits, '_', '-', '+', parts with '/' between; never a way out of a directory. */
bool zone_name_valid(str name);
/* Leap seconds are refused: no zone that people live by counts them. */
bool zone_parse(struct arena *a, bytes file, const struct zone **ret);
int64_t zone_local(const struct zone *zone, int64_t utc_s);
/* Of a local time that was skipped, the next moment there is; of one that comes twice, the first. */
int64_t zone_utc(const struct zone *zone, int64_t local_s);
