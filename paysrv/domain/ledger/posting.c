/* Builders of balanced transactions. See posting.h. */
#include "paysrv/domain/ledger/posting.h"

#include "shared/base/num.h"

bool posting_add(struct posting *p, str kind, int64_t amount)
{
    if (amount == 0)
        return true;
    if (p->n == POSTING_MAX_LINES || amount > POSTING_MAX_MINOR || amount < -POSTING_MAX_MINOR)
        return false;
    p->kinds[p->n] = kind;
    p->amounts[p->n] = amount;
    p->n++;
    return true;
}

bool posting_is_balanced(const struct posting *posting)
{
    int64_t sum = 0;
    for (size_t i = 0; i < posting->n; i++)
        if (!num_add(sum, posting->amounts[i], &sum))
            return false;
    return sum == 0 && posting->n >= 2;
}

int64_t posting_amount_of(const struct posting *posting, str kind)
{
    for (size_t i = 0; i < posting->n; i++)
        if (str_eq(posting->kinds[i], kind))
            return posting->amounts[i];
    return 0;
}

struct shares shares_of(const struct split_profile *split, const int64_t *shares)
{
    struct shares ret = { 0, 0, 0 };
    for (size_t i = 0; i < split->n; i++) {
        switch (split->rules[i].party) {
        case SPLIT_PLATFORM:
            ret.platform += shares[i];
            break;
        case SPLIT_PARTNER:
            ret.partner += shares[i];
            break;
        case SPLIT_SELLER:
        case SPLIT_USER:
            ret.seller += shares[i];
            break;
        case SPLIT_PARTY_COUNT:
            break;
        }
    }
    return ret;
}

struct sellers sellers_of(const struct split_profile *split, str seller, const int64_t *shares)
{
    struct sellers ret = { .n = 0 };
    for (size_t i = 0; i < split->n; i++) {
        const struct split_rule *r = &split->rules[i];
        if (r->party != SPLIT_SELLER && r->party != SPLIT_USER)
            continue;
        ret.users[ret.n] = r->party == SPLIT_SELLER ? seller : r->user;
        ret.amounts[ret.n] = shares[i];
        ret.n++;
    }
    return ret;
}

/* sign +1: money comes in through the acquirer and is owed to the parties; -1: it goes back. */
static bool parties_post(int64_t amount, const struct shares *s, int sign, struct posting *ret)
{
    struct posting made = { .n = 0 };
    if (amount < 1 || amount > MONEY_MAX_MINOR)
        return false;
    if (!posting_add(&made, STR("acquirer_receivable"), sign * amount) ||
        !posting_add(&made, STR("platform"), -sign * s->platform) ||
        !posting_add(&made, STR("partner"), -sign * s->partner) ||
        !posting_add(&made, STR("seller"), -sign * s->seller) || !posting_is_balanced(&made))
        return false;
    *ret = made;
    return true;
}

bool posting_of_charge(int64_t amount_minor, const struct shares *shares, struct posting *ret)
{
    return parties_post(amount_minor, shares, 1, ret);
}

bool posting_of_refund(int64_t amount_minor, const struct shares *shares, struct posting *ret)
{
    return parties_post(amount_minor, shares, -1, ret);
}

bool posting_of_dispute(int64_t disputed_minor, int64_t receivable_minor, const struct shares *s, struct posting *ret)
{
    struct posting made = { .n = 0 };
    if (!posting_add(&made, STR("disputed"), disputed_minor) ||
        !posting_add(&made, STR("acquirer_receivable"), receivable_minor) ||
        !posting_add(&made, STR("platform"), s->platform) || !posting_add(&made, STR("partner"), s->partner) ||
        !posting_add(&made, STR("seller"), s->seller) || !(made.n == 0 || posting_is_balanced(&made)))
        return false;
    *ret = made;
    return true;
}
