/* What is a split profile and what is not. See split.h. */
#include "paysrv/domain/money.h"
#include "paysrv/domain/stores/split.h"

#define TEXT_ROW(name, text) text,
static const char *const party_text[] = { SPLIT_PARTIES(TEXT_ROW) };
static const char *const return_text[] = { SPLIT_RETURNS(TEXT_ROW) };
static const char *const verdict_text[] = { SPLIT_VERDICTS(TEXT_ROW) };

static bool word_find(const char *const *words, size_t n, str name, size_t *ret)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq(name, str_of(words[i]))) {
            *ret = i;
            return true;
        }
    }
    return false;
}

str split_party_name(enum split_party party)
{
    return str_of(party_text[party]);
}

bool split_party_parse(str name, enum split_party *ret)
{
    size_t i;
    if (!word_find(party_text, SPLIT_PARTY_COUNT, name, &i))
        return false;
    *ret = (enum split_party)i;
    return true;
}

str split_return_name(enum split_return on_refund)
{
    return str_of(return_text[on_refund]);
}

bool split_return_parse(str name, enum split_return *ret)
{
    size_t i;
    if (!word_find(return_text, SPLIT_RETURN_COUNT, name, &i))
        return false;
    *ret = (enum split_return)i;
    return true;
}

const char *split_verdict_text(enum split_verdict verdict)
{
    return verdict_text[verdict];
}

static bool units_are_good(int64_t minor)
{
    return minor >= 0 && minor <= MONEY_MAX_MINOR;
}

static bool counts_units(const struct split_rule *r)
{
    return r->fixed_minor || r->min_minor || r->cap_minor;
}

static enum split_verdict rule_judge(const struct split_rule *r)
{
    if (r->bp < 0 || r->bp > SPLIT_BP)
        return SPLIT_BP_RANGE;
    if (!units_are_good(r->fixed_minor) || !units_are_good(r->min_minor) || !units_are_good(r->cap_minor))
        return SPLIT_UNITS_RANGE;
    if (r->cap_minor && (r->cap_minor < r->min_minor || r->cap_minor < r->fixed_minor))
        return SPLIT_CAP_UNDER_MIN;
    if (r->is_rest && (r->bp || counts_units(r) || r->on_refund != RETURN_PRO_RATA))
        return SPLIT_REST_HAS_SHARE;
    if (r->party == SPLIT_USER && r->user.n == 0)
        return SPLIT_USER_MISSING;
    if (r->party != SPLIT_USER && str_given(r->user))
        return SPLIT_USER_FOREIGN;
    return SPLIT_GOOD;
}

const struct split_rule *split_rule_of(const struct split_profile *profile, enum split_party party, str user)
{
    for (size_t i = 0; i < profile->n; i++) {
        const struct split_rule *r = &profile->rules[i];
        if (r->party == party && (party != SPLIT_USER || str_eq(r->user, user)))
            return r;
    }
    return NULL;
}

bool split_is_at_least(const struct split_rule *rule, const struct split_rule *terms)
{
    if (rule->is_rest != terms->is_rest)
        return false;
    if (rule->cap_minor && (terms->cap_minor == 0 || rule->cap_minor < terms->cap_minor))
        return false;
    return rule->bp >= terms->bp && rule->fixed_minor >= terms->fixed_minor && rule->min_minor >= terms->min_minor &&
           (rule->on_refund == terms->on_refund || rule->on_refund == RETURN_NONE);
}

static bool asks_nothing(const struct split_rule *r)
{
    return !r->is_rest && r->bp == 0 && r->fixed_minor == 0 && r->min_minor == 0;
}

/* The rest is served last, wherever it is declared. */
static bool is_before(const struct split_rule *rule, const struct split_rule *other)
{
    return !rule->is_rest && (other->is_rest || rule < other);
}

struct split_profile split_terms_of(const struct split_profile *profile)
{
    const struct split_rule *own = split_rule_of(profile, SPLIT_PLATFORM, STR_NONE);
    struct split_profile ret = { .n = 0 };
    for (size_t i = 0; own && i < profile->n; i++)
        if (is_before(&profile->rules[i], own))
            ret.rules[ret.n++] = profile->rules[i];
    ret.rules[ret.n++] = own ? *own : (struct split_rule){ .party = SPLIT_PLATFORM };
    return ret;
}

const struct split_rule *split_ahead(const struct split_profile *profile, const struct split_profile *terms)
{
    const struct split_rule *own = split_rule_of(profile, SPLIT_PLATFORM, STR_NONE);
    if (!own || asks_nothing(split_rule_of(terms, SPLIT_PLATFORM, STR_NONE)))
        return NULL;
    for (size_t i = 0; i < profile->n; i++) {
        const struct split_rule *r = &profile->rules[i];
        if (!is_before(r, own) || asks_nothing(r))
            continue;
        const struct split_rule *agreed = split_rule_of(terms, r->party, r->user);
        if (!agreed || !split_is_at_least(agreed, r))
            return r;
    }
    return NULL;
}

void split_put_first(struct split_profile *profile, size_t rule)
{
    const struct split_rule first = profile->rules[rule];
    for (; rule > 0; rule--)
        profile->rules[rule] = profile->rules[rule - 1];
    profile->rules[0] = first;
}

size_t split_lead(struct split_profile *profile)
{
    const struct split_rule *own = split_rule_of(profile, SPLIT_PLATFORM, STR_NONE);
    size_t from = own && !own->is_rest ? (size_t)(own - profile->rules) : 0;
    split_put_first(profile, from);
    return from;
}

enum split_verdict split_judge(const struct split_profile *profile, size_t *rule)
{
    int64_t bp = 0;
    size_t rests = 0;
    *rule = profile->n;
    if (profile->n == 0 || profile->n > SPLIT_RULES_MAX)
        return SPLIT_RULE_COUNT;
    for (size_t i = 0; i < profile->n; i++) {
        const struct split_rule *r = &profile->rules[i];
        enum split_verdict verdict = rule_judge(r);
        if (verdict == SPLIT_GOOD && split_rule_of(profile, r->party, r->user) != r)
            verdict = SPLIT_RECEIVER_TWICE;
        if (verdict != SPLIT_GOOD) {
            *rule = i;
            return verdict;
        }
        bp += profile->rules[i].bp;
        rests += profile->rules[i].is_rest;
    }
    if (rests != 1)
        return SPLIT_REST_COUNT;
    return bp > SPLIT_BP ? SPLIT_OVER_WHOLE : SPLIT_GOOD;
}

bool split_has_units(const struct split_profile *profile)
{
    for (size_t i = 0; i < profile->n; i++)
        if (counts_units(&profile->rules[i]))
            return true;
    return false;
}

struct split_profile split_of_bp(int32_t platform_bp, int32_t partner_bp)
{
    return (struct split_profile){ .rules = { { .party = SPLIT_PLATFORM, .bp = platform_bp },
                                              { .party = SPLIT_PARTNER, .bp = partner_bp },
                                              { .party = SPLIT_SELLER, .is_rest = true } },
                                   .n = 3 };
}
