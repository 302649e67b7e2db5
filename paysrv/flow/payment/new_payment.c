/* See new_payment.h. */
#include "paysrv/flow/payment/new_payment.h"

#include "paysrv/domain/acquirer/method.h"
#include "paysrv/domain/ledger/posting.h"
#include "paysrv/faults.h"
#include "paysrv/flow/answer.h"
#include "paysrv/flow/payment/steps.h"
#include "paysrv/flow/stores/split.h"
#include "paysrv/flow/stores/store_state.h"
#include "paysrv/store/ledger.sql.h"
#include "paysrv/store/payment.sql.h"
#include "paysrv/store/saved_card.sql.h"
#include "shared/crypto/crypto.h"

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

static struct payment_find_row row_of(struct task *t, const struct payment_wanted *w,
                                      const struct payment_store_row *store)
{
    return (struct payment_find_row){
        .payment_id = w->payment,
        .partner_id = w->partner,
        .store_id = w->store,
        .user_id = store->user_id,
        .currency = w->currency,
        .amount = w->amount_minor,
        .platform_bp = store->platform_bp,
        .partner_bp = store->partner_bp,
        .status = STR("requires_payment_method"),
        .description = w->description,
        .return_url = w->return_url,
        .metadata = w->metadata,
        .created_at = t->now,
        .expires_at = w->expires_at,
        .captured_given = w->is_reserved_only,
        .methods = store->methods,
    };
}

/* Another card is brought by a card and nothing else. */
static err card_is_taken(struct task *t, const struct payment_find_row *p)
{
    if (payment_methods_allow(p->methods, METHOD_CARD))
        return OK;
    return FAIL_PARAM(t, METHOD_UNAVAILABLE, STR("subscription"), str_of(method_verdict_text(METHOD_NOT_OF_STORE)));
}

/* A check of a card is released and nobody's: in parts it can be shared however little it is, and the store's rules may
 * ask for more. */
static err rules_of(struct task *t, const struct payment_wanted *w, const struct payment_store_row *store,
                    struct payment_find_row *p, struct split_profile *ret)
{
    if (!w->must_keep_card)
        return payment_store_rules(t, store, p, ret);
    *ret = split_of_bp(store->platform_bp, store->partner_bp);
    return card_is_taken(t, p);
}

err payment_want(struct task *t, const struct payment_wanted *w)
{
    const struct payment_store_row *store;
    struct split_profile split;
    int64_t affected;
    TRY(payment_store(t, STR_NONE, w->partner, w->store, STR_NONE, &store));
    if (!store)
        return FAIL(t, INTERNAL, "a subscription without its store");
    TRY(store_sells(t, store->status));
    struct payment_find_row p = row_of(t, w, store);
    TRY(rules_of(t, w, store, &p, &split));
    TRY(payment_share(t, &split, "amount", &p));
    if (!store->accounts_open)
        TRY(accounts_open(t, p.user_id, p.partner_id, p.currency, &affected));
    TRY(card_offer_make(t, p.payment_id, w->buyer, w->email, w->must_keep_card, &affected));
    struct step_create step = {
        .payment = &p,
        .settlement_terms = store->settlement_terms,
        .route = w->route,
        .key = w->key,
        .fingerprint = typed_digest("payment_wanted", w->key),
        .body = payment_document(t, &p, PAYMENT_REQUIRES_PAYMENT_METHOD),
        .locale = w->locale,
    };
    return step_create(t, &step);
}
