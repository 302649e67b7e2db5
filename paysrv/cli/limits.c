/* paysrv payouts limit|limits|waiting|approve|reject, requisites shared: how much may be paid out, where to, and four
 * eyes above it. */
#include <stdio.h>

#include "paysrv/domain/payout/payout_limit.h"
#include "paysrv/flow/payout/approval.h"
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
static int names_judge(struct task *t, partner_id partner, const char *user)
{
    const struct partner_find_row *found;
    const struct user_find_row *seller = NULL;
    err e = partner_find(t, partner, &found);
    if (!e && user)
        e = user_find(t, partner, (user_id){ str_of(user) }, &seller);
    if (e)
        return cli_failed(e);
    if (!found || (user && !seller))
        return cli_misuse("no such partner, or no such user of this partner");
    return 0;
}

enum { NUMBERS = 9, OTHERS = 4 };

int payouts_limit(struct task *t, int argc, char **argv)
{
    const char *partner = NULL, *user = NULL, *currency = NULL, *acr = NULL, *typed[NUMBERS] = { NULL };
    bool all = false;
    struct payout_limit_set_args args = { .by = cli_account(t->arena) };
    const struct {
        const char *name;
        int64_t *to;
    } numbers[NUMBERS] = {
        { "--least", &args.least },
        { "--most", &args.most },
        { "--per-day", &args.per_day },
        { "--per-month", &args.per_month },
        { "--count-per-day", &args.count_per_day },
        { "--approve-from", &args.approve_from },
        { "--step-up-from", &args.step_up_from },
        { "--step-up-max-age", &args.step_up_max_age },
        { "--details-from", &args.details_from },
    };
    struct cli_option options[OTHERS + NUMBERS] = { { "--seller", &user, NULL },
                                                    { "--all", NULL, &all },
                                                    { "--currency", &currency, NULL },
                                                    { "--step-up-acr", &acr, NULL } };
    for (size_t i = 0; i < NUMBERS; i++)
        options[OTHERS + i] = (struct cli_option){ numbers[i].name, &typed[i], NULL, NULL };
    if (!cli_read(argc, argv, &partner, 1, options, OTHERS + NUMBERS))
        return CLI_USAGE;
    for (size_t i = 0; i < NUMBERS; i++)
        if (!number_read(numbers[i].name, typed[i], numbers[i].to))
            return CLI_USAGE;
    if ((user && all) || !currency || !currency_is_taken(str_of(currency)))
        return cli_misuse("--currency C is needed; of --seller USER and --all at most one");
    if (!args.step_up_from != !acr || (args.step_up_max_age && !acr) || (acr && !acr_values_valid(str_of(acr))))
        return cli_misuse("--step-up-from N and --step-up-acr VALUES belong together");
    if (!payout_limits_fit(args.least, args.most))
        return cli_misuse("--least is more than --most");
    args.step_up_acr = str_of(acr);
    args.partner = (partner_id){ str_of(partner) };
    args.scope = all ? STR("all") : user ? STR("seller") : STR("each");
    args.user = user ? str_of(user) : STR("");
    args.currency = str_of(currency);
    int code = names_judge(t, args.partner, user);
    if (code)
        return code;
    int64_t affected;
    err e = payout_limit_set(t, &args, &affected);
    if (e)
        return cli_failed(e);
    printf("%s %.*s %s: set\n", partner, STR_ARG(args.scope), currency);
    return CLI_DONE;
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
    err e = payout_awaiting(t, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\t%.*s, %.*s\t%.*s\trequested by %.*s, approved by %.*s\t%.*s\n",
               STR_ARG(rows[i].payout_id.v), STR_ARG(money_text(t->arena, rows[i].amount, rows[i].currency)),
               STR_ARG(rows[i].user_name), STR_ARG(rows[i].partner_name), STR_ARG(rows[i].masked),
               STR_ARG(rows[i].requested_by), STR_ARG(rows[i].approvers.n ? rows[i].approved_by : STR("nobody yet")),
               STR_ARG(words_of_approval_reasons(t->arena, rows[i].reasons)));
    return cli_listed(n, 100);
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
