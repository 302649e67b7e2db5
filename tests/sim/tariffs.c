/* See tariffs.h. */
#include "tests/sim/tariffs.h"

#include "paysrv/flow/clock.h"
#include "paysrv/flow/payment/payment_search.h"
#include "paysrv/store/payment.sql.h"
#include "tests/sim/client.h"

#define TARIFFS_MAX 12
#define OPENED_PLATFORM_BP 500
#define OPENED_PARTNER_BP 2500
#define AHEAD MINUTES(5) /* also when the database was away meanwhile, and it was asked again */

struct tariff {
    instant from;
    int64_t partner_bp; /* of one by basis points */
    str profile;        /* absent: that */
};

static struct {
    struct tariff made[TARIFFS_MAX]; /* in the order of their making */
    size_t n;
} tariffs;

static instant now(void)
{
    struct task *t = sim_outside();
    CHECK_OK(clock_enter(t, (partner_id){ client_seller()->partner }));
    return t->now;
}

void tariffs_begin(void)
{
    tariffs.n = 1;
    tariffs.made[0] = (struct tariff){ .partner_bp = OPENED_PARTNER_BP };
}

static struct call *post(const char *path, str body)
{
    struct call *c = call_make(path, arena_cstr(sim_memory(), body));
    call_finish(c);
    return c;
}

static str profile_make(void)
{
    struct arena *a = sim_memory();
    str rules =
        arena_printf(a,
                     "{\"name\":\"Rules %zu\",\"currency\":\"%.*s\",\"rules\":[{\"party\":\"partner\",\"bp\":%d,"
                     "\"cap\":300},{\"party\":\"seller\",\"rest\":true}]}",
                     tariffs.n, STR_ARG(client_currency()), (int)sim_draw(4000));
    const struct call *made = post("/v1/split_profiles", rules);
    CHECK_I64(made->status, 201);
    return call_member(made, "id");
}

void tariffs_change(void)
{
    struct arena *a = sim_memory();
    if (tariffs.n == TARIFFS_MAX)
        return;
    sim_run();
    const bool is_planned = sim_draw(2), is_profile = sim_draw(2);
    struct tariff made = { .partner_bp = (int64_t)sim_draw(5000), .profile = is_profile ? profile_make() : STR_NONE };
    str what = is_profile ? arena_printf(a, "\"split_profile\":\"%.*s\"", STR_ARG(made.profile))
                          : arena_printf(a, "\"split\":{\"platform_bp\":%d,\"partner_bp\":%lld}", OPENED_PLATFORM_BP,
                                         (long long)made.partner_bp);
    const int64_t at = instant_seconds(now()) + (AHEAD.us + HOURS((int64_t)sim_draw(30)).us) / 1000000;
    str when = is_planned ? arena_printf(a, ",\"valid_from\":\"%.*s\"", STR_ARG(instant_iso(a, instant_of_seconds(at))))
                          : STR("");
    str path = arena_printf(a, "/v1/stores/%.*s/tariffs", STR_ARG(client_seller()->store));
    const struct call *c = post(arena_cstr(a, path), arena_printf(a, "{%.*s%.*s}", STR_ARG(what), STR_ARG(when)));
    sim_note("tariff", c->status);
    if (c->status == 422 && is_planned && instant_before(instant_of_seconds(at), instant_add(now(), SECONDS(10))))
        return; /* a test clock that was on its way has arrived beyond that moment meanwhile */
    if (c->status != 201)
        test_fail(__FILE__, __LINE__, "no tariff: %.*s", STR_ARG(c->answer));
    made.from = is_planned ? instant_of_seconds(at) : now();
    tariffs.made[tariffs.n++] = made;
    sim_pass(SECONDS(1)); /* so that nothing is made at the same moment */
}

/* The one that began last; of two that began together the younger. */
static const struct tariff *tariff_at(instant at)
{
    const struct tariff *ret = &tariffs.made[0];
    for (size_t i = 1; i < tariffs.n; i++)
        if (!instant_before(at, tariffs.made[i].from) && !instant_before(tariffs.made[i].from, ret->from))
            ret = &tariffs.made[i];
    return ret;
}

static bool has_own_rules(const struct payment_find_row *p)
{
    for (size_t i = 0; i < tariffs.n; i++)
        if (str_given(tariffs.made[i].profile) && str_eq(tariffs.made[i].profile, p->split_profile_id))
            return false;
    return str_given(p->split_profile_id);
}

static bool goes_by(const struct payment_find_row *p, const struct tariff *t)
{
    if (str_given(t->profile))
        return str_given(p->split_profile_id) && str_eq(p->split_profile_id, t->profile);
    return !str_given(p->split_profile_id) && p->platform_bp == OPENED_PLATFORM_BP && p->partner_bp == t->partner_bp;
}

/* While a test clock is set forward it stands, and what was made before the tariff was so at the same moment. */
static void judge(const struct payment_find_row *p)
{
    const struct tariff *t = tariff_at(p->created_at), *before = tariff_at((instant){ p->created_at.us - 1 });
    if (!goes_by(p, t) && !(client_is_sandbox() && goes_by(p, before)))
        test_fail(__FILE__, __LINE__, "%.*s of %.*s goes by %.*s %d, and then %.*s %lld held", STR_ARG(p->payment_id.v),
                  STR_ARG(instant_iso(sim_memory(), p->created_at)), STR_ARG(p->split_profile_id), (int)p->partner_bp,
                  STR_ARG(t->profile), (long long)t->partner_bp);
}

void tariffs_judge(void)
{
    const struct payment_find_row *rows;
    size_t n;
    struct payment_found found;
    const struct payment_wish all = { .partner = client_seller()->partner };
    CHECK_OK(payment_look(sim_outside(), &all, STR_NONE, 1000, &found));
    CHECK_OK(payment_list(sim_outside(), found.payments, &rows, &n));
    for (size_t i = 0; i < n; i++)
        if (!has_own_rules(&rows[i]))
            judge(&rows[i]);
}
