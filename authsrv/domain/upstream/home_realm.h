/* Which partner is whose home: the order in which a log-in page offers them, and where an address belongs. */
#pragma once

#include "authsrv/store/partner.rows.h"
#include "shared/base/str.h"

struct realm_facts {
    str email;          /* typed or hinted; absent: none */
    str remembered;     /* slug of the last log-in with this browser; absent: none */
    str client_partner; /* slug of the partner whose application asks; absent: none */
};
/*
 * The higher, the earlier. The address says most, then where this browser went last, then whose application it is; a
 * partner whose service rests comes after all others.
 */
int realm_rank(const struct partner_list_row *row, const struct realm_facts *f);
