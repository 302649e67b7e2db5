/* paysrv splits add|list|default|use|archive: who gets what of payments, by stored rules (docs/OPERATIONS.md). */
#include <stdio.h>

#include "paysrv/domain/stores/split_json.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/stores/split.h"
#include "paysrv/flow/stores/store_terms.h"
#include "paysrv/store/event.sql.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/split.sql.h"
#include "paysrv/store/store.sql.h"
#include "paysrv/store/user.sql.h"
#include "paysrv/verbs.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/cli.h"
#include "shared/text/currency.h"

/* "none" takes a profile away. */
static str profile_word(const char *word)
{
    return strcmp(word, "none") == 0 ? STR_NONE : str_of(word);
}

static bool rules_read(struct task *t, const char *text, struct split_profile *ret)
{
    size_t rule;
    if (!split_rules_parse(t->arena, arena_printf(t->arena, "{\"rules\":%s}", text), ret)) {
        cli_misuse(
            "--rules: a JSON list such as [{\"party\":\"platform\",\"bp\":500},{\"party\":\"seller\",\"rest\":true}]");
        return false;
    }
    enum split_verdict verdict = split_judge(ret, &rule);
    if (verdict != SPLIT_GOOD) {
        fprintf(stderr, "paysrv: --rules: rule %zu %s\n", rule, split_verdict_text(verdict));
        return false;
    }
    return true;
}

static bool users_known(struct task *t, partner_id partner, const struct split_profile *profile, int *code)
{
    for (size_t i = 0; i < profile->n; i++) {
        const struct user_find_row *user = NULL;
        if (profile->rules[i].party != SPLIT_USER)
            continue;
        err e = user_find(t, partner, (user_id){ profile->rules[i].user }, &user);
        if (!e && user)
            continue;
        *code = e ? cli_failed(e) : cli_misuse("--rules: a user that this partner does not have");
        return false;
    }
    return true;
}

static err profile_add(struct task *t, partner_id partner, str name, str currency, const struct split_profile *profile,
                       str *id)
{
    const struct split_profile_find_row *row;
    struct buf out;
    struct json j;
    int64_t n;
    *id = random_id(t->arena, "spl_");
    TRY(split_profile_insert(t, partner, *id, name, currency, split_rules_text(t->arena, profile), &n));
    TRY(split_profile_find(t, partner, *id, &row));
    buf_init(&out, t->arena, 16384);
    json_begin(&j, &out);
    split_profile_write(&j, row, profile);
    json_end(&j);
    const event_id event = { random_id(t->arena, "evt_") };
    return event_insert(t, event, partner, STR("split_profile.created"), *id, buf_str(&out), &n);
}

int splits_add(struct task *t, int argc, char **argv)
{
    const char *slug = NULL, *name = NULL, *rules = NULL, *currency = NULL;
    const struct cli_option options[] = {
        { "--name", &name, NULL },
        { "--rules", &rules, NULL },
        { "--currency", &currency, NULL },
    };
    struct split_profile profile;
    int code = CLI_USAGE;
    str id;
    if (!cli_read(argc, argv, &slug, 1, options, sizeof options / sizeof options[0]))
        return CLI_USAGE;
    if (!name || !rules)
        return cli_misuse("splits add needs --name and --rules");
    const partner_id partner = { str_of(slug) };
    const struct partner_find_row *found;
    err e = partner_find(t, partner, &found);
    if (e)
        return cli_failed(e);
    if (!found)
        return cli_misuse("there is no such partner");
    if (!rules_read(t, rules, &profile))
        return CLI_USAGE;
    if (currency ? !currency_is_taken(str_of(currency)) : split_has_units(&profile))
        return cli_misuse("--currency: a currency of ISO 4217 in use; needed for rules with fixed, min or cap");
    if (!users_known(t, partner, &profile, &code))
        return code;
    e = profile_add(t, partner, str_of(name), currency ? str_of(currency) : STR_NONE, &profile, &id);
    if (e)
        return cli_failed(e);
    printf("%.*s\n", STR_ARG(id));
    return CLI_DONE;
}

int splits_list(struct task *t, int argc, char **argv)
{
    const char *slug = NULL;
    const struct split_profile_find_row *rows;
    size_t n;
    if (!cli_read(argc, argv, &slug, 1, NULL, 0))
        return CLI_USAGE;
    err e = split_profile_list(t, (partner_id){ str_of(slug) }, STR_NONE, CLI_ROWS_MAX, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\t%.*s\t%s\t%.*s\n", STR_ARG(rows[i].split_profile_id), STR_ARG(rows[i].name),
               STR_ARG(str_given(rows[i].currency) ? rows[i].currency : STR("any currency")),
               rows[i].archived_at_given ? "archived" : "open", STR_ARG(rows[i].rules));
    return cli_listed(n, CLI_ROWS_MAX);
}

static int changed(err e, bool is_changed, const char *otherwise, const char *what)
{
    if (e)
        return cli_failed(e);
    if (!is_changed) {
        fprintf(stderr, "paysrv: %s\n", otherwise);
        return CLI_FAILED;
    }
    printf("%s\n", what);
    return CLI_DONE;
}

int splits_default(struct task *t, int argc, char **argv)
{
    const char *words[2] = { NULL, NULL };
    bool is_set = false;
    if (!cli_read(argc, argv, words, 2, NULL, 0))
        return CLI_USAGE;
    err e = split_default(t, (partner_id){ str_of(words[0]) }, profile_word(words[1]), &is_set);
    return changed(e, is_set, "there is no such partner, or no such open profile of it",
                   "the partner's profile is set");
}

/* What payments of the store will need is there before they find the profile. */
static err store_prepare(struct task *t, const struct store_any_row *store, str profile)
{
    const struct split_profile_find_row *found;
    struct split_profile rules;
    if (!str_given(profile))
        return OK;
    TRY(split_usable(t, store->partner_id, profile, store->currency, "PROFILE", &found));
    TRY(split_of_text(t, found->rules, &rules));
    TRY(split_seller_check(t, &rules, store->user_id.v, "PROFILE"));
    return split_accounts_open(t, store->partner_id, &rules, store->currency);
}

/* A tariff that is valid at once, by the clock of the store's partner. */
static err store_use(struct task *t, store_id id, str profile, bool *found)
{
    const struct store_any_row *store;
    const struct store_find_row *row;
    TRY(store_any(t, id, &store));
    *found = store != NULL;
    if (!store)
        return OK;
    TRY(clock_enter(t, store->partner_id));
    TRY(store_prepare(t, store, profile));
    TRY(store_find(t, store->partner_id, id, STR_NONE, &row));
    struct tariff_plan plan = { .partner = store->partner_id,
                                .row = *row,
                                .made = { .tariff_id = random_id(t->arena, "trf_"),
                                          .store_id = id,
                                          .platform_bp = row->platform_bp,
                                          .partner_bp = row->partner_bp,
                                          .split_profile_id = profile,
                                          .valid_from = t->now,
                                          .created_at = t->now,
                                          .created_by = cli_account(t->arena) },
                                .event = { random_id(t->arena, "evt_") } };
    return tariff_make(t, &plan);
}

int splits_use(struct task *t, int argc, char **argv)
{
    const char *words[2] = { NULL, NULL };
    bool found = false;
    if (!cli_read(argc, argv, words, 2, NULL, 0))
        return CLI_USAGE;
    err e = store_use(t, (store_id){ str_of(words[0]) }, profile_word(words[1]), &found);
    return changed(e, found, "there is no such store", "the store's profile is set");
}

int splits_archive(struct task *t, int argc, char **argv)
{
    const char *words[2] = { NULL, NULL };
    bool is_away = false;
    if (!cli_read(argc, argv, words, 2, NULL, 0))
        return CLI_USAGE;
    err e = split_archive(t, (partner_id){ str_of(words[0]) }, str_of(words[1]), &is_away);
    return changed(e, is_away, "there is no such open profile, or a store or the partner uses it", "archived");
}
