/* Fractions of 128 bits, always in lowest terms. See split_oracle.h. */
#include "tests/prop/paysrv/split_oracle.h"

__extension__ typedef __int128 wide;

struct fraction {
    wide p, q;
};

static wide gcd(wide a, wide b)
{
    while (b) {
        wide rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static struct fraction of(wide p, wide q)
{
    wide common = gcd(p, q);
    return (struct fraction){ p / common, q / common };
}

static struct fraction minus(struct fraction a, struct fraction b)
{
    return of(a.p * b.q - b.p * a.q, a.q * b.q);
}

static struct fraction plus(struct fraction a, struct fraction b)
{
    return of(a.p * b.q + b.p * a.q, a.q * b.q);
}

static bool less(struct fraction a, struct fraction b)
{
    return a.p * b.q < b.p * a.q;
}

static struct fraction broken(struct fraction a)
{
    return of(a.p % a.q, a.q);
}

/* Whole units of each, then one more for as many as are missing, in the order of what each lost. */
static void round_all(const struct fraction *exact, size_t n, int64_t total, int64_t *shares)
{
    size_t order[SPLIT_RULES_MAX];
    for (size_t i = 0; i < n; i++) {
        size_t at = i;
        shares[i] = (int64_t)(exact[i].p / exact[i].q);
        total -= shares[i];
        for (; at > 0 && less(broken(exact[order[at - 1]]), broken(exact[i])); at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    for (size_t k = 0; k < (size_t)total; k++)
        shares[order[k]]++;
}

static struct fraction wish(const struct split_rule *r, int64_t amount)
{
    struct fraction w = plus(of(r->fixed_minor, 1), of((wide)amount * r->bp, SPLIT_BP));
    if (less(w, of(r->min_minor, 1)))
        w = of(r->min_minor, 1);
    if (r->cap_minor != 0 && less(of(r->cap_minor, 1), w))
        w = of(r->cap_minor, 1);
    return w;
}

bool oracle_shares(const struct split_profile *profile, int64_t amount, int64_t *shares)
{
    struct fraction exact[SPLIT_RULES_MAX] = { { 0, 1 } }, left = of(amount, 1);
    bool enough = true;
    for (size_t i = 0; i < profile->n; i++) {
        exact[i] = of(0, 1);
        if (profile->rules[i].is_rest)
            continue;
        exact[i] = wish(&profile->rules[i], amount);
        if (less(left, exact[i])) {
            exact[i] = left;
            enough = false;
        }
        left = minus(left, exact[i]);
    }
    for (size_t i = 0; i < profile->n; i++)
        if (profile->rules[i].is_rest)
            exact[i] = left;
    round_all(exact, profile->n, amount, shares);
    return enough;
}

void oracle_position(const struct split_profile *profile, int64_t captured, int64_t returned, int64_t *shares)
{
    struct fraction exact[SPLIT_RULES_MAX] = { { 0, 1 } };
    int64_t back[SPLIT_RULES_MAX] = { 0 }, whole = captured, open = returned;
    oracle_shares(profile, captured, shares);
    for (size_t i = 0; i < profile->n; i++) {
        exact[i] = of(0, 1);
        back[i] = 0;
        if (profile->rules[i].on_refund == RETURN_FULL) {
            back[i] = shares[i] > open ? open : shares[i];
            open -= back[i];
            whole -= shares[i];
        }
    }
    if (open > 0) {
        struct fraction others = of(0, 1);
        int64_t parts[SPLIT_RULES_MAX] = { 0 };
        for (size_t i = 0; i < profile->n; i++) {
            if (!profile->rules[i].is_rest && profile->rules[i].on_refund == RETURN_PRO_RATA)
                exact[i] = of((wide)open * shares[i], whole);
            others = plus(others, exact[i]);
        }
        for (size_t i = 0; i < profile->n; i++)
            if (profile->rules[i].is_rest)
                exact[i] = minus(of(open, 1), others);
        round_all(exact, profile->n, open, parts);
        for (size_t i = 0; i < profile->n; i++)
            back[i] += parts[i];
    }
    for (size_t i = 0; i < profile->n; i++)
        shares[i] -= back[i];
}
