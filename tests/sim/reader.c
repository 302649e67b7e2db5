/* See reader.h. */
#include "tests/sim/reader.h"

#include "paysrv/store/subscription.sql.h"
#include "tests/sim/life.h"
#include "tests/sim/network.h"

void reader_begin(void)
{
    sim_begin(3);
    network_begin();
    client_begin(false);
    life_is_wide(true);
}

struct call *reader_post_any(const char *path, const char *body)
{
    struct call *c = call_make(path, body);
    call_finish(c);
    return c;
}

struct call *reader_post(const char *path, const char *body, int status)
{
    struct call *c = reader_post_any(path, body);
    if (c->status != status)
        test_fail(__FILE__, __LINE__, "%s: %d %.*s", path, c->status, STR_ARG(c->answer));
    return c;
}

struct call *reader_act(str subscription, const char *step, const char *body, int status)
{
    return reader_post(TEXT("/v1/subscriptions/%.*s/%s", STR_ARG(subscription), step), body, status);
}

const struct subscription_find_row *reader_row(str subscription)
{
    const struct subscription_find_row *s;
    CHECK_OK(subscription_any(sim_outside(), (subscription_id){ subscription }, &s));
    CHECK(s);
    return s;
}

str reader_subscribe(str like, const char *more)
{
    const struct subscription_find_row *s = reader_row(like);
    const char *body = TEXT("{\"price\":\"%.*s\",\"saved_card\":\"%.*s\"%s}", STR_ARG(s->price_id.v),
                            STR_ARG(s->saved_card_id.v), more);
    return call_member(reader_post("/v1/subscriptions", body, 201), "id");
}

void reader_card_ends(void)
{
    QUESTION(sim_card_ends,
             "with ended as (insert into saved_card select (jsonb_populate_record(k, jsonb_build_object("
             "'saved_card_id', k.saved_card_id || 'x', 'mandate_id', k.mandate_id || 'x', 'state', 'withdrawn',"
             " 'token', null, 'withdrawn_at', now(), 'withdrawn_by', 'operator'))).* from saved_card k"
             " where k.state = 'active' on conflict do nothing),"
             " has as (update subscription s set saved_card_id = s.saved_card_id || 'x' from saved_card k"
             " where k.saved_card_id = s.saved_card_id and k.state = 'active' returning 1) select count(*) from has");
    CHECK(question_ask(sim_outside(), &sim_card_ends) > 0);
}

void reader_card_comes(str subscription)
{
    str ended = reader_row(subscription)->saved_card_id.v;
    CHECK(ended.n > 0 && ended.p[ended.n - 1] == 'x');
    reader_act(subscription, "card", TEXT("{\"saved_card\":\"%.*s\"}", (int)ended.n - 1, ended.p), 200);
}

void reader_days(int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        sim_pass(DAYS(1));
        life_goes_on();
        life_goes_on(); /* what one job has found another one does */
    }
}

void reader_end(str subscription)
{
    client_unsubscribe(subscription);
    judge_end();
}
