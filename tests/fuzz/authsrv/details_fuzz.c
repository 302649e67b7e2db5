/*
 * authorization_details (RFC 9396) and the rules of their types, both from whoever asks: the first line is a type's
 * rules, the rest the parameter. What is taken reads back the same, covers itself, and is of its audience.
 */
#include "authsrv/domain/authorization/authorization_details.h"

#include "shared/text/encode.h"
#include "tests/fuzz/fuzz.h"

#define AUDIENCE STR("https://pay.example")

static void taken_check(struct arena *a, str details, const struct detail_type *types, size_t n_types)
{
    const struct json_value *list;
    struct text_list all = { 0 };
    struct rule_problem problem = { 0 };
    str again, *said;
    size_t n;
    str names[] = { STR("payment"), STR("payout"), STR("store_management"), STR("own") };
    all = (struct text_list){ .items = names, .n = 4 };
    MUST(json_parse(a, details, &list) && json_kind(list) == JSON_ARRAY && json_size(list) <= DETAILS_MAX_ITEMS);
    MUST(details_read(a, details, STR("openid"), types, n_types, &all, &again, &problem) && str_eq(again, details));
    details_say(a, details, types, n_types, &said, &n);
    MUST(n == json_size(list));
    for (size_t i = 0; i < n; i++)
        MUST(utf8_is_line(said[i]));
    struct details_choice all_of_it, none;
    MUST(details_choose(a, details, details, types, n_types, AUDIENCE, &all_of_it) == DETAILS_GOOD);
    MUST(str_eq(all_of_it.items, details));
    MUST(details_choose(a, details, STR_NONE, types, n_types, STR("https://nobody.example"), &none) == DETAILS_GOOD);
    MUST(!str_given(none.items) && !str_given(none.places));
    MUST(details_choose(a, details, STR("[]"), types, n_types, AUDIENCE, &none) == DETAILS_TYPE_LEFT_OUT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = fuzz_arena();
    str rest = fuzz_text(data, size), line, taken;
    const struct json_value *rules;
    struct rule_problem problem = { 0 };
    struct detail_type types[4];
    str names[] = { STR("payment"), STR("payout"), STR("store_management"), STR("own") };
    struct text_list all = { .items = names, .n = 4 };
    size_t n = 0;
    for (; n < 3; n++) {
        str text;
        types[n] = (struct detail_type){ .name = names[n], .audience = AUDIENCE };
        MUST(detail_type_built_in(names[n], &text, &types[n].sentence) && json_parse(a, text, &types[n].rules));
    }
    if (!str_cut(&rest, '\n', &line))
        line = STR("");
    if (json_parse(a, line, &rules)) {
        if (json_rules_valid(a, rules, &problem))
            types[n++] = (struct detail_type){ names[3], AUDIENCE, STR("{amount:currency} to {payee}"), rules };
        else
            MUST(problem.explain.n > 0);
    }
    problem = (struct rule_problem){ 0 };
    if (details_read(a, rest, STR("openid"), types, n, &all, &taken, &problem))
        taken_check(a, taken, types, n);
    else
        MUST(problem.explain.n > 0);
    return 0;
}
