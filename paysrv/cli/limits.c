/* paysrv payouts limit|limits|waiting|approve|reject, requisites shared: how much may be paid out, where to, and four
 * eyes above it. */
#include <stdio.h>
#include <string.h>

#include "paysrv/domain/payout/payout_limit.h"
#include "paysrv/flow/payout/approval.h"
#include "paysrv/flow/payout/limits.h"
#include "paysrv/store/approval.sql.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/requisite.sql.h"
#include "paysrv/store/user.sql.h"
#include "paysrv/verbs.h"
#include "paysrv/words.h"
#include "shared/ops/cli.h"
#include "shared/text/currency.h"
#include "shared/text/money_text.h"

#define LIMIT_HIGH INT64_C(1000000000000)

static bool number_read(const char *name, const char *text, int64_t *ret)
{
    *ret = 0;
    return !text || cli_integer(name, text, 1, LIMIT_HIGH, ret);
}

/* 0: they exist. */
static int names_judge(struct task *t, partner_id partner, str user)
{
    const struct partner_find_row *found;
    const struct user_find_row *seller = NULL;
    err e = partner_find(t, partner, &found);
    if (!e && user.n)
        e = user_find(t, partner, (user_id){ user }, &seller);
    if (e)
        return cli_failed(e);
    if (!found || (user.n && !seller))
        return cli_misuse("no such partner, or no such user of this partner");
    return 0;
}

/* Those who are held to their own word, whatever each seller's is. */
static err others_tell(struct task *t, const struct payout_limit_set_args *to)
{
    const struct payout_limit_list_row *rows;
    size_t n;
    if (!to->approve_from || !str_eq(to->scope, STR("each")))
        return OK;
    TRY(payout_limit_list(t, to->partner, &rows, &n));
    for (size_t i = 0; i < n; i++)
        if (str_eq(rows[i].scope, STR("seller")) && str_eq(rows[i].currency, to->currency) &&
            rows[i].approve_from_given && rows[i].approve_from > to->approve_from)
            fprintf(stderr, "%.*s has approve-from %lld of his own in its place\n", STR_ARG(rows[i].user_id),
                    (long long)rows[i].approve_from);
    return OK;
}

static int limit_store(struct task *t, const struct limits_change *change)
{
    const struct payout_limit_set_args *to = &change->to;
    int code = names_judge(t, to->partner, to->user);
    if (code)
        return code;
    err e = limits_put(t, change);
    if (!e)
        e = others_tell(t, to);
    if (e)
        return cli_failed(e);
    printf("%.*s %.*s %.*s: set\n", STR_ARG(to->partner.v), STR_ARG(to->scope), STR_ARG(to->currency));
    return CLI_DONE;
}

enum { NUMBERS = 9, OTHERS = 4 };

int payouts_limit(struct task *t, int argc, char **argv)
{
    const char *partner = NULL, *user = NULL, *currency = NULL, *acr = NULL, *typed[NUMBERS] = { NULL };
    bool all = false;
    struct limits_change change = { .to = { .by = cli_account(t->arena) } };
    struct payout_limit_set_args *to = &change.to;
    const struct {
        const char *name;
        int64_t *to;
    } numbers[NUMBERS] = {
        { "--approve-from", &to->approve_from },
        { "--least", &to->least },
        { "--most", &to->most },
        { "--per-day", &to->per_day },
        { "--per-month", &to->per_month },
        { "--count-per-day", &to->count_per_day },
        { "--step-up-from", &to->step_up_from },
        { "--step-up-max-age", &to->step_up_max_age },
        { "--details-from", &to->details_from },
    };
    struct cli_option options[OTHERS + NUMBERS] = { { "--seller", &user, NULL },
                                                    { "--all", NULL, &all },
                                                    { "--currency", &currency, NULL },
                                                    { "--step-up-acr", &acr, NULL } };
    for (size_t i = 0; i < NUMBERS; i++)
        options[OTHERS + i] = (struct cli_option){ numbers[i].name, &typed[i], NULL, NULL };
    if (!cli_read(argc, argv, &partner, 1, options, OTHERS + NUMBERS))
        return CLI_USAGE;
    change.ends_approval = typed[0] && strcmp(typed[0], "none") == 0;
    for (size_t i = change.ends_approval; i < NUMBERS; i++)
        if (!number_read(numbers[i].name, typed[i], numbers[i].to))
            return CLI_USAGE;
    if ((user && all) || !currency || !currency_is_taken(str_of(currency)))
        return cli_misuse("--currency C is needed; of --seller USER and --all at most one");
    if (!to->step_up_from != !acr || (to->step_up_max_age && !acr) || (acr && !acr_values_valid(str_of(acr))))
        return cli_misuse("--step-up-from N and --step-up-acr VALUES belong together");
    if (!payout_limits_fit(to->least, to->most))
        return cli_misuse("--least is more than --most");
    to->step_up_acr = str_of(acr);
    to->partner = (partner_id){ str_of(partner) };
    to->scope = all ? STR("all") : user ? STR("seller") : STR("each");
    to->user = user ? str_of(user) : STR("");
    to->currency = str_of(currency);
    return limit_store(t, &change);
}

static void limit_print(const char *name, bool given, int64_t v)
{
    if (given)
        printf("\t%s %lld", name, (long long)v);
}

int payouts_limits(struct task *t, int argc, char **argv)
{
    const char *partner = NULL;
    const struct payout_limit_list_row *rows;
    size_t n;
    if (!cli_read(argc, argv, &partner, 1, NULL, 0))
        return CLI_USAGE;
    err e = payout_limit_list(t, (partner_id){ str_of(partner) }, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++) {
        const struct payout_limit_list_row *l = &rows[i];
        printf("%.*s\t%.*s\t%.*s", STR_ARG(l->scope), STR_ARG(l->user_id), STR_ARG(l->currency));
        limit_print("least", l->least_given, l->least);
        limit_print("most", l->most_given, l->most);
        limit_print("per-day", l->per_day_given, l->per_day);
        limit_print("per-month", l->per_month_given, l->per_month);
        limit_print("count-per-day", l->count_per_day_given, l->count_per_day);
        limit_print("approve-from", l->approve_from_given, l->approve_from);
        limit_print("details-from", l->details_from_given, l->details_from);
        limit_print("step-up-from", l->step_up_from_given, l->step_up_from);
        limit_print("step-up-max-age", l->step_up_max_age_given, l->step_up_max_age);
        if (str_given(l->step_up_acr))
            printf("\tstep-up-acr %.*s", STR_ARG(l->step_up_acr));
        printf("\tby %.*s\n", STR_ARG(l->updated_by));
    }
    return cli_listed(n, CLI_ROWS_MAX);
}

int payouts_waiting(struct task *t, int argc, char **argv)
{
    const struct payout_awaiting_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = payouts_awaiting_read(t, STR_NONE, CLI_ROWS_MAX, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\t%.*s, %.*s\t%.*s\trequested by %.*s, approved by %.*s\t%.*s\n",
               STR_ARG(rows[i].payout_id.v), STR_ARG(money_text(t->arena, rows[i].amount, rows[i].currency)),
               STR_ARG(rows[i].user_name), STR_ARG(rows[i].partner_name), STR_ARG(rows[i].masked),
               STR_ARG(rows[i].requested_by), STR_ARG(rows[i].approvers.n ? rows[i].approved_by : STR("nobody yet")),
               STR_ARG(words_of_approval_reasons(t->arena, rows[i].reasons)));
    return cli_listed(n, CLI_ROWS_MAX);
}

static int decide(struct task *t, int argc, char **argv, bool is_approval)
{
    const char *payout = NULL, *note = NULL;
    const struct cli_option options[] = { { "--note", &note, NULL } };
    if (!cli_read(argc, argv, &payout, 1, options, 1))
        return CLI_USAGE;
    str account = cli_account(t->arena), body;
    const struct operator_decision decision = {
        .subject = account, .name = account, .note = str_of(note), .is_approval = is_approval
    };
    err e = payout_decision_take(t, (payout_id){ str_of(payout) }, &decision, &body);
    if (e)
        return cli_failed(e);
    printf("%.*s\n", STR_ARG(body));
    return CLI_DONE;
}

int payouts_approve(struct task *t, int argc, char **argv)
{
    return decide(t, argc, argv, true);
}

int payouts_reject(struct task *t, int argc, char **argv)
{
    return decide(t, argc, argv, false);
}

int requisites_shared(struct task *t, int argc, char **argv)
{
    const struct requisite_shared_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = requisite_shared(t, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++) {
        printf("%.*s\t%zu users:", STR_ARG(rows[i].masked), rows[i].users.n);
        for (size_t k = 0; k < rows[i].users.n && k < 20; k++)
            printf(" %.*s", STR_ARG(rows[i].users.items[k]));
        putchar('\n');
    }
    return cli_listed(n, 200);
}
