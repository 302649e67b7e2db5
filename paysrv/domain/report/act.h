/*
 * The act of a month under a cooperation agreement, as it stands on paper: who, under what, for which days, the figures
 * and balances of the report, and where it is signed. A month that is not over says so on each page and is no act.
 */
#pragma once

#include "paysrv/domain/report/paper.h"
#include "paysrv/domain/report/report.h"
#include "shared/base/instant.h"

struct act_party {
    str name, address; /* address: may be absent */
};

struct act {
    const struct paper_language *language;
    int64_t number; /* 0: the month is not over */
    instant at;     /* when it was closed; of the state when the month is not over */
    str month, currency, zone;
    instant from, to;
    str agreement_number, agreement_date; /* absent: none was written down */
    str partner_id;
    struct act_party platform, partner;
    struct report figures; /* its kinds of entries in words */
};

str act_title(struct arena *a, const struct act *act);
void act_lay_out(struct sheet *s, const struct act *act);
