/* See client.h. */
#include "tests/sim/client.h"

#include <string.h>

#include "paysrv/domain/access/caller.h"
#include "paysrv/domain/api_version.h"
#include "paysrv/flow/access/partner_standing.h"
#include "paysrv/flow/clock.h"
#include "paysrv/guards.h"
#include "paysrv/routes.h"
#include "paysrv/store/ledger.sql.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/store.sql.h"
#include "paysrv/store/user.sql.h"
#include "shared/base/panic.h"
#include "shared/http/exchange.h"
#include "shared/http/params.h"
#include "shared/http/response.h"
#include "shared/http/router.h"
#include "tests/sim/database.h"
#include "tests/sim/fault.h"
#include "tests/sim/judge.h"
#include "tests/sim/life.h"
#include "tests/sim/network.h"
#include "tests/sim/registries.h"

#define TRIES_MAX 60

#define ROUTE_ROW(name_) &name_##_route,
static const struct route *const routes[] = { PAYSRV_ROUTES(ROUTE_ROW) };
static const struct router router = { routes, sizeof routes / sizeof routes[0] };
static struct seller seller;
static struct caller partner; /* who calls: see client_as */
static bool is_sandbox, is_guarded;
static str currency;                       /* of the store */
static bool uses_cards;                    /* somebody has asked for a payout to one */
static _Thread_local struct call *working; /* on the actor's own thread */

/* ---- one request ---- */

static err input_read(struct task *t, struct request *rq)
{
    const struct route *route = rq->route;
    bool is_json = route->body == BODY_JSON && rq->method == POST;
    struct form *form = arena_new(t->arena, struct form);
    str text = route->body == BODY_FORM ? rq->body : rq->query, bad;
    rq->form = form;
    if (str_given(text) && form_parse(t->arena, text, STR(""), form, &bad) != FORM_GOOD)
        return FAIL(t, INVALID_REQUEST, "the simulation's form is none");
    if (is_json && !json_parse(t->arena, rq->body.n ? rq->body : STR("{}"), &rq->json))
        return FAIL(t, INVALID_REQUEST, "the simulation's body is no JSON");
    if (route->input_size == 0)
        return OK;
    struct param_source source = { .form = is_json ? NULL : rq->form, .object = is_json ? rq->json : NULL };
    struct param_rules rules = { route->ignore_unknown, NULL };
    void *in = arena_alloc(t->arena, route->input_size);
    TRY(params_read(t, route->params, route->n_params, &source, &rules, in));
    rq->in = in;
    return OK;
}

/* Whom the guard would have let through. */
static const void *caller_for(const struct route *route)
{
    static const struct caller whoever = { .subject = { "operator", 8 },
                                           .client_id = { "operators", 9 },
                                           .scopes = { "pay.operator", 12 } };
    static const struct operator_session session = { { "operator", 8 }, { "Operator", 8 }, { OPERATOR_CSRF, 43 } };
    return route->guard == &GUARD_PUBLIC                                                 ? NULL
           : route->guard == &GUARD_OPERATOR                                             ? (const void *)&whoever
           : route->guard == &GUARD_OPERATOR_SESSION || route->guard == &GUARD_SIGNED_IN ? (const void *)&session
                                                                                         : &partner;
}

static const struct route *route_find(struct arena *a, const struct call *c, struct path_params *params)
{
    size_t index;
    if (router_find(&router, a, c->method, c->path, &index, params) != ROUTER_FOUND)
        panic("the simulation asks for a path that is not there");
    return routes[index];
}

static const struct http_header *headers_of(struct arena *a, const struct call *c, size_t *n)
{
    struct http_header *headers = arena_array(a, struct http_header, c->n_headers + 1);
    for (*n = 0; *n < c->n_headers; (*n)++)
        headers[*n] = c->headers[*n];
    if (str_given(c->key))
        headers[(*n)++] = (struct http_header){ STR("idempotency-key"), c->key };
    return headers;
}

static void request_serve(struct task *t, const struct call *c, struct response *rs)
{
    struct path_params params;
    const struct route *route = route_find(t->arena, c, &params);
    struct request rq = {
        .method = c->method,
        .path = c->path,
        .query = c->query,
        .body = c->body,
        .peer = STR("127.0.0.1"),
        .route = route,
        .caller = caller_for(route),
        .path_params = params.items,
        .n_path_params = params.n,
        .now = t->now,
    };
    rq.headers = headers_of(t->arena, c, &rq.n_headers);
    response_init(rs, t->arena, rq.route);
    err e = rq.caller == &partner ? clock_enter(t, partner.partner) : OK;
    if (!e && rq.caller == &partner && is_guarded)
        e = partner_in_good_standing(t, partner.partner);
    if (!e)
        e = input_read(t, &rq);
    if (!e)
        e = rq.route->handle(t, &rq, rs);
    if (e)
        response_fail(t, &rq, rs, e, ERRORS_PROBLEM, NULL);
}

void call_serve(struct task *t, void *context)
{
    static struct http_server nobody;
    struct call *c = context;
    /* A response is a part of its exchange; this one takes files when they are whole. */
    struct exchange *x = arena_new(t->arena, struct exchange);
    struct response *rs = &x->rs;
    x->server = &nobody;
    working = c;
    request_serve(t, c, rs);
    sim_lock();
    c->answer = arena_str(sim_memory(), reply_text(rs));
    sim_unlock();
    c->status = reply_status(rs);
    sim_note("answer", c->status);
}

/* A code that is drawn while a request is worked on goes to the owner by mail, and from there to whoever types it. */
str __wrap_random_digits(struct arena *a, size_t n);

str __wrap_random_digits(struct arena *a, size_t n)
{
    str digits = STR("");
    for (size_t i = 0; i < n; i++)
        digits = arena_printf(a, "%.*s%d", STR_ARG(digits), (int)sim_draw(10));
    sim_lock();
    if (working)
        working->mailed = arena_str(sim_memory(), digits);
    sim_unlock();
    return digits;
}

void call_begin(struct call *c)
{
    while (!sim_has_room())
        sim_step();
    c->status = 0;
    c->tries++;
    struct path_params params;
    sim_spawn(route_find(sim_memory(), c, &params)->path, call_serve, c, &c->ended);
}

/* ---- until it is answered ---- */

static bool is_in_progress(const struct call *c)
{
    return c->status == 409 && memmem(c->answer.p, c->answer.n, "in_progress", 11);
}

bool call_is_answered(const struct call *c)
{
    return c->ended && c->status >= 200 && c->status < 500 && c->status != 202 && !is_in_progress(c);
}

void call_finish(struct call *c)
{
    while (!call_is_answered(c) && !(c->ended && c->status == 202)) {
        if (c->tries == TRIES_MAX)
            test_fail(__FILE__, __LINE__, "%.*s is not answered: %d %.*s", STR_ARG(c->path), c->status,
                      STR_ARG(c->answer));
        if (c->tries > 0)
            life_goes_on();
        call_begin(c);
        while (!c->ended && sim_step())
            if (sim_has_crashed())
                break;
    }
}

struct call *call_make(const char *path, const char *body)
{
    static int keys;
    struct arena *a = sim_memory();
    struct call *c = arena_new(a, struct call);
    *c = (struct call){ .method = POST,
                        .path = arena_str(a, str_of(path)),
                        .body = body ? arena_str(a, str_of(body)) : STR_NONE,
                        .key = arena_printf(a, "key-%d-%d", sim_number(), ++keys) };
    return c;
}

str call_member(const struct call *c, const char *name)
{
    const struct json_value *document;
    str value = STR_NONE;
    if (str_given(c->answer) && json_parse(sim_memory(), c->answer, &document))
        json_get_str(document, name, &value);
    return value;
}

str call_inner(const struct call *c, const char *object, const char *name)
{
    const struct json_value *document;
    str value = STR_NONE;
    if (str_given(c->answer) && json_parse(sim_memory(), c->answer, &document))
        json_get_str(json_get(document, object), name, &value);
    return value;
}

int64_t call_number(const struct call *c, const char *name)
{
    const struct json_value *document;
    int64_t value = 0;
    if (str_given(c->answer) && json_parse(sim_memory(), c->answer, &document))
        json_get_i64(document, name, &value);
    return value;
}

/* ---- what partners do ---- */

struct call *client_post(str payment, const char *step, const char *body)
{
    struct call *c = call_make("", body);
    c->path = arena_printf(sim_memory(), "/v1/payments/%.*s/%s", STR_ARG(payment), step);
    call_finish(c);
    return c;
}

struct call *payment_ask_of(int64_t amount_minor, const char *more)
{
    struct arena *a = sim_memory();
    str body = arena_printf(a,
                            "{\"store\":\"%.*s\",\"amount\":%lld,\"currency\":\"%.*s\","
                            "\"description\":\"An article\"%s}",
                            STR_ARG(seller.store), (long long)amount_minor, STR_ARG(currency), more);
    return call_make("/v1/payments", arena_cstr(a, body));
}

struct call *payment_ask(const char *more)
{
    return payment_ask_of(1001, more);
}

str payment_make(const char *more)
{
    struct call *c = payment_ask(more);
    call_finish(c);
    CHECK_I64(c->status, 201);
    return call_member(c, "id");
}

str payment_status_of(str payment)
{
    struct call c = { .method = GET, .path = arena_printf(sim_memory(), "/v1/payments/%.*s", STR_ARG(payment)) };
    call_finish(&c);
    return call_member(&c, "status");
}

struct call *payout_ask_of(str user, const str *requisites, size_t n, int64_t amount_minor)
{
    struct arena *a = sim_memory();
    (void)requisite_of(n);
    str body = arena_printf(a, "{\"user\":\"%.*s\",\"requisite\":\"%.*s\",\"amount\":%lld,\"currency\":\"%.*s\"}",
                            STR_ARG(user), STR_ARG(requisites[n]), (long long)amount_minor, STR_ARG(currency));
    return call_make("/v1/payouts", arena_cstr(a, body));
}

struct call *payout_ask(size_t requisite, int64_t amount_minor)
{
    return payout_ask_of(seller.user, seller.requisites, requisite, amount_minor);
}

str requisite_of(size_t n)
{
    uses_cards = uses_cards || n >= SELLER_ACCOUNTS;
    bank_use();
    return seller.requisites[n];
}

struct call *payout_list_ask(size_t n)
{
    struct arena *a = sim_memory();
    str items = STR("");
    for (size_t i = 0; i < n; i++)
        items = arena_printf(a, "%.*s%s{\"requisite\":\"%.*s\",\"amount\":%llu,\"currency\":\"%.*s\"}", STR_ARG(items),
                             i ? "," : "", STR_ARG(requisite_of(sim_draw(SELLER_REQUISITES))),
                             (unsigned long long)(1 + sim_draw(300)), STR_ARG(currency));
    str body = arena_printf(a, "{\"user\":\"%.*s\",\"payouts\":[%.*s]}", STR_ARG(seller.user), STR_ARG(items));
    return call_make("/v1/payout_lists", arena_cstr(a, body));
}

struct call *payout_confirm_ask(const struct call *asked)
{
    struct arena *a = sim_memory();
    str path = arena_printf(a, "%.*s/%.*s/confirm", STR_ARG(asked->path), STR_ARG(call_member(asked, "id")));
    str body = arena_printf(a, "{\"code\":\"%.*s\"}", STR_ARG(asked->mailed));
    return call_make(arena_cstr(a, path), arena_cstr(a, body));
}

/* ---- who calls ---- */

static void partner_make(struct task *t, partner_id p, bool sandbox)
{
    static const str nothing = { NULL, 0 };
    const struct partner_insert_row *made;
    const struct partner_insert_args args = { .partner = p,
                                              .name = STR("Partner"),
                                              .platform_bp = 500,
                                              .partner_bp = 2500,
                                              .sandbox = sandbox,
                                              .api_version = str_of(api_version_name(API_VERSION_NEWEST)),
                                              .confirmations = { &nothing, 0 } };
    CHECK_OK(partner_insert(t, &args, &made));
}

static void people_make(struct task *t)
{
    const struct user_insert_row *user_made;
    int64_t affected;
    partner_id p = { seller.partner };
    user_id u = { seller.user };
    partner_make(t, p, is_sandbox);
    /* Of each world another one: how many codes an address gets in an hour is limited. */
    str email = arena_printf(sim_memory(), "%.*s@example.com", STR_ARG(seller.user));
    const struct user_insert_args user = {
        .partner = p, .user = u, .name = STR("Seller"), .email = email, .email_verified = true
    };
    CHECK_OK(user_insert(t, &user, &user_made));
    payees_make(t, p, u, seller.requisites);
    const struct store_insert_args store = { .partner = p,
                                             .store = { seller.store },
                                             .user = u,
                                             .name = STR("Store"),
                                             .currency = currency,
                                             .url = STR("https://store.example"),
                                             .platform_bp = 500,
                                             .partner_bp = 2500 };
    CHECK_OK(store_insert(t, &store, &affected));
    CHECK_OK(accounts_open(t, u, p, currency, &affected));
}

/* Worlds share a database: the clocks of those before stand still, whatever is due under them, and so do their deals
 * and fees, and nobody asks any more what became of transfers that were not made. */
static void clocks_stop(struct task *t)
{
    QUESTION(sim_clocks_stop,
             "with stopped as (update test_clock set busy_until = 'infinity'), "
             "ended as (update deal set due_at = null), fees as (update payout_fee set due_at = null), "
             "calls as (update acquirer_call set due_at = 'infinity' where is_open), "
             "timers as (update payment set timer_at = 'infinity' where timer_at is not null) select 1::bigint");
    CHECK_I64(question_ask(t, &sim_clocks_stop), 1);
}

void client_is_guarded(bool guarded)
{
    is_guarded = guarded;
}

bool client_uses_cards(void)
{
    return uses_cards;
}

bool client_is_sandbox(void)
{
    return is_sandbox;
}

void client_days(int64_t days)
{
    struct arena *a = sim_memory();
    str body = arena_printf(a, "{\"by\":\"P%lldD\"}", (long long)days);
    struct call *c = call_make("/v1/test_clock/advance", arena_cstr(a, body));
    call_finish(c);
    CHECK_I64(c->status, 202);
}

str client_currency(void)
{
    return currency;
}

void client_begin(bool sandbox)
{
    client_begin_in(sandbox, STR("EUR"));
}

void client_begin_in(bool sandbox, str store_currency)
{
    struct arena *a = sim_memory();
    is_sandbox = sandbox;
    is_guarded = false;
    currency = store_currency;
    uses_cards = false;
    seller = (struct seller){
        .partner = arena_printf(a, "sim%d", sim_number()),
        .user = arena_printf(a, "usr_%d", sim_number()),
        .store = arena_printf(a, "st_%d", sim_number()),
    };
    for (size_t i = 0; i < SELLER_REQUISITES; i++)
        seller.requisites[i] = arena_printf(a, "req_%d_%zu", sim_number(), i);
    partner = (struct caller){ .partner = { seller.partner }, .client_id = STR("client"), .scopes = STR("") };
    life_is_wide(false);
    clocks_stop(sim_outside());
    people_make(sim_outside());
    registries_begin();
}

const struct seller *client_seller(void)
{
    return &seller;
}

static void newcomer_make(struct task *t, partner_id p, str subject)
{
    const struct user_insert_row *user_made;
    struct user_insert_args user = { .partner = p,
                                     .user = { arena_printf(sim_memory(), "usr_new%d%s", sim_number(),
                                                            str_given(subject) ? "s" : "p") },
                                     .subject = subject,
                                     .name = STR("Newcomer"),
                                     .email = arena_printf(sim_memory(), "new%d@example.com", sim_number()),
                                     .email_verified = true };
    partner_make(t, p, false);
    CHECK_OK(user_insert(t, &user, &user_made));
}

void client_as(enum client_token whose)
{
    partner.partner = (partner_id){ seller.partner };
    partner.subject = whose == TOKEN_OF_ANOTHER_USER ? STR("newcomer") : STR_NONE;
    if (whose == TOKEN_OF_ANOTHER_PARTNER)
        partner.partner.v = arena_printf(sim_memory(), "new%d", sim_number());
    if (whose != TOKEN_OF_PARTNER)
        newcomer_make(sim_outside(), partner.partner, partner.subject);
}

/* ---- where requests go ---- */

bool __wrap_fetch_url_is_allowed(const struct fetcher *f, str url, str *why);

bool __wrap_fetch_url_is_allowed(const struct fetcher *f, str url, str *why)
{
    (void)f;
    *why = STR_NONE;
    return str_starts(url, STR("https://"));
}

void __wrap_fetch(struct task *t, const struct fetch_request *rq, struct fetch_answer *ret);

void __wrap_fetch(struct task *t, const struct fetch_request *rq, struct fetch_answer *ret)
{
    const str acquirer = STR("http://acquirer"), bank = STR("http://bank"), wallet = STR("http://wallet");
    sim_lock();
    str url = arena_str(sim_memory(), rq->url);
    sim_unlock();
    (void)t;
    sim_yield();
    sim_point("request");
    enum fault_kind fault = fault_meets(CALL_REQUEST);
    fault_pause(true);
    sim_lock();
    if (fault == FAULT_OF_REFUSED)
        *ret = (struct fetch_answer){ .outcome = FETCH_NOT_SENT, .why = STR("torture") };
    else if (fault == FAULT_OF_BROKEN)
        *ret = (struct fetch_answer){ .outcome = FETCH_ANSWERED, .status = 500, .body = STR("") };
    else if (str_starts(url, acquirer))
        acquirer_serve(rq, (str){ url.p + acquirer.n, url.n - acquirer.n }, ret);
    else if (str_starts(url, wallet))
        wallet_serve(rq, (str){ url.p + wallet.n, url.n - wallet.n }, ret);
    else if (str_starts(url, bank))
        bank_serve(rq, (str){ url.p + bank.n, url.n - bank.n }, ret);
    else if (str_starts(url, STR("http://screening")))
        screening_serve(rq, ret);
    else
        *ret = (struct fetch_answer){ .outcome = FETCH_NOT_SENT, .why = STR("nobody is there") };
    ret->body = network_twisted(ret->body);
    if (fault == FAULT_OF_SILENT)
        *ret = (struct fetch_answer){ .outcome = FETCH_UNKNOWN, .why = STR("torture") };
    else if (fault == FAULT_OF_GARBAGE)
        ret->body = STR("<html>");
    sim_unlock();
    fault_pause(false);
    fault_effect();
    sim_pass(MILLISECONDS(5 + (int64_t)sim_draw(100)));
    sim_yield();
    sim_point("answer");
}
