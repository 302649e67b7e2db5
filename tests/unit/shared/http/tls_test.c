/* The first message of a TLS client, byte by byte. */
#include "shared/http/tls_hello.h"
#include "tests/support/test.h"

/* version, 32 random bytes, a session id of 1, then the list of suites and what follows. */
static bytes hello(struct arena *a, const char *version, const char *suites, size_t suites_n)
{
    char *p = arena_alloc(a, 64 + suites_n);
    memcpy(p, version, 2);
    memset(p + 2, 7, 32);
    p[34] = 1;
    p[36] = (char)(suites_n >> 8);
    p[37] = (char)suites_n;
    memcpy(p + 38, suites, suites_n);
    return (bytes){ (const unsigned char *)p, 38 + suites_n + 2 };
}

TEST(one_of_our_ciphers_is_enough)
{
    CHECK_I64(tls_hello_judge(hello(arena, "\3\3", "\x13\x01", 2)), TLS_HELLO_FINE);
    CHECK_I64(tls_hello_judge(hello(arena, "\3\3", "\x00\x2f\xc0\x2f", 4)), TLS_HELLO_FINE);
    CHECK_I64(tls_hello_judge(hello(arena, "\3\3", "\xc0\x30\x00\x35", 4)), TLS_HELLO_FINE);
}

TEST(other_ciphers_and_versions_are_told_apart)
{
    CHECK_I64(tls_hello_judge(hello(arena, "\3\3", "\x00\x2f\xc0\x13\xcc\xa8\x00\x9e", 8)), TLS_HELLO_WEAK);
    CHECK_I64(tls_hello_judge(hello(arena, "\3\3", "", 0)), TLS_HELLO_WEAK);
    CHECK_I64(tls_hello_judge(hello(arena, "\3\2", "\xc0\x2f", 2)), TLS_HELLO_OLD);
    CHECK_I64(tls_hello_judge(hello(arena, "\3\1", "\xc0\x2f", 2)), TLS_HELLO_OLD);
    CHECK_I64(tls_hello_judge(hello(arena, "\3\0", "\xc0\x2f", 2)), TLS_HELLO_OLD);
}

/* In memory of exactly that size, so that a read past the end is seen by the sanitizer. */
TEST(every_beginning_of_a_message_is_survived)
{
    bytes whole = hello(arena, "\3\3", "\x00\x2f\x00\x35", 4);
    for (size_t n = 0; n < 42; n++) {
        struct arena *exact = arena_create(1, 4096);
        unsigned char *p = arena_alloc(exact, n);
        memcpy(p, whole.p, n);
        CHECK_I64(tls_hello_judge((bytes){ p, n }), TLS_HELLO_FINE);
        arena_destroy(exact);
    }
    CHECK_I64(tls_hello_judge((bytes){ whole.p, 42 }), TLS_HELLO_WEAK);
}
