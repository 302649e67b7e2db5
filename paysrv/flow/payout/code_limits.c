/* See code_limits.h; MONEY 6.B16; docs/protocol/pay/confirmations.md, decision 0061. */
#include "paysrv/flow/payout/code_limits.h"

#include "paysrv/faults.h"
#include "paysrv/store/payout.sql.h"

#define OF_USER_PER_HOUR 100

/* Who fills a mailbox is stopped; what all partners together may is more than what one may, so that none uses it up. A
 * confirmation is asked for without any money, hence fewer of these. */
#define CONFIRMATIONS_OF_PARTNER_PER_HOUR 20
#define CONFIRMATIONS_PER_HOUR 60
#define OF_PARTNER_PER_HOUR 100 /* as for a user: many with one address are mailed no more than one is */
#define TO_ADDRESS_PER_HOUR 300

static err too_many(struct task *t, const char *whose, int64_t n)
{
    struct failure *f = FAIL(t, TOO_MANY_REQUESTS, "codes of %s in the last hour: %lld", whose, (long long)n);
    f->retry_after_s = 600;
    f->explain = STR("Too many codes were mailed in the last hour; try again in ten minutes.");
    return f;
}

static bool is_full(const struct code_ask *ask, const struct codes_to_row *to)
{
    if (to->of_partner >= OF_PARTNER_PER_HOUR || to->n >= TO_ADDRESS_PER_HOUR)
        return true;
    return ask->is_confirmation && (to->confirmations_of_partner >= CONFIRMATIONS_OF_PARTNER_PER_HOUR ||
                                    to->confirmations >= CONFIRMATIONS_PER_HOUR);
}

err codes_judge(struct task *t, const struct code_ask *ask, bool *is_spared, const struct payout_recent_row **recent)
{
    const instant since = { t->now.us - HOURS(1).us };
    const struct codes_to_row *to;
    TRY(codes_to(t, ask->partner, ask->recipient, since, ask->is_hidden, &to));
    *is_spared = is_full(ask, to);
    if (*is_spared && !ask->is_hidden)
        return too_many(t, "this address", to->n);
    TRY(payout_recent(t, ask->partner, ask->user, since, recent));
    return (*recent)->n >= OF_USER_PER_HOUR ? too_many(t, "this user", (*recent)->n) : OK;
}
