/* paysrv payouts watch|watched: which payouts operators look at first, and what was said of payees. */
#include <stdio.h>

#include "paysrv/domain/payout/payout.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/payout_watch.sql.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"
#include "shared/text/currency.h"
#include "shared/text/money_text.h"

#define PER_HOUR_MAX 1000
#define NEW_DAYS_MAX 365

int payouts_watch(struct task *t, int argc, char **argv)
{
    const char *partner = NULL, *currency = NULL, *per_hour = NULL, *days = NULL, *from = NULL;
    bool is_off = false;
    const struct cli_option options[] = { { "--currency", &currency, NULL },
                                          { "--per-hour", &per_hour, NULL },
                                          { "--new-days", &days, NULL },
                                          { "--new-from", &from, NULL },
                                          { "--off", NULL, &is_off } };
    const struct partner_find_row *found;
    int64_t per_hour_n = 0, days_n = 0, from_minor = 0, affected;
    if (!cli_read(argc, argv, &partner, 1, options, sizeof options / sizeof options[0]) ||
        (per_hour && !cli_integer("--per-hour", per_hour, 1, PER_HOUR_MAX, &per_hour_n)) ||
        (days && !cli_integer("--new-days", days, 1, NEW_DAYS_MAX, &days_n)) ||
        (from && !cli_integer("--new-from", from, 1, PAYOUT_MAX_MINOR, &from_minor)))
        return CLI_USAGE;
    if (!currency || !currency_is_taken(str_of(currency)) || (days != NULL) != (from != NULL) ||
        is_off == (per_hour || days))
        return cli_misuse("--currency C, and --per-hour N, --new-days N with --new-from N, or --off, are needed");
    err e = partner_find(t, (partner_id){ str_of(partner) }, &found);
    if (!e && !found)
        return cli_misuse("no such partner");
    const int32_t hour = (int32_t)per_hour_n, young = (int32_t)days_n;
    if (!e && is_off)
        e = payout_watch_end(t, found->partner_id, str_of(currency), &affected);
    else if (!e)
        e = payout_watch_set(t, found->partner_id, str_of(currency), per_hour ? &hour : NULL, days ? &young : NULL,
                             from ? &from_minor : NULL, cli_account(t->arena), &affected);
    if (e)
        return cli_failed(e);
    printf("%s %s: set, for payouts that are confirmed from now on\n", partner, currency);
    return CLI_DONE;
}

int payouts_watched(struct task *t, int argc, char **argv)
{
    const char *partner = NULL;
    const struct payout_watch_list_row *rows;
    const struct screening_list_row *screenings;
    size_t n, n_screenings;
    if (!cli_read(argc, argv, &partner, 1, NULL, 0))
        return CLI_USAGE;
    err e = payout_watch_list(t, (partner_id){ str_of(partner) }, &rows, &n);
    if (!e)
        e = screening_list(t, (partner_id){ str_of(partner) }, false, &screenings, &n_screenings);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\tmore than %d an hour\t%.*s to accounts of less than %d day(s)\tset %.*s by %.*s\n",
               STR_ARG(rows[i].currency), rows[i].per_hour_given ? (int)rows[i].per_hour : 0,
               STR_ARG(money_text(t->arena, rows[i].new_from_given ? rows[i].new_from : 0, rows[i].currency)),
               rows[i].new_days_given ? (int)rows[i].new_days : 0, STR_ARG(instant_iso(t->arena, rows[i].updated_at)),
               STR_ARG(rows[i].updated_by));
    for (size_t i = 0; i < n_screenings; i++)
        printf("%.*s\t%.*s\t%.*s\t%d tries\t%.*s\n", STR_ARG(screenings[i].payout_id.v),
               STR_ARG(screenings[i].requisite_id.v), STR_ARG(screenings[i].state), (int)screenings[i].tries,
               STR_ARG(screenings[i].reference));
    return cli_listed(n_screenings, 200);
}
