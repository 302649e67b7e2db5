/*
 * Connecting to the one host of several that takes writes (postgresql://a,b/...). libpq goes on to the next one when a
 * host refuses, not when it accepts and says nothing, as a machine does that hangs; so each is tried here by itself and
 * for a time of its own. Which one it was is remembered: it is tried first, and connections to another one are not used
 * any more, for what that one is now nobody knows.
 */
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>

#include "shared/db/conn.h"
#include "shared/ops/fiber.h"

enum {
    CONNECT_MAX_US = 10 * 1000 * 1000,
    CONNECT_ONE_OF_MANY_US = 3 * 1000 * 1000,
    CONNECT_LOOK_US = 500 * 1000,
    HOST_MAX = 256
};

/* A process has one database. */
static atomic_uint chosen;

bool connect_is_chosen(unsigned host)
{
    return host == atomic_load(&chosen);
}

/* The n-th word of a list with commas, the last one where there are fewer. */
static const char *word_of(const char *list, unsigned n, char word[HOST_MAX])
{
    if (!list)
        return NULL;
    for (const char *comma; n > 0 && (comma = strchr(list, ',')); n--)
        list = comma + 1;
    snprintf(word, HOST_MAX, "%.*s", (int)strcspn(list, ","), list);
    return word;
}

struct address {
    char host[HOST_MAX], hostaddr[HOST_MAX], port[HOST_MAX];
};

static const char *option_of(const PQconninfoOption *list, const char *keyword)
{
    for (const PQconninfoOption *o = list; o && o->keyword; o++)
        if (strcmp(o->keyword, keyword) == 0 && o->val && *o->val)
            return o->val;
    return NULL;
}

/* How many hosts conninfo names; the n-th of them. */
static unsigned address_of(const char *conninfo, unsigned n, struct address *ret)
{
    PQconninfoOption *list = PQconninfoParse(conninfo, NULL);
    const char *hosts = option_of(list, "host"), *addresses = option_of(list, "hostaddr"),
               *any = hosts ? hosts : addresses;
    unsigned count = 1;
    for (const char *p = any; p && (p = strchr(p, ',')); p++)
        count++;
    *ret = (struct address){ 0 };
    word_of(hosts, n, ret->host);
    word_of(addresses, n, ret->hostaddr);
    word_of(option_of(list, "port"), n, ret->port);
    PQconninfoFree(list);
    return count;
}

/*
 * As PQconnectdb does, but by waiting that gives up no more than it has to (fiber.h). false: it took too long. Of a
 * machine that stands still for a while one look is counted: the other side had no chance to answer meanwhile.
 */
static bool connect_wait(PGconn *pg, int64_t left_us)
{
    PostgresPollingStatusType next = PGRES_POLLING_WRITING;
    while (next == PGRES_POLLING_WRITING || next == PGRES_POLLING_READING) {
        struct pollfd p = { .fd = PQsocket(pg), .events = next == PGRES_POLLING_WRITING ? POLLOUT : POLLIN };
        if (PQstatus(pg) == CONNECTION_BAD || p.fd < 0)
            return true;
        if (left_us <= 0)
            return false;
        int64_t begun_us = monotonic_us();
        bool ready = wait_fds(&p, 1, begun_us + CONNECT_LOOK_US) > 0;
        int64_t spent_us = monotonic_us() - begun_us;
        left_us -= spent_us < CONNECT_LOOK_US ? spent_us : CONNECT_LOOK_US;
        if (ready)
            next = PQconnectPoll(pg);
    }
    return true;
}

/* one: its host alone, NULL: what conninfo says. */
static PGconn *connect_to(const char *conninfo, const char *options, const struct address *one, char *trouble,
                          size_t trouble_size)
{
    /* What stands before dbname may be overridden by the connection string, what follows may not. Empty: as if left
     * out. */
    const char *const keywords[] = { "target_session_attrs",
                                     "tcp_user_timeout",
                                     "keepalives_idle",
                                     "keepalives_interval",
                                     "keepalives_count",
                                     "application_name",
                                     "gssencmode", /* looking for tickets takes longer than the rest */
                                     "dbname",
                                     "options",
                                     "client_encoding",
                                     one ? "host" : NULL,
                                     "hostaddr",
                                     "port",
                                     NULL };
    const char *const values[] = { "read-write",
                                   "5000",
                                   "10",
                                   "3",
                                   "3",
                                   "stoa",
                                   "disable",
                                   conninfo,
                                   options,
                                   "UTF8",
                                   one ? one->host : NULL,
                                   one ? one->hostaddr : NULL,
                                   one ? one->port : NULL,
                                   NULL };
    PGconn *pg = PQconnectStartParams(keywords, values, 1);
    bool in_time = connect_wait(pg, one ? CONNECT_ONE_OF_MANY_US : CONNECT_MAX_US);
    if (PQstatus(pg) == CONNECTION_OK)
        return pg;
    const char *why = in_time ? PQerrorMessage(pg) : "no connection in time";
    snprintf(trouble, trouble_size, "%.*s", (int)strcspn(why, "\n"), why);
    PQfinish(pg);
    return NULL;
}

PGconn *conn_connect(const char *conninfo, const char *options, unsigned *host, char *trouble, size_t trouble_size)
{
    struct address one;
    unsigned first = atomic_load(&chosen), n = address_of(conninfo, first, &one);
    *host = first;
    if (n == 1)
        return connect_to(conninfo, options, NULL, trouble, trouble_size);
    for (unsigned i = 0; i < n; i++) {
        *host = (first + i) % n;
        address_of(conninfo, *host, &one);
        PGconn *pg = connect_to(conninfo, options, &one, trouble, trouble_size);
        if (!pg)
            continue;
        atomic_store(&chosen, *host);
        return pg;
    }
    return NULL;
}
