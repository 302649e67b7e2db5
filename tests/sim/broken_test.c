/*
 * The invariants themselves: each is seen to be broken when it is (broken.sql), in books that have something of
 * everything. And in the end none is, whatever worlds this program has played, and what they have booked has words.
 */
#include <stdio.h>
#include <stdlib.h>

#include "paysrv/flow/report/paper_words.h"
#include "tests/sim/judge.h"
#include "tests/sim/scenarios.h"
#include "tests/sim/sim.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

/* What moves the account of a party is on its statement or on the act. */
static void each_kind_that_a_party_sees_has_a_word(struct arena *arena)
{
    str kind,
        rest = test_postgres_sql(
            arena, "select distinct e.kind from pay.entry e join pay.posting p using (entry_id) join pay.account a "
                   "using (account_id) where a.kind in ('seller', 'partner', 'platform', 'payout_transit')");
    for (bool is_more = rest.n > 0; is_more;) {
        is_more = str_cut(&rest, '\n', &kind);
        kind = is_more ? kind : rest;
        if (str_eq(paper_entry_word(LANGUAGE_EN, kind), kind))
            test_fail(__FILE__, __LINE__, "%.*s has none", STR_ARG(kind));
    }
}

TEST(each_invariant_of_the_books_is_seen_to_be_broken)
{
    char line[4096];
    int unseen = 0;
    if (getenv("STOA_SIM_SEED"))
        return;
    scenarios_once();
    str command =
        arena_printf(arena, "psql -XqAt '%.*s' -c 'set search_path = pay' -f " STOA_TESTS_DIR "/sim/broken.sql 2>&1",
                     STR_ARG(test_postgres_url()));
    FILE *p = popen(arena_cstr(arena, command), "r");
    CHECK(p);
    while (fgets(line, sizeof line, p)) {
        printf("# %s", line);
        unseen++;
    }
    CHECK_I64(pclose(p), 0);
    CHECK_I64(unseen, 0);
}

LAST_TEST(what_became_of_all_these_worlds_adds_up)
{
    if (sim_number() == 0)
        return;
    judge_invariants();
    each_kind_that_a_party_sees_has_a_word(arena);
}
