/* See payout_permit.h. */
#include "paysrv/domain/payout/payout_permit.h"

static const struct {
    const char *type, *payee, *payee_name;
} kinds[PERMIT_KINDS] = {
    [PERMIT_PAYOUT] = { "payout", "destination", "destination_name" },
    [PERMIT_PAYMENT] = { "payment", "payee", "payee_name" },
    [PERMIT_STORE] = { "store_management", NULL, NULL },
};

const char *permit_type(enum permit_kind kind)
{
    return kinds[kind].type;
}

/* 0: none that is known here. */
static unsigned kind_of(const struct json_value *detail)
{
    str type;
    for (unsigned k = 1; json_get_str(detail, "type", &type) && k < PERMIT_KINDS; k++)
        if (str_eq(type, str_of(kinds[k].type)))
            return k;
    return 0;
}

bool permits_say_anything(const struct json_value *details, enum permit_kind kind)
{
    for (size_t i = 0; details && i < json_size(details); i++)
        if (kind_of(json_item(details, i)) == kind)
            return true;
    return false;
}

static bool text_is(const struct json_value *v, str wanted)
{
    str text;
    return json_is_str(v, &text) && str_given(wanted) && str_eq(text, wanted);
}

enum { SEEN_AMOUNT = 1, SEEN_CURRENCY = 2, SEEN_PAYEE = 4, SEEN_OTHER = 8, SEEN_WRONG = 16 };

static unsigned member_judge(const struct json_value *detail, str name, const struct json_value *v,
                             const struct permit_wish *wish)
{
    int64_t amount;
    if (str_eq(name, STR("type")))
        return SEEN_OTHER;
    if (str_eq(name, STR("amount")))
        return json_get_i64(detail, "amount", &amount) && amount == wish->amount_minor ? SEEN_AMOUNT : SEEN_WRONG;
    if (str_eq(name, STR("currency")))
        return text_is(v, wish->currency) ? SEEN_CURRENCY : SEEN_WRONG;
    if (str_eq(name, str_of(kinds[wish->kind].payee)))
        return text_is(v, wish->payee) ? SEEN_PAYEE : SEEN_WRONG;
    if (str_eq(name, str_of(kinds[wish->kind].payee_name)))
        return text_is(v, wish->holder) || text_is(v, wish->masked) ? SEEN_OTHER : SEEN_WRONG;
    return wish->kind == PERMIT_PAYMENT && str_eq(name, STR("purpose")) && text_is(v, wish->purpose) ? SEEN_OTHER
                                                                                                     : SEEN_WRONG;
}

static bool allows(const struct json_value *detail, const struct permit_wish *wish)
{
    const struct json_value *v;
    str name;
    unsigned seen = 0;
    for (size_t i = 0; json_member(detail, i, &name, &v); i++)
        seen |= member_judge(detail, name, v, wish);
    return (seen & ~(unsigned)SEEN_OTHER) == (SEEN_AMOUNT | SEEN_CURRENCY | SEEN_PAYEE);
}

int permit_find(const struct json_value *details, const struct permit_wish *wish, bool taken[PERMITS_MAX])
{
    for (size_t i = 0; i < json_size(details) && i < PERMITS_MAX; i++)
        if (!taken[i] && kind_of(json_item(details, i)) == wish->kind && allows(json_item(details, i), wish)) {
            taken[i] = true;
            return (int)i;
        }
    return -1;
}

bool permit_place(const struct json_value *places, int number, int64_t *ret)
{
    *ret = number;
    return !places || (json_is_i64(json_item(places, (size_t)number), ret) && *ret >= 0);
}

/* ---- what a request may be for ---- */

static bool list_has(const struct json_value *list, str wanted)
{
    for (size_t i = 0; list && json_kind(list) == JSON_ARRAY && i < json_size(list); i++)
        if (text_is(json_item(list, i), wanted))
            return true;
    return false;
}

static bool allows_store(const struct json_value *detail, const struct permit_request *rq)
{
    const struct json_value *v;
    str name;
    bool of_store = false, of_action = false;
    str action = rq->is_reading ? STR("read") : rq->is_closing ? STR("close") : STR("change");
    for (size_t i = 0; json_member(detail, i, &name, &v); i++) {
        if (str_eq(name, STR("store")))
            of_store = text_is(v, rq->store);
        else if (str_eq(name, STR("actions")))
            of_action = list_has(v, action);
        else if (!str_eq(name, STR("type")))
            return false;
    }
    return of_store && of_action;
}

const char *permit_request_judge(const struct json_value *details, const struct permit_request *rq)
{
    bool is_allowed = false;
    if (json_kind(details) != JSON_ARRAY)
        return "has authorization_details that are no list";
    for (size_t i = 0; i < json_size(details); i++) {
        const struct json_value *detail = json_item(details, i);
        unsigned kind = kind_of(detail);
        if (kind == 0)
            return "has authorization_details of a type that nothing here is held to";
        is_allowed = is_allowed || (kind == PERMIT_STORE && allows_store(detail, rq));
    }
    if (rq->kind == PERMIT_STORE && permits_say_anything(details, PERMIT_STORE) && !is_allowed)
        return "allows other things of other stores";
    if (rq->kind == PERMIT_PAYMENT && permits_say_anything(details, PERMIT_PAYMENT) && !rq->is_reading &&
        !rq->is_making)
        return "allows to make certain payments, and nothing else of payments";
    if (rq->kind == PERMIT_PAYOUT && permits_say_anything(details, PERMIT_PAYOUT) && !rq->is_reading && rq->is_lasting)
        return "allows certain payouts, and no schedule of others";
    return NULL;
}
