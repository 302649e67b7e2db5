/* What may be set for a database in which acknowledged is durable; and what our own sessions are set to. */
#include "shared/db/durability.h"

#include "probe/probe.h"
#include "shared/db/db.h"

/* The setting with which something is lost; "": none. */
static str gap_of(str fsync, str full_page_writes, str synchronous_commit, str standbys)
{
    const struct durability d = { fsync, full_page_writes, synchronous_commit, standbys };
    struct durability_gap gap;
    return durability_gap_find(&d, &gap) ? str_of(gap.setting) : STR("");
}

#define GAP(fsync, pages, commit, standbys) gap_of(STR(fsync), STR(pages), STR(commit), STR(standbys))

TEST(what_was_acknowledged_is_on_disk)
{
    CHECK_STR(GAP("on", "on", "on", ""), STR(""));
    CHECK_STR(GAP("off", "on", "on", ""), STR("fsync"));
    CHECK_STR(GAP("on", "off", "on", ""), STR("full_page_writes"));
    CHECK_STR(GAP("on", "on", "off", ""), STR("synchronous_commit"));
    CHECK_STR(GAP("on", "on", "off", "standby"), STR("synchronous_commit"));
    CHECK_STR(GAP("on", "on", "local", ""), STR(""));
}

TEST(and_where_there_are_synchronous_standbys_on_one_of_them)
{
    CHECK_STR(GAP("on", "on", "on", "standby"), STR(""));
    CHECK_STR(GAP("on", "on", "remote_apply", "standby"), STR(""));
    CHECK_STR(GAP("on", "on", "remote_write", "standby"), STR(""));
    CHECK_STR(GAP("on", "on", "local", "standby"), STR("synchronous_commit"));
}

/* The cluster of these tests is set to off. */
TEST(sessions_commit_to_disk_whatever_the_database_is_set_to)
{
    struct db_config config = probe_begin(arena);
    struct task on = probe_task(&config);
    struct durability d;
    CHECK_OK(durability_read(&on, &d));
    CHECK_STR(d.synchronous_commit, STR("on"));
    CHECK_STR(d.fsync, STR("off"));
    CHECK_STR(d.synchronous_standby_names, STR(""));
    probe_end(&on);
}

TEST(but_the_connection_string_has_its_word)
{
    struct db_config config = probe_begin(arena);
    str own = config.conninfo;
    bool has_parameters = memchr(own.p, '?', own.n) != NULL;
    config.conninfo =
        arena_printf(arena, "%.*s%soptions=-csynchronous_commit%%3Doff", STR_ARG(own), has_parameters ? "&" : "?");
    struct task on = probe_task(&config);
    struct durability d;
    CHECK_OK(durability_read(&on, &d));
    CHECK_STR(d.synchronous_commit, STR("off"));
    probe_end(&on);
}
