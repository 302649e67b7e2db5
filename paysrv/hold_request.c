/* See hold_request.h. */
#include "paysrv/hold_request.h"

#include "paysrv/domain/payment/deal.h"
#include "paysrv/faults.h"
#include "paysrv/store/deal.sql.h"

const struct param hold_params[3] = {
    P_STR(struct hold_in, until, .need = REQUIRED, .set = ID, .min = 1, .max = 20, .words = "delivered"),
    P_STR(struct hold_in, ends_after, .need = REQUIRED, .set = TOKEN, .min = 3, .max = 40),
    P_STR(struct hold_in, at_end, .need = OPTIONAL, .set = ID, .min = 1, .max = 20, .words = "release return"),
};

err hold_request_terms(struct task *t, const struct caller *caller, const struct hold_in *in, store_id store,
                       int64_t *terms)
{
    enum deal_end end = DEAL_RELEASES;
    const struct deal_terms_row *row;
    if (!in)
        return OK;
    if (str_given(caller->subject))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("hold"), STR("only with the partner's own token"));
    if (!str_eq(in->until, STR("delivered")))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("hold.until"), STR("must be delivered"));
    if (!deal_after_is_taken(in->ends_after))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("hold.ends_after"),
                          STR("must be a duration of ISO 8601 (P14D), from an hour to a year"));
    if (str_given(in->at_end) && !deal_end_parse(in->at_end, &end))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("hold.at_end"), STR("must be release or return"));
    TRY(deal_terms(t, store, caller->partner, in->ends_after, deal_end_name(end), &row));
    if (!row)
        return FAIL_PARAM(t, NOT_FOUND, STR("store"), STR("there is no such store"));
    *terms = row->terms_id;
    return OK;
}
