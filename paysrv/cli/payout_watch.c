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

static int ended(const char *partner, const char *currency, int64_t affected)
{
    if (affected == 0) {
        fprintf(stderr, "paysrv: no payouts of %s in %s are watched\n", partner, currency);
        return CLI_FAILED;
    }
    printf("%s %s: ended, for payouts that are confirmed from now on\n", partner, currency);
    return CLI_DONE;
}

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
    int64_t per_hour_n = 0, days_n = 0, from_minor = 0, affected = 0;
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
    if (is_off)
        return ended(partner, currency, affected);
    printf("%s %s: set, for payouts that are confirmed from now on\n", partner, currency);
    return CLI_DONE;
}

/* Only what it asks for: either half may be absent. */
static void watch_print(struct task *t, const struct payout_watch_list_row *row)
{
    printf("%.*s", STR_ARG(row->currency));
    if (row->per_hour_given)
        printf("\tmore than %d an hour", (int)row->per_hour);
    if (row->new_days_given)
        printf("\t%.*s to accounts of less than %d day(s)", STR_ARG(money_text(t->arena, row->new_from, row->currency)),
               (int)row->new_days);
    printf("\tset %.*s by %.*s\n", STR_ARG(instant_iso(t->arena, row->updated_at)), STR_ARG(row->updated_by));
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
        watch_print(t, &rows[i]);
    for (size_t i = 0; i < n_screenings; i++)
        printf("%.*s\t%.*s\t%.*s\t%d tries\t%.*s\n", STR_ARG(screenings[i].payout_id.v),
               STR_ARG(screenings[i].requisite_id.v), STR_ARG(screenings[i].state), (int)screenings[i].tries,
               STR_ARG(screenings[i].reference));
    return cli_listed(n_screenings, 200);
}
