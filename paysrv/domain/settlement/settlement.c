/* See settlement.h. */
#include "paysrv/domain/settlement/settlement.h"

#include "shared/base/num.h"
#include "shared/text/currency.h"

#define BP_WHOLE 10000
#define FEE_TOLERANCE_MINOR 1 /* how a fee is rounded, everybody decides for himself */

#define KIND_NAME(name, text) [SETTLEMENT_##name] = text,
static const char *const kinds[SETTLEMENT_KIND_COUNT] = { SETTLEMENT_LINES(KIND_NAME) };

str settlement_kind_name(enum settlement_kind kind)
{
    return str_of(kinds[kind]);
}

bool settlement_kind_parse(str text, enum settlement_kind *ret)
{
    for (unsigned i = 0; i < SETTLEMENT_KIND_COUNT; i++)
        if (str_eq(text, str_of(kinds[i]))) {
            *ret = (enum settlement_kind)i;
            return true;
        }
    return false;
}

/* ---- fees ---- */

static bool rate_parse(str text, struct settlement_rate *ret)
{
    str bp, fixed, more;
    return str_next_word(&text, &ret->currency) && str_next_word(&text, &bp) && str_next_word(&text, &fixed) &&
           !str_next_word(&text, &more) && currency_is_taken(ret->currency) && num_parse(bp, &ret->bp) &&
           num_parse(fixed, &ret->fixed_minor) && ret->bp >= 0 && ret->bp <= BP_WHOLE && ret->fixed_minor >= 0 &&
           ret->fixed_minor <= MONEY_MAX_MINOR;
}

const struct settlement_rate *settlement_rate_of(const struct settlement_rates *rates, str currency)
{
    for (size_t i = 0; i < rates->n; i++)
        if (str_eq(rates->items[i].currency, currency))
            return &rates->items[i];
    return NULL;
}

bool settlement_rates_parse(str text, struct settlement_rates *ret)
{
    struct settlement_rates read = { .n = 0 };
    while (text.n > 0) {
        str one = text;
        struct settlement_rate rate;
        if (!str_cut(&text, ',', &one))
            text.n = 0;
        if (read.n == SETTLEMENT_RATES_MAX || !rate_parse(one, &rate) || settlement_rate_of(&read, rate.currency))
            return false;
        read.items[read.n++] = rate;
    }
    *ret = read;
    return true;
}

int64_t settlement_fee(const struct settlement_rate *rate, int64_t gross_minor)
{
    return (gross_minor * rate->bp + BP_WHOLE / 2) / BP_WHOLE + rate->fixed_minor;
}

/* ---- lines ---- */

static bool fee_fits(const struct settlement_said *said, const struct settlement_ours *ours)
{
    int64_t apart;
    if (ours->fee_minor < 0)
        return true;
    return num_sub(said->fee_minor, ours->fee_minor, &apart) && apart >= -FEE_TOLERANCE_MINOR &&
           apart <= FEE_TOLERANCE_MINOR;
}

enum settlement_verdict settlement_judge(const struct settlement_said *said, const struct settlement_ours *ours)
{
    if (said->is_repeated)
        return SETTLEMENT_DUPLICATE;
    if (!ours->is_known)
        return SETTLEMENT_UNMATCHED;
    if (!ours->is_final || ours->is_written_off)
        return SETTLEMENT_OTHER_STATE;
    if (said->gross_minor != ours->gross_minor)
        return SETTLEMENT_OTHER_AMOUNT;
    return fee_fits(said, ours) ? SETTLEMENT_MATCHED : SETTLEMENT_OTHER_FEE;
}

bool settlement_is_matched(enum settlement_verdict verdict)
{
    return verdict == SETTLEMENT_MATCHED || verdict == SETTLEMENT_OTHER_FEE;
}

int64_t settlement_expected(const struct settlement_ours *ours)
{
    bool is_owed = ours->is_known && ours->is_final && !ours->is_written_off;
    return is_owed ? ours->gross_minor - ours->booked_fee_minor : 0;
}

str settlement_debt_op(str debt)
{
    str rest = debt, op;
    return str_cut(&rest, ' ', &op) ? op : debt;
}

bool settlement_debt_is_return(str debt)
{
    str op;
    return str_cut(&debt, ' ', &op) && str_eq(debt, STR("return"));
}

/* ---- the ledger ---- */

bool posting_of_settlement(const struct settlement_sums *s, str cash, str rest, struct posting *ret)
{
    struct posting made = { .n = 0 };
    int64_t net, cost, apart;
    if (!num_sub(s->gross_minor, s->fee_minor, &net) || !num_sub(s->fee_minor, s->booked_fee_minor, &cost) ||
        !num_add(s->expected_minor, s->booked_fee_minor, &apart) || !num_sub(apart, s->gross_minor, &apart))
        return false;
    if (apart && !str_given(rest))
        return false;
    if (!posting_add(&made, cash, net) ||
        !posting_add(&made, s->is_partners_cost ? STR("partner") : STR("acquirer_fee"), cost) ||
        !posting_add(&made, STR("acquirer_receivable"), -s->expected_minor) || !posting_add(&made, rest, apart) ||
        !(made.n == 0 || posting_is_balanced(&made)))
        return false;
    *ret = made;
    return true;
}

bool posting_of_bank_line(int64_t moved_minor, str account, struct posting *ret)
{
    struct posting made = { .n = 0 };
    if (!posting_add(&made, STR("bank"), moved_minor) || !posting_add(&made, account, -moved_minor))
        return false;
    *ret = made;
    return true;
}

bool posting_of_settlement_paid(int64_t on_the_way_minor, struct posting *ret)
{
    struct posting made = { .n = 0 };
    if (!posting_add(&made, STR("bank"), on_the_way_minor) || !posting_add(&made, STR("settlement"), -on_the_way_minor))
        return false;
    *ret = made;
    return true;
}
