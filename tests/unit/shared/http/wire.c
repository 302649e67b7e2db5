/* The routes of the test server, one of each kind, and the raw client. */
#include "tests/unit/shared/http/wire.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "shared/base/num.h"
#include "shared/http/assets.h"
#include "shared/ops/log.h"

enum { PATIENCE_MS = 30000 };

/* ---- routes ---- */

static err hello(struct task *t, const struct request *rq, struct response *rs)
{
    (void)t;
    json_str(reply_json(rs, 200), "peer", rq->peer);
    return OK;
}

static const struct route hello_route = { .method = GET,
                                          .path = "/hello",
                                          .guard = &GUARD_PUBLIC,
                                          .body = BODY_NONE,
                                          .run = RUN_INLINE,
                                          .errors = ERRORS_PROBLEM,
                                          .cors = CORS_ANY,
                                          .cache_s = 60,
                                          .handle = hello };

struct order_line {
    str sku;
    int64_t amount;
};
struct order_address {
    str country;
    str town;
};
struct order_in {
    str name;
    int64_t amount;
    bool express;
    str currency;
    const struct order_address *address;
    struct list lines;
    const struct json_value *metadata;
};
static const struct param line_params[] = {
    P_STR(struct order_line, sku, .need = REQUIRED, .set = ID, .max = 20),
    P_I64(struct order_line, amount, .need = REQUIRED, .low = 1, .high = 99999999),
};
static const struct param address_params[] = {
    P_STR(struct order_address, country, .need = REQUIRED, .set = TEXT, .min = 2, .max = 2),
    P_STR(struct order_address, town, .need = OPTIONAL, .set = LINE, .max = 35),
};
static const struct param order_params[] = {
    P_STR(struct order_in, name, .need = REQUIRED, .set = LINE, .max = 64),
    P_I64(struct order_in, amount, .need = OPTIONAL, .low = 1, .high = 1000, .fallback = 7),
    P_BOOL(struct order_in, express, .need = OPTIONAL),
    P_STR(struct order_in, currency, .need = OPTIONAL, .set = CURRENCY, .min = 3, .max = 3),
    P_OBJECT(struct order_in, address, struct order_address, address_params, .need = OPTIONAL),
    P_OBJECTS(struct order_in, lines, struct order_line, line_params, .need = OPTIONAL, .max = 3),
    P_VALUE(struct order_in, metadata, .need = OPTIONAL),
};

static err order(struct task *t, const struct request *rq, struct response *rs)
{
    const struct order_in *in = rq->in;
    const struct order_line *lines = in->lines.items;
    struct json *j = reply_json(rs, 201);
    (void)t;
    json_str(j, "name", in->name);
    json_i64(j, "amount", in->amount);
    json_bool(j, "express", in->express);
    json_str(j, "country", in->address ? in->address->country : STR_NONE);
    for (size_t i = 0; i < in->lines.n; i++)
        json_i64(j, "line", lines[i].amount);
    return OK;
}

static const struct route order_route = { .method = POST,
                                          .path = "/orders",
                                          .guard = &GUARD_PUBLIC,
                                          .body = BODY_JSON,
                                          .run = RUN_WORKER,
                                          .errors = ERRORS_PROBLEM,
                                          .no_store = true,
                                          .max_body_bytes = 4096,
                                          INPUT(struct order_in, order_params),
                                          .handle = order };

static err item(struct task *t, const struct request *rq, struct response *rs)
{
    (void)t;
    json_str(reply_json(rs, 200), "item", request_path_param(rq, "item"));
    return OK;
}

static const struct route item_route = { .method = GET,
                                         .path = "/orders/{order}/items/{item}",
                                         .guard = &GUARD_PUBLIC,
                                         .body = BODY_NONE,
                                         .run = RUN_TRY_INLINE,
                                         .errors = ERRORS_PROBLEM,
                                         .handle = item };

static err mine(struct task *t, const struct request *rq, struct response *rs)
{
    (void)t;
    (void)rq;
    json_str(reply_json(rs, 200), "item", STR("literal"));
    return OK;
}

static const struct route mine_route = { .method = GET,
                                         .path = "/orders/mine/items/all",
                                         .guard = &GUARD_PUBLIC,
                                         .body = BODY_NONE,
                                         .run = RUN_INLINE,
                                         .errors = ERRORS_PROBLEM,
                                         .handle = mine };

struct page_in {
    int64_t limit;
    str q;
};
static const struct param page_params[] = {
    P_I64(struct page_in, limit, .need = OPTIONAL, .low = 1, .high = 100, .fallback = 20),
    P_STR(struct page_in, q, .need = OPTIONAL, .set = TEXT, .max = 20),
};

static err search(struct task *t, const struct request *rq, struct response *rs)
{
    const struct page_in *in = rq->in;
    (void)t;
    struct json *j = reply_json(rs, 200);
    json_i64(j, "limit", in->limit);
    json_str(j, "q", in->q);
    return OK;
}

static const struct route search_route = { .method = GET,
                                           .path = "/search",
                                           .guard = &GUARD_PUBLIC,
                                           .body = BODY_NONE,
                                           .run = RUN_INLINE,
                                           .errors = ERRORS_PROBLEM,
                                           INPUT(struct page_in, page_params),
                                           .handle = search };

struct code_in {
    str code;
};
static const struct param code_params[] = {
    P_STR(struct code_in, code, .need = REQUIRED, .set = BASE64URL, .min = 4, .max = 8),
};

static err token(struct task *t, const struct request *rq, struct response *rs)
{
    const struct code_in *in = rq->in;
    reply_header(rs, "X-Kept", STR("yes"));
    if (!t->db && str_eq(in->code, STR("work")))
        return t->slot >= 100 ? OK : FAIL(t, NEED_WORKER, "would block");
    json_str(reply_json(rs, 200), "code", in->code);
    return OK;
}

static const struct route token_route = { .method = POST,
                                          .path = "/token",
                                          .when = { "grant_type", "code" },
                                          .guard = &GUARD_PUBLIC,
                                          .body = BODY_FORM,
                                          .run = RUN_TRY_INLINE,
                                          .errors = ERRORS_OAUTH,
                                          .ignore_unknown = true,
                                          INPUT(struct code_in, code_params),
                                          .handle = token };

static const struct fault fault_denied = { 401, "invalid_client", "Client authentication failed." };

static err deny(struct task *t, struct request *rq)
{
    (void)rq;
    struct failure *f = failure_make(t, &fault_denied, __FILE__, __LINE__, "wrong secret");
    f->challenge = STR("Basic realm=\"clients\"");
    return f;
}
static const struct guard guard_deny = { "deny", deny };

static const struct route closed_route = { .method = POST,
                                           .path = "/token",
                                           .when = { "grant_type", "closed" },
                                           .guard = &guard_deny,
                                           .body = BODY_FORM,
                                           .run = RUN_WORKER,
                                           .errors = ERRORS_OAUTH,
                                           .handle = token };

static err page(struct task *t, const struct request *rq, struct response *rs)
{
    (void)t;
    (void)rq;
    buf_add(reply_html(rs, 200), STR("<p>page"));
    reply_csp(rs, "frame-ancestors", STR("https://a.example"));
    reply_cookie(rs, &(struct cookie){ .name = "__Host-a", .value = STR("1"), .max_age_s = 60 });
    reply_cookie(rs, &(struct cookie){ .name = "__Host-b", .value = STR("2") });
    return OK;
}

static const struct route page_route = { .method = GET,
                                         .path = "/page",
                                         .guard = &GUARD_PUBLIC,
                                         .body = BODY_NONE,
                                         .run = RUN_WORKER,
                                         .errors = ERRORS_PAGE,
                                         .handle = page };

/* As many bytes as are asked for, which is what lists of other people's things are. */
static err much(struct task *t, const struct request *rq, struct response *rs)
{
    int64_t kib = 0;
    (void)num_parse(request_path_param(rq, "kib"), &kib);
    char *kilo = arena_alloc(t->arena, 1024);
    memset(kilo, 'x', 1024);
    struct json *j = reply_json(rs, 200);
    json_array(j, "data");
    for (int64_t i = 0; i < kib; i++)
        json_str(j, NULL, (str){ kilo, 1024 });
    json_close(j);
    return OK;
}

static const struct route much_route = { .method = GET,
                                         .path = "/much/{kib}",
                                         .guard = &GUARD_PUBLIC,
                                         .body = BODY_NONE,
                                         .run = RUN_WORKER,
                                         .errors = ERRORS_PROBLEM,
                                         .handle = much };

static err login_first(struct task *t, struct request *rq)
{
    (void)rq;
    struct failure *f = FAIL(t, NOT_FOUND, "no session");
    f->location = STR("/login?next=%2Fsecret");
    return f;
}
static const struct guard guard_login = { "login", login_first };

static const struct route secret_route = { .method = GET,
                                           .path = "/secret",
                                           .guard = &guard_login,
                                           .body = BODY_NONE,
                                           .run = RUN_WORKER,
                                           .errors = ERRORS_PAGE,
                                           .handle = page };

static err held(struct task *t, const struct request *rq, struct response *rs)
{
    (void)t;
    reply_empty(rs, 204);
    reply_hold(rs, MILLISECONDS(150));
    if (str_eq(rq->path, STR("/dropped")))
        reply_drop(rs);
    return OK;
}

static const struct route held_route = { .method = GET,
                                         .path = "/held",
                                         .guard = &GUARD_PUBLIC,
                                         .body = BODY_NONE,
                                         .run = RUN_INLINE,
                                         .errors = ERRORS_PROBLEM,
                                         .handle = held };
static const struct route dropped_route = { .method = GET,
                                            .path = "/dropped",
                                            .guard = &GUARD_PUBLIC,
                                            .body = BODY_NONE,
                                            .run = RUN_WORKER,
                                            .errors = ERRORS_PROBLEM,
                                            .handle = held };

static err slow(struct task *t, const struct request *rq, struct response *rs)
{
    (void)t;
    (void)rq;
    struct wire *w = wire_server();
    atomic_fetch_add(&w->slow_inside, 1);
    while (!atomic_load(&w->slow_may_end))
        usleep(1000);
    atomic_fetch_sub(&w->slow_inside, 1);
    reply_empty(rs, 204);
    return OK;
}

static const struct route slow_route = { .method = POST,
                                         .path = "/slow",
                                         .guard = &GUARD_PUBLIC,
                                         .body = BODY_RAW,
                                         .run = RUN_WORKER,
                                         .errors = ERRORS_PROBLEM,
                                         .handle = slow };
static const struct route limited_route = { .method = GET,
                                            .path = "/limited",
                                            .guard = &GUARD_PUBLIC,
                                            .body = BODY_NONE,
                                            .run = RUN_INLINE,
                                            .errors = ERRORS_PROBLEM,
                                            .per_minute = 2,
                                            .handle = hello };

static const struct route linked_route = { .method = GET,
                                           .path = "/linked/{link}",
                                           .guard = &GUARD_PUBLIC,
                                           .body = BODY_NONE,
                                           .run = RUN_INLINE,
                                           .errors = ERRORS_PROBLEM,
                                           .per_minute = 4,
                                           .per_minute_link = 2,
                                           .handle = hello };

static err raw(struct task *t, const struct request *rq, struct response *rs)
{
    (void)t;
    reply_raw(rs, 200, "application/octet-stream", rq->body);
    return OK;
}

static const struct route raw_route = { .method = PUT,
                                        .path = "/raw",
                                        .guard = &GUARD_PUBLIC,
                                        .body = BODY_RAW,
                                        .max_body_bytes = 100000,
                                        .run = RUN_WORKER,
                                        .errors = ERRORS_PROBLEM,
                                        .handle = raw };

static const struct asset style = { STR("/assets/a.0123.css"), STR("text/css; charset=utf-8"), STR("p{}") };

const struct asset *asset_find(str path)
{
    return str_eq(path, style.path) ? &style : NULL;
}

static const struct route *const routes[] = {
    &hello_route,   &order_route,  &item_route, &mine_route,   &search_route, &wire_patient_route, &wire_written_route,
    &token_route,   &closed_route, &page_route, &secret_route, &held_route,   &dropped_route,      &slow_route,
    &limited_route, &linked_route, &raw_route,  &assets_route, &much_route,
};

/* ---- server ---- */

/* By the route and the last character of who it is. */
static bool allow(struct task *t, const struct request *rq, const struct rate_limit *limit, int *left,
                  int *retry_after_s)
{
    static int asked[256];
    (void)t;
    unsigned char which = (unsigned char)((size_t)limit->who.p[limit->who.n - 1] + 8 * strlen(rq->route->path));
    int n = __atomic_add_fetch(&asked[which], 1, __ATOMIC_RELAXED);
    *retry_after_s = 30;
    *left = n < limit->per_minute ? limit->per_minute - n : 0;
    return n <= limit->per_minute;
}

static void worker_begin(struct task *t)
{
    t->slot += 100; /* lets a handler see that it runs on a worker */
}

static bool is_proxy(const void *app, const struct sockaddr *peer)
{
    (void)app;
    return ((const struct sockaddr_in *)(const void *)peer)->sin_addr.s_addr == htonl(0x7f000009);
}

struct wire *wire_server(void)
{
    static struct wire w;
    if (w.server)
        return &w;
    log_set_level(LOG_ERROR_LEVEL);
    struct http_server_config config = { .address = "127.0.0.1",
                                         .io_threads = 2,
                                         .workers = 2,
                                         .queue_limit = 4,
                                         .costly_workers = 1,
                                         .costly_queue_limit = 4,
                                         .max_connections = 200,
                                         .max_per_place = 100,
                                         .routes = routes,
                                         .n_routes = sizeof routes / sizeof routes[0],
                                         .worker_start = worker_begin,
                                         .allow = allow,
                                         .proxy = { .is_trusted = is_proxy } };
    w.server = http_server_start(&config);
    CHECK(w.server);
    w.port = http_server_port(w.server);
    return &w;
}

/* ---- client ---- */

int wire_connect(void)
{
    return wire_connect_from("127.0.0.1");
}

int wire_connect_from(const char *source)
{
    struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(wire_server()->port) };
    struct sockaddr_in from = { .sin_family = AF_INET };
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(inet_pton(AF_INET, source, &from.sin_addr) == 1);
    CHECK(fd >= 0 && bind(fd, (const struct sockaddr *)&from, sizeof from) == 0);
    CHECK(connect(fd, (const struct sockaddr *)&in, sizeof in) == 0);
    return fd;
}

void wire_send(int fd, str s)
{
    while (s.n) {
        ssize_t sent = send(fd, s.p, s.n, MSG_NOSIGNAL);
        if (sent <= 0)
            return; /* the server may have closed: what it answered is still there to be read */
        s = (str){ s.p + sent, s.n - (size_t)sent };
    }
}

/* The announced length is there. An answer to HEAD never is: it ends with its connection. */
static bool is_whole(str answer)
{
    int64_t n;
    str body = wire_body(answer);
    if (body.p && (wire_status(answer) == 204 || wire_status(answer) == 304))
        return true;
    return body.p && num_parse(wire_header(answer, "Content-Length"), &n) && body.n >= (size_t)n;
}

str wire_read(struct arena *a, int fd)
{
    struct buf b;
    buf_init(&b, a, 5 << 20);
    struct pollfd p = { .fd = fd, .events = POLLIN };
    char piece[4096];
    while (!is_whole(buf_str(&b)) && poll(&p, 1, PATIENCE_MS) > 0) {
        ssize_t n = recv(fd, piece, sizeof piece, 0);
        if (n <= 0)
            break;
        buf_add(&b, (str){ piece, (size_t)n });
    }
    return buf_str(&b);
}

str wire_ask(struct arena *a, str s)
{
    int fd = wire_connect();
    wire_send(fd, s);
    str answer = wire_read(a, fd);
    close(fd);
    return answer;
}

int wire_status(str answer)
{
    if (!str_starts(answer, STR("HTTP/1.1 ")) || answer.n < 12)
        return 0;
    return (answer.p[9] - '0') * 100 + (answer.p[10] - '0') * 10 + (answer.p[11] - '0');
}

str wire_body(str answer)
{
    const char *end = memmem(answer.p, answer.n, "\r\n\r\n", 4);
    return end ? (str){ end + 4, answer.n - (size_t)(end + 4 - answer.p) } : STR_NONE;
}

str wire_header(str answer, const char *name)
{
    str body = wire_body(answer), line;
    str head = { answer.p, body.p ? (size_t)(body.p - answer.p) : answer.n };
    while (str_cut(&head, '\n', &line)) {
        str key;
        if (line.n && line.p[line.n - 1] == '\r')
            line.n--;
        if (!str_cut(&line, ':', &key) || !str_eq_nocase(key, str_of(name)))
            continue;
        while (line.n && *line.p == ' ')
            line = (str){ line.p + 1, line.n - 1 };
        return line;
    }
    return STR_NONE;
}
