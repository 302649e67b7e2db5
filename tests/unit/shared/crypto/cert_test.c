/* Certificates of clients: read, named, compared. Made for these tests only. */
#include "shared/crypto/cert.h"

#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"
#include "tests/support/test.h"

/* C=FR, O="Acme, Inc.", OU=Pay+Ments, CN="Zoë  Client" (two spaces), and alternative names of each kind. */
static const char CLIENT_PEM[] = "-----BEGIN CERTIFICATE-----\n"
                                 "MIICNTCCAdygAwIBAgIUVJS2UsTUC/ja0JVEgO66UkxXiHowCgYIKoZIzj0EAwIw\n"
                                 "TTELMAkGA1UEBhMCRlIxEzARBgNVBAoMCkFjbWUsIEluYy4xEjAQBgNVBAsMCVBh\n"
                                 "eStNZW50czEVMBMGA1UEAwwMWm/DqyAgQ2xpZW50MCAXDTI2MTEyNTIwMTY1N1oY\n"
                                 "DzIxMjYxMTAxMjAxNjU3WjBNMQswCQYDVQQGEwJGUjETMBEGA1UECgwKQWNtZSwg\n"
                                 "SW5jLjESMBAGA1UECwwJUGF5K01lbnRzMRUwEwYDVQQDDAxab8OrICBDbGllbnQw\n"
                                 "WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARYSTMJQgLtNAsTzgRAITp9BsX/eVxM\n"
                                 "ie93Uk69c0/szNLaAO01otPE8Ln+yCF/ROUBUk5jtDU8H07Uklu2hB4So4GXMIGU\n"
                                 "MGUGA1UdEQReMFyCEmNsaWVudC5leGFtcGxlLmNvbYYdaHR0cHM6Ly9jbGllbnQu\n"
                                 "ZXhhbXBsZS5jb20vaWSHBMAAAgeHECABDbgAAAAAAAAAAAAAAAeBD29wc0BleGFt\n"
                                 "cGxlLmNvbTAMBgNVHRMBAf8EAjAAMB0GA1UdDgQWBBQT0QAIoj20W0slnseINiCZ\n"
                                 "xdTK/jAKBggqhkjOPQQDAgNHADBEAiBWeywsY+yB4H6YOaQdGnU24dvp8jMz+uvp\n"
                                 "wRZItfUufwIgA8H7izwoyjYAhecwQBLqIdC5Ql3UlU6aZIq6NaHT88Y=\n"
                                 "-----END CERTIFICATE-----\n";

/* DC=com, DC=example, OU=Sales+CN="J.  Smith", without alternative names. */
static const char SMITH_PEM[] = "-----BEGIN CERTIFICATE-----\n"
                                "MIIBXTCCAQ8CFCVteYGLxQw1iW7dbHAGk5WBuGGzMAUGAytlcDBQMRMwEQYKCZIm\n"
                                "iZPyLGQBGRYDY29tMRcwFQYKCZImiZPyLGQBGRYHZXhhbXBsZTEgMAwGA1UECxMF\n"
                                "U2FsZXMwEAYDVQQDEwlKLiAgU21pdGgwIBcNMjYxMTI1MjAxNjU3WhgPMjEyNjEx\n"
                                "MDEyMDE2NTdaMFAxEzARBgoJkiaJk/IsZAEZFgNjb20xFzAVBgoJkiaJk/IsZAEZ\n"
                                "FgdleGFtcGxlMSAwDAYDVQQLEwVTYWxlczAQBgNVBAMTCUouICBTbWl0aDAqMAUG\n"
                                "AytlcAMhAJuv/WcOYmZtv5Qy9KEcK9LtM/LUt5MpMaPbSjO1IVGeMAUGAytlcANB\n"
                                "AJEBetDygfByx928VbI01BAQWpBjodlRL/3PCFnVF+CU9NZedihaL9ETxqm7wrXm\n"
                                "Vk8QyVTfnYHfRMOFhohTrAI=\n"
                                "-----END CERTIFICATE-----\n";

static const struct cert *client(struct arena *a)
{
    const struct cert *cert = cert_of_pem(a, str_of(CLIENT_PEM));
    CHECK(cert);
    return cert;
}

TEST(cert_is_the_same_from_pem_and_der)
{
    const struct cert *pem = client(arena), *der = cert_of_der(arena, cert_der(pem));
    CHECK(der);
    CHECK_BYTES(cert_der(der), cert_der(pem));
    CHECK_BYTES(cert_public_key(der), cert_public_key(pem));
    CHECK_STR(cert_thumbprint(arena, der), STR("FXp3-tp7Fy78qfYkMU742_DuTkALZiJvjtE9wpYfBiU"));
    CHECK_I64(instant_seconds(cert_not_before(der)), 1795637817);
    CHECK_I64(instant_seconds(cert_not_after(der)), 4949237817);
}

TEST(cert_refuses_what_is_not_exactly_one)
{
    const struct cert *good = client(arena);
    bytes der = cert_der(good);
    unsigned char *longer = arena_alloc(arena, der.n + 1);
    memcpy(longer, der.p, der.n);
    CHECK(!cert_of_der(arena, (bytes){ longer, der.n + 1 }));
    for (size_t n = 0; n < der.n; n += 7)
        CHECK(!cert_of_der(arena, (bytes){ der.p, n }));
    CHECK(!cert_of_pem(arena, arena_printf(arena, "%s%s", CLIENT_PEM, SMITH_PEM)));
    CHECK(!cert_of_pem(arena, STR("")) && !cert_of_pem(arena, STR_NONE) && !cert_of_pem(arena, STR("MIIB")));
    CHECK(!cert_of_pem(arena, STR("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")));
    CHECK(cert_of_pem(arena, arena_printf(arena, "subject=x\n%s", CLIENT_PEM)));
    char *big = memset(arena_alloc(arena, CERT_MAX_BYTES + 1), 'A', CERT_MAX_BYTES + 1);
    CHECK(!cert_of_pem(arena, (str){ big, CERT_MAX_BYTES + 1 }));
}

TEST(cert_subjects_are_written_as_rfc_4514)
{
    const struct cert *smith = cert_of_pem(arena, str_of(SMITH_PEM));
    CHECK_STR(cert_subject(arena, client(arena)), STR("CN=Zo\xC3\xAB  Client,OU=Pay\\+Ments,O=Acme\\, Inc.,C=FR"));
    CHECK(smith);
    CHECK(cert_subject_is(smith, cert_subject(arena, smith)));
    CHECK(cert_subject_is(client(arena), cert_subject(arena, client(arena))));
}

TEST(cert_subjects_are_compared_as_names)
{
    static const char *const SAME[] = {
        "CN=Zo\xC3\xAB  Client,OU=Pay\\+Ments,O=Acme\\, Inc.,C=FR",
        "CN=Zo\\C3\\AB Client,OU=Pay\\2BMents,O=Acme\\2C Inc.,C=FR",  /* escapes in hex, one space for two */
        "cn=Zo\xC3\xAB client, ou=PAY\\+MENTS, o=acme\\, inc., c=fr", /* case, spaces after commas */
        "2.5.4.3=Zo\xC3\xAB  Client,2.5.4.11=Pay\\+Ments,2.5.4.10=Acme\\, Inc.,2.5.4.6=FR",
        " CN = Zo\xC3\xAB  Client , OU=Pay\\+Ments,O=Acme\\, Inc.,C=FR",
    };
    static const char *const OTHER[] = {
        "",
        ",",
        "CN",
        "CN=",
        "=x",
        "CN=Zo\xC3\xAB  Client",                                    /* a part */
        "C=FR,O=Acme\\, Inc.,OU=Pay\\+Ments,CN=Zo\xC3\xAB  Client", /* the order of the certificate */
        "CN=Zo\xC3\xAB  Client,OU=Pay\\+Ments,O=Acme\\, Inc.,C=FR,",
        "CN=Zoe Client,OU=Pay\\+Ments,O=Acme\\, Inc.,C=FR",
        "CN=Zo\xC3\xAB  Client,OU=Pay+Ments,O=Acme\\, Inc.,C=FR",
        "CN=Zo\xC3\xAB  Client,OU=Pay\\+Ments,O=Acme, Inc.,C=FR",
        "CN=Zo\xC3\xAB  Client+OU=Pay\\+Ments,O=Acme\\, Inc.,C=FR",
        "CN=Zo\xC3\xAB  Client,OU=Pay\\+Ments,O=Acme\\, Inc.,C=FR,DC=x",
        "NOSUCH=x,CN=y",
        "CN=#0C0161",
        "CN=a\\",
        "CN=a\\zz",
        "CN=\"Zo\xC3\xAB  Client\",C=FR",
        "CN=a\\00b",
        "CN=*"
    };
    for (size_t i = 0; i < sizeof SAME / sizeof *SAME; i++) {
        if (!cert_subject_is(client(arena), str_of(SAME[i])) || !cert_subject_valid(str_of(SAME[i])))
            test_fail(__FILE__, __LINE__, "another name: %s", SAME[i]);
    }
    for (size_t i = 0; i < sizeof OTHER / sizeof *OTHER; i++) {
        if (cert_subject_is(client(arena), str_of(OTHER[i])))
            test_fail(__FILE__, __LINE__, "the same name: %s", OTHER[i]);
    }
    CHECK(!cert_subject_valid(STR("CN=#0C0161")) && !cert_subject_valid(STR("NOSUCH=x")) &&
          !cert_subject_valid(STR("")));
}

TEST(cert_subjects_with_several_values_in_one_part)
{
    const struct cert *smith = cert_of_pem(arena, str_of(SMITH_PEM));
    CHECK(cert_subject_is(smith, STR("CN=J.  Smith+OU=Sales,DC=example,DC=com")));
    CHECK(cert_subject_is(smith, STR("OU=Sales+CN=J. Smith,DC=example,DC=com")));
    CHECK(!cert_subject_is(smith, STR("OU=Sales,CN=J. Smith,DC=example,DC=com")));
    CHECK(!cert_subject_is(smith, STR("OU=Sales+CN=J. Smith,DC=com,DC=example")));
}

TEST(cert_alternative_names)
{
    static const struct {
        enum cert_san kind;
        const char *value;
        bool has;
    } CASES[] = {
        { SAN_DNS, "client.example.com", true },
        { SAN_DNS, "CLIENT.example.com", true },
        { SAN_DNS, "example.com", false },
        { SAN_DNS, "client.example.com.", false },
        { SAN_DNS, "*.example.com", false },
        { SAN_DNS, "https://client.example.com/id", false },
        { SAN_DNS, "", false },
        { SAN_URI, "https://client.example.com/id", true },
        { SAN_URI, "https://client.example.com/ID", false },
        { SAN_URI, "client.example.com", false },
        { SAN_IP, "192.0.2.7", true },
        { SAN_IP, "192.0.2.70", false },
        { SAN_IP, "2001:db8::7", true },
        { SAN_IP, "2001:0DB8:0:0::0007", true },
        { SAN_IP, "::ffff:192.0.2.7", false },
        { SAN_IP, "client.example.com", false },
        { SAN_EMAIL, "ops@example.com", true },
        { SAN_EMAIL, "OPS@example.com", false },
    };
    const struct cert *cert = client(arena), *none = cert_of_pem(arena, str_of(SMITH_PEM));
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        if (cert_has_san(cert, CASES[i].kind, str_of(CASES[i].value)) != CASES[i].has)
            test_fail(__FILE__, __LINE__, "case %zu", i);
        CHECK(!cert_has_san(none, CASES[i].kind, str_of(CASES[i].value)));
    }
}
