/*
 * Whose things they are (SECURITY K): what the cases ask for, with the token of another partner, and of another user of
 * the same. Nothing of it is told or changed, and the answer is the same as about what there is not.
 */
#include <string.h>

#include "paysrv/guards.h"
#include "shared/http/endpoint.h"
#include "tests/sim/client.h"
#include "tests/sim/judge.h"
#include "tests/sim/network.h"
#include "tests/torture/counts.h"
#include "tests/torture/torture.h"

#define SEED 12

/* Codes are no names of things, and these name nobody's, or everybody's. */
static const char *const no_names[] = { "code",    "listcode", "schedulecode", "wait",   "csrf",
                                        "partner", "registry", "break",        "link",   "freeze",
                                        "cnfcode", "profiled", "agreement",    "anomaly" };

static bool is_name(const char *word)
{
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
    for (size_t i = 0; torture_case(i); i++) {
        const struct torture_case *c = torture_case(i);
        if (!is_of_a_tenant(c->route) || c->is_sandbox)
            continue;
        ask_as_another(c);
        n++;
    }
    client_as(TOKEN_OF_PARTNER);
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
