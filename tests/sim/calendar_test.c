/* A zone whose rules change while subscriptions go on in it (MONEY 6.C 21; docs/decisions/0044). */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/sim/life.h"
#include "tests/sim/network.h"
#include "tests/sim/reader.h"

/* Zones of which Nepal has the clocks of Greenwich. */
static str zones_begin(void)
{
    char *folder = arena_cstr(sim_memory(), STR("/tmp/zones-XXXXXX"));
    CHECK(mkdtemp(folder));
    CHECK(mkdir(TEXT("%s/Asia", folder), 0700) == 0);
    CHECK(symlink("/usr/share/zoneinfo/UTC", TEXT("%s/UTC", folder)) == 0);
    CHECK(symlink("/usr/share/zoneinfo/UTC", TEXT("%s/Asia/Kathmandu", folder)) == 0);
    sim_app()->config.zone_directory = str_of(folder);
    return str_of(folder);
}

static void zones_end(str folder)
{
    CHECK(unlink(TEXT("%.*s/Asia/Kathmandu", STR_ARG(folder))) == 0);
    CHECK(unlink(TEXT("%.*s/UTC", STR_ARG(folder))) == 0);
    CHECK(rmdir(TEXT("%.*s/Asia", STR_ARG(folder))) == 0);
    CHECK(rmdir(TEXT("%.*s", STR_ARG(folder))) == 0);
}

TEST(a_change_of_its_zones_rules_moves_no_period_that_was_billed)
{
    reader_begin();
    str usual = sim_app()->config.zone_directory, paid = client_subscribe();
    str one = reader_subscribe(paid, ",\"zone\":\"Asia/Kathmandu\"");
    life_goes_on();
    int64_t before = acquirer_balance();
    const struct subscription_find_row *first = reader_row(one);
    str folder = zones_begin();
    reader_days(32);
    const struct subscription_find_row *second = reader_row(one);
    CHECK_I64(second->period_n, 1);
    CHECK_I64(second->period_start.us, first->period_end.us); /* neither billed twice nor given */
    reader_days(31);
    const struct subscription_find_row *third = reader_row(one);
    CHECK_I64(third->period_n, 2);
    CHECK_I64(third->period_start.us, second->period_end.us);
    /* as the clocks are now: the local time of the anchor is that of Greenwich */
    CHECK_I64(instant_seconds(third->period_start) % 86400, first->anchor_local % 86400);
    CHECK_I64(acquirer_balance() - before, 4 * 1001); /* of the two subscriptions */
    sim_app()->config.zone_directory = usual;
    zones_end(folder);
    client_unsubscribe(one);
    reader_end(paid);
}
