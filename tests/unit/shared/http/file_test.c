/* Answers that are files: how slowly they may be taken, and those that are sent while they are written. */
#include <sys/socket.h>
#include <unistd.h>

#include "shared/http/exchange.h"
#include "tests/unit/shared/http/wire.h"

enum { LOOKS = 60000 }; /* a millisecond apart */

static bool holds(str s, const char *part)
{
    return memmem(s.p, s.n, part, strlen(part)) != NULL;
}

/* How long a peer is served who takes a file of so many bytes at this rate, in pieces; at most until it is whole. */
static int64_t served_s(int64_t size, int64_t bytes_per_s, int64_t piece)
{
    int64_t now_us = 0, deadline_us = 30000000;
    for (int64_t at = 0; at < size && now_us <= deadline_us; at += piece) {
        deadline_us = answer_deadline(deadline_us, now_us, (size_t)piece);
        now_us += piece * 1000000 / bytes_per_s;
    }
    return (now_us < deadline_us ? now_us : deadline_us) / 1000000;
}

TEST(a_large_file_may_be_taken_slowly_but_not_at_a_crawl)
{
    const int64_t mib = 1 << 20;
    CHECK_I64(served_s(150 * mib, 1 * mib, 65536), 150); /* no answer's 30 s */
    CHECK_I64(served_s(150 * mib, 20000, 65536), 150 * mib / 20000);
    CHECK(served_s(150 * mib, 10000, 65536) < 400);
    CHECK(served_s(150 * mib, 100, 65536) <= 120);                           /* it stands still */
    CHECK_I64(served_s(150 * mib, 20000, mib + mib / 2), 150 * mib / 20000); /* as kernels take it */
}

/* ---- answers that begin while they are written ---- */

/* Reads until these bytes were seen, or the peer ends. */
static struct buf read_until(struct arena *a, int fd, const char *what)
{
    struct buf b;
    char piece[65536];
    ssize_t n;
    buf_init(&b, a, 1 << 20);
    while (!holds(buf_str(&b), what) && (n = recv(fd, piece, sizeof piece, 0)) > 0)
        buf_add(&b, (str){ piece, (size_t)n });
    return b;
}

static int written_ask(struct arena *a, const char *query)
{
    int fd = wire_connect();
    wire_send(fd, arena_printf(a, "GET /written%s HTTP/1.1\r\nHost: a\r\n\r\n", query));
    return fd;
}

static size_t count(str s, char c)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == c;
    return n;
}

TEST(what_is_written_is_sent_before_the_rest_is_there)
{
    atomic_store(&wire_written_goes_on, false);
    int fd = written_ask(arena, "");
    struct buf first = read_until(arena, fd, "aaaa");
    CHECK(wire_status(buf_str(&first)) == 200);
    CHECK_STR(wire_header(buf_str(&first), "X-Kind"), STR("written"));
    CHECK_STR(wire_header(buf_str(&first), "Transfer-Encoding"), STR("chunked"));
    atomic_store(&wire_written_goes_on, true);
    struct buf rest = read_until(arena, fd, "\r\n0\r\n\r\n");
    CHECK(holds(buf_str(&rest), "\r\n0\r\n\r\n"));
    CHECK(count(buf_str(&rest), 'b') >= 200000);
    wire_send(fd, STR("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")); /* the connection goes on */
    CHECK(wire_status(wire_read(arena, fd)) == 200);
    close(fd);
}

TEST(who_takes_no_chunks_gets_it_when_it_is_whole)
{
    str answer = wire_ask(arena, STR("GET /written HTTP/1.0\r\nHost: a\r\n\r\n"));
    CHECK(wire_status(answer) == 200);
    CHECK_STR(wire_body(answer), STR("when it is whole"));
}

TEST(an_answer_that_fails_in_the_middle_is_seen_to_be_broken)
{
    atomic_store(&wire_written_goes_on, true);
    for (int i = 0; i < 20; i++) {
        int fd = written_ask(arena, "?fails");
        struct buf all = read_until(arena, fd, "\r\n0\r\n\r\n");
        CHECK(wire_status(buf_str(&all)) == 200);
        CHECK(!holds(buf_str(&all), "\r\n0\r\n\r\n"));
        close(fd);
    }
    CHECK(wire_status(wire_ask(arena, STR("GET /written?never HTTP/1.1\r\nHost: a\r\n\r\n"))) == 404);
}

TEST(whoever_writes_for_a_peer_that_went_is_told)
{
    enum { GOING = 20 };
    atomic_store(&wire_written_goes_on, true);
    atomic_store(&wire_written_refused, 0);
    for (int i = 0; i < GOING; i++) {
        int fd = written_ask(arena, "?endless");
        struct buf first = read_until(arena, fd, "aaaa");
        CHECK(wire_status(buf_str(&first)) == 200);
        close(fd);
        for (int look = 0; look < LOOKS && atomic_load(&wire_written_refused) <= i; look++)
            usleep(1000);
    }
    CHECK_I64(atomic_load(&wire_written_refused), GOING);
    int fd = written_ask(arena, "");
    struct buf all = read_until(arena, fd, "\r\n0\r\n\r\n");
    CHECK(count(buf_str(&all), 'a') + count(buf_str(&all), 'b') >= 400000);
    close(fd);
}
