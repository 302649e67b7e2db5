/*
 * fetch() over one libcurl easy handle per thread. See fetch.h; SECURITY group H.
 * What counts as "sent" is decided by libcurl's pre-request callback: it runs when a connection stands and before the
 * first byte of the request, on new and on reused connections alike.
 */
#include "shared/net/fetcher.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "shared/base/buf.h"
#include "shared/base/panic.h"
#include "shared/net/fetch_headers.h"
#include "shared/net/networks.h"
#include "shared/net/vendor.h"
#include "shared/ops/fiber.h"
#include "shared/ops/log.h"
#include "shared/text/url.h"

#define DEFAULT_MAX_BYTES ((size_t)64 * 1024)
#define DEFAULT_LIMIT SECONDS(5)
#define CONNECT_LIMIT_MS 3000L
#define HEADERS_MAX_BYTES ((size_t)32 * 1024)
#define STALL_S 15L
#define IDLE_CONNECTION_S 20L
#define CONNECTIONS_KEPT 8L
#define WAIT_MOST_US 1000000
#define CERTIFICATE_EXPIRED 10L /* X509_V_ERR_CERT_HAS_EXPIRED */

struct exchange;

struct fetcher {
    CURL *easy;                /* what is the same for all exchanges is set when it is made */
    struct exchange *exchange; /* the one that is under way */
    CURLM *multi;              /* only ever with this handle in it; so that whoever waits need not hold a thread */
    struct pollfd fds[WAIT_FDS_MAX];
    size_t n_fds;
    int64_t until_us; /* when libcurl wants to be called at the latest */
    bool allow_http, any_port;
    struct networks allowed, own;
    struct curl_slist *resolve;
    char *ca_file; /* NULL: the system's CAs only */
};

/* One exchange. */
struct exchange {
    struct task *t;
    struct fetcher *f;
    const struct fetch_request *rq;
    struct fetch_answer *answer;
    struct buf body;
    size_t max_bytes, header_bytes;
    bool began;           /* bytes of the request may have left */
    bool address_refused; /* the guard said no */
    const char *wrong;    /* why we broke off */
    bool is_too_large;
};

static long milliseconds(duration d)
{
    return (long)(d.us / 1000);
}

/* ---- the guard ---- */

/* Services that read a request line as commands. What others register never leads there, wherever http lives. */
static bool is_service_port(uint16_t port)
{
    static const uint16_t ports[] = { 1433, 1521, 2049, 2375, 2376, 3306, 3389, 5432, 6379, 9200, 11211, 27017 };
    for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++) {
        if (ports[i] == port)
            return true;
    }
    return false;
}

static bool may_be_http(const struct fetcher *f, bool is_ours)
{
    return f->allow_http || is_ours;
}

static const char *url_judge(const struct fetcher *f, str text, bool is_ours)
{
    struct url u;
    if (!url_parse(text, &u))
        return "malformed address";
    bool is_http = str_eq(u.scheme, STR("http"));
    if (!str_eq(u.scheme, STR("https")) && !(is_http && may_be_http(f, is_ours)))
        return may_be_http(f, is_ours) ? "neither https nor http" : "not https";
    if (u.has_userinfo)
        return "credentials in the address";
    if (is_ours || u.port == 443 || (is_http && u.port == 80))
        return NULL;
    if (!f->any_port || u.port < 1024 || is_service_port(u.port))
        return "this port is not allowed";
    return NULL;
}

static bool may_reach(const struct exchange *x, const struct sockaddr *address)
{
    const struct fetcher *f = x->f;
    return networks_allow(&f->allowed, address) || (x->rq->is_ours && networks_contain(&f->own, address));
}

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct exchange *x = ((struct fetcher *)context)->exchange;
    /* Once one address of a name was refused, the others are not tried either. */
    if (purpose != CURLSOCKTYPE_IPCXN || x->address_refused || !may_reach(x, &address->addr)) {
        x->address_refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* A connection kept alive may be one that only our own addresses may use. It may also die under the request, and
 * libcurl would send it again: only a GET may be sent twice. */
static int before_request(void *context, char *remote, char *local, int remote_port, int local_port)
{
    struct exchange *x = ((struct fetcher *)context)->exchange;
    struct sockaddr_storage there;
    (void)local, (void)remote_port, (void)local_port;
    if (!networks_literal(str_of(remote), &there) || !may_reach(x, (const struct sockaddr *)&there)) {
        x->address_refused = true;
        return CURL_PREREQFUNC_ABORT;
    }
    if (x->began && strcmp(x->rq->method, "GET") != 0) {
        x->wrong = "the connection died under the request";
        return CURL_PREREQFUNC_ABORT;
    }
    x->began = true;
    return CURL_PREREQFUNC_OK;
}

/* ---- the answer ---- */

static size_t take_body(char *p, size_t size, size_t n, void *context)
{
    struct exchange *x = ((struct fetcher *)context)->exchange;
    size_t got = size * n;
    if (got > x->max_bytes - x->body.n) {
        x->wrong = "the answer is too large";
        x->is_too_large = true;
        return 0;
    }
    buf_add(&x->body, (str){ p, got });
    return got;
}

static str trim(str s)
{
    while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
        s = (str){ s.p + 1, s.n - 1 };
    while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t' || s.p[s.n - 1] == '\r' || s.p[s.n - 1] == '\n'))
        s.n--;
    return s;
}

static void take_known_header(struct exchange *x, str name, str value)
{
    struct arena *a = x->t->arena;
    if (str_eq_nocase(name, STR("content-type")))
        x->answer->content_type = arena_str(a, value);
    else if (str_eq_nocase(name, STR("retry-after")))
        x->answer->retry_after = arena_str(a, value);
    else if (str_eq_nocase(name, STR("cache-control")))
        x->answer->cache_control = arena_str(a, value);
    else if (str_eq_nocase(name, STR("content-encoding")) && !str_eq_nocase(value, STR("identity")))
        x->wrong = "the answer is encoded, which was not asked for";
    else if (str_eq_nocase(name, STR("transfer-encoding")) && !str_eq_nocase(value, STR("chunked")))
        x->wrong = "the answer has a transfer coding, which was not asked for";
}

static size_t take_header(char *p, size_t size, size_t n, void *context)
{
    struct exchange *x = ((struct fetcher *)context)->exchange;
    size_t got = size * n;
    str line = { p, got }, name;
    x->header_bytes += got;
    if (x->header_bytes > HEADERS_MAX_BYTES)
        x->wrong = "the answer's headers are too large";
    if (str_starts(line, STR("HTTP/")))
        x->answer->content_type = x->answer->retry_after = x->answer->cache_control = STR_NONE;
    else if (str_cut(&line, ':', &name))
        take_known_header(x, trim(name), trim(line));
    return x->wrong ? 0 : got;
}

/* ---- the request ---- */

#define SET(option, value)                                                                                             \
    do {                                                                                                               \
        if (curl_easy_setopt(easy, (option), (value)) != CURLE_OK)                                                     \
            panic("libcurl lacks an option that the guard needs");                                                     \
    } while (0)

static void set_guard(CURL *easy, struct fetcher *f)
{
    SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
    SET(CURLOPT_OPENSOCKETDATA, f);
    SET(CURLOPT_PREREQFUNCTION, before_request);
    SET(CURLOPT_PREREQDATA, f);
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_PROXY, "");
    SET(CURLOPT_NOPROXY, "*");
    SET(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    /* The system's directory of CAs stays in force beside the file. */
    if (f->ca_file)
        SET(CURLOPT_CAINFO, f->ca_file);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_HTTP_CONTENT_DECODING, 0L);
    SET(CURLOPT_PATH_AS_IS, 1L);
    SET(CURLOPT_NOSIGNAL, 1L);
    /* A name is looked up in a thread of libcurl's. Without this whoever gives up waits for that thread, as long as
     * somebody else's name servers like, and with him all fibers of his thread. */
    SET(CURLOPT_QUICK_EXIT, 1L);
}

static void set_answer(CURL *easy, struct fetcher *f)
{
    SET(CURLOPT_USERAGENT, "Stoa/" STOA_VERSION);
    SET(CURLOPT_WRITEFUNCTION, take_body);
    SET(CURLOPT_WRITEDATA, f);
    SET(CURLOPT_HEADERFUNCTION, take_header);
    SET(CURLOPT_HEADERDATA, f);
    SET(CURLOPT_LOW_SPEED_LIMIT, 10L);
    SET(CURLOPT_LOW_SPEED_TIME, STALL_S);
    SET(CURLOPT_MAXAGE_CONN, IDLE_CONNECTION_S);
}

static void set_limits(CURL *easy, const struct fetch_request *rq)
{
    long limit_ms = milliseconds(rq->limit.us > 0 ? rq->limit : DEFAULT_LIMIT);
    SET(CURLOPT_TIMEOUT_MS, limit_ms);
    SET(CURLOPT_CONNECTTIMEOUT_MS, limit_ms < CONNECT_LIMIT_MS ? limit_ms : CONNECT_LIMIT_MS);
}

/* All that differs from exchange to exchange: each of these is set each time. */
static void set_request(CURL *easy, const struct exchange *x, struct curl_slist *headers)
{
    const struct fetch_request *rq = x->rq;
    SET(CURLOPT_PROTOCOLS_STR, may_be_http(x->f, rq->is_ours) ? "http,https" : "https");
    SET(CURLOPT_URL, arena_cstr(x->t->arena, rq->url));
    SET(CURLOPT_HTTPHEADER, headers);
    SET(CURLOPT_RESOLVE, x->f->resolve);
    if (str_given(rq->body) || strcmp(rq->method, "POST") == 0) {
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDS, rq->body.n ? rq->body.p : "");
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)rq->body.n);
    } else {
        SET(CURLOPT_HTTPGET, 1L);
    }
    SET(CURLOPT_CUSTOMREQUEST, rq->method);
}

/* The handle outlives the exchange: nothing in it may point there. */
static void unset_request(CURL *easy)
{
    SET(CURLOPT_HTTPHEADER, NULL);
    SET(CURLOPT_POSTFIELDS, NULL);
}

static bool is_method(const char *method)
{
    return str_has_word(STR("GET POST PUT PATCH DELETE"), str_of(method));
}

static void refuse(struct fetch_answer *answer, const char *why)
{
    *answer = (struct fetch_answer){ .outcome = FETCH_REFUSED, .why = str_of(why) };
}

static enum fetch_cause cause_of(const struct exchange *x, CURLcode code)
{
    long verified = 0;
    if (x->is_too_large)
        return FETCH_CAUSE_TOO_LARGE;
    switch ((int)code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return FETCH_CAUSE_NAME;
    case CURLE_COULDNT_CONNECT:
        return x->address_refused ? FETCH_CAUSE_ADDRESS : FETCH_CAUSE_CONNECTION;
    case CURLE_PEER_FAILED_VERIFICATION:
        curl_easy_getinfo(x->f->easy, CURLINFO_SSL_VERIFYRESULT, &verified);
        return verified == CERTIFICATE_EXPIRED ? FETCH_CAUSE_EXPIRED : FETCH_CAUSE_CERTIFICATE;
    case CURLE_SSL_CONNECT_ERROR:
        return FETCH_CAUSE_TLS;
    case CURLE_OPERATION_TIMEDOUT:
        return x->began ? FETCH_CAUSE_TIME : FETCH_CAUSE_CONNECTION;
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_PARTIAL_FILE:
        return FETCH_CAUSE_BROKEN;
    default:
        return x->address_refused ? FETCH_CAUSE_ADDRESS : FETCH_CAUSE_OTHER;
    }
}

static void judge(struct exchange *x, CURLcode code)
{
    struct fetch_answer *answer = x->answer;
    if (code == CURLE_OK && !x->wrong) {
        long status = 0;
        curl_easy_getinfo(x->f->easy, CURLINFO_RESPONSE_CODE, &status);
        answer->outcome = FETCH_ANSWERED;
        answer->status = (int)status;
        answer->body = buf_str(&x->body);
        return;
    }
    enum fetch_outcome outcome = x->address_refused ? FETCH_REFUSED : FETCH_NOT_SENT;
    const char *why = x->address_refused ? "this network may not be reached" : curl_easy_strerror(code);
    if (x->began) {
        outcome = FETCH_UNKNOWN;
        why = curl_easy_strerror(code);
    }
    *answer = (struct fetch_answer){ .outcome = outcome,
                                     .cause = cause_of(x, code),
                                     .why = str_of(x->wrong ? x->wrong : why),
                                     .is_too_large = x->is_too_large };
}

/* ---- waiting ---- */

/* libcurl names the descriptors that it waits for: one, or two while it tries both families of addresses. */
static int socket_watch(CURL *easy, curl_socket_t fd, int what, void *context, void *unused)
{
    struct fetcher *f = context;
    size_t at = 0;
    (void)easy, (void)unused;
    while (at < f->n_fds && f->fds[at].fd != fd)
        at++;
    if (what == CURL_POLL_REMOVE) {
        if (at < f->n_fds)
            f->fds[at] = f->fds[--f->n_fds];
        return 0;
    }
    if (at == WAIT_FDS_MAX)
        return -1;
    if (at == f->n_fds)
        f->n_fds++;
    f->fds[at] = (struct pollfd){ .fd = fd };
    if (what & CURL_POLL_IN)
        f->fds[at].events |= POLLIN;
    if (what & CURL_POLL_OUT)
        f->fds[at].events |= POLLOUT;
    return 0;
}

static int timer_set(CURLM *multi, long after_ms, void *context)
{
    struct fetcher *f = context;
    (void)multi;
    f->until_us = after_ms < 0 ? INT64_MAX : monotonic_us() + after_ms * 1000;
    return 0;
}

static int curl_events(short revents)
{
    int ret = 0;
    if (revents & (POLLIN | POLLHUP))
        ret |= CURL_CSELECT_IN;
    if (revents & POLLOUT)
        ret |= CURL_CSELECT_OUT;
    if (revents & POLLERR)
        ret |= CURL_CSELECT_ERR;
    return ret;
}

/* One round: waits, and tells libcurl what has happened. */
static void exchange_go_on(struct fetcher *f, int *running)
{
    struct pollfd ready[WAIT_FDS_MAX];
    size_t n = f->n_fds;
    int64_t latest_us = monotonic_us() + WAIT_MOST_US;
    memcpy(ready, f->fds, n * sizeof ready[0]);
    bool is_event = wait_fds(ready, n, f->until_us < latest_us ? f->until_us : latest_us) > 0;
    for (size_t i = 0; is_event && i < n; i++)
        if (ready[i].revents)
            curl_multi_socket_action(f->multi, ready[i].fd, curl_events(ready[i].revents), running);
    if (monotonic_us() >= f->until_us)
        curl_multi_socket_action(f->multi, CURL_SOCKET_TIMEOUT, 0, running);
}

static CURLcode exchange_perform(struct fetcher *f)
{
    CURLcode code = CURLE_FAILED_INIT;
    int running = 1, left;
    if (curl_multi_add_handle(f->multi, f->easy) != CURLM_OK)
        return code;
    curl_multi_socket_action(f->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    while (running)
        exchange_go_on(f, &running);
    for (CURLMsg *m; (m = curl_multi_info_read(f->multi, &left)) != NULL;)
        if (m->msg == CURLMSG_DONE)
            code = m->data.result;
    curl_multi_remove_handle(f->multi, f->easy);
    return code;
}

void fetch(struct task *t, const struct fetch_request *rq, struct fetch_answer *ret)
{
    struct fetcher *f = t->fetcher;
    struct curl_slist *headers;
    *ret = (struct fetch_answer){ .outcome = FETCH_REFUSED };
    if (!f) {
        refuse(ret, "outbound requests are not possible here");
        return;
    }
    const char *wrong = url_judge(f, rq->url, rq->is_ours);
    enum fetch_cause cause = wrong ? FETCH_CAUSE_ADDRESS : FETCH_CAUSE_OTHER;
    if (!wrong && !is_method(rq->method))
        wrong = "this method is not allowed";
    if (!wrong && !fetch_headers_make(t, rq, &headers))
        wrong = "a header holds control characters";
    if (wrong) {
        refuse(ret, wrong);
        ret->cause = cause;
        return;
    }
    struct exchange x = { .t = t, .f = f, .rq = rq, .answer = ret };
    x.max_bytes = rq->max_bytes ? rq->max_bytes : DEFAULT_MAX_BYTES;
    buf_init(&x.body, t->arena, x.max_bytes);
    f->exchange = &x;
    set_limits(f->easy, rq);
    set_request(f->easy, &x, headers);
    judge(&x, exchange_perform(f));
    unset_request(f->easy);
    f->exchange = NULL;
}

bool fetch_url_is_allowed(const struct fetcher *f, str url, str *why)
{
    const char *wrong = f ? url_judge(f, url, false) : "outbound requests are not possible here";
    struct url u;
    if (!wrong && url_parse(url, &u)) {
        struct sockaddr_storage literal;
        if (networks_literal(u.host, &literal) && !networks_allow(&f->allowed, (const struct sockaddr *)&literal))
            wrong = "this network may not be reached";
    }
    *why = str_of(wrong);
    return wrong == NULL;
}

struct fetcher *fetcher_open(const struct fetch_policy *policy)
{
    vendor_init();
    struct networks allowed, own;
    if (!networks_parse(policy->allow_networks, &allowed) || !networks_parse(policy->own_networks, &own)) {
        log_error(NULL, "fetcher.refused", L_STR("allow_networks", policy->allow_networks),
                  L_STR("own_networks", policy->own_networks));
        return NULL;
    }
    struct fetcher *f = calloc(1, sizeof *f);
    if (!f || !(f->easy = curl_easy_init()) || !(f->multi = curl_multi_init()))
        panic("out of memory");
    if (curl_multi_setopt(f->multi, CURLMOPT_SOCKETFUNCTION, socket_watch) != CURLM_OK ||
        curl_multi_setopt(f->multi, CURLMOPT_SOCKETDATA, f) != CURLM_OK ||
        curl_multi_setopt(f->multi, CURLMOPT_TIMERFUNCTION, timer_set) != CURLM_OK ||
        curl_multi_setopt(f->multi, CURLMOPT_TIMERDATA, f) != CURLM_OK ||
        curl_multi_setopt(f->multi, CURLMOPT_MAXCONNECTS, CONNECTIONS_KEPT) != CURLM_OK)
        panic("libcurl lacks an option for waiting");
    f->until_us = INT64_MAX;
    f->allow_http = policy->allow_http;
    f->any_port = policy->any_port;
    if (policy->ca_file.n > 0 && !(f->ca_file = strndup(policy->ca_file.p, policy->ca_file.n)))
        panic("out of memory");
    f->allowed = allowed;
    f->own = own;
    set_guard(f->easy, f);
    set_answer(f->easy, f);
    return f;
}

void fetcher_close(struct fetcher *f)
{
    if (!f)
        return;
    curl_easy_cleanup(f->easy);
    curl_multi_cleanup(f->multi);
    curl_slist_free_all(f->resolve);
    free(f->ca_file);
    free(f);
}

void fetcher_resolve(struct fetcher *f, const char *entry)
{
    curl_slist_free_all(f->resolve);
    f->resolve = curl_slist_append(NULL, entry);
    if (!f->resolve)
        panic("out of memory");
}
