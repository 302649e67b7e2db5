/* paysrv stores settle: when a store's sales are available. */
#include <stdio.h>

#include "paysrv/store/holdback.sql.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"

#define DELAY_DAYS_MAX 90
#define RESERVE_DAYS_MAX 365
#define RESERVE_BP_MAX 10000

int stores_settle(struct task *t, int argc, char **argv)
{
    const char *store = NULL, *delay = NULL, *bp = NULL, *days = NULL;
    bool is_working = false;
    const struct cli_option options[] = {
        { "--delay-days", &delay, NULL },
        { "--working-days", NULL, &is_working },
        { "--reserve-bp", &bp, NULL },
        { "--reserve-days", &days, NULL },
    };
    int64_t delay_days = 0, reserve_bp = 0, reserve_days = 0;
    const struct settlement_set_row *row;
    if (!cli_read(argc, argv, &store, 1, options, 4) ||
        (delay && !cli_integer("--delay-days", delay, 0, DELAY_DAYS_MAX, &delay_days)) ||
        (bp && !cli_integer("--reserve-bp", bp, 1, RESERVE_BP_MAX, &reserve_bp)) ||
        (days && !cli_integer("--reserve-days", days, 1, RESERVE_DAYS_MAX, &reserve_days)))
        return CLI_USAGE;
    if ((bp != NULL) != (days != NULL) || (is_working && !delay))
        return cli_misuse("--reserve-bp and --reserve-days go together; --working-days needs --delay-days");
    err e = settlement_set(t, (int32_t)delay_days, is_working, (int32_t)reserve_bp, (int32_t)reserve_days,
                           cli_account(t->arena), (store_id){ str_of(store) }, &row);
    if (e)
        return cli_failed(e);
    if (!row) {
        fprintf(stderr, "paysrv: no store %s\n", store);
        return CLI_FAILED;
    }
    printf("%s: set, for payments that are made from now on\n", store);
    return CLI_DONE;
}
