/* Outbound HTTP against servers that misbehave: SECURITY group H, and the outcomes of fetch.h. */
#include "shared/net/fetcher.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shared/base/buf.h"
#include "tests/unit/shared/net/canned.h"

#define GOOD_ANSWER "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
#define CLOSING_ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"

#define SOON SECONDS(30) /* on a busy machine */

static const struct fetch_policy inside = { .allow_http = true,
                                            .allow_networks = { "127.0.0.0/8", 11 },
                                            .any_port = true };

static str url_of(struct arena *a, const struct canned *c)
{
    return arena_printf(a, "http://127.0.0.1:%d/x", canned_port(c));
}

/* One GET on a fetcher of its own. */
static struct fetch_answer get(struct task *task, const struct fetch_policy *policy, str url, duration limit)
{
    struct fetch_answer answer;
    struct fetch_request rq = { .method = "GET", .url = url, .limit = limit };
    task->fetcher = fetcher_open(policy);
    CHECK(task->fetcher);
    fetch(task, &rq, &answer);
    fetcher_close(task->fetcher);
    task->fetcher = NULL;
    return answer;
}

static struct fetch_answer get_from(struct task *task, enum canned_kind kind, const char *text, duration limit)
{
    struct canned *c = canned_start(kind, "127.0.0.1", 0, text);
    struct fetch_answer answer = get(task, &inside, url_of(task->arena, c), limit);
    canned_stop(c);
    return answer;
}

/* Of one that is left after a while. A machine that stood still so long may have sent nothing by then. */
static struct fetch_answer get_until(struct task *task, enum canned_kind kind, const char *text, duration limit)
{
    struct fetch_answer answer = { .outcome = FETCH_NOT_SENT };
    for (; answer.outcome == FETCH_NOT_SENT && limit.us < SOON.us; limit.us *= 2)
        answer = get_from(task, kind, text, limit);
    return answer;
}

TEST(an_answer_comes_with_status_body_and_headers)
{
    struct fetch_answer answer = get_from(task, CANNED_ANSWER,
                                          "HTTP/1.1 429 Slow\r\nContent-Type: text/plain\r\nRetry-After: 7\r\n"
                                          "Cache-Control: max-age=5\r\nContent-Length: 5\r\n\r\nlater",
                                          SOON);
    CHECK_I64(answer.outcome, FETCH_ANSWERED);
    CHECK_I64(answer.status, 429);
    CHECK_STR(answer.body, STR("later"));
    CHECK_STR(answer.content_type, STR("text/plain"));
    CHECK_STR(answer.retry_after, STR("7"));
    CHECK_STR(answer.cache_control, STR("max-age=5"));
}

TEST(a_post_is_sent_as_given_without_accept_encoding)
{
    struct canned *c = canned_start(CANNED_ANSWER, "127.0.0.1", 0, GOOD_ANSWER);
    struct fetch_header headers[] = { { "Idempotency-Key", STR("k1") }, { "X-Absent", STR_NONE } };
    struct fetch_request rq = { .method = "POST",
                                .url = url_of(arena, c),
                                .headers = headers,
                                .n_headers = 2,
                                .body = STR("a\"b"),
                                .limit = SOON };
    struct fetch_answer answer;
    task->fetcher = fetcher_open(&inside);
    fetch(task, &rq, &answer);
    fetcher_close(task->fetcher);
    const char *got = arena_cstr(arena, canned_received(c, arena));
    canned_stop(c);
    CHECK_I64(answer.outcome, FETCH_ANSWERED);
    CHECK(strstr(got, "POST /x HTTP/1.1\r\n") == got);
    CHECK(strstr(got, "Idempotency-Key: k1\r\n"));
    CHECK(strstr(got, "\r\n\r\na\"b"));
    CHECK(!strcasestr(got, "accept-encoding") && !strcasestr(got, "x-absent") && !strcasestr(got, "expect:"));
}

TEST(connections_are_kept_alive)
{
    struct canned *c = canned_start(CANNED_ANSWER, "127.0.0.1", 0, GOOD_ANSWER);
    struct fetch_request rq = { .method = "POST", .url = url_of(arena, c), .body = STR("1"), .limit = SOON };
    struct fetch_answer answer;
    task->fetcher = fetcher_open(&inside);
    for (int i = 0; i < 3; i++) {
        fetch(task, &rq, &answer);
        CHECK_I64(answer.outcome, FETCH_ANSWERED);
    }
    int connections = canned_connections(c);
    fetcher_close(task->fetcher);
    canned_stop(c);
    CHECK_I64(connections, 1);
}

TEST(inside_addresses_are_refused_before_anything_is_sent) /* H 194 */
{
    static const char *const hosts[] = {
        "127.0.0.1", "[::1]",      "10.0.0.1",           "172.16.0.1",        "192.168.0.1", "169.254.169.254",
        "0.0.0.0",   "100.64.0.1", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[fd00::1]",   "[fe80::1]",
        "127.1",     "0x7f.0.0.1", "2130706433",         "017700000001",      "localhost"
    };
    struct canned *c = canned_start(CANNED_ANSWER, "127.0.0.1", 0, GOOD_ANSWER);
    struct fetch_policy policy = { .allow_http = true, .any_port = true };
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        str url = arena_printf(arena, "http://%s:%d/", hosts[i], canned_port(c));
        struct fetch_answer answer = get(task, &policy, url, SOON);
        if (answer.outcome != FETCH_REFUSED)
            test_fail(__FILE__, __LINE__, "%s: outcome %d", hosts[i], answer.outcome);
    }
    int connections = canned_connections(c);
    canned_stop(c);
    CHECK_I64(connections, 0);
}

TEST(a_name_that_leads_inside_is_refused) /* H 196 */
{
    struct canned *c = canned_start(CANNED_ANSWER, "127.0.0.1", 0, GOOD_ANSWER);
    struct fetch_policy policy = { .allow_http = true, .any_port = true, .allow_networks = STR("127.0.0.2/32") };
    struct fetch_request rq = { .method = "GET", .url = arena_printf(arena, "http://a.example:%d/", canned_port(c)) };
    struct fetch_answer answer;
    task->fetcher = fetcher_open(&policy);
    str entry = arena_printf(arena, "+a.example:%d:127.0.0.1,127.0.0.2", canned_port(c));
    fetcher_resolve(task->fetcher, arena_cstr(arena, entry));
    fetch(task, &rq, &answer);
    fetcher_close(task->fetcher);
    int connections = canned_connections(c);
    canned_stop(c);
    CHECK_I64(answer.outcome, FETCH_REFUSED);
    CHECK_I64(answer.cause, FETCH_CAUSE_ADDRESS);
    CHECK_I64(connections, 0);
}

/* The one that is outside answers, and is not asked. */
TEST(a_name_of_which_one_address_is_inside_is_refused_as_a_whole) /* H 196 */
{
    struct canned *c = canned_start(CANNED_ANSWER, "127.0.0.2", 0, GOOD_ANSWER);
    struct fetch_policy policy = { .allow_http = true, .any_port = true, .allow_networks = STR("127.0.0.2/32") };
    struct fetch_request rq = { .method = "GET", .url = arena_printf(arena, "http://a.example:%d/", canned_port(c)) };
    struct fetch_answer answer;
    task->fetcher = fetcher_open(&policy);
    str entry = arena_printf(arena, "+a.example:%d:127.0.0.1,127.0.0.2", canned_port(c));
    fetcher_resolve(task->fetcher, arena_cstr(arena, entry));
    fetch(task, &rq, &answer);
    fetcher_close(task->fetcher);
    int connections = canned_connections(c);
    canned_stop(c);
    CHECK_I64(answer.outcome, FETCH_REFUSED);
    CHECK_I64(connections, 0);
}

TEST(a_name_that_changes_its_address_is_refused) /* H 197 */
{
    struct canned *outer = canned_start(CANNED_ANSWER, "127.0.0.2", 0, CLOSING_ANSWER), *inner;
    while (!(inner = canned_start(CANNED_ANSWER, "127.0.0.1", canned_port(outer), CLOSING_ANSWER))) {
        canned_stop(outer); /* its port is in use there */
        outer = canned_start(CANNED_ANSWER, "127.0.0.2", 0, CLOSING_ANSWER);
    }
    uint16_t port = canned_port(outer);
    struct fetch_policy policy = { .allow_http = true, .any_port = true, .allow_networks = STR("127.0.0.2/32") };
    struct fetch_request rq = { .method = "GET",
                                .url = arena_printf(arena, "http://a.example:%d/", port),
                                .limit = SOON };
    struct fetch_answer first, second;
    task->fetcher = fetcher_open(&policy);
    fetcher_resolve(task->fetcher, arena_cstr(arena, arena_printf(arena, "+a.example:%d:127.0.0.2", port)));
    fetch(task, &rq, &first);
    fetcher_resolve(task->fetcher, arena_cstr(arena, arena_printf(arena, "+a.example:%d:127.0.0.1", port)));
    fetch(task, &rq, &second);
    fetcher_close(task->fetcher);
    int reached = canned_connections(inner);
    canned_stop(outer);
    canned_stop(inner);
    CHECK_I64(first.outcome, FETCH_ANSWERED);
    CHECK_I64(second.outcome, FETCH_REFUSED);
    CHECK_I64(reached, 0);
}

TEST(a_redirect_is_an_answer_and_not_followed) /* H 198 */
{
    struct canned *c =
        canned_start(CANNED_ANSWER, "127.0.0.1", 0,
                     "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n");
    struct fetch_answer answer = get(task, &inside, url_of(arena, c), SOON);
    int requests = canned_requests(c);
    canned_stop(c);
    CHECK_I64(answer.outcome, FETCH_ANSWERED);
    CHECK_I64(answer.status, 302);
    CHECK_I64(requests, 1);
}

/* What others register never leads to a database; the operator's own issuer may live where he likes. */
TEST(ports_of_other_services_are_for_configured_addresses_only) /* H 200 */
{
    struct fetch_policy policy = { .allow_http = true, .any_port = true, .allow_networks = STR("127.0.0.0/8") };
    struct fetch_request rq = { .method = "GET", .url = STR("http://127.0.0.1:11211/"), .body = STR_NONE };
    struct fetch_answer answer;
    task->fetcher = fetcher_open(&policy);
    fetch(task, &rq, &answer);
    CHECK_I64(answer.outcome, FETCH_REFUSED);
    rq.is_ours = true;
    fetch(task, &rq, &answer);
    CHECK(answer.outcome != FETCH_REFUSED);
    fetcher_close(task->fetcher);
}

/* Asked by others, by ourselves, and by others again, over what is kept. */
static void ask_in_turn(struct task *task, const struct fetch_policy *policy, const struct canned *c, int ret[3])
{
    struct fetch_request rq = { .method = "POST", .url = url_of(task->arena, c), .body = STR("1"), .limit = SOON };
    struct fetch_answer answer;
    task->fetcher = fetcher_open(policy);
    for (int i = 0; i < 3; i++) {
        rq.is_ours = i == 1;
        fetch(task, &rq, &answer);
        ret[i] = (int)answer.outcome;
    }
    fetcher_close(task->fetcher);
}

TEST(own_networks_are_for_own_addresses_only) /* H 194, 212 */
{
    struct canned *c = canned_start(CANNED_ANSWER, "127.0.0.1", 0, GOOD_ANSWER);
    struct fetch_policy others_http = { .allow_http = true, .any_port = true, .own_networks = STR("127.0.0.0/8") };
    struct fetch_policy only_https = { .any_port = true, .allow_networks = STR("127.0.0.0/8") };
    int by_network[3], by_scheme[3];
    ask_in_turn(task, &others_http, c, by_network);
    int connections = canned_connections(c);
    ask_in_turn(task, &only_https, c, by_scheme);
    canned_stop(c);
    CHECK(by_network[0] == FETCH_REFUSED && by_network[1] == FETCH_ANSWERED && by_network[2] == FETCH_REFUSED);
    CHECK_I64(connections, 1);
    CHECK(by_scheme[0] == FETCH_REFUSED && by_scheme[1] == FETCH_ANSWERED && by_scheme[2] == FETCH_REFUSED);
}

TEST(schemes_ports_credentials_and_line_breaks_are_refused) /* H 200, 201, 202 */
{
    static const char *const urls[] = {
        "http://a.example/",
        "https://a.example:22/",
        "https://a.example:6379/",
        "https://a.example:8443/",
        "https://u:p@a.example/",
        "https://u@a.example/",
        "https://a.example/\r\nX: y",
        "https://a.example/\n",
        "gopher://a.example/",
        "file:///etc/passwd",
        "ftp://a.example/",
        "https:///x",
        "https://a.example\\@b.example/",
        "//a.example/",
        "a.example",
        "",
    };
    struct fetch_policy policy = { 0 };
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct fetch_answer answer = get(task, &policy, str_of(urls[i]), SECONDS(1));
        if (answer.outcome != FETCH_REFUSED)
            test_fail(__FILE__, __LINE__, "%s: outcome %d", urls[i], answer.outcome);
    }
    CHECK_I64(get(task, &inside, STR("http://127.0.0.1:5432/"), SECONDS(1)).outcome, FETCH_REFUSED);
    CHECK_I64(get(task, &inside, STR("http://127.0.0.1:25/"), SECONDS(1)).outcome, FETCH_REFUSED);
}

TEST(headers_without_end_are_not_taken)
{
    struct buf text;
    buf_init(&text, arena, 65536);
    buf_add(&text, STR("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"));
    for (int i = 0; i < 40; i++)
        buf_printf(&text, "X-Filler: %01000d\r\n", i);
    buf_add(&text, STR("\r\n{}"));
    struct fetch_answer answer = get_from(task, CANNED_ANSWER, arena_cstr(arena, buf_str(&text)), SOON);
    CHECK_I64(answer.outcome, FETCH_UNKNOWN);
    CHECK_STR(answer.why, STR("the answer's headers are too large"));
}

TEST(headers_cannot_smuggle)
{
    struct fetch_header headers[] = { { "X-A", STR("1\r\nX-B: 2") } };
    struct fetch_request rq = {
        .method = "GET", .url = STR("http://127.0.0.1:7199/"), .headers = headers, .n_headers = 1
    };
    struct fetch_answer answer;
    task->fetcher = fetcher_open(&inside);
    fetch(task, &rq, &answer);
    rq.n_headers = 0;
    CHECK_I64(answer.outcome, FETCH_REFUSED);
    rq.method = "GET / HTTP/1.1\r\nX: y";
    fetch(task, &rq, &answer);
    CHECK_I64(answer.outcome, FETCH_REFUSED);
    fetcher_close(task->fetcher);
}

TEST(a_server_that_says_nothing_is_left) /* H 204 */
{
    int64_t from = monotonic_us();
    struct fetch_answer answer = get_until(task, CANNED_SILENT, "", MILLISECONDS(300));
    CHECK_I64(answer.outcome, FETCH_UNKNOWN);
    CHECK_I64(answer.cause, FETCH_CAUSE_TIME);
    CHECK(monotonic_us() - from < 4 * SOON.us);
}

TEST(a_server_that_drips_is_left) /* H 204 */
{
    struct fetch_answer answer = get_until(task, CANNED_DRIP, GOOD_ANSWER, MILLISECONDS(500));
    CHECK_I64(answer.outcome, FETCH_UNKNOWN);
}

TEST(a_body_without_end_is_cut_off) /* H 205 */
{
    struct fetch_answer answer =
        get_from(task, CANNED_ENDLESS, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", SOON);
    CHECK_I64(answer.outcome, FETCH_UNKNOWN);
    CHECK_I64(answer.cause, FETCH_CAUSE_TOO_LARGE);
    CHECK(!str_given(answer.body));
}

TEST(an_encoded_answer_is_an_error) /* H 206 */
{
    static const char *const answers[] = {
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\ncontent-encoding: br\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    };
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
        CHECK_I64(get_from(task, CANNED_ANSWER, answers[i], SOON).outcome, FETCH_UNKNOWN);
}

TEST(garbage_is_unknown)
{
    CHECK_I64(get_until(task, CANNED_ANSWER, "SSH-2.0-OpenSSH\r\n", MILLISECONDS(500)).outcome, FETCH_UNKNOWN);
    CHECK_I64(get_from(task, CANNED_SLAM, "", SOON).cause, FETCH_CAUSE_BROKEN);
}

TEST(no_listener_means_not_sent)
{
    struct canned *c = canned_start(CANNED_ANSWER, "127.0.0.1", 0, GOOD_ANSWER);
    str url = url_of(arena, c);
    canned_stop(c);
    struct fetch_answer answer = get(task, &inside, url, SOON);
    CHECK(answer.outcome == FETCH_NOT_SENT && answer.cause == FETCH_CAUSE_CONNECTION);
}

TEST(tls_with_a_peer_that_speaks_none_means_not_sent) /* H 208 */
{
    struct canned *c = canned_start(CANNED_SLAM, "127.0.0.1", 0, "");
    str url = arena_printf(arena, "https://127.0.0.1:%d/", canned_port(c));
    struct fetch_answer answer = get(task, &inside, url, MILLISECONDS(500));
    canned_stop(c);
    CHECK_I64(answer.outcome, FETCH_NOT_SENT);
}

/* openssl s_server with a certificate that nobody signed; its process id, 0 when there is no openssl here. */
static pid_t tls_server(struct arena *a, const char *folder, int *port)
{
    str make = arena_printf(a,
                            "cd %s && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key "
                            "-out cert -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 2>/dev/null",
                            folder);
    if (system(arena_cstr(a, make)) != 0)
        return 0;
    int out[2];
    CHECK(pipe(out) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(out[1], STDOUT_FILENO);
        if (chdir(folder) == 0)
            execlp("openssl", "openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", "cert", "-key", "key", "-www",
                   NULL);
        _exit(1);
    }
    close(out[1]);
    FILE *f = fdopen(out[0], "r");
    char line[200];
    *port = 0;
    while (f && *port == 0 && fgets(line, sizeof line, f)) {
        const char *at = strstr(line, "127.0.0.1:");
        *port = at && strncmp(line, "ACCEPT", 6) == 0 ? (int)strtol(at + 10, NULL, 10) : 0;
    }
    if (f)
        fclose(f);
    return pid;
}

TEST(a_certificate_that_nobody_signed_is_refused) /* H 208 */
{
    char folder[] = "/tmp/stoa-tls-XXXXXX";
    int port = 0;
    CHECK(mkdtemp(folder));
    pid_t pid = tls_server(arena, folder, &port);
    struct fetch_answer answer = { 0 };
    if (pid)
        answer = get(task, &inside, arena_printf(arena, "https://127.0.0.1:%d/", port), SOON);
    if (pid) {
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    CHECK(system(arena_cstr(arena, arena_printf(arena, "rm -r %s", folder))) == 0);
    if (!pid)
        test_skip("there is no openssl program");
    CHECK(port > 0);
    CHECK_I64(answer.outcome, FETCH_NOT_SENT);
    CHECK_I64(answer.cause, FETCH_CAUSE_CERTIFICATE);
    CHECK(strstr(arena_cstr(arena, answer.why), "certificate"));
}

/* The second request goes out on a connection that dies under it. */
static struct fetch_answer second_of(struct task *task, struct canned *c, const char *method, int *requests)
{
    struct fetch_request rq = { .method = method, .url = url_of(task->arena, c), .limit = SOON };
    struct fetch_answer answer;
    task->fetcher = fetcher_open(&inside);
    fetch(task, &rq, &answer);
    CHECK_I64(answer.outcome, FETCH_ANSWERED);
    fetch(task, &rq, &answer);
    fetcher_close(task->fetcher);
    *requests = canned_requests(c);
    canned_stop(c);
    return answer;
}

TEST(a_post_on_a_dying_connection_is_unknown_and_not_sent_again)
{
    int requests;
    struct canned *c = canned_start(CANNED_TIRED, "127.0.0.1", 0, GOOD_ANSWER);
    CHECK_I64(second_of(task, c, "POST", &requests).outcome, FETCH_UNKNOWN);
    CHECK_I64(requests, 2);
}

TEST(a_get_on_a_dying_connection_is_sent_again)
{
    int requests;
    struct canned *c = canned_start(CANNED_TIRED, "127.0.0.1", 0, GOOD_ANSWER);
    CHECK_I64(second_of(task, c, "GET", &requests).outcome, FETCH_ANSWERED);
    CHECK_I64(requests, 3);
}

TEST(a_get_that_left_is_never_called_not_sent)
{
    int requests;
    struct canned *c = canned_start(CANNED_DIES, "127.0.0.1", 0, GOOD_ANSWER);
    CHECK_I64(second_of(task, c, "GET", &requests).outcome, FETCH_UNKNOWN);
}

TEST(proxies_of_the_environment_are_ignored) /* H 213 */
{
    struct canned *proxy = canned_start(CANNED_ANSWER, "127.0.0.1", 0, GOOD_ANSWER);
    str address = arena_printf(arena, "http://127.0.0.1:%d", canned_port(proxy));
    setenv("http_proxy", arena_cstr(arena, address), 1);
    setenv("ALL_PROXY", arena_cstr(arena, address), 1);
    struct fetch_answer answer = get_from(task, CANNED_ANSWER, GOOD_ANSWER, SOON);
    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
    int connections = canned_connections(proxy);
    canned_stop(proxy);
    CHECK_I64(answer.outcome, FETCH_ANSWERED);
    CHECK_I64(connections, 0);
}

TEST(addresses_are_judged_at_registration) /* H 194, 200, 201 */
{
    struct fetch_policy policy = { .any_port = true };
    struct fetcher *f = fetcher_open(&policy);
    str why;
    bool good = fetch_url_is_allowed(f, STR("https://hooks.example/x"), &why);
    bool high = fetch_url_is_allowed(f, STR("https://hooks.example:8443/x"), &why);
    bool bad = fetch_url_is_allowed(f, STR("https://10.0.0.1/"), &why) ||
               fetch_url_is_allowed(f, STR("https://[::ffff:127.0.0.1]/"), &why) ||
               fetch_url_is_allowed(f, STR("http://hooks.example/"), &why) ||
               fetch_url_is_allowed(f, STR("https://hooks.example:22/"), &why) ||
               fetch_url_is_allowed(f, STR("https://hooks.example:6379/"), &why) ||
               fetch_url_is_allowed(f, STR("https://u:p@hooks.example/"), &why) ||
               fetch_url_is_allowed(NULL, STR("https://hooks.example/"), &why);
    fetcher_close(f);
    CHECK(good && high && !bad);
}

TEST(without_a_fetcher_everything_is_refused)
{
    struct fetch_request rq = { .method = "GET", .url = STR("https://a.example/") };
    struct fetch_answer answer;
    task->fetcher = NULL;
    fetch(task, &rq, &answer);
    CHECK_I64(answer.outcome, FETCH_REFUSED);
}
