/* Names of strangers are looked up by name servers of theirs. */
#include <dlfcn.h>
#include <netdb.h>
#include <stdatomic.h>
#include <unistd.h>

#include "shared/net/fetcher.h"
#include "tests/support/test.h"

#define LONG SECONDS(30)

/* A name whose servers do not answer: libcurl's threads ask here, and get nothing before the test says so. */
#define SLOW_NAME "slow.test"
static atomic_bool is_told;

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **ret)
{
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **) = dlsym(RTLD_NEXT, __func__);
    if (!name || strcmp(name, SLOW_NAME) != 0)
        return real(name, service, hints, ret);
    for (int64_t until_us = monotonic_us() + LONG.us; !atomic_load(&is_told) && monotonic_us() < until_us;)
        usleep(10000);
    return EAI_AGAIN;
}

TEST(who_gives_up_does_not_wait_for_slow_name_servers)
{
    atomic_store(&is_told, false);
    struct fetch_request rq = { .method = "GET", .url = STR("http://" SLOW_NAME "/x"), .limit = { 300000 } };
    struct fetch_answer answer;
    int64_t began_us = monotonic_us();
    task->fetcher = fetcher_open(&(struct fetch_policy){ .allow_http = true });
    fetch(task, &rq, &answer);
    fetcher_close(task->fetcher);
    int64_t took_us = monotonic_us() - began_us;
    atomic_store(&is_told, true);
    CHECK_I64(answer.outcome, FETCH_NOT_SENT);
    CHECK(took_us < LONG.us / 2);
}
