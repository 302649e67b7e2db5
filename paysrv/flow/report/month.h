/* What monthly papers have in common: where a partner's months begin, and who the platform is on them. */
#pragma once

#include "paysrv/store/report.rows.h"
#include "shared/base/civil.h"
#include "shared/base/task.h"
#include "shared/text/zone.h"

/* "2026-11": its first day. */
bool month_parse(str text, struct civil_date *ret);
str month_name(struct arena *a, struct civil_date first);
/* zone NULL: UTC. */
instant month_begin(struct civil_date first, const struct zone *zone);
/* That of the agreement; *ret NULL: UTC, as there is none (agreement NULL). */
MUST_USE err month_zone(struct task *t, const struct agreement_find_row *agreement, const struct zone **ret);
/* As the configuration names us now. */
str platform_name(const struct task *t);
str platform_address(const struct task *t); /* absent: none was given */
