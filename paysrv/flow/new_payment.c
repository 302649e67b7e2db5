/* See new_payment.h. */
#include "paysrv/flow/new_payment.h"

#include "paysrv/domain/posting.h"
#include "paysrv/faults.h"
#include "paysrv/flow/split.h"

err payment_store_rules(struct task *t, const struct payment_store_row *store, struct payment_find_row *p,
                        struct split_profile *ret)
{
    p->split_profile_id = store->split_profile_id;
    if (str_given(store->rules))
        return split_of_text(t, store->rules, ret);
    *ret = split_of_bp(store->platform_bp, store->partner_bp);
    return OK;
}

err payment_share(struct task *t, const struct split_profile *split, const char *param, struct payment_find_row *p)
{
    int64_t parts[SPLIT_RULES_MAX];
    TRY(split_seller_check(t, split, p->user_id.v, param));
    enum split_verdict verdict = split_allocate(split, p->amount, parts);
    if (verdict != SPLIT_GOOD)
        return FAIL_PARAM(
            t, INVALID_PARAMETER, STR("amount"),
            arena_printf(t->arena, "cannot be split: what the rules ask for %s", split_verdict_text(verdict)));
    const struct shares shares = shares_of(split, parts);
    p->platform_amount = shares.platform;
    p->partner_amount = shares.partner;
    p->seller_amount = shares.seller;
    struct sellers *sellers = arena_new(t->arena, struct sellers);
    *sellers = sellers_of(split, p->user_id.v, parts);
    if (sellers->n > 1 || (sellers->n == 1 && !str_eq(sellers->users[0], p->user_id.v))) {
        p->share_users = (str_array){ sellers->users, sellers->n };
        p->share_amounts = (i64_array){ sellers->amounts, sellers->n };
    }
    return OK;
}
