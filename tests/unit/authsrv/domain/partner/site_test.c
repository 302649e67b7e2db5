/* Names of partners' own: which may be, and that nothing of one is good at another (SECURITY F, decision 0047). */
#include "authsrv/domain/partner/site.h"

#include "shared/crypto/crypto.h"
#include "tests/support/test.h"

#define ISSUER STR("https://id.stoa.example")

static const char *fault(str issuer, const char *host)
{
    struct arena *a = arena_create(1024, 1 << 16);
    const char *what = site_host_fault(a, issuer, str_of(host));
    arena_destroy(a);
    return what;
}

TEST(site_names_are_host_names_and_nothing_more)
{
    static const char *const good[] = { "login.partner.example", "a.b",
                                        "xn--bcher-kva.example", "id.stoa.example.com",
                                        "notid.stoa.example",    "1-2.3c.example" };
    static const char *const bad[] = { "",
                                       "localhost",
                                       "LOGIN.partner.example",
                                       "login.partner.example:8443",
                                       "login.partner.example:443",
                                       "login.partner.example/",
                                       "a b.example",
                                       "https://login.partner.example",
                                       "me@partner.example",
                                       "login..example",
                                       ".login.example",
                                       "login.example.",
                                       "-a.example",
                                       "a-.example",
                                       "a.example-",
                                       "192.0.2.1",
                                       "127.0.0.1",
                                       "[::1]",
                                       "a.example?x",
                                       "a.example#x",
                                       "a_b.example",
                                       "login.example\r\nSet-Cookie: x",
                                       "b\xc3\xbc.example" };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        CHECK(fault(ISSUER, good[i]) == NULL);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(fault(ISSUER, bad[i]) != NULL);
}

TEST(site_names_are_neither_the_issuers_nor_under_it)
{
    CHECK_STR(str_of(fault(ISSUER, "id.stoa.example")), STR("not the issuer's name, nor one under it"));
    CHECK_STR(str_of(fault(ISSUER, "partner.id.stoa.example")), STR("not the issuer's name, nor one under it"));
    CHECK(fault(ISSUER, "stoa.example") == NULL);
}

TEST(site_names_beside_an_issuer_without_tls_are_loopback_addresses)
{
    str issuer = STR("http://127.0.0.1:7000");
    CHECK(fault(issuer, "127.8.9.10:7100") == NULL);
    CHECK(fault(issuer, "127.0.0.1:7100") != NULL);
    CHECK(fault(issuer, "login.partner.example") != NULL);
    CHECK(fault(issuer, "192.0.2.1:80") != NULL);
}

TEST(site_is_told_by_host_with_or_without_the_schemes_own_port)
{
    struct arena *a = arena_create(1024, 1 << 16);
    const struct site site = site_make(a, ISSUER, STR("login.partner.example"), STR("acme"));
    CHECK_STR(site.origin, STR("https://login.partner.example"));
    CHECK(site_is_at(&site, STR("login.partner.example")));
    CHECK(site_is_at(&site, STR("Login.Partner.Example:443")));
    CHECK(!site_is_at(&site, STR("login.partner.example:80")));
    CHECK(!site_is_at(&site, STR("login.partner.example:8443")));
    CHECK(!site_is_at(&site, STR("login.partner.example.evil.example")));
    CHECK(!site_is_at(&site, STR(":443")));
    CHECK(!site_is_at(&site, STR_NONE));
    arena_destroy(a);
}

static bool same(digest a, digest b)
{
    return equal_digest(&a, &b);
}

TEST(site_cookies_are_good_at_their_own_name_and_partner_only)
{
    struct arena *a = arena_create(1024, 1 << 16);
    const struct site one = site_make(a, ISSUER, STR("login.one.example"), STR("one"));
    const struct site later = site_make(a, ISSUER, STR("login.one.example"), STR("two"));
    const struct site other = site_make(a, ISSUER, STR("login.two.example"), STR("one"));
    str value = STR("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    digest here = site_digest(&one, "session", value);
    CHECK(same(here, site_digest(&one, "session", value)));
    CHECK(!same(here, site_digest(NULL, "session", value)));
    CHECK(!same(here, site_digest(&later, "session", value)));
    CHECK(!same(here, site_digest(&other, "session", value)));
    CHECK(!same(here, site_digest(&one, "browser", value)));
    CHECK(same(site_digest(NULL, "session", value), typed_digest("session", value)));
    arena_destroy(a);
}

TEST(site_proof_is_of_one_partner_at_one_name)
{
    struct arena *a = arena_create(1024, 1 << 16);
    digest key = sha256(bytes_of(STR("key")));
    str proof = site_proof(a, key, STR("login.one.example"), STR("one"));
    CHECK(site_proof_holds(proof, proof));
    CHECK(site_proof_holds(arena_printf(a, "%.*s\r\n", STR_ARG(proof)), proof));
    CHECK(!site_proof_holds(arena_printf(a, " %.*s", STR_ARG(proof)), proof));
    CHECK(!site_proof_holds(STR(""), proof));
    CHECK(!site_proof_holds((str){ proof.p, proof.n - 1 }, proof));
    CHECK(!site_proof_holds(site_proof(a, key, STR("login.one.example"), STR("two")), proof));
    CHECK(!site_proof_holds(site_proof(a, key, STR("login.two.example"), STR("one")), proof));
    arena_destroy(a);
}
