/* Sums that no number holds, and what the judges of costs and terms see. What is owed: owed_twice_test.c. */
#include "shared/base/buf.h"
#include "tests/sim/network.h"
#include "tests/sim/reader.h"
#include "tests/sim/registries.h"
#include "tests/sim/tariffs.h"

#define REGISTRY_MAX_BYTES 4096

struct registry {
    struct buf text;
    int64_t gross, fee;
    const char *kind; /* of what is in it; NULL: all */
};

static void add(void *context, const struct settled_effect *e)
{
    struct registry *r = context;
    if (!r->kind || strcmp(r->kind, e->kind) != 0)
        return;
    r->gross += e->gross_minor;
    r->fee += e->fee_minor;
    buf_printf(&r->text, "S%dX%s,%s,%.*s,%.*s,,EUR,%lld,%lld,%lld,\r\n", sim_number(), r->kind, e->kind, STR_ARG(e->id),
               STR_ARG(e->key), (long long)e->gross_minor, (long long)e->fee_minor,
               (long long)(e->gross_minor - e->fee_minor));
}

/* Of all that happened it has one kind. */
static void registry_comes(const char *kind)
{
    struct registry r = { .kind = kind };
    buf_init(&r.text, sim_memory(), REGISTRY_MAX_BYTES);
    buf_add(&r.text, STR("settlement,type,id,key,charge,currency,gross,fee,net,created\r\n"));
    acquirer_effects(add, &r);
    buf_printf(&r.text, "S%dX%s,payout,S%dX%s,,,EUR,%lld,%lld,%lld,\r\n", sim_number(), kind, sim_number(), kind,
               (long long)r.gross, (long long)r.fee, (long long)(r.gross - r.fee));
    struct call *c = call_make("/v1/operator/settlements", NULL);
    c->key = STR_NONE;
    c->body = buf_str(&r.text);
    call_finish(c);
    CHECK_I64(c->status, 201);
}

/* ---- more than a number holds ---- */

static struct call *registry_of(const char *lines)
{
    struct call *c = call_make("/v1/operator/settlements", NULL);
    c->key = STR_NONE;
    c->body = arena_printf(sim_memory(), "settlement,type,id,key,charge,currency,gross,fee,net,created\r\n%s", lines);
    call_finish(c);
    return c;
}

TEST(a_registry_whose_sums_no_number_holds_is_refused_and_changes_nothing)
{
    QUESTION(sim_registries, "select count(*) from settlement");
    static const char *const most[] = {
        "B1,charge,a,,,EUR,9223372036854775807,0,9223372036854775807,\r\n"
        "B1,charge,b,,,EUR,9223372036854775807,0,9223372036854775807,\r\nB1,payout,B1,,,EUR,-2,0,-2,\r\n",
        "B2,charge,a,,,EUR,-9223372036854775808,1,9223372036854775807,\r\nB2,payout,B2,,,EUR,-9223372036854775808,1,"
        "9223372036854775807,\r\n",
        "B3,charge,a,,,EUR,9223372036854775808,0,9223372036854775808,\r\nB3,payout,B3,,,EUR,1,0,1,\r\n",
        "B4,charge,a,,,EUR,9000000000000000000,0,9000000000000000000,\r\n"
        "B4,refund,b,,,EUR,-9000000000000000000,-9000000000000000000,0,\r\n"
        "B4,refund,c,,,EUR,-1,-9000000000000000000,8999999999999999999,\r\nB4,payout,B4,,,EUR,0,0,0,\r\n",
    };
    reader_begin();
    registry_comes("nothing");
    const int64_t before = question_ask(sim_outside(), &sim_registries);
    for (size_t i = 0; i < sizeof most / sizeof most[0]; i++) {
        const struct call *c = registry_of(most[i]);
        if (c->status != 422)
            test_fail(__FILE__, __LINE__, "registry %zu: %d %.*s", i, c->status, STR_ARG(c->answer));
    }
    CHECK_I64(question_ask(sim_outside(), &sim_registries), before);
}

/* Of one partner, all that was ever sold: nobody has that much, and who had would lose nothing. */
TEST(what_a_balance_cannot_hold_is_not_half_in_the_books)
{
    QUESTION(sim_much, "with much as (update balance b set posted = 9223372036854775807 - 300 from account a"
                       " where a.account_id = b.account_id and a.kind = 'seller' and a.user_id like 'usr%'"
                       "   and a.partner_id = (select partner_id from payment order by payment_id desc limit 1)"
                       " returning 1) select count(*) from much");
    QUESTION(sim_less, "with less as (update balance b set posted = 0 from account a"
                       " where a.account_id = b.account_id and b.posted > 9000000000000000000"
                       " returning 1) select count(*) from less");
    QUESTION(sim_entries_now, "select count(*) from entry");
    reader_begin();
    str payment = payment_make("");
    CHECK(question_ask(sim_outside(), &sim_much) > 0);
    const int64_t before = question_ask(sim_outside(), &sim_entries_now);
    struct call *c = call_make(TEXT("/v1/payments/%.*s/confirm", STR_ARG(payment)), "{\"payment_token\":\"tok_ok\"}");
    call_begin(c);
    sim_run();
    CHECK_I64(c->status, 500); /* and nobody knows yet: it is asked again under its key */
    CHECK_I64(question_ask(sim_outside(), &sim_entries_now), before);
    CHECK(question_ask(sim_outside(), &sim_less) > 0);
    call_finish(c);
    judge_settle();
    CHECK_STR(payment_status_of(payment), STR("succeeded"));
    CHECK_I64(acquirer_balance(), 1001);
    judge_end();
    judge_invariants();
}

/* ---- the judges ---- */

static void judged(void *judge)
{
    (*(void (**)(void))judge)();
}

static bool is_found(void (*judge)(void))
{
    return !test_holds(judged, &judge);
}

static void paid(const char *more)
{
    str payment = payment_make(more);
    CHECK_I64(client_post(payment, "confirm", "{\"payment_token\":\"tok_ok\"}")->status, 200);
    if (more[0])
        CHECK_I64(client_post(payment, "capture", "{}")->status, 200);
}

TEST(a_judge_sees_costs_that_another_one_bears_than_was_agreed)
{
    QUESTION(sim_costs_forgotten, "with gone as (delete from acquirer_cost returning 1) select count(*) from gone");
    reader_begin();
    paid("");
    registry_comes("charge");
    CHECK(!is_found(registries_costs_judge));
    registries_cost_change();
    CHECK(question_ask(sim_outside(), &sim_costs_forgotten) > 0);
    paid(",\"capture_method\":\"manual\"");
    registry_comes("capture");
    CHECK(is_found(registries_costs_judge));
    judge_settle();
}

TEST(a_judge_sees_a_payment_that_goes_by_other_terms_than_those_of_its_making)
{
    QUESTION(sim_other_terms, "with other as (update payment set partner_bp = partner_bp + 1 where payment_id ="
                              " (select min(payment_id) from payment where split_profile_id is null and partner_id ="
                              "   (select partner_id from payment order by payment_id desc limit 1)) returning 1)"
                              " select count(*) from other");
    reader_begin();
    tariffs_begin();
    for (int i = 0; i < 4; i++) {
        paid("");
        tariffs_change();
    }
    CHECK(!is_found(tariffs_judge));
    CHECK_I64(question_ask(sim_outside(), &sim_other_terms), 1);
    CHECK(is_found(tariffs_judge));
    judge_end();
}
