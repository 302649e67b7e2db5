/*
 * Whose things they are (SECURITY K): what the cases ask for, with the token of another partner, and of another user of
 * the same; and among things of one's own one of another partner's. Nothing of it is told or changed, and the answer is
 * the same as about what there is not.
 */
#include <string.h>

#include "paysrv/guards.h"
#include "paysrv/routes.h"
#include "shared/http/endpoint.h"
#include "tests/sim/client.h"
#include "tests/sim/judge.h"
#include "tests/sim/network.h"
#include "tests/torture/counts.h"
#include "tests/torture/torture.h"

#define SEED 12

/* Codes are no names of things, and these name nobody's, or everybody's. */
static const char *const no_names[] = { "code",    "listcode", "schedulecode", "wait",  "csrf",
                                        "partner", "registry", "break",        "link",  "freeze",
                                        "cnfcode", "profiled", "anomaly",      "month", "typed" };

static enum client_token asking; /* with which token */

static bool is_name(const char *word)
{
    if (asking == TOKEN_OF_ANOTHER_USER && strcmp(word, "agreement") == 0)
        return false; /* is its partner's */
    for (size_t i = 0; i < sizeof no_names / sizeof no_names[0]; i++)
        if (strcmp(no_names[i], word) == 0)
            return false;
    return true;
}

static bool is_of_a_tenant(const struct route *route)
{
    return route->guard != &GUARD_PUBLIC && route->guard != &GUARD_OPERATOR &&
           route->guard != &GUARD_OPERATOR_SESSION && route->guard != &GUARD_SIGNED_IN;
}

/* ---- texts with names in them ---- */

static str replaced(str text, str what, str with)
{
    struct arena *a = sim_memory();
    str all = STR("");
    for (const char *found; str_given(text) && (found = memmem(text.p, text.n, what.p, what.n));) {
        size_t before = (size_t)(found - text.p);
        all = arena_printf(a, "%.*s%.*s%.*s", STR_ARG(all), (int)before, text.p, STR_ARG(with));
        text = (str){ found + what.n, text.n - before - what.n };
    }
    return str_given(text) ? arena_printf(a, "%.*s%.*s", STR_ARG(all), STR_ARG(text)) : text;
}

/* Of the same form, and nobody's. */
static str unknown_of(str id)
{
    struct arena *a = sim_memory();
    char *copy = arena_cstr(a, id);
    copy[id.n - 1] = copy[id.n - 1] == 'z' ? 'x' : 'z';
    return str_of(copy);
}

/* How many names of ours stand in it; each as one that is nobody's in *ret, which may be text. */
static size_t names_in(str text, str *ret)
{
    const char *word;
    size_t n = 0;
    str value;
    *ret = text;
    for (size_t i = 0; str_given(text) && things_at(i, &word, &value); i++) {
        if (!is_name(word) || !memmem(text.p, text.n, value.p, value.n))
            continue;
        n++;
        *ret = replaced(*ret, value, unknown_of(value));
    }
    return n;
}

/* ---- asking ---- */

static struct call *ask(const struct torture_case *c, str path, str body, str query)
{
    struct call *call = call_make("", NULL);
    call->method = c->route->method;
    call->path = path;
    call->body = body;
    call->query = query;
    call->headers = c->header;
    call->n_headers = c->header != NULL;
    call_finish(call);
    return call;
}

static void same(const struct torture_case *c, const struct call *ours, const struct call *nobodys)
{
    static const char *const members[] = { "type", "title", "detail", "code", "param" };
    if (ours->status != nobodys->status)
        test_fail(__FILE__, __LINE__, "%s: %d, and %d of what there is not", c->name, ours->status, nobodys->status);
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (!str_eq(call_member(ours, members[i]), call_member(nobodys, members[i])))
            test_fail(__FILE__, __LINE__, "%s: another %s than of what there is not: %.*s", c->name, members[i],
                      STR_ARG(ours->answer));
}

static void refused(const struct torture_case *c, const struct call *call)
{
    if (call->status < 400 || call->status >= 500)
        test_fail(__FILE__, __LINE__, "%s: %d %.*s", c->name, call->status, STR_ARG(call->answer));
}

/* What somebody else is answered who names our things, or asks for all of his own. */
static void ask_as_another(const struct torture_case *c)
{
    str path = things_put(c->path), body = c->body ? things_put(c->body) : STR_NONE;
    str query = c->query ? things_put(c->query) : STR_NONE;
    str no_path, no_body, no_query, unused;
    struct counts before, after;
    size_t n = names_in(path, &no_path) + names_in(body, &no_body) + names_in(query, &no_query);
    counts_take(&before);
    const struct call *call = ask(c, path, body, query);
    if (n > 0) {
        refused(c, call);
        same(c, call, ask(c, no_path, no_body, no_query));
    } else if (names_in(call->answer, &unused) > 0) {
        test_fail(__FILE__, __LINE__, "%s tells of ours: %.*s", c->name, STR_ARG(call->answer));
    }
    counts_take(&after);
    if (n > 0 || c->route->method == GET)
        counts_are(&after, &before);
}

/* Enough for the payouts besides a dispute. */
static void sales_make(void)
{
    for (int i = 0; i < 8; i++)
        client_post(payment_make(""), "confirm", "{\"payment_token\":\"tok_ok\"}");
}

static void everything_make(void)
{
    sales_make();
    for (size_t i = 0; torture_case(i); i++) {
        const struct torture_case *c = torture_case(i);
        if (!is_of_a_tenant(c->route) || c->is_sandbox)
            continue;
        if (c->first)
            things_put(c->first);
        things_put(c->path);
        things_put(c->body ? c->body : "");
        things_put(c->query ? c->query : "");
    }
}

static void all_as(enum client_token whose)
{
    int64_t n = 0;
    client_as(whose);
    asking = whose;
    for (size_t i = 0; torture_case(i); i++) {
        const struct torture_case *c = torture_case(i);
        if (!is_of_a_tenant(c->route) || c->is_sandbox)
            continue;
        ask_as_another(c);
        n++;
    }
    client_as(TOKEN_OF_PARTNER);
    asking = TOKEN_OF_PARTNER;
    printf("# %lld routes\n", (long long)n);
}

static void world(void)
{
    sim_begin(SEED);
    network_begin();
    things_begin();
    client_begin(false);
    bank_use();
    everything_make();
}

/* Nothing of it is left open for the worlds that come after. */
static void end(void)
{
    judge_settle();
    things_end();
    judge_end();
}

TEST(another_partner_is_told_nothing_and_changes_nothing)
{
    world();
    all_as(TOKEN_OF_ANOTHER_PARTNER);
    end();
}

TEST(another_user_of_the_partner_is_told_nothing_and_changes_nothing)
{
    world();
    all_as(TOKEN_OF_ANOTHER_USER);
    end();
}

/* ---- one of another partner's among one's own ---- */

#define FOREIGN_MAX 64

static struct {
    const char *name;
    char value[100];
} foreign[FOREIGN_MAX]; /* of the world before */
static size_t n_foreign;

static void foreign_keep(void)
{
    const char *name;
    str value;
    for (n_foreign = 0; things_at(n_foreign, &name, &value); n_foreign++) {
        CHECK(n_foreign < FOREIGN_MAX && value.n < sizeof foreign->value);
        foreign[n_foreign].name = name;
        memcpy(foreign[n_foreign].value, value.p, value.n);
        foreign[n_foreign].value[value.n] = 0;
    }
}

static str foreign_of(const char *name)
{
    for (size_t i = 0; i < n_foreign; i++)
        if (strcmp(foreign[i].name, name) == 0)
            return str_of(foreign[i].value);
    return STR_NONE;
}

#define GIVEN(word, ...)                                                                                               \
    {                                                                                                                  \
        .name = #word, .route = &word##_route, __VA_ARGS__                                                             \
    }

/* What else names things. */
static const struct torture_case besides[] = {
    GIVEN(payments_create, .path = "/v1/payments",
          .body = "{\"store\":\"$store\",\"amount\":1001,\"currency\":\"EUR\",\"description\":\"An article\","
                  "\"split_profile\":\"$profile\"}"),
    GIVEN(payments_create, .path = "/v1/payments",
          .body =
              "{\"store\":\"$store\",\"amount\":1001,\"currency\":\"EUR\",\"description\":\"An article\","
              "\"split\":[{\"party\":\"user\",\"user\":\"$nobody\",\"bp\":100},{\"party\":\"seller\",\"rest\":true}]}"),
    GIVEN(captures_create, .path = "/v1/payments/$reserved/capture", .body = "{\"split_profile\":\"$profile\"}"),
    GIVEN(
        captures_create, .path = "/v1/payments/$reserved/capture",
        .body =
            "{\"split\":[{\"party\":\"user\",\"user\":\"$nobody\",\"bp\":100},{\"party\":\"seller\",\"rest\":true}]}"),
    GIVEN(split_profile_create, .path = "/v1/split_profiles",
          .body = "{\"name\":\"Two\",\"rules\":[{\"party\":\"user\",\"user\":\"$nobody\",\"bp\":100},"
                  "{\"party\":\"seller\",\"rest\":true}]}"),
    GIVEN(store_create, .path = "/v1/stores",
          .body = "{\"name\":\"Another\",\"user\":\"$user\",\"currency\":\"EUR\",\"split_profile\":\"$profile\"}"),
    GIVEN(store_tariff_create, .path = "/v1/stores/$store/tariffs",
          .body = "{\"split_profile\":\"$profile\",\"valid_from\":\"2027-02-01T00:00:00Z\"}"),
    GIVEN(subscription_change, .path = "/v1/subscriptions/$subscription/change", .body = "{\"price\":\"$newprice\"}"),
    GIVEN(payments_list, .path = "/v1/payments", .query = "store=$store"),
    GIVEN(payments_list, .path = "/v1/payments", .query = "user=$user"),
    GIVEN(dispute_page, .first = "$dispute", .path = "/v1/disputes", .query = "payment=$contested"),
    GIVEN(saved_card_page, .path = "/v1/saved_cards", .query = "store=$store"),
    GIVEN(saved_card_page, .path = "/v1/saved_cards", .query = "payment=$paid"),
    GIVEN(invoice_list, .path = "/v1/invoices", .query = "store=$store"),
    GIVEN(price_page, .path = "/v1/prices", .query = "store=$store"),
    GIVEN(subscription_page, .path = "/v1/subscriptions", .query = "store=$store"),
    GIVEN(store_page, .path = "/v1/stores", .query = "user=$user"),
    GIVEN(event_page, .path = "/v1/events", .query = "about=$paid"),
    GIVEN(confirmation_page, .first = "$confirmation", .path = "/v1/confirmations", .query = "subject=$change"),
};

/* By words that partners choose, and so may several of them. */
static const struct torture_case by_words[] = {
    GIVEN(payments_list, .first = "$labeled", .path = "/v1/payments", .query = "external_id=order-1"),
    GIVEN(store_page, .first = "$branch", .path = "/v1/stores", .query = "external_id=shop-1"),
    GIVEN(saved_card_page, .first = "$card", .path = "/v1/saved_cards", .query = "buyer=reader"),
    GIVEN(subscription_page, .first = "$subscription", .path = "/v1/subscriptions", .query = "buyer=reader"),
    GIVEN(subscription_page, .first = "$second", .path = "/v1/subscriptions", .query = "external_id=second"),
};

struct told {
    str path, body, query;
};

static struct told told_of(const struct torture_case *c)
{
    if (c->first)
        things_put(c->first);
    return (struct told){ things_put(c->path), c->body ? things_put(c->body) : STR_NONE,
                          c->query ? things_put(c->query) : STR_NONE };
}

static bool told_has(const struct told *t, str value)
{
    return memmem(t->path.p, t->path.n, value.p, value.n) ||
           (str_given(t->body) && memmem(t->body.p, t->body.n, value.p, value.n)) ||
           (str_given(t->query) && memmem(t->query.p, t->query.n, value.p, value.n));
}

static const struct call *ask_with(const struct torture_case *c, const struct told *t, str what, str with)
{
    return ask(c, replaced(t->path, what, with), replaced(t->body, what, with), replaced(t->query, what, with));
}

/* That it is refused says nothing when it would be so for another reason. What is not there is taken away by itself. */
static void is_not_found(const struct torture_case *c, const char *name, const struct call *call)
{
    bool is_gone = c->route->method == DELETE && call->status == 204;
    if (call->status != 404 && !is_gone && !str_given(call_member(call, "param")))
        test_fail(__FILE__, __LINE__, "%s with a foreign %s: %d %.*s", c->name, name, call->status,
                  STR_ARG(call->answer));
}

static int64_t ask_among_ones_own(const struct torture_case *c)
{
    const struct told t = told_of(c);
    struct counts before, after;
    const char *name;
    int64_t n = 0;
    str own;
    for (size_t i = 0; things_at(i, &name, &own); i++) {
        str theirs = foreign_of(name);
        if (!is_name(name) || !told_has(&t, own) || !str_given(theirs))
            continue;
        CHECK(!str_eq(own, theirs));
        counts_take(&before);
        const struct call *call = ask_with(c, &t, own, theirs), *nobodys = ask_with(c, &t, own, unknown_of(theirs));
        if (c->route->method == GET && call->status == 200)
            CHECK_STR(replaced(call->answer, theirs, unknown_of(theirs)), nobodys->answer);
        else
            is_not_found(c, name, call);
        same(c, call, nobodys);
        counts_take(&after);
        counts_are(&after, &before);
        n++;
    }
    return n;
}

static void words_make(void)
{
    for (size_t i = 0; i < sizeof by_words / sizeof by_words[0]; i++)
        told_of(&by_words[i]);
}

/* One's own, and nothing of whoever has the same word. */
static void ask_by_word(const struct torture_case *c)
{
    const struct told t = told_of(c);
    str unused;
    const struct call *call = ask(c, t.path, t.body, t.query);
    CHECK_I64(call->status, 200);
    if (names_in(call->answer, &unused) == 0)
        test_fail(__FILE__, __LINE__, "%s has none of ours: %.*s", c->query, STR_ARG(call->answer));
    for (size_t i = 0; i < n_foreign; i++)
        if (is_name(foreign[i].name) &&
            memmem(call->answer.p, call->answer.n, foreign[i].value, strlen(foreign[i].value)))
            test_fail(__FILE__, __LINE__, "%s has a foreign %s: %.*s", c->query, foreign[i].name,
                      STR_ARG(call->answer));
}

TEST(what_is_another_partners_does_not_go_with_what_is_ones_own)
{
    int64_t n = 0;
    world();
    words_make();
    foreign_keep();
    end();
    world();
    words_make();
    for (size_t i = 0; i < sizeof by_words / sizeof by_words[0]; i++)
        ask_by_word(&by_words[i]);
    for (size_t i = 0; i < sizeof besides / sizeof besides[0]; i++)
        n += ask_among_ones_own(&besides[i]);
    for (size_t i = 0; torture_case(i); i++)
        if (is_of_a_tenant(torture_case(i)->route) && !torture_case(i)->is_sandbox)
            n += ask_among_ones_own(torture_case(i));
    end();
    printf("# %lld names\n", (long long)n);
}
