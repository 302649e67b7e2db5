/* See stripe_dispute.h. */
#include "paysrv/domain/acquirer/stripe_dispute.h"

#include "paysrv/domain/acquirer/stripe.h"
#include "paysrv/domain/money.h"
#include "shared/base/num.h"
#include "shared/text/currency.h"

#define ID_MAX 255
#define SECONDS_MAX INT64_C(99999999999)
#define MOVES_MAX 9 /* a dispute has one or two balance transactions */
#define BY_MOVES 10

/*
 * In the order in which a dispute passes through them; what moved counts before it. So what is won after it was lost,
 * or the other way round, is newer, and for a person (dispute_judge).
 */
static bool status_read(str status, struct dispute_state *ret)
{
    static const struct {
        const char *theirs;
        enum dispute_phase phase;
        enum dispute_status status;
        int64_t rank;
    } known[] = {
        { "warning_needs_response", DISPUTE_INQUIRY, DISPUTE_NEEDS_RESPONSE, 1 },
        { "warning_under_review", DISPUTE_INQUIRY, DISPUTE_UNDER_REVIEW, 2 },
        { "warning_closed", DISPUTE_INQUIRY, DISPUTE_CLOSED, 3 },
        { "prevented", DISPUTE_INQUIRY, DISPUTE_CLOSED, 3 },
        { "needs_response", DISPUTE_CHARGEBACK, DISPUTE_NEEDS_RESPONSE, 4 },
        { "under_review", DISPUTE_CHARGEBACK, DISPUTE_UNDER_REVIEW, 5 },
        { "won", DISPUTE_CHARGEBACK, DISPUTE_WON, 6 },
        { "lost", DISPUTE_CHARGEBACK, DISPUTE_LOST, 7 },
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (str_eq(status, str_of(known[i].theirs))) {
            ret->phase = known[i].phase;
            ret->status = known[i].status;
            ret->sequence = known[i].rank;
            return true;
        }
    return false;
}

static bool currency_read(str theirs, str *ret)
{
    char code[3];
    const struct currency *found;
    if (theirs.n != sizeof code)
        return false;
    for (size_t i = 0; i < sizeof code; i++)
        code[i] = theirs.p[i] >= 'a' && theirs.p[i] <= 'z' ? (char)(theirs.p[i] - 'a' + 'A') : theirs.p[i];
    found = currency_find((str){ code, sizeof code });
    *ret = found ? str_of(found->code) : STR_NONE;
    return found != NULL;
}

/* In the currency of the dispute: an account that is kept in another one says its fee in that. */
static void moves_read(const struct json_value *moves, struct stripe_dispute *ret)
{
    size_t n = json_size(moves);
    int64_t sum = 0, fee, ours;
    str theirs, currency;
    for (size_t i = 0; i < n; i++) {
        const struct json_value *move = json_item(moves, i);
        if (json_get_i64(move, "fee", &fee) && fee > 0 && json_get_str(move, "currency", &theirs) &&
            currency_read(theirs, &currency) && str_eq(currency, ret->currency) &&
            stripe_amount_ours(currency, fee, &ours) && num_add(sum, ours, &fee))
            sum = fee;
    }
    ret->fee_minor = sum <= MONEY_MAX_MINOR ? sum : 0;
    ret->state.sequence += (int64_t)(n < MOVES_MAX ? n : MOVES_MAX) * BY_MOVES;
}

static bool id_get(const struct json_value *object, const char *name, str *ret)
{
    return json_get_str(object, name, ret) && ret->n > 0 && ret->n <= ID_MAX;
}

/* 0: it does not say. */
static int64_t seconds_get(const struct json_value *object, const char *name)
{
    int64_t s;
    return json_get_i64(object, name, &s) && s > 0 && s <= SECONDS_MAX ? s : 0;
}

static void intent_read(const struct json_value *object, struct stripe_dispute *ret)
{
    const struct json_value *intent = json_get(object, "payment_intent");
    ret->intent = ret->key = STR_NONE;
    if (id_get(object, "payment_intent", &ret->intent))
        return;
    (void)id_get(intent, "id", &ret->intent);
    (void)id_get(json_get(intent, "metadata"), STRIPE_KEY, &ret->key);
}

bool stripe_dispute_read(const struct json_value *object, struct stripe_dispute *ret)
{
    str kind, status, currency;
    int64_t amount;
    *ret = (struct stripe_dispute){ .reason = STR("general") };
    if (!json_get_str(object, "object", &kind) || !str_eq(kind, STR("dispute")) || !id_get(object, "id", &ret->id) ||
        !json_get_str(object, "status", &status) || !status_read(status, &ret->state) ||
        !json_get_str(object, "currency", &currency) || !currency_read(currency, &ret->currency) ||
        !json_get_i64(object, "amount", &amount) ||
        !stripe_amount_ours(ret->currency, amount, &ret->state.amount_minor) ||
        !json_get_bool(object, "livemode", &ret->is_live))
        return false;
    (void)id_get(object, "reason", &ret->reason);
    moves_read(json_get(object, "balance_transactions"), ret);
    intent_read(object, ret);
    ret->due_s = seconds_get(json_get(object, "evidence_details"), "due_by");
    ret->created_s = seconds_get(object, "created");
    return true;
}
