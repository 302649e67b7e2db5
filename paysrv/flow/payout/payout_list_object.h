/* A list of payouts as JSON, and what it comes to. */
#pragma once

#include "paysrv/store/payout_list.rows.h"
#include "shared/base/task.h"
#include "web/text.h"

struct payout_list {
    struct payout_list_find_row row;
    const struct payout_find_row *payouts;
    const str *permits; /* of authorization_details, as it is requested; NULL: it was before */
    size_t n;
};

#define PAYOUT_CURRENCIES 4

struct payout_totals {
    struct {
        str currency;
        int64_t amount_minor;
    } items[PAYOUT_CURRENCIES];
    size_t n;
};

/* Per currency, in the order in which they come first. false: more than a number holds, or too many currencies. */
bool payout_list_totals(const struct payout_list *l, struct payout_totals *ret);
/* "12.00 EUR", for people */
str payout_list_totals_text(struct task *t, enum language lang, const struct payout_list *l);
/* Without its payouts it is what events say of it. */
str payout_list_document(struct task *t, const struct payout_list *l, bool with_payouts);
