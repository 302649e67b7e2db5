/* paysrv stores settle: when a store's sales are available. */
#include <stdio.h>

#include "paysrv/domain/ledger/holdback.h"
#include "paysrv/domain/payment/deal.h"
#include "paysrv/store/holdback.sql.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"

#define DELAY_DAYS_MAX 90
#define RESERVE_DAYS_MAX 365
#define RESERVE_BP_MAX 10000

int stores_settle(struct task *t, int argc, char **argv)
{
    const char *store = NULL, *delay = NULL, *bp = NULL, *days = NULL, *calendar = NULL, *after = NULL, *end = NULL;
    enum holdback_calendar of_days = CALENDAR_WEEKDAYS;
    enum deal_end deal_end = DEAL_RELEASES;
    bool is_working = false;
    const struct cli_option options[] = {
        { "--delay-days", &delay, NULL }, { "--working-days", NULL, &is_working }, { "--calendar", &calendar, NULL },
        { "--reserve-bp", &bp, NULL },    { "--reserve-days", &days, NULL },       { "--deal", &after, NULL },
        { "--deal-end", &end, NULL },
    };
    int64_t delay_days = 0, reserve_bp = 0, reserve_days = 0;
    const struct settlement_set_row *row;
    if (!cli_read(argc, argv, &store, 1, options, sizeof options / sizeof options[0]) ||
        (delay && !cli_integer("--delay-days", delay, 0, DELAY_DAYS_MAX, &delay_days)) ||
        (bp && !cli_integer("--reserve-bp", bp, 1, RESERVE_BP_MAX, &reserve_bp)) ||
        (days && !cli_integer("--reserve-days", days, 1, RESERVE_DAYS_MAX, &reserve_days)))
        return CLI_USAGE;
    if ((bp != NULL) != (days != NULL) || (is_working && !delay))
        return cli_misuse("--reserve-bp and --reserve-days go together; --working-days needs --delay-days");
    if (calendar && (!is_working || !holdback_calendar_parse(str_of(calendar), &of_days) || of_days == CALENDAR_DAYS))
        return cli_misuse("--calendar is weekdays or target, and needs --working-days");
    if ((after && !deal_after_is_taken(str_of(after))) || (end && !(after && deal_end_parse(str_of(end), &deal_end))))
        return cli_misuse("--deal is a duration from an hour to a year (P14D), --deal-end with it release or return");
    const struct settlement_set_args terms = {
        .delay_days = (int32_t)delay_days,
        .working = is_working,
        .calendar = of_days == CALENDAR_TARGET ? STR("target") : STR("weekdays"),
        .reserve_bp = (int32_t)reserve_bp,
        .reserve_days = (int32_t)reserve_days,
        .deal_after = str_of(after),
        .deal_end = after ? deal_end_name(deal_end) : STR_NONE,
        .by = cli_account(t->arena),
        .store = { str_of(store) },
    };
    err e = settlement_set(t, &terms, &row);
    if (e)
        return cli_failed(e);
    if (!row) {
        fprintf(stderr, "paysrv: no store %s\n", store);
        return CLI_FAILED;
    }
    printf("%s: set, for payments that are made from now on\n", store);
    return CLI_DONE;
}
