/* See split.h. */
#include "paysrv/flow/stores/split.h"

#include "paysrv/app.h"
#include "paysrv/domain/stores/split_json.h"
#include "paysrv/faults.h"
#include "paysrv/flow/env.h"
#include "paysrv/store/ledger.sql.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/split.sql.h"
#include "paysrv/store/user.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "shared/text/encode.h"
#include "shared/text/shape.h"

#define ID_DIGITS 26 /* as many as other ids have */

err split_of_text(struct task *t, str rules, struct split_profile *ret)
{
    return split_rules_parse(t->arena, rules, ret) ? OK : FAIL(t, INTERNAL, "a stored split profile is none");
}

err split_of_payment(struct task *t, const struct payment_find_row *p, struct split_profile *ret)
{
    const struct app *app = t->app;
    const struct split_profile_find_row *row;
    if (!str_given(p->split_profile_id)) {
        *ret = split_of_bp(p->platform_bp, p->partner_bp);
        return OK;
    }
    TRY(app->env->split_profile_find(t, p->partner_id, p->split_profile_id, &row));
    if (!row)
        return FAIL(t, INTERNAL, "a payment without its split profile");
    return split_of_text(t, row->rules, ret);
}

/* Of a profile that was made while he was there. */
static err nobody_has_left(struct task *t, const struct split_profile_find_row *row, const char *param)
{
    struct split_profile profile;
    TRY(split_of_text(t, row->rules, &profile));
    for (size_t i = 0; i < profile.n; i++) {
        const struct user_find_row *user;
        if (profile.rules[i].party != SPLIT_USER)
            continue;
        TRY(user_find(t, row->partner_id, (user_id){ profile.rules[i].user }, &user));
        if (user && user->closed_at_given)
            return FAIL_PARAM(t, INVALID_PARAMETER, str_of(param), STR("names a user who is closed"));
    }
    return OK;
}

err split_usable(struct task *t, partner_id partner, str split_profile, str currency, const char *param,
                 const struct split_profile_find_row **ret)
{
    TRY(split_profile_find(t, partner, split_profile, ret));
    if (!*ret || (*ret)->archived_at_given)
        return FAIL_PARAM(t, INVALID_PARAMETER, str_of(param), STR("there is no such split profile"));
    if (str_given((*ret)->currency) && !str_eq((*ret)->currency, currency))
        return FAIL_PARAM(t, INVALID_PARAMETER, str_of(param),
                          arena_printf(t->arena, "is a profile in %.*s", STR_ARG((*ret)->currency)));
    return nobody_has_left(t, *ret, param);
}

err split_seller_check(struct task *t, const struct split_profile *profile, str seller, const char *param)
{
    if (!split_rule_of(profile, SPLIT_USER, seller))
        return OK;
    return FAIL_PARAM(t, INVALID_PARAMETER, str_of(param), STR("names the store's own user, who is its seller"));
}

/* ---- what a partner may write ---- */

struct terms {
    struct split_profile profile; /* see split_terms_of */
    str currency;
};

static const struct split_rule *rule_of_platform(const struct split_profile *profile)
{
    return split_rule_of(profile, SPLIT_PLATFORM, STR_NONE);
}

/* What the operator has agreed with this partner, in the partner's own profile. */
static err terms_find(struct task *t, partner_id partner, struct terms *ret)
{
    const struct partner_find_row *p;
    const struct split_profile_find_row *row;
    struct split_profile profile;
    TRY(partner_find(t, partner, &p));
    if (!p)
        return FAIL(t, NO_PARTNER, "the token's partner is not set up here");
    const struct split_profile points = split_of_bp(p->platform_bp, p->partner_bp);
    *ret = (struct terms){ .profile = split_terms_of(&points) };
    if (!str_given(p->split_profile_id))
        return OK;
    TRY(split_profile_find(t, partner, p->split_profile_id, &row));
    if (!row)
        return FAIL(t, INTERNAL, "a partner without its split profile");
    TRY(split_of_text(t, row->rules, &profile));
    ret->profile = split_terms_of(&profile);
    ret->currency = split_has_units(&ret->profile) ? row->currency : STR_NONE;
    return OK;
}

static bool has_rest(const struct split_profile *profile)
{
    for (size_t i = 0; i < profile->n; i++)
        if (profile->rules[i].is_rest)
            return true;
    return false;
}

static err refuse(struct task *t, const struct split_draft *d, size_t rule, const char *why)
{
    str name = str_of(d->param);
    size_t given = rule == 0 ? d->led : rule - (rule <= d->led);
    if (rule >= d->first && rule < d->profile.n)
        name = arena_printf(t->arena, "%s[%zu]", d->param, given - d->first);
    return FAIL_PARAM(t, INVALID_PARAMETER, name, str_of(why));
}

err split_complete(struct task *t, partner_id partner, struct split_draft *d)
{
    struct split_profile *p = &d->profile;
    struct terms terms;
    TRY(terms_find(t, partner, &terms));
    const struct split_rule *agreed = rule_of_platform(&terms.profile);
    bool adds_platform = !rule_of_platform(p);
    bool adds_seller = !has_rest(p) && !agreed->is_rest && !split_rule_of(p, SPLIT_SELLER, STR_NONE);
    if (p->n + adds_platform + adds_seller > SPLIT_RULES_MAX)
        return refuse(t, d, p->n, split_verdict_text(SPLIT_RULE_COUNT));
    if (adds_platform) {
        p->rules[p->n] = *agreed;
        split_put_first(p, p->n++);
        d->first = 1;
    }
    d->led = split_lead(p);
    if (adds_seller)
        p->rules[p->n++] = (struct split_rule){ .party = SPLIT_SELLER, .is_rest = true };
    return OK;
}

err split_terms_check(struct task *t, partner_id partner, const struct split_draft *d)
{
    const struct split_rule *rule = rule_of_platform(&d->profile);
    struct terms terms;
    TRY(terms_find(t, partner, &terms));
    if (!rule || !split_is_at_least(rule, rule_of_platform(&terms.profile)))
        return refuse(t, d, rule ? (size_t)(rule - d->profile.rules) : d->profile.n,
                      "must not give the platform less than its terms with the partner");
    const struct split_rule *ahead = split_ahead(&d->profile, &terms.profile);
    if (ahead)
        return refuse(t, d, (size_t)(ahead - d->profile.rules),
                      "must not take before the platform what the platform's terms with the partner do not say");
    if (str_given(terms.currency) && !str_eq(terms.currency, d->currency))
        return FAIL_PARAM(
            t, INVALID_PARAMETER, STR("currency"),
            arena_printf(t->arena, "must be that of the platform's terms, %.*s", STR_ARG(terms.currency)));
    return OK;
}

/* Another partner's user is refused like one that does not exist. */
static err users_check(struct task *t, partner_id partner, const struct split_draft *d)
{
    for (size_t i = 0; i < d->profile.n; i++) {
        const struct split_rule *r = &d->profile.rules[i];
        const struct user_find_row *user;
        if (r->party != SPLIT_USER)
            continue;
        TRY(user_find(t, partner, (user_id){ r->user }, &user));
        if (!user)
            return refuse(t, d, i, "there is no such user");
        if (user->closed_at_given)
            return refuse(t, d, i, "names a user who is closed");
    }
    return OK;
}

err split_check(struct task *t, partner_id partner, const struct split_draft *d)
{
    size_t rule;
    enum split_verdict verdict = split_judge(&d->profile, &rule);
    if (verdict != SPLIT_GOOD)
        return refuse(t, d, rule, split_verdict_text(verdict));
    if (split_has_units(&d->profile) && !str_given(d->currency))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("currency"), STR("is required for rules with fixed, min or cap"));
    TRY(split_terms_check(t, partner, d));
    return users_check(t, partner, d);
}

err split_users_are_there(struct task *t, partner_id partner, const str_array *users)
{
    for (size_t i = 0; i < users->n; i++) {
        const struct user_find_row *user;
        TRY(user_find(t, partner, (user_id){ users->items[i] }, &user));
        if (user && user->closed_at_given)
            return FAIL_PARAM(t, STORE_STATE, STR("split"),
                              arena_printf(t->arena, "it shares with %.*s, who has left", STR_ARG(users->items[i])));
    }
    return OK;
}

/* ---- writing ---- */

err split_keep(struct task *t, partner_id partner, const struct split_draft *d, str *id)
{
    str currency = split_has_units(&d->profile) ? d->currency : STR_NONE;
    str rules = split_rules_text(t->arena, &d->profile);
    digest name =
        sha256_str(arena_printf(t->arena, "%.*s %.*s %.*s", STR_ARG(partner.v), STR_ARG(currency), STR_ARG(rules)));
    str hex = hex_encode(t->arena, (bytes){ name.b, sizeof name.b });
    int64_t made;
    *id = arena_printf(t->arena, "spl_%.*s", ID_DIGITS, hex.p);
    return split_profile_insert(t, partner, *id, STR_NONE, currency, rules, &made);
}

err split_accounts_open(struct task *t, partner_id partner, const struct split_profile *profile, str currency)
{
    int64_t opened;
    for (size_t i = 0; i < profile->n; i++)
        if (profile->rules[i].party == SPLIT_USER)
            TRY(accounts_open(t, (user_id){ profile->rules[i].user }, partner, currency, &opened));
    return OK;
}

err split_in_turn(struct task *t, partner_id partner, struct split_draft *d, str *id)
{
    struct split_profile led = d->profile;
    struct terms terms;
    *id = STR_NONE;
    if (split_lead(&led) == 0)
        return OK;
    TRY(terms_find(t, partner, &terms));
    if (!split_ahead(&d->profile, &terms.profile))
        return OK;
    d->profile = led;
    return split_keep(t, partner, d, id);
}

/* ---- in use, or put away ---- */

struct profile_use {
    partner_id partner;
    str profile;
    int64_t changed;
};

static err archive_in_tx(struct task *t, void *context)
{
    struct profile_use *x = context;
    return split_profile_archive(t, x->partner, x->profile, &x->changed);
}

static err default_in_tx(struct task *t, void *context)
{
    struct profile_use *x = context;
    return partner_split(t, x->profile, x->partner, &x->changed);
}

err split_archive(struct task *t, partner_id partner, str split_profile, bool *done)
{
    struct profile_use x = { partner, split_profile, 0 };
    TRY(db_tx(t, archive_in_tx, &x));
    *done = x.changed == 1;
    return OK;
}

err split_default(struct task *t, partner_id partner, str split_profile, bool *done)
{
    struct profile_use x = { partner, split_profile, 0 };
    TRY(db_tx(t, default_in_tx, &x));
    *done = x.changed == 1;
    return OK;
}

SHAPE(split_profile, "SplitProfile",
      "id: string, object: 'split_profile', name: string | null, currency: string | null, rules: "
      "SplitRule[], created_at: time, archived_at?: time")

void split_profile_write(struct json *j, const struct split_profile_find_row *row, const struct split_profile *profile)
{
    json_str(j, "id", row->split_profile_id);
    json_str(j, "object", STR("split_profile"));
    json_str_or_null(j, "name", row->name);
    json_str_or_null(j, "currency", row->currency);
    split_rules_write(j, profile);
    json_time(j, "created_at", row->created_at);
    if (row->archived_at_given)
        json_time(j, "archived_at", row->archived_at);
}
