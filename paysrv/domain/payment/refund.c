/* Limits and shares of refunds. See refund.h. */
#include "paysrv/domain/payment/refund.h"

const char *refund_verdict_name(enum refund_verdict verdict)
{
    switch (verdict) {
    case REFUND_GOOD:
        return "good";
    case REFUND_NOT_PAID:
        return "nothing of it is paid";
    case REFUND_OPEN:
        return "another refund, a capture or a void has no outcome yet";
    case REFUND_TOO_LARGE:
        return "more than is left";
    }
    return "unknown";
}

enum refund_verdict refund_judge(const struct refund_basis *basis, int64_t wanted_minor, int64_t *amount_minor,
                                 int64_t *shares)
{
    if (basis->taken_minor == 0)
        return REFUND_NOT_PAID;
    if (basis->is_busy)
        return REFUND_OPEN;
    int64_t left = basis->taken_minor - basis->returned_minor;
    int64_t amount = wanted_minor == 0 ? left : wanted_minor;
    const struct split_state before = { basis->taken_minor, basis->returned_minor };
    const struct split_state after = { basis->taken_minor, basis->returned_minor + amount };
    if (amount < 1 || amount > left || !split_step(basis->split, after, before, shares))
        return REFUND_TOO_LARGE;
    *amount_minor = amount;
    return REFUND_GOOD;
}

/* Its fees of its own are what it gave beside what the rules had it give. */
static bool fees_undo(const struct refund_return_basis *b, struct refund_parts *parts)
{
    int64_t ruled[SPLIT_RULES_MAX];
    const struct split_state after = { b->began.captured_minor, b->began.returned_minor + b->amount_minor };
    if (!split_step(b->split, after, b->began, ruled))
        return false;
    const struct shares shares = shares_of(b->split, ruled);
    const struct sellers sellers = sellers_of(b->split, b->seller, ruled);
    if (sellers.n != b->gave->sellers.n)
        return false;
    parts->shares.platform += b->gave->shares.platform - shares.platform;
    parts->shares.partner += b->gave->shares.partner - shares.partner;
    parts->shares.seller += b->gave->shares.seller - shares.seller;
    for (size_t i = 0; i < sellers.n; i++)
        parts->sellers.amounts[i] += b->gave->sellers.amounts[i] - sellers.amounts[i];
    return true;
}

bool refund_return_plan(const struct refund_return_basis *b, struct refund_parts *ret)
{
    int64_t back[SPLIT_RULES_MAX];
    const struct split_state without = { b->at.captured_minor, b->at.returned_minor - b->amount_minor };
    if (!split_step(b->split, b->at, without, back))
        return false;
    struct refund_parts parts = { shares_of(b->split, back), sellers_of(b->split, b->seller, back) };
    if (b->began.captured_minor > 0 && !fees_undo(b, &parts))
        return false;
    *ret = parts;
    return true;
}

bool refund_reason_is_known(str code)
{
    static const char *const codes[] = {
#define REFUND_REASON_CODE(name, text) text,
        REFUND_REASONS(REFUND_REASON_CODE)
    };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (str_eq(code, str_of(codes[i])))
            return true;
    return false;
}

static const char *const fee_names[] = { [FEE_AGREED] = "agreed", [FEE_KEPT] = "keep", [FEE_RETURNED] = "return" };

str refund_fee_name(enum refund_fee fee)
{
    return str_of(fee_names[fee]);
}

bool refund_fee_parse(str name, enum refund_fee *ret)
{
    for (enum refund_fee fee = FEE_AGREED; fee <= FEE_RETURNED; fee++) {
        if (str_eq(name, refund_fee_name(fee))) {
            *ret = fee;
            return true;
        }
    }
    return false;
}

__extension__ typedef __int128 wide;

/*
 * Of a fee that its rule keeps, what belongs to this part of the payment, cumulatively. What was captured since makes
 * the parts of before smaller, and not what they gave: there is no more of it than they left.
 */
static int64_t fee_part(const struct refund_basis *basis, int64_t fee_minor, int64_t gave_minor, int64_t amount_minor)
{
    int64_t before = basis->returned_minor, after = before + amount_minor;
    int64_t left = fee_minor > gave_minor ? fee_minor - gave_minor : 0;
    int64_t part =
        (int64_t)((wide)fee_minor * after / basis->taken_minor - (wide)fee_minor * before / basis->taken_minor);
    return part < left ? part : left;
}

bool refund_fees_apply(const struct refund_basis *basis, const struct refund_fees *fees, int64_t amount_minor,
                       int64_t *shares)
{
    const struct split_profile *split = basis->split;
    int64_t whole[SPLIT_RULES_MAX];
    size_t rest = 0;
    if (fees->platform == FEE_AGREED && fees->partner == FEE_AGREED)
        return true;
    while (rest < split->n && !split->rules[rest].is_rest)
        rest++;
    if (rest == split->n || !split_position(split, (struct split_state){ basis->taken_minor, 0 }, whole) ||
        (split->rules[rest].party != SPLIT_SELLER && split->rules[rest].party != SPLIT_USER))
        return false;
    for (size_t i = 0; i < split->n; i++) {
        const struct split_rule *rule = &split->rules[i];
        bool is_platforms = rule->party == SPLIT_PLATFORM;
        enum refund_fee fee = is_platforms ? fees->platform : rule->party == SPLIT_PARTNER ? fees->partner : FEE_AGREED;
        bool keeps = rule->on_refund == RETURN_NONE;
        if (fee == FEE_AGREED || keeps == (fee == FEE_KEPT))
            continue;
        int64_t gave = is_platforms ? basis->platform_gave_minor : basis->partner_gave_minor;
        int64_t gives = fee == FEE_KEPT ? 0 : fee_part(basis, whole[i], gave, amount_minor);
        shares[rest] += shares[i] - gives;
        shares[i] = gives;
    }
    return true;
}
