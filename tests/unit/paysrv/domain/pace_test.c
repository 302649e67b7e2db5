/* How many calls somebody gets at a time, against receivers of several kinds, and whatever they answer. */
#include "paysrv/domain/pace.h"

#include "tests/support/test.h"

/* What is under way at a receiver, in the order in which it ends. */
struct receiver {
    struct pace pace;
    struct flying {
        struct pace_start start;
        int64_t began_us, ends_us;
    } flying[PACE_MOST];
    int n;
    int64_t now_us, delay_us; /* what an answer takes by itself */
    int64_t busy_us;          /* and what it takes of the one who makes them all; 0: each makes his own */
    int64_t free_us;          /* when that one is free again */
    int64_t delivered;
    unsigned seed; /* its answers take up to so much longer, by chance; 0: they do not */
    int64_t spread_us;
};

static void begin_all(struct receiver *r)
{
    while (r->n < r->pace.at_once) {
        int64_t from = r->free_us > r->now_us ? r->free_us : r->now_us;
        struct flying *f = &r->flying[r->n++];
        r->seed = r->seed * 1103515245 + 12345;
        int64_t chance_us = r->spread_us ? (int64_t)(r->seed >> 8) % r->spread_us : 0;
        r->free_us = from + r->busy_us;
        *f = (struct flying){ pace_begin(&r->pace, r->n), r->now_us,
                              (r->busy_us ? r->free_us : r->now_us) + r->delay_us + chance_us };
    }
}

/* The one that ends first. */
static struct flying end_one(struct receiver *r)
{
    int at = 0;
    for (int i = 1; i < r->n; i++)
        if (r->flying[i].ends_us < r->flying[at].ends_us)
            at = i;
    struct flying ret = r->flying[at];
    r->flying[at] = r->flying[--r->n];
    r->now_us = ret.ends_us;
    return ret;
}

static void deliver(struct receiver *r, int64_t until_us)
{
    for (begin_all(r); r->now_us < until_us; begin_all(r)) {
        struct flying f = end_one(r);
        pace_answered(&r->pace, &f.start, (duration){ f.ends_us - f.began_us });
        r->delivered++;
    }
}

TEST(an_endpoint_that_answers_at_its_pace_whatever_it_gets_has_as_many_as_may_be)
{
    struct receiver r = { .pace = pace_of(1, 64, 0, 0), .delay_us = 100000 };
    (void)arena;
    deliver(&r, 10000000);
    CHECK_I64(r.pace.at_once, 64);
    CHECK(r.delivered > 3000);
    r = (struct receiver){ .pace = pace_of(1, 5, 0, 0), .delay_us = 100000 };
    deliver(&r, 10000000);
    CHECK_I64(r.pace.at_once, 5);
}

TEST(one_that_makes_its_answers_one_by_one_is_not_flooded_and_loses_nothing_by_it)
{
    struct receiver r = { .pace = pace_of(1, 64, 0, 0), .busy_us = 50000 };
    (void)arena;
    deliver(&r, 60000000);
    CHECK(r.pace.at_once <= 4);
    CHECK(r.delivered >= 60000000 / 50000 - 5);
}

TEST(one_whose_answers_take_very_different_times_has_as_many_as_may_be)
{
    (void)arena;
    for (unsigned seed = 1; seed <= 100; seed++) {
        struct receiver r = { .pace = pace_of(1, 32, 0, 0), .delay_us = 100000, .spread_us = 2000000, .seed = seed };
        deliver(&r, 600000000);
        CHECK_I64(r.pace.at_once, 32);
    }
}

TEST(one_that_has_become_slow_gets_fewer_until_its_answers_are_as_quick_as_they_can_be)
{
    struct receiver r = { .pace = pace_of(64, 64, 0, 100000), .busy_us = 50000 };
    (void)arena;
    deliver(&r, 3600000000);
    CHECK(r.pace.at_once <= 10);
    r = (struct receiver){ .pace = pace_of(2, 64, 0, 1000), .delay_us = 500000 }; /* it has moved far away */
    deliver(&r, 120000000);
    CHECK_I64(r.pace.at_once, 64);
}

TEST(what_comes_now_and_then_says_nothing_of_how_many_there_could_be)
{
    struct pace p = pace_of(1, 64, 0, 0);
    (void)arena;
    for (int i = 0; i < 1000; i++) {
        struct pace_start s = pace_begin(&p, 1);
        pace_answered(&p, &s, MILLISECONDS(10));
    }
    CHECK_I64(p.at_once, 2);
}

static void fail_all(struct receiver *r, int *n)
{
    for (begin_all(r); r->n > 0; (*n)++) {
        struct flying f = end_one(r);
        pace_failed(&r->pace, &f.start);
    }
}

TEST(a_dead_one_is_called_by_one_after_two_times_what_was_under_way)
{
    struct receiver r = { .pace = pace_of(64, 64, 0, 100000), .delay_us = 1000 };
    int n = 0;
    (void)arena;
    fail_all(&r, &n);
    CHECK_I64(r.pace.at_once, 32);
    CHECK_I64(r.pace.failures, 1);
    fail_all(&r, &n);
    CHECK_I64(r.pace.at_once, 1);
    CHECK_I64(r.pace.failures, 2);
    CHECK_I64(n, 64 + 32);
    for (int i = 3; i < 12; i++) {
        fail_all(&r, &n);
        CHECK_I64(r.pace.failures, i);
        CHECK_I64(r.pace.at_once, 1);
    }
    deliver(&r, r.now_us + 1000);
    CHECK_I64(r.pace.failures, 0);
}

TEST(one_failure_among_many_answers_halves_and_does_not_stop)
{
    struct pace p = pace_of(40, 64, 0, 100000);
    struct pace_start old = pace_begin(&p, 40), fresh;
    (void)arena;
    pace_failed(&p, &old);
    CHECK_I64(p.at_once, 20);
    pace_failed(&p, &old); /* of the same moment: the same failure */
    CHECK_I64(p.at_once, 20);
    pace_answered(&p, &old, MILLISECONDS(100)); /* began before: says nothing of now */
    CHECK_I64(p.failures, 1);
    fresh = pace_begin(&p, 20);
    pace_answered(&p, &fresh, MILLISECONDS(100));
    CHECK_I64(p.failures, 0);
    pace_failed(&p, &fresh);
    CHECK_I64(p.at_once, 10);
}

TEST(whatever_is_answered_it_stays_within_its_bounds)
{
    unsigned seed = 1;
    (void)arena;
    for (int world = 0; world < 2000; world++) {
        int32_t most = (int32_t)(world % 70) * 30 - 2;
        struct pace p = pace_of(world % 100 - 10, most, world % 3, world % 5 * 1000);
        struct pace_start starts[16] = { 0 };
        for (int i = 0; i < 200; i++) {
            seed = seed * 1103515245 + 12345;
            unsigned draw = seed >> 16;
            struct pace_start *s = &starts[draw % 16];
            if (draw % 3 == 0)
                *s = pace_begin(&p, (int32_t)(draw % 80));
            else if (draw % 3 == 1)
                pace_answered(&p, s, MILLISECONDS(draw % 5000));
            else
                pace_failed(&p, s);
            CHECK(p.at_once >= 1 && p.at_once <= p.most && p.most >= 1 && p.most <= PACE_MOST);
            CHECK(p.failures >= 0 && p.answer_us >= 0);
        }
    }
}
