/* Rules to shares, by largest remainder. See split.h. */
#include "paysrv/domain/stores/split.h"

#include "paysrv/domain/money.h"

__extension__ typedef __int128 wide;

/*
 * Divides amount in proportion to weights[n], which sum to whole > 0. Products stay under 10^28; what is left over is
 * fewer units than there are remainders.
 */
static void divide(int64_t amount, const int64_t *weights, int64_t whole, size_t n, int64_t *shares)
{
    int64_t remainders[SPLIT_RULES_MAX], left = amount;
    for (size_t i = 0; i < n; i++) {
        wide product = (wide)amount * weights[i];
        shares[i] = (int64_t)(product / whole);
        remainders[i] = (int64_t)(product % whole);
        left -= shares[i];
    }
    for (; left > 0; left--) {
        size_t best = 0;
        for (size_t i = 1; i < n; i++)
            if (remainders[i] > remainders[best])
                best = i;
        shares[best]++;
        remainders[best] = -1;
    }
}

/* What a rule asks of an amount, in units of 1/SPLIT_BP: at most 2 * 10^16. */
static int64_t asked(const struct split_rule *rule, int64_t amount)
{
    int64_t units = rule->fixed_minor * SPLIT_BP + amount * rule->bp;
    if (units < rule->min_minor * SPLIT_BP)
        units = rule->min_minor * SPLIT_BP;
    if (rule->cap_minor && units > rule->cap_minor * SPLIT_BP)
        units = rule->cap_minor * SPLIT_BP;
    return units;
}

/* Weights of an amount that sum to amount * SPLIT_BP; false: the rules ask for more, and the later ones got less. */
static bool weigh(const struct split_profile *profile, int64_t amount, int64_t *weights)
{
    int64_t left = amount * SPLIT_BP;
    size_t rest = 0;
    bool reaches = true;
    for (size_t i = 0; i < profile->n; i++) {
        if (profile->rules[i].is_rest) {
            rest = i;
            continue;
        }
        weights[i] = asked(&profile->rules[i], amount);
        if (weights[i] > left) {
            weights[i] = left;
            reaches = false;
        }
        left -= weights[i];
    }
    weights[rest] = left;
    return reaches;
}

static bool share_out(const struct split_profile *profile, int64_t amount, int64_t *shares)
{
    int64_t weights[SPLIT_RULES_MAX];
    bool reaches = weigh(profile, amount, weights);
    for (size_t i = 0; i < profile->n; i++)
        shares[i] = 0;
    if (amount > 0)
        divide(amount, weights, amount * SPLIT_BP, profile->n, shares);
    return reaches;
}

enum split_verdict split_allocate(const struct split_profile *profile, int64_t amount_minor, int64_t *shares)
{
    size_t rule;
    enum split_verdict verdict = split_judge(profile, &rule);
    if (verdict != SPLIT_GOOD)
        return verdict;
    if (amount_minor < 0 || amount_minor > MONEY_MAX_MINOR)
        return SPLIT_UNITS_RANGE;
    return share_out(profile, amount_minor, shares) ? SPLIT_GOOD : SPLIT_OVER_AMOUNT;
}

/*
 * What of the shares of `captured` has gone back when `returned` of it has. First, in the order of declaration, from
 * those who give back in full; the remainder from those who give in proportion to what they got, where the rest stands
 * for itself and for those who keep theirs. With everything returned, each has given exactly its share.
 */
static void give_back(const struct split_profile *profile, struct split_state state, const int64_t *shares,
                      int64_t *given)
{
    int64_t weights[SPLIT_RULES_MAX] = { 0 }, parts[SPLIT_RULES_MAX] = { 0 };
    int64_t returned = state.returned_minor, whole = state.captured_minor;
    size_t rest = 0;
    for (size_t i = 0; i < profile->n; i++) {
        const struct split_rule *rule = &profile->rules[i];
        given[i] = 0;
        if (rule->is_rest) {
            rest = i;
        } else if (rule->on_refund == RETURN_FULL) {
            given[i] = shares[i] < returned ? shares[i] : returned;
            returned -= given[i];
            whole -= shares[i];
        }
    }
    weights[rest] = whole;
    for (size_t i = 0; i < profile->n; i++) {
        if (profile->rules[i].is_rest || profile->rules[i].on_refund != RETURN_PRO_RATA)
            continue;
        weights[i] = shares[i];
        weights[rest] -= shares[i];
    }
    if (returned > 0)
        divide(returned, weights, whole, profile->n, parts);
    for (size_t i = 0; i < profile->n; i++)
        given[i] += parts[i];
}

bool split_position(const struct split_profile *profile, struct split_state state, int64_t *shares)
{
    int64_t given[SPLIT_RULES_MAX];
    size_t rule;
    if (split_judge(profile, &rule) != SPLIT_GOOD || state.returned_minor < 0 ||
        state.returned_minor > state.captured_minor || state.captured_minor > MONEY_MAX_MINOR)
        return false;
    (void)share_out(profile, state.captured_minor, shares); /* a part may be under what all rules ask together */
    give_back(profile, state, shares, given);
    for (size_t i = 0; i < profile->n; i++)
        shares[i] -= given[i];
    return true;
}

bool split_step(const struct split_profile *profile, struct split_state before, struct split_state after,
                int64_t *shares)
{
    int64_t from[SPLIT_RULES_MAX];
    if (!split_position(profile, before, from) || !split_position(profile, after, shares))
        return false;
    for (size_t i = 0; i < profile->n; i++)
        shares[i] -= from[i];
    return true;
}
