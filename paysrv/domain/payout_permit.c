/* See payout_permit.h. */
#include "paysrv/domain/payout_permit.h"

static bool is_payout(const struct json_value *detail)
{
    str type;
    return json_get_str(detail, "type", &type) && str_eq(type, STR("payout"));
}

bool permits_say_anything(const struct json_value *details)
{
    for (size_t i = 0; details && i < json_size(details); i++)
        if (is_payout(json_item(details, i)))
            return true;
    return false;
}

static bool text_is(const struct json_value *v, str wanted)
{
    str text;
    return json_is_str(v, &text) && str_given(wanted) && str_eq(text, wanted);
}

static bool allows(const struct json_value *detail, const struct permit_wish *wish)
{
    int64_t amount;
    const struct json_value *v;
    str name;
    unsigned seen = 0;
    for (size_t i = 0; json_member(detail, i, &name, &v); i++) {
        if (str_eq(name, STR("type")) && text_is(v, STR("payout")))
            continue;
        if (str_eq(name, STR("amount")) && json_get_i64(detail, "amount", &amount) && amount == wish->amount_minor)
            seen |= 1;
        else if (str_eq(name, STR("currency")) && text_is(v, wish->currency))
            seen |= 2;
        else if (str_eq(name, STR("destination")) && text_is(v, wish->destination))
            seen |= 4;
        else if (!str_eq(name, STR("destination_name")) || !(text_is(v, wish->holder) || text_is(v, wish->masked)))
            return false;
    }
    return seen == 7;
}

int permit_find(const struct json_value *details, const struct permit_wish *wish, bool taken[PERMITS_MAX])
{
    for (size_t i = 0; i < json_size(details) && i < PERMITS_MAX; i++)
        if (!taken[i] && is_payout(json_item(details, i)) && allows(json_item(details, i), wish)) {
            taken[i] = true;
            return (int)i;
        }
    return -1;
}
