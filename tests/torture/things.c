/* What a request speaks of: made on the way of paysrv's own API, when it is first named. See torture.h. */
#include <string.h>

#include "paysrv/flow/party/freeze.h"
#include "paysrv/store/agreement.sql.h"
#include "paysrv/store/refund_policy.sql.h"
#include "shared/crypto/crypto.h"
#include "tests/sim/client.h"
#include "tests/sim/judge.h"
#include "tests/sim/life.h"
#include "tests/sim/network.h"
#include "tests/torture/things.h"

#define THINGS_MAX 64

struct thing {
    const char *name;
    str value;
};

static struct thing things[THINGS_MAX];
static size_t n_things;

void things_begin(void)
{
    n_things = 0;
    judge_leaves(STR_NONE);
}

void thing_keep(const char *name, str value)
{
    CHECK(n_things < THINGS_MAX && str_given(value));
    things[n_things++] = (struct thing){ name, value };
}

/* ---- asking ---- */

struct call *thing_ask(const char *path, const char *body, int status)
{
    str p = things_put(path), b = body ? things_put(body) : STR_NONE;
    struct call *c = call_make("", NULL);
    c->path = p;
    c->body = b;
    call_finish(c);
    if (c->status != status)
        test_fail(__FILE__, __LINE__, "%.*s: %d %.*s", STR_ARG(p), c->status, STR_ARG(c->answer));
    return c;
}

str thing_made(const char *path, const char *body)
{
    return call_member(thing_ask(path, body, 201), "id");
}

/* The first "id" after this member in what a list or a document says. */
str thing_first_of(const char *path, const char *member)
{
    struct call c = { .method = GET, .path = things_put(path) };
    const struct json_value *document;
    str id = STR_NONE;
    int64_t number;
    call_finish(&c);
    CHECK(json_parse(sim_memory(), c.answer, &document));
    const struct json_value *first = json_item(json_get(document, member), 0);
    if (!first)
        test_fail(__FILE__, __LINE__, "%s has none: %.*s", path, STR_ARG(c.answer));
    if (!json_get_str(first, "id", &id) && json_get_i64(first, "id", &number))
        id = arena_printf(sim_memory(), "%lld", (long long)number);
    return id;
}

str thing_last_segment(str url)
{
    const char *slash = memrchr(url.p, '/', url.n);
    return slash ? (str){ slash + 1, url.n - (size_t)(slash + 1 - url.p) } : url;
}

void things_end(void)
{
    struct call c = { .method = GET, .path = STR("/v1/subscriptions") };
    const struct json_value *document;
    str id;
    call_finish(&c);
    CHECK(json_parse(sim_memory(), c.answer, &document));
    const struct json_value *data = json_get(document, "data");
    for (size_t i = 0; data && i < json_size(data); i++)
        if (json_get_str(json_item(data, i), "id", &id))
            client_unsubscribe(id);
}

/* ---- payments ---- */

static str payment(void)
{
    return payment_make("");
}

static str confirmed(str id)
{
    const struct call *c = client_post(id, "confirm", "{\"payment_token\":\"tok_ok\"}");
    CHECK_I64(c->status, 200);
    return id;
}

static str paid(void)
{
    return confirmed(payment_make(""));
}

static str held(void)
{
    return confirmed(payment_make(",\"capture_method\":\"manual\""));
}

/* Until it is delivered. */
static str deal(void)
{
    life_is_wide(true); /* whose parts are of this world's time */
    return confirmed(payment_make(",\"hold\":{\"until\":\"delivered\",\"ends_after\":\"P14D\"}"));
}

/* A refund that waits for much. */
static str queued(void)
{
    const struct refund_enqueue_args args = { .refund = { random_id(sim_memory(), "re_") },
                                              .partner = { client_seller()->partner },
                                              .payment = { paid() },
                                              .user = { client_seller()->user },
                                              .currency = STR("EUR"),
                                              .amount = 600,
                                              .needs = INT64_C(1000000000),
                                              .initiated_by = STR("partner"),
                                              .fees = STR("agreed agreed"),
                                              .days = 14 };
    int64_t affected;
    life_is_wide(true);
    CHECK_OK(refund_enqueue(sim_outside(), &args, &affected));
    return args.refund.v;
}

static str told(void)
{
    str id = payment_make("");
    CHECK_I64(client_post(id, "confirm", "{\"method\":\"bank_transfer\"}")->status, 200);
    return id;
}

static str reference(void)
{
    struct call c = { .method = GET, .path = things_put("/v1/payments/$told/transfer") };
    const struct json_value *document;
    str reference = STR_NONE;
    call_finish(&c);
    CHECK(json_parse(sim_memory(), c.answer, &document) && json_get_str(document, "reference", &reference));
    return reference;
}

/* Paid by transfer, which only a sandbox's buyers do here. */
static str transferred(void)
{
    thing_ask("/v1/test_transfers", "{\"reference\":\"$reference\",\"amount\":1001}", 201);
    return things_put("$told");
}

static str session_at(const char *payment)
{
    struct call c = { .method = GET, .path = things_put(payment) };
    const struct json_value *document;
    str url = STR_NONE;
    call_finish(&c);
    CHECK(json_parse(sim_memory(), c.answer, &document));
    CHECK(json_get_str(json_get(document, "checkout"), "url", &url));
    return thing_last_segment(url);
}

static str session(void)
{
    return session_at("/v1/payments/$payment");
}

static str session_told(void)
{
    return session_at("/v1/payments/$told");
}

/* ---- payouts: each leaves the code that was mailed for it ---- */

/* That the last mail with a code leads to. */
static str link_of_code;

str __real_code_url(struct task *t, str mail);
str __wrap_code_url(struct task *t, str mail);

str __wrap_code_url(struct task *t, str mail)
{
    str url = __real_code_url(t, mail);
    sim_lock();
    link_of_code = arena_str(sim_memory(), url);
    sim_unlock();
    return url;
}

static str coded(struct call *c, const char *code)
{
    if (c->status != 201)
        test_fail(__FILE__, __LINE__, "%.*s: %d %.*s", STR_ARG(c->path), c->status, STR_ARG(c->answer));
    thing_keep(code, c->mailed);
    return call_member(c, "id");
}

static str payout(void)
{
    things_put("$paid");
    struct call *c = payout_ask(0, 500);
    call_finish(c);
    thing_keep("typed", thing_last_segment(link_of_code));
    return coded(c, "code");
}

static str sent(void)
{
    thing_ask("/v1/payouts/$payout/confirm", "{\"code\":\"$code\"}", 200);
    return things_put("$payout");
}

static str judged(void)
{
    thing_ask("/v1/operator/partners/$partner/payout_limits",
              "{\"scope\":\"all\",\"currency\":\"EUR\",\"approve_from\":1}", 200);
    return sent();
}

static str list(void)
{
    things_put("$paid");
    return coded(
        thing_ask("/v1/payout_lists",
                  "{\"user\":\"$user\",\"payouts\":[{\"amount\":100,\"currency\":\"EUR\",\"requisite\":\"$requisite\"},"
                  "{\"amount\":200,\"currency\":\"EUR\",\"requisite\":\"$requisite\"}]}",
                  201),
        "listcode");
}

static str schedule(void)
{
    return coded(thing_ask("/v1/payout_schedules",
                           "{\"user\":\"$user\",\"requisite\":\"$requisite\",\"currency\":\"EUR\",\"every\":\"month\","
                           "\"day\":1,\"at\":\"09:30\",\"zone\":\"Europe/Berlin\"}",
                           201),
                 "schedulecode");
}

static str active(void)
{
    thing_ask("/v1/payout_schedules/$schedule/confirm", "{\"code\":\"$schedulecode\"}", 200);
    return things_put("$schedule");
}

static str halted(void)
{
    things_put("$active");
    thing_ask("/v1/payout_schedules/$schedule/pause", NULL, 200);
    return things_put("$schedule");
}

/* Until another code may be sent. */
static str later(void)
{
    sim_pass(MINUTES(2));
    return STR("later");
}

/* ---- the operator's ---- */

static str csrf(void)
{
    return STR(OPERATOR_CSRF);
}

static str registry(void)
{
    struct paid_charge c;
    things_put("$paid");
    if (!acquirer_paid_charge(0, &c))
        paid(); /* all of it has been disputed */
    CHECK(acquirer_paid_charge(0, &c));
    acquirer_pays_out(1001);
    return arena_printf(sim_memory(),
                        "settlement,type,id,key,charge,currency,gross,fee,net,created\r\n"
                        "ST%d,charge,%.*s,%.*s,,EUR,1001,0,1001,\r\n"
                        "ST%d,charge,ch_none_%d,none_%d,,EUR,70,0,70,\r\n"
                        "ST%d,payout,ST%d,,,EUR,1071,0,1071,\r\n",
                        sim_number(), STR_ARG(c.id), STR_ARG(c.key), sim_number(), sim_number(), sim_number(),
                        sim_number(), sim_number());
}

static str bank_break(void)
{
    thing_ask("/v1/operator/settlements", "$registry", 201);
    return thing_first_of("/v1/operator/bank/breaks", "data");
}

static str settlement(void)
{
    thing_ask("/v1/operator/settlements", "$registry", 201);
    return thing_first_of("/v1/operator/settlements", "data");
}

static const struct {
    const char *name;
    str (*make)(void);
} makers[] = {
    { "partner", thing_partner },
    { "user", thing_user },
    { "store", thing_store },
    { "requisite", thing_requisite },
    { "mismatch", thing_mismatch },
    { "profile", thing_profile },
    { "endpoint", thing_endpoint },
    { "event", thing_event },
    { "freeze", thing_freeze },
    { "payment", payment },
    { "paid", paid },
    { "labeled", thing_labeled },
    { "held", held },
    { "reserved", held },
    { "session", session },
    { "dispute", thing_disputed },
    { "answered", thing_answered },
    { "file", thing_file },
    { "subscription", thing_subscription },
    { "card", thing_card },
    { "second", thing_second },
    { "link", thing_link },
    { "price", thing_price },
    { "paused", thing_paused },
    { "newprice", thing_newprice },
    { "month", thing_month },
    { "billing", thing_billing },
    { "invoice", thing_invoice },
    { "owed", thing_owed },
    { "behind", thing_behind },
    { "state", thing_form_state },
    { "payout", payout },
    { "sent", sent },
    { "judged", judged },
    { "list", list },
    { "schedule", schedule },
    { "active", active },
    { "halted", halted },
    { "csrf", csrf },
    { "registry", registry },
    { "break", bank_break },
    { "anomaly", thing_anomaly },
    { "lost", thing_lost },
    { "unheard", thing_unheard },
    { "settlement", settlement },
    { "reversal", thing_reversal },
    { "wait", later },
    { "told", told },
    { "visit", session_told },
    { "reference", reference },
    { "transferred", transferred },
    { "profiled", thing_profiled },
    { "agreement", thing_agreement },
    { "nobody", thing_nobody },
    { "left", thing_left },
    { "confirmation", thing_confirmation },
    { "deal", deal },
    { "queued", queued },
    { "away", thing_away },
    { "branch", thing_branch },
    { "tariff", thing_tariff },
    { "host", thing_host },
    { "connection", thing_connection },
};

static str thing_of(str name)
{
    for (size_t i = 0; i < n_things; i++)
        if (str_eq(str_of(things[i].name), name))
            return things[i].value;
    for (size_t i = 0; i < sizeof makers / sizeof makers[0]; i++) {
        if (!str_eq(str_of(makers[i].name), name))
            continue;
        thing_keep(makers[i].name, makers[i].make());
        return things[n_things - 1].value;
    }
    test_fail(__FILE__, __LINE__, "there is no $%.*s", STR_ARG(name));
}

bool things_at(size_t n, const char **name, str *value)
{
    if (n >= n_things)
        return false;
    *name = things[n].name;
    *value = things[n].value;
    return true;
}

str things_put(const char *text)
{
    struct arena *a = sim_memory();
    str all = STR("");
    while (*text) {
        size_t plain = strcspn(text, "$");
        all = arena_printf(a, "%.*s%.*s", STR_ARG(all), (int)plain, text);
        text += plain;
        if (!*text)
            break;
        size_t n = strspn(++text, "abcdefghijklmnopqrstuvwxyz");
        str thing = thing_of((str){ text, n });
        all = arena_printf(a, "%.*s%.*s", STR_ARG(all), STR_ARG(thing));
        text += n;
    }
    return all;
}
