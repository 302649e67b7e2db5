/* What monthly papers have in common: where a partner's months begin, and who the platform is on them. */
#pragma once

#include "paysrv/store/partner.rows.h"
#include "paysrv/store/report.rows.h"
#include "shared/base/civil.h"
#include "shared/base/task.h"
#include "shared/text/zone.h"

/* "2026-11": its first day. */
bool month_parse(str text, struct civil_date *ret);
str month_name(struct arena *a, struct civil_date first);
/* zone NULL: UTC. */
instant month_begin(struct civil_date first, const struct zone *zone);

/* A partner's month, the same for every paper of it. */
struct partner_month {
    const struct partner_find_row *partner;
    str name, next; /* 2026-11, 2026-12 */
    instant from, to;
    str zone_name;
    const struct zone *zone; /* NULL: UTC */
};

/* As it was kept, or by the zone of the agreement (NULL: UTC, as there is none). */
MUST_USE err partner_month_read(struct task *t, const struct partner_find_row *partner,
                                const struct agreement_find_row *agreement, struct civil_date first,
                                struct partner_month *ret);
/* A month that is over stays as it is, or as somebody else has kept it meanwhile; another is left alone. */
MUST_USE err partner_month_settle(struct task *t, const struct agreement_find_row *agreement, struct civil_date first,
                                  struct partner_month *m);
/* As the configuration names us now. */
str platform_name(const struct task *t);
str platform_address(const struct task *t); /* absent: none was given */
