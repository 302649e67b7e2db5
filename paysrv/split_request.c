/* See split_request.h. */
#include "paysrv/split_request.h"

#include "paysrv/domain/money.h"
#include "paysrv/faults.h"

const struct param rule_params[8] = {
    P_STR(struct rule_in, party, .need = REQUIRED, .set = ID, .max = 20, .words = "platform partner seller user"),
    P_STR(struct rule_in, user, .need = OPTIONAL, .set = ID, .min = 1, .max = 40),
    P_I64(struct rule_in, bp, .need = OPTIONAL, .low = 0, .high = SPLIT_BP),
    P_I64(struct rule_in, fixed, .need = OPTIONAL, .low = 0, .high = MONEY_MAX_MINOR),
    P_I64(struct rule_in, min, .need = OPTIONAL, .low = 0, .high = MONEY_MAX_MINOR),
    P_I64(struct rule_in, cap, .need = OPTIONAL, .low = 0, .high = MONEY_MAX_MINOR),
    P_BOOL(struct rule_in, rest, .need = OPTIONAL),
    P_STR(struct rule_in, on_refund, .need = OPTIONAL, .set = ID, .min = 1, .max = 20, .words = "pro_rata full none"),
};

static err rule_of(struct task *t, str name, const struct rule_in *in, struct split_rule *ret)
{
    *ret = (struct split_rule){
        .user = in->user,
        .bp = (int32_t)in->bp,
        .fixed_minor = in->fixed,
        .min_minor = in->min,
        .cap_minor = in->cap,
        .is_rest = in->rest,
        .on_refund = RETURN_PRO_RATA,
    };
    if (!split_party_parse(in->party, &ret->party))
        return FAIL_PARAM(t, INVALID_PARAMETER, arena_printf(t->arena, "%.*s.party", STR_ARG(name)),
                          STR("must be platform, partner, seller or user"));
    if (str_given(in->on_refund) && !split_return_parse(in->on_refund, &ret->on_refund))
        return FAIL_PARAM(t, INVALID_PARAMETER, arena_printf(t->arena, "%.*s.on_refund", STR_ARG(name)),
                          STR("must be pro_rata, full or none"));
    return OK;
}

err split_request_read(struct task *t, partner_id partner, const char *field, const struct list *rules, str currency,
                       struct split_draft *ret)
{
    const struct rule_in *in = rules->items;
    *ret = (struct split_draft){ .param = field, .currency = currency };
    if (rules->n > SPLIT_RULES_MAX)
        return FAIL_PARAM(t, INVALID_PARAMETER, str_of(field), str_of(split_verdict_text(SPLIT_RULE_COUNT)));
    for (; ret->profile.n < rules->n; ret->profile.n++) {
        size_t i = ret->profile.n;
        TRY(rule_of(t, arena_printf(t->arena, "%s[%zu]", field, i), &in[i], &ret->profile.rules[i]));
    }
    TRY(split_complete(t, partner, ret));
    return split_check(t, partner, ret);
}

err split_choice_check(struct task *t, const struct caller *caller, const struct split_choice *choice)
{
    if (str_given(choice->split_profile) && (choice->split->n || str_given(caller->subject)))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("split_profile"),
                          STR("only without split, and with the partner's own token"));
    if (choice->split->n && str_given(caller->subject))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("split"), STR("only with the partner's own token"));
    return OK;
}

err split_choice_read(struct task *t, partner_id partner, const struct split_choice *choice, str currency,
                      struct split_profile *ret, str *id)
{
    const struct split_profile_find_row *named;
    struct split_draft draft = { .param = "split_profile", .currency = currency, .first = SPLIT_RULES_MAX };
    *id = STR_NONE;
    if (choice->split->n) {
        TRY(split_request_read(t, partner, "split", choice->split, currency, &draft));
        TRY(split_keep(t, partner, &draft, id));
    } else if (str_given(choice->split_profile)) {
        TRY(split_usable(t, partner, choice->split_profile, currency, "split_profile", &named));
        TRY(split_of_text(t, named->rules, &draft.profile));
        TRY(split_terms_check(t, partner, &draft));
        *id = choice->split_profile;
    } else {
        return OK;
    }
    *ret = draft.profile;
    return split_accounts_open(t, partner, ret, currency);
}
