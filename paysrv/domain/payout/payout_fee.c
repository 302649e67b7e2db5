/* See payout_fee.h. */
#include "paysrv/domain/payout/payout_fee.h"

#include "paysrv/domain/payout/payout.h"
#include "paysrv/domain/stores/split.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"

__extension__ typedef __int128 wide;

bool payout_fee_judge(const struct payout_fee_terms *terms, int64_t wanted_minor, struct payout_costs *ret)
{
    wide fee = (wide)terms->fixed_minor + (wide)wanted_minor * terms->bp / SPLIT_BP;
    wide amount = terms->is_inside ? wanted_minor - fee : wanted_minor;
    if (wanted_minor < 1 || amount < 1 || amount + fee > PAYOUT_MAX_MINOR)
        return false;
    *ret = (struct payout_costs){ (int64_t)amount, (int64_t)fee };
    return true;
}

digest payout_fee_destination(struct arena *a, digest destination, int64_t fee_minor)
{
    if (fee_minor == 0)
        return destination;
    str hex = hex_encode(a, digest_bytes(&destination));
    return sha256_str(arena_printf(a, "%.*s|fee %lld", STR_ARG(hex), (long long)fee_minor));
}
