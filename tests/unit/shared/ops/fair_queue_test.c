/* Who is next, and what each may have. */
#include "shared/ops/fair_queue.h"

#include "tests/support/test.h"

enum { PLACES = 64, WORKERS = 32, GREEDY = 1, OTHER = 2, THIRD = 3 };

static void nothing(struct task *t, void *item)
{
    (void)t;
    (void)item;
}

/* Items are only told apart here, by their place. */
static char g[] = "g", o[] = "o", third[] = "t", a[] = "a", b[] = "b", c[] = "c", first[] = "first";

static struct work_item item_of(char *name)
{
    return (struct work_item){ nothing, name };
}

static unsigned put_all(struct fair_queue *q, queue_party whose, char *name)
{
    unsigned n = 0;
    while (fair_queue_put(q, QUEUE_COMMON, whose, item_of(name)) == FAIR_TAKEN)
        n++;
    return n;
}

/* Takes with so many idle, and gives what it was called. */
static const char *next(struct fair_queue *q, unsigned idle, unsigned *line)
{
    struct work_item w = fair_queue_take(q, idle, line);
    return w.run ? w.item : "";
}

static unsigned take_all(struct fair_queue *q, unsigned *idle)
{
    unsigned n = 0, line;
    for (; *idle && fair_queue_take(q, *idle, &line).run; n++)
        --*idle;
    return n;
}

TEST(a_party_alone_has_all_but_a_sixteenth_of_the_places)
{
    struct fair_queue *q = fair_queue_new(PLACES, WORKERS);
    CHECK_I64(put_all(q, GREEDY, g), 60);
    CHECK_I64(fair_queue_put(q, QUEUE_COMMON, GREEDY, item_of(g)), FAIR_SHARE_USED);
    CHECK_I64(put_all(q, OTHER, o), 4);
    CHECK_I64(fair_queue_put(q, QUEUE_COMMON, THIRD, item_of(third)), FAIR_FULL);
    CHECK_I64((int64_t)fair_queue_waiting(q), PLACES);
    fair_queue_free(q);
}

TEST(a_party_alone_has_all_but_a_sixteenth_of_the_workers)
{
    struct fair_queue *q = fair_queue_new(PLACES, WORKERS);
    unsigned idle = WORKERS, line;
    put_all(q, GREEDY, g);
    CHECK_I64(take_all(q, &idle), 30);
    CHECK_STR(str_of(next(q, idle, &line)), STR("")); /* two are idle, and g may have none of them */
    CHECK_I64(fair_queue_put(q, QUEUE_COMMON, OTHER, item_of(o)), FAIR_TAKEN);
    CHECK_STR(str_of(next(q, idle, &line)), STR("o"));
    fair_queue_free(q);
}

TEST(two_greedy_ones_leave_something_for_a_third)
{
    struct fair_queue *q = fair_queue_new(PLACES * 4, WORKERS * 4);
    unsigned idle = WORKERS * 4, line;
    for (int i = 0; i < 100; i++) {
        fair_queue_put(q, QUEUE_COMMON, GREEDY, item_of(g));
        fair_queue_put(q, QUEUE_COMMON, OTHER, item_of(o));
    }
    CHECK_I64(take_all(q, &idle), 123); /* 62 and 61: of the 5 that are left neither may have one */
    CHECK_I64(fair_queue_put(q, QUEUE_COMMON, THIRD, item_of(third)), FAIR_TAKEN);
    CHECK_STR(str_of(next(q, idle, &line)), STR("t"));
    fair_queue_free(q);
}

TEST(next_is_who_has_the_fewest_at_work_then_in_turn)
{
    struct fair_queue *q = fair_queue_new(PLACES, WORKERS);
    char got[8] = "";
    unsigned idle = WORKERS, lines[7];
    for (int i = 0; i < 3; i++)
        fair_queue_put(q, QUEUE_COMMON, GREEDY, item_of(g));
    for (int i = 0; i < 2; i++)
        fair_queue_put(q, QUEUE_COMMON, OTHER, item_of(o));
    fair_queue_put(q, QUEUE_COMMON, THIRD, item_of(third));
    for (int i = 0; i < 6; i++)
        got[i] = next(q, idle--, &lines[i])[0];
    CHECK_STR(str_of(got), STR("gotgog"));

    fair_queue_put(q, QUEUE_COMMON, GREEDY, item_of(g));
    fair_queue_put(q, QUEUE_COMMON, OTHER, item_of(o));
    for (int i = 0; i < 3; i++) /* g, o, t */
        fair_queue_done(q, lines[i]);
    fair_queue_done(q, lines[3]); /* g: one left, as of o */
    CHECK_STR(str_of(next(q, idle, &lines[0])), STR("o"));
    CHECK_STR(str_of(next(q, idle, &lines[0])), STR("g"));
    fair_queue_free(q);
}

TEST(what_is_one_partys_stays_in_its_order_and_who_goes_ahead_is_first)
{
    struct fair_queue *q = fair_queue_new(PLACES, WORKERS);
    unsigned line;
    char *names[] = { a, b, c };
    for (int i = 0; i < 3; i++)
        fair_queue_put(q, QUEUE_COMMON, GREEDY, item_of(names[i]));
    fair_queue_put(q, QUEUE_AHEAD, OTHER, item_of(first));
    CHECK_STR(str_of(next(q, WORKERS, &line)), STR("first"));
    for (int i = 0; i < 3; i++)
        CHECK_STR(str_of(next(q, WORKERS, &line)), str_of(names[i]));
    CHECK_STR(str_of(next(q, WORKERS, &line)), STR(""));
    fair_queue_free(q);
}

TEST(nobodys_and_the_end_of_the_pool_know_no_shares)
{
    struct fair_queue *q = fair_queue_new(PLACES, WORKERS);
    unsigned idle = WORKERS;
    CHECK_I64(put_all(q, PARTY_NONE, a), PLACES);
    CHECK_I64(take_all(q, &idle), WORKERS);
    fair_queue_free(q);

    q = fair_queue_new(PLACES, WORKERS);
    idle = WORKERS;
    put_all(q, GREEDY, g);
    take_all(q, &idle);
    CHECK_I64(idle, 2);
    fair_queue_open(q);
    CHECK_I64(take_all(q, &idle), 2);
    fair_queue_free(q);
}

TEST(of_few_workers_a_party_may_have_all)
{
    struct fair_queue *q = fair_queue_new(PLACES, 4);
    unsigned idle = 4;
    put_all(q, GREEDY, g);
    CHECK_I64(take_all(q, &idle), 4);
    fair_queue_free(q);
}
