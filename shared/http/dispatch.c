/*
 * The fixed order of every request: match, caps, decode, guard, rate limit, parameters, handler. A handler that would
 * block says NEED_WORKER and is run again, whole, on a worker. The failure becomes the answer here and nowhere else.
 */
#include "shared/http/exchange.h"

#include "shared/http/origin.h"
#include "shared/http/params.h"
#include "shared/ops/log.h"
#include "shared/ops/metrics.h"
#include "shared/text/network.h"

#define OVERLOAD_RETRY_S 1
#define N(a) (sizeof(a) / sizeof(a)[0])

static const struct form no_fields = { .n = 0 };

static bool takes_body(const struct route *route)
{
    return route->method != GET && route->method != DELETE && route->body != BODY_NONE;
}

/* A body that is taken as it is has no fields: what else is said stands in the query. */
static bool query_has_fields(const struct route *route)
{
    return !takes_body(route) || route->body == BODY_RAW;
}

/* ---- the end of every request ---- */

static bool wants_page(const struct exchange *x)
{
    str accept = request_header(&x->rq, "accept");
    return x->server->config.error_page && accept.n >= 9 && memmem(accept.p, accept.n, "text/html", 9);
}

static enum error_style style_of(const struct exchange *x)
{
    if (x->rs.route)
        return x->rs.route->errors;
    return wants_page(x) ? ERRORS_PAGE : ERRORS_PROBLEM;
}

static void observe(struct task *t, const struct exchange *x, int status, int64_t elapsed_us)
{
    metrics_observe(t->slot, x->rs.route ? x->route_index : x->server->router.n, status, elapsed_us);
    log_info(t, "request.served", L_STR("method", str_of(x->rq.method ? method_name(x->rq.method) : "?")),
             L_I64("status", status), L_I64("us", elapsed_us), L_STR("peer", x->rq.peer));
}

static void tell(struct task *t, const struct exchange *x, int status, str body)
{
    int64_t elapsed_us = monotonic_us() - x->started_us;
    const struct served served = { status, elapsed_us, x->rs.content_type, body };
    if (x->server->config.served && x->rs.route)
        x->server->config.served(t, &x->rq, &served);
    observe(t, x, status, elapsed_us);
}

/* The answer has begun: it may be under way still, so nothing of it is changed. That its peer went is no failure. */
static void finish_begun(struct task *t, struct exchange *x, err e)
{
    bool is_failed = e && !stream_is_left(x);
    x->stream.is_broken = e != OK;
    if (is_failed)
        log_failure(t, e);
    tell(t, x, is_failed ? e->fault->status : x->rs.status, STR_NONE);
}

static void finish(struct task *t, struct exchange *x, err e)
{
    if (x->stream.is_begun) {
        finish_begun(t, x, e);
        return;
    }
    if (!e && x->rs.kind == REPLY_NONE)
        e = FAIL(t, INTERNAL, "the handler answered nothing");
    if (!e && !response_complete(&x->rs))
        e = FAIL(t, INTERNAL, "the answer is too large");
    if (e) {
        /* An overload must not cost a line more per request than the access line. */
        if (x->rs.route && !(x->refused && e->fault->status >= 500))
            log_failure(t, e);
        response_fail(t, &x->rq, &x->rs, e, style_of(x), x->server->config.error_page);
    }
    if (x->server->config.render && x->rs.route)
        x->server->config.render(t, &x->rq, &x->rs);
    tell(t, x, x->rs.status, reply_text(&x->rs));
}

static void page_begin(struct task *t, const struct exchange *x)
{
    if (x->server->config.page_begin && style_of(x) == ERRORS_PAGE)
        x->server->config.page_begin(t, &x->rq);
}

static void refuse(struct task *t, struct exchange *x, err e)
{
    page_begin(t, x);
    x->refused = true;
    finish(t, x, e);
}

void dispatch_overloaded(struct exchange *x, const char *why)
{
    struct task t;
    exchange_task(x, &t);
    struct failure *f = FAIL(&t, UNAVAILABLE, "%s", why);
    f->retry_after_s = OVERLOAD_RETRY_S;
    refuse(&t, x, f);
}

void dispatch_too_large(struct exchange *x)
{
    struct task t;
    exchange_task(x, &t);
    x->close = true;
    refuse(&t, x, FAIL(&t, TOO_LARGE, "the body did not end"));
}

/* ---- match and caps ---- */

static void target_split(struct exchange *x)
{
    const char *mark = memchr(x->target.p, '?', x->target.n);
    size_t n = mark ? (size_t)(mark - x->target.p) : x->target.n;
    x->rq.path = (str){ x->target.p, n };
    x->rq.query = mark ? (str){ mark + 1, x->target.n - n - 1 } : STR_NONE;
}

static err nowhere(struct task *t)
{
    struct failure *f = FAIL(t, NOT_FOUND, "no route");
    f->explain = STR("This server has no such path; /openapi.json lists those that there are.");
    return f;
}

static err not_allowed(struct task *t, str allow)
{
    struct failure *f = FAIL(t, METHOD_NOT_ALLOWED, "allowed: %.*s", STR_ARG(allow));
    f->explain = arena_printf(t->arena, "This address takes %.*s.", STR_ARG(allow));
    return f;
}

static err other_method(struct task *t, struct exchange *x)
{
    str allow = router_methods(&x->server->router, t->arena, x->route_index);
    const struct route *route = x->server->router.routes[x->route_index];
    reply_header(&x->rs, "Allow", allow);
    if (x->rq.method != OPTIONS || route->cors == CORS_NONE)
        return not_allowed(t, allow);
    reply_header(&x->rs, "Access-Control-Allow-Origin", STR("*"));
    reply_header(&x->rs, "Access-Control-Allow-Methods", allow);
    reply_empty(&x->rs, 204);
    return OK;
}

static void route_set(struct exchange *x, size_t index)
{
    x->route_index = index;
    x->rs.route = x->rq.route = x->server->router.routes[index];
}

bool dispatch_route(struct exchange *x, str method)
{
    struct task t;
    exchange_task(x, &t);
    target_split(x);
    bool known = method_parse(method, &x->rq.method);
    enum router_verdict v =
        router_find(&x->server->router, x->arena, x->rq.method, x->rq.path, &x->route_index, &x->path_params);
    x->rq.n_path_params = x->path_params.n;
    if (v == ROUTER_FOUND && known) {
        route_set(x, x->route_index);
        return true;
    }
    x->close = true;
    err e = head_check(&t, x);
    for (size_t i = 0; !e && i < method.n; i++)
        if (method.p[i] < 'A' || method.p[i] > 'Z')
            e = FAIL_PARAM(&t, INVALID_REQUEST, STR("method"), STR("must be in capital letters"));
    if (!e) {
        x->close = x->body_expected;
        e = v == ROUTER_NOWHERE ? nowhere(&t) : other_method(&t, x);
    }
    refuse(&t, x, e);
    return false;
}

bool dispatch_admit(struct exchange *x)
{
    struct task t;
    exchange_task(x, &t);
    err e = head_check(&t, x);
    if (!e)
        e = origin_check(&t, x);
    if (!e)
        return true;
    x->close = true;
    refuse(&t, x, e);
    return false;
}

/* ---- decode, guard, limit, parameters, handler ---- */

/* where: what it is called to whoever sent it. */
static err form_decode(struct task *t, const struct route *route, str where, str text, const struct form **ret)
{
    if (text.n == 0) {
        *ret = &no_fields;
        return OK;
    }
    struct form *form = arena_new(t->arena, struct form);
    str bad = STR_NONE;
    switch (form_parse(t->arena, text, str_of(route->repeats), form, &bad)) {
    case FORM_GOOD:
        *ret = form;
        return OK;
    case FORM_BAD_ENCODING:
        return FAIL_PARAM(t, INVALID_REQUEST, where, STR("has a broken percent-encoding, a NUL or invalid UTF-8"));
    case FORM_DUPLICATE:
        return FAIL_PARAM(t, INVALID_REQUEST, bad, STR("is given more than once"));
    case FORM_TOO_MANY:
        return FAIL_PARAM(t, INVALID_REQUEST, where, STR("has more than 64 fields"));
    }
    return OK;
}

static err json_refuse(struct task *t, str text)
{
    str member;
    if (!json_number_too_large(text, &member))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("body"), json_complaint(t->arena, text));
    return FAIL_PARAM(t, INVALID_REQUEST, str_given(member) ? member : STR("body"),
                      STR("is a number that is too large"));
}

/* A client that always sends an object says as much with an empty one as with none. */
static err nothing_decode(struct task *t, struct exchange *x)
{
    const struct json_value *object, *value;
    str member;
    if (x->rq.body.n == 0)
        return OK;
    if (!json_parse(t->arena, x->rq.body, &object) || json_kind(object) != JSON_OBJECT)
        return FAIL_PARAM(t, INVALID_REQUEST, STR("body"), STR("is not taken by this address and method"));
    if (json_member(object, 0, &member, &value))
        return FAIL_PARAM(t, INVALID_REQUEST, member, STR("is not known here"));
    x->rq.body = STR("");
    return OK;
}

static err decode_now(struct task *t, struct exchange *x)
{
    const struct route *route = x->rq.route;
    if (route->body == BODY_NONE)
        TRY(nothing_decode(t, x));
    if (query_has_fields(route))
        return form_decode(t, route, STR("query"), x->rq.query, &x->rq.form);
    if (route->body == BODY_FORM)
        return form_decode(t, route, STR("body"), x->rq.body, &x->rq.form);
    x->rq.form = &no_fields;
    str text = x->rq.body.n ? x->rq.body : STR("{}");
    return route->body == BODY_JSON && !json_parse(t->arena, text, &x->rq.json) ? json_refuse(t, text) : OK;
}

static err decode(struct task *t, struct exchange *x)
{
    if (!x->decoded)
        TRY(decode_now(t, x));
    x->decoded = true;
    return OK;
}

/* draft-ietf-httpapi-ratelimit-headers: so many a minute for each of these, and how many may follow at once. */
struct limit_told {
    str policy, state;
};

static str listed(struct arena *a, str list, str item)
{
    return list.n > 0 ? arena_printf(a, "%.*s, %.*s", STR_ARG(list), STR_ARG(item)) : item;
}

static void limit_tell(struct arena *a, const struct rate_limit *limit, int left, int reset_s, struct limit_told *told)
{
    str state = left > 0 ? arena_printf(a, "\"%s\";r=%d", limit->by, left)
                         : arena_printf(a, "\"%s\";r=0;t=%d", limit->by, reset_s);
    told->policy = listed(a, told->policy, arena_printf(a, "\"%s\";q=%d;w=60", limit->by, limit->per_minute));
    told->state = listed(a, told->state, state);
}

/* The value of the path's first parameter; absent: it has none. */
static str link_of(const struct request *rq)
{
    return rq->n_path_params > 0 ? rq->path_params[0].value : STR_NONE;
}

static err limit_check(struct task *t, struct exchange *x)
{
    const struct route *route = x->rq.route;
    const struct rate_limit limits[] = {
        { "address", network_of(t->arena, x->rq.peer), route->per_minute },
        { "link", link_of(&x->rq), route->per_minute_link },
    };
    struct limit_told told = { STR(""), STR("") };
    const struct rate_limit *over = NULL;
    int left = 0, retry_after_s = 1;
    for (size_t i = 0; i < N(limits) && !over && x->server->config.allow; i++) {
        if (limits[i].per_minute == 0 || !str_given(limits[i].who))
            continue;
        if (!x->server->config.allow(t, &x->rq, &limits[i], &left, &retry_after_s))
            over = &limits[i];
        limit_tell(t->arena, &limits[i], left, retry_after_s, &told);
    }
    if (told.policy.n > 0) {
        reply_header(&x->rs, "RateLimit-Policy", told.policy);
        reply_header(&x->rs, "RateLimit", told.state);
    }
    if (!over)
        return OK;
    struct failure *f = FAIL(t, TOO_MANY_REQUESTS, "more than %d per minute and %s", over->per_minute, over->by);
    f->retry_after_s = retry_after_s;
    return f;
}

/*
 * A query that nothing is read from changes nothing, though who wrote it thinks so (?limit=5): an API says that it does
 * not know the name. Pages, and documents for everybody, have whatever is put behind their addresses.
 */
static err query_refuse(struct task *t, const struct exchange *x)
{
    const struct route *route = x->rq.route;
    struct param_source source = { 0 };
    const struct param_rules rules = { 0 };
    bool is_read = query_has_fields(route) && route->input_size > 0;
    if (is_read || route->errors != ERRORS_PROBLEM || route->guard == &GUARD_PUBLIC || route->ignore_unknown)
        return OK;
    TRY(form_decode(t, route, STR("query"), x->rq.query, &source.form));
    return params_read(t, NULL, 0, &source, &rules, NULL);
}

static err input_read(struct task *t, struct exchange *x)
{
    const struct route *route = x->rq.route;
    TRY(query_refuse(t, x));
    if (route->input_size == 0)
        return OK;
    struct param_source source = { .form = x->rq.form };
    if (takes_body(route) && route->body == BODY_JSON)
        source = (struct param_source){ .object = x->rq.json };
    struct param_rules rules = { route->ignore_unknown, route->when.param };
    void *in = arena_alloc(t->arena, route->input_size);
    TRY(params_read(t, route->params, route->n_params, &source, &rules, in));
    x->rq.in = in;
    return OK;
}

static err guard_ask(struct task *t, struct exchange *x)
{
    const struct guard *guard = x->rq.route->guard;
    err e = guard->check(t, &x->rq);
    if (e && guard->refused && !err_is(e, &FAULT_NEED_WORKER) && !err_is(e, &FAULT_IN_TURN))
        guard->refused(t, &x->rq, &x->rs);
    return e;
}

static err admit(struct task *t, struct exchange *x)
{
    TRY(decode(t, x));
    TRY(guard_ask(t, x));
    TRY(limit_check(t, x));
    return input_read(t, x);
}

/* In turns a request is let in once: what comes after that is run again. */
static err admit_in_turn(struct task *t, struct exchange *x)
{
    struct turn *turn = t->turn;
    if (!turn->is_admitted)
        TRY(admit(t, x));
    else
        turn->at = turn->at_admission;
    turn->is_admitted = true;
    turn->at_admission = turn->at;
    return OK;
}

static err run(struct task *t, struct exchange *x)
{
    page_begin(t, x);
    TRY(t->turn ? admit_in_turn(t, x) : admit(t, x));
    return x->rq.route->handle(t, &x->rq, &x->rs);
}

/* Routes that share a path are told apart by a form field, so the form is read before the route is known. */
static err variant_choose(struct task *t, struct exchange *x)
{
    const struct route *route = x->rq.route;
    size_t index;
    if (!route->when.param)
        return OK;
    TRY(decode(t, x));
    if (!router_variant(&x->server->router, x->route_index, x->rq.form, &index))
        return FAIL_PARAM(t, INVALID_REQUEST, str_of(route->when.param), STR("has a value that is not supported here"));
    route_set(x, index);
    return OK;
}

static bool runs_inline(const struct exchange *x)
{
    const struct route *route = x->rq.route;
    bool is_limited = x->server->config.allow && (route->per_minute || route->per_minute_link);
    return route->run != RUN_WORKER && route->run != RUN_COSTLY && !is_limited;
}

static enum dispatch_verdict run_without_waiting(struct task *t, struct exchange *x)
{
    x->turn.at = 0;
    err e = run(t, x);
    bool waits = err_is(e, &FAULT_IN_TURN);
    if (!waits && !err_is(e, &FAULT_NEED_WORKER)) {
        finish(t, x, e);
        return DISPATCH_DONE;
    }
    response_init(&x->rs, x->arena, x->rq.route);
    if (!waits || !x->turn.is_admitted)
        x->rq.in = x->rq.caller = NULL;
    return waits ? DISPATCH_TURN : DISPATCH_WORKER;
}

bool dispatch_goes_ahead(struct exchange *x)
{
    struct task t;
    const struct route *route = x->rq.route;
    exchange_task(x, &t);
    return route->ahead && !decode(&t, x) && route->ahead(&t, &x->rq);
}

queue_party dispatch_party(struct exchange *x)
{
    struct task t;
    exchange_task(x, &t);
    return x->server->config.whose ? x->server->config.whose(&t, &x->rq) : PARTY_NONE;
}

enum dispatch_verdict dispatch_inline(struct exchange *x)
{
    struct task t;
    exchange_task(x, &t);
    err e = variant_choose(&t, x);
    if (e) {
        finish(&t, x, e);
        return DISPATCH_DONE;
    }
    if (!runs_inline(x))
        return DISPATCH_WORKER;
    t.what = x->server->labels[x->route_index];
    if (x->rq.route->run == RUN_IN_TURNS)
        t.turn = &x->turn;
    return run_without_waiting(&t, x);
}

enum dispatch_verdict dispatch_again(struct task *worker, struct exchange *x)
{
    struct task t;
    exchange_task(x, &t);
    t.slot = worker->slot;
    t.turn = &x->turn;
    return run_without_waiting(&t, x);
}

void dispatch_on_worker(struct task *worker, struct exchange *x)
{
    struct task t;
    exchange_task(x, &t);
    t.db = worker->db;
    t.cache = worker->cache;
    t.fetcher = worker->fetcher;
    t.slot = worker->slot;
    err e = run(&t, x);
    if (err_is(e, &FAULT_NEED_WORKER))
        e = FAIL(&t, INTERNAL, "asked for a worker on a worker");
    finish(&t, x, e);
}
