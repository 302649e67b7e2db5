/* Clients known by the URL of their document (draft-ietf-oauth-client-id-metadata-document). */
#include "authsrv/domain/client/client_document.h"

#include "tests/support/test.h"

TEST(client_document_url_is_plain)
{
    CHECK(client_document_url(STR("https://app.example/client.json")));
    CHECK(client_document_url(STR("https://app.example:8443/a/b?c=d")));
    CHECK(client_document_url(STR("http://127.0.0.1:8080/client.json")));
    static const char *const bad[] = { "https://app.example",          "https://app.example/",
                                       "http://app.example/client",    "https://u@app.example/client",
                                       "https://app.example/client#f", "https://app.example/../client",
                                       "https://app.example/a/./b",    "https://app.example/%2e%2e/client",
                                       "app.example/client",           "com.example.app:/client",
                                       "cl_01m8a50wg7vwq5c9p06hq64bp4" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!client_document_url(str_of(bad[i])));
}

static str refused(struct arena *a, const char *document)
{
    const struct json_value *v;
    struct client_metadata m;
    struct metadata_problem p = { 0 };
    CHECK(json_parse(a, str_of(document), &v));
    if (client_document_read(a, STR("https://app.example/client.json"), v, &m, &p)) {
        CHECK(m.require_pkce);
        return STR_NONE;
    }
    CHECK(p.explain.n > 0);
    return p.member;
}

#define ID "\"client_id\":\"https://app.example/client.json\","
#define CB "\"redirect_uris\":[\"https://app.example/cb\"]"

TEST(client_document_vouches_for_itself_only)
{
    CHECK(!str_given(refused(arena, "{" ID CB "}")));
    CHECK(!str_given(refused(
        arena, "{" ID "\"redirect_uris\":[\"http://127.0.0.1/cb\",\"http://[::1]/cb\",\"com.example.app:/cb\"]}")));
    CHECK_STR(refused(arena, "{" CB "}"), STR("client_id"));
    CHECK_STR(refused(arena, "{\"client_id\":\"https://app.example/other.json\"," CB "}"), STR("client_id"));
    CHECK_STR(refused(arena, "{" ID CB ",\"client_secret\":\"x\"}"), STR("client_secret"));
    CHECK_STR(refused(arena, "{" ID CB ",\"token_endpoint_auth_method\":\"client_secret_basic\"}"),
              STR("token_endpoint_auth_method"));
    CHECK_STR(refused(arena, "{" ID CB ",\"token_endpoint_auth_method\":\"private_key_jwt\"}"), STR("jwks"));
    CHECK_STR(refused(arena, "{" ID "\"redirect_uris\":[\"https://evil.example/cb\"]}"), STR("redirect_uris"));
    CHECK_STR(refused(arena, "{" ID "\"redirect_uris\":[\"https://app.example:8443/cb\"]}"), STR("redirect_uris"));
    CHECK_STR(refused(arena, "{" ID CB ",\"grant_types\":[\"client_credentials\"]}"), STR("grant_types"));
    CHECK_STR(refused(arena, "{" ID CB ",\"authorization_details_types\":[\"payment\"]}"),
              STR("authorization_details_types"));
    CHECK_STR(refused(arena, "{" ID CB ",\"access_token_ttl\":86400}"), STR("access_token_ttl"));
    CHECK_STR(refused(arena, "{" ID CB ",\"refresh_token_ttl\":31536000}"), STR("refresh_token_ttl"));
}
