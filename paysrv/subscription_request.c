/* See subscription_request.h. */
#include "paysrv/subscription_request.h"

#include "paysrv/domain/dispute/dispute_follow.h"
#include "paysrv/faults.h"
#include "paysrv/requests.h"
#include "paysrv/store/price.sql.h"
#include "paysrv/store/saved_card.sql.h"
#include "paysrv/store/subscription.sql.h"

err on_dispute_judge(struct task *t, str word)
{
    enum on_dispute policy;
    if (!str_given(word) || on_dispute_parse(word, &policy))
        return OK;
    return FAIL_PARAM(t, INVALID_PARAMETER, STR("on_dispute"), STR("must be one of:" ON_DISPUTES(STR_LISTED)));
}

err on_dispute_or_default(struct task *t, str *word, bool *is_default)
{
    *is_default = str_eq(*word, STR("default"));
    if (*is_default)
        *word = STR_NONE;
    enum on_dispute policy;
    if (!str_given(*word) || on_dispute_parse(*word, &policy))
        return OK;
    return FAIL_PARAM(t, INVALID_PARAMETER, STR("on_dispute"), STR("must be one of: default" ON_DISPUTES(STR_LISTED)));
}

err subscription_load(struct task *t, const struct request *rq, const struct subscription_find_row **ret)
{
    const struct caller *caller = caller_of(rq);
    subscription_id id = { request_path_param(rq, "subscription") };
    TRY(subscription_find(t, caller->partner, id, caller->subject, ret));
    return *ret ? OK : FAIL(t, NOT_FOUND, "no such subscription for this caller");
}

err subscription_price(struct task *t, const struct caller *caller, str price, const struct price_find_row **ret)
{
    TRY(price_find(t, caller->partner, (price_id){ price }, caller->subject, ret));
    if (!*ret || (*ret)->archived_at_given)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("price"), STR("there is no such open price"));
    return OK;
}

err subscription_card_of(struct task *t, const struct caller *caller, str card, store_id store,
                         const struct saved_card_find_row **ret)
{
    TRY(saved_card_find(t, caller->partner, (saved_card_id){ card }, caller->subject, ret));
    if (!*ret || !str_eq((*ret)->store_id.v, store.v) || !str_eq((*ret)->state, STR("active")))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("saved_card"),
                          STR("must be a saved card of the same store that may be charged"));
    return OK;
}
