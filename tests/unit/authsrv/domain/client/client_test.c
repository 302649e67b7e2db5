/* Client metadata and its rules (RFC 7591, SECURITY E 136, F 140). */
#include "authsrv/domain/authorization/response.h"
#include "authsrv/domain/client/client.h"
#include "authsrv/domain/client/client_metadata.h"

#include "shared/base/buf.h"
#include "tests/support/test.h"

#define CB "\"redirect_uris\":[\"https://a.example/cb\"]"

/* The member that is refused; absent: the document is good. */
static str refused(struct arena *a, const char *document)
{
    const struct json_value *v;
    struct client_metadata m;
    struct metadata_problem p = { 0 };
    CHECK(json_parse(a, str_of(document), &v));
    if (client_metadata_read(a, v, &m, &p) && client_metadata_judge(a, &m, &p))
        return STR_NONE;
    CHECK(p.explain.n > 0);
    return p.member;
}

static void read_good(struct arena *a, const char *document, struct client_metadata *m)
{
    const struct json_value *v;
    struct metadata_problem p;
    CHECK(json_parse(a, str_of(document), &v));
    CHECK(client_metadata_read(a, v, m, &p));
    CHECK(client_metadata_judge(a, m, &p));
}

TEST(metadata_defaults_of_the_specification)
{
    struct client_metadata m;
    read_good(arena, "{" CB "}", &m);
    CHECK_STR(m.grant_types, STR("authorization_code"));
    CHECK_I64(m.response_types.n, 1);
    CHECK_STR(m.response_types.items[0], STR("code"));
    CHECK_STR(m.token_endpoint_auth_method, STR("client_secret_basic"));
    CHECK_STR(m.id_token_signed_response_alg, STR("RS256"));
    CHECK_STR(m.application_type, STR("web"));
    CHECK_I64(m.default_max_age, -1);
    CHECK(!str_given(m.client_uri));
    CHECK(m.post_logout_redirect_uris.items == NULL);
}

TEST(pkce_is_the_default_where_nothing_else_protects_the_code)
{
    struct client_metadata m;
    read_good(arena, "{" CB "}", &m);
    CHECK(!m.require_pkce);
    read_good(arena, "{" CB ",\"token_endpoint_auth_method\":\"none\"}", &m);
    CHECK(m.require_pkce);
    read_good(arena, "{" CB ",\"scope\":\"read\"}", &m);
    CHECK(m.require_pkce);
    read_good(arena, "{" CB ",\"require_pkce\":true}", &m);
    CHECK(m.require_pkce);
    CHECK_STR(refused(arena, "{" CB ",\"token_endpoint_auth_method\":\"none\",\"require_pkce\":false}"),
              STR("require_pkce"));
}

TEST(open_registration_is_for_the_log_in_of_people)
{
    struct client_metadata m;
    struct metadata_problem p = { 0 };
    read_good(arena, "{" CB ",\"grant_types\":[\"refresh_token\",\"authorization_code\"]}", &m);
    CHECK(client_metadata_judge_open(&m, &p));
    read_good(arena, "{" CB ",\"grant_types\":[\"authorization_code\",\"client_credentials\"]}", &m);
    CHECK(!client_metadata_judge_open(&m, &p));
    CHECK_STR(p.member, STR("grant_types"));
    struct client c = { .id = { STR("open_1") } };
    CHECK(client_is_open(&c));
    c.verified = true;
    CHECK(!client_is_open(&c));
    CHECK(!client_is_open(&(struct client){ .id = { STR("cl_open_1") } }));
}

TEST(metadata_is_written_as_it_was_read)
{
    struct client_metadata m, again;
    read_good(arena,
              "{" CB ",\"client_name\":\"A\",\"grant_types\":[\"authorization_code\",\"refresh_token\"],\"zzz\":1,"
              "\"contacts\":[\"a@a.example\"],\"default_max_age\":60,\"require_pkce\":true,"
              "\"logo_uri\":\"https://a.example/l.png\"}",
              &m);
    str document = client_metadata_document(arena, &m);
    read_good(arena, arena_cstr(arena, document), &again);
    CHECK_STR(client_metadata_document(arena, &again), document);
    CHECK_STR(again.grant_types, STR("authorization_code refresh_token"));
    CHECK_I64(again.default_max_age, 60);
    CHECK(again.require_pkce);
    CHECK_I64(again.contacts.n, 1);
    CHECK_STR(again.logo_uri, STR("https://a.example/l.png"));
}

TEST(metadata_names_the_member_that_is_wrong)
{
    static const struct {
        const char *metadata, *member;
    } cases[] = {
        { "{}", "redirect_uris" },
        { "{\"redirect_uris\":\"https://a.example/cb\"}", "redirect_uris" },
        { "{\"redirect_uris\":[1]}", "redirect_uris" },
        { "{\"redirect_uris\":[\"javascript:alert(1)\"]}", "redirect_uris" },
        { "{\"client_name\":1}", "client_name" },
        { "{" CB ",\"client_name\":\"\"}", "client_name" },
        { "{\"grant_types\":\"authorization_code\"}", "grant_types" },
        { "{" CB ",\"grant_types\":[\"password\"]}", "grant_types" },
        { "{" CB ",\"grant_types\":[]}", "grant_types" },
        { "{\"grant_types\":[\"refresh_token\"]}", "grant_types" },
        { "{\"grant_types\":[\"client_credentials\"],\"token_endpoint_auth_method\":\"none\"}", "grant_types" },
        { "{" CB ",\"response_types\":[\"nothing\"]}", "response_types" },
        { "{" CB ",\"response_types\":[\"code none\"]}", "response_types" },
        { "{" CB ",\"response_types\":[\"code code\"]}", "response_types" },
        { "{" CB ",\"response_types\":[\"id_token\"],\"grant_types\":[\"authorization_code\"]}", "grant_types" },
        { "{" CB ",\"response_types\":[\"code id_token\"],\"grant_types\":[\"implicit\"]}", "grant_types" },
        { "{\"redirect_uris\":[\"http://127.0.0.1/cb\"],\"response_types\":[\"id_token\"]}", "redirect_uris" },
        { "{\"grant_types\":[\"implicit\"],\"response_types\":[\"token\"]}", "redirect_uris" },
        { "{" CB ",\"authorization_signed_response_alg\":\"none\"}", "authorization_signed_response_alg" },
        { "{" CB ",\"default_acr_values\":\"phr\"}", "default_acr_values" },
        { "{" CB ",\"token_endpoint_auth_method\":\"client_secret\"}", "token_endpoint_auth_method" },
        { "{" CB ",\"id_token_signed_response_alg\":\"RS1\"}", "id_token_signed_response_alg" },
        { "{" CB ",\"subject_type\":\"private\"}", "subject_type" },
        { "{" CB ",\"scope\":\"a\\\"b\"}", "scope" },
        { "{" CB ",\"logo_uri\":\"http://a.example/x\"}", "logo_uri" },
        { "{" CB ",\"default_max_age\":-1}", "default_max_age" },
        { "{" CB ",\"default_max_age\":\"1\"}", "default_max_age" },
        { "{" CB ",\"require_pkce\":\"yes\"}", "require_pkce" },
        { "{" CB ",\"request_object_encryption_alg\":\"RSA1_5\"}", "request_object_encryption_alg" },
        { "{" CB ",\"authorization_encrypted_response_enc\":\"A192GCM\"}", "authorization_encrypted_response_enc" },
        { "{" CB ",\"backchannel_authentication_request_signing_alg\":\"none\"}",
          "backchannel_authentication_request_signing_alg" },
        { "{" CB ",\"backchannel_authentication_request_signing_alg\":\"HS256\"}",
          "backchannel_authentication_request_signing_alg" },
        { "{" CB ",\"backchannel_authentication_request_signing_alg\":\"ES256\"}", "jwks" },
        { "{" CB ",\"software_statement\":\"e30.e30.\"}", "software_statement" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_STR(refused(arena, cases[i].metadata), str_of(cases[i].member));
    CHECK(!str_given(refused(arena, "{\"grant_types\":[\"client_credentials\"],\"contacts\":[],\"zzz\":{}}")));
}

TEST(bound_tokens_never_come_through_the_browser)
{
#define FRONT "\"redirect_uris\":[\"https://a.example/cb\"],\"response_types\":[\"code token\"]"
    CHECK_STR(refused(arena, "{" FRONT ",\"dpop_bound_access_tokens\":true}"), STR("response_types"));
    CHECK_STR(refused(arena, "{" FRONT ",\"tls_client_certificate_bound_access_tokens\":true}"), STR("response_types"));
    CHECK(!str_given(refused(arena, "{" FRONT "}")));
    CHECK(!str_given(refused(arena, "{" CB ",\"dpop_bound_access_tokens\":true}")));
}

TEST(response_types_are_sets_and_go_with_grants)
{
    struct client_metadata m;
    read_good(arena, "{" CB ",\"response_types\":[\"token  id_token code\",\"code token id_token\",\"none\"]}", &m);
    CHECK_I64(m.response_types.n, 2);
    CHECK_STR(m.response_types.items[0], STR("code id_token token"));
    CHECK_STR(m.grant_types, STR("authorization_code implicit"));
    struct client c = { .meta = m };
    CHECK(client_may_respond(&c, RESPONSE_CODE | RESPONSE_ID_TOKEN | RESPONSE_TOKEN));
    CHECK(client_may_respond(&c, RESPONSE_NONE));
    CHECK(!client_may_respond(&c, RESPONSE_CODE));
    CHECK(!client_may_respond(&c, 0));
    read_good(arena, "{\"grant_types\":[\"client_credentials\"]}", &m);
    CHECK_I64(m.response_types.n, 0);
    CHECK(m.response_types.items != NULL);
    read_good(arena, "{" CB ",\"response_types\":[\"none\"]}", &m);
    CHECK_STR(m.grant_types, STR("authorization_code"));
    read_good(arena,
              "{\"application_type\":\"native\",\"redirect_uris\":[\"http://127.0.0.1/cb\"],"
              "\"response_types\":[\"id_token\"]}",
              &m);
    CHECK_STR(m.grant_types, STR("implicit"));
}

TEST(registered_uri_prefers_the_exact_one)
{
    const str uris[] = { STR("http://127.0.0.1/cb"), STR("http://127.0.0.1:9/cb"), STR("https://a.example/cb") };
    const struct text_list list = { uris, 3 };
    CHECK_STR(client_registered_uri(&list, STR("https://a.example/cb")), uris[2]);
    CHECK_STR(client_registered_uri(&list, STR("http://127.0.0.1:9/cb")), uris[1]);
    CHECK_STR(client_registered_uri(&list, STR("http://127.0.0.1:4711/cb")), uris[0]);
    CHECK(!str_given(client_registered_uri(&list, STR("https://a.example/cb?x"))));
}

TEST(client_names_that_deceive_are_refused)
{
    CHECK(client_name_valid(STR("Inkwell")));
    CHECK(client_name_valid(STR("Größe & Zähler 日本")));
    CHECK(client_name_valid(STR("a b")));
    CHECK(!client_name_valid(STR("")));
    CHECK(!client_name_valid(STR("   ")));
    CHECK(!client_name_valid(STR(" \xc2\xa0\xe2\x80\x83\xe3\x80\x80")));
    CHECK(!client_name_valid(STR("a\nb")));
    CHECK(!client_name_valid(STR("good\xe2\x80\xaegpj.exe")));
    CHECK(!client_name_valid(STR("in\xe2\x80\x8bkwell")));
    CHECK(!client_name_valid(STR("\xef\xbb\xbfInkwell")));
    CHECK(!client_name_valid(STR("\xc0\xaf")));
    char name[66];
    memset(name, 'x', sizeof name);
    CHECK(client_name_valid((str){ name, 64 }));
    CHECK(!client_name_valid((str){ name, 65 }));
}

TEST(logout_uris_are_for_servers_and_own_pages)
{
    static const struct {
        const char *members, *refused;
    } cases[] = {
        { "\"backchannel_logout_uri\":\"https://other.example/out?x=1\"", NULL },
        { "\"backchannel_logout_uri\":\"http://127.0.0.1:8080/out\"", NULL },
        { "\"backchannel_logout_uri\":\"http://a.example/out\"", "backchannel_logout_uri" },
        { "\"backchannel_logout_uri\":\"com.example.app:/out\"", "backchannel_logout_uri" },
        { "\"backchannel_logout_uri\":\"https://a.example/out#f\"", "backchannel_logout_uri" },
        { "\"frontchannel_logout_uri\":\"https://a.example/out?x=1\"", NULL },
        { "\"frontchannel_logout_uri\":\"https://other.example/out\"", "frontchannel_logout_uri" },
        { "\"frontchannel_logout_uri\":\"https://a.example:8443/out\"", "frontchannel_logout_uri" },
        { "\"frontchannel_logout_uri\":\"com.example.app:/out\"", "frontchannel_logout_uri" },
        { "\"frontchannel_logout_session_required\":\"yes\"", "frontchannel_logout_session_required" },
        { "\"initiate_login_uri\":\"https://a.example/in\"", NULL },
        { "\"initiate_login_uri\":\"http://127.0.0.1/in\"", "initiate_login_uri" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        str member = refused(arena, arena_cstr(arena, arena_printf(arena, "{" CB ",%s}", cases[i].members)));
        CHECK_STR(member, cases[i].refused ? str_of(cases[i].refused) : STR_NONE);
    }
}

#define PAIRWISE "\"subject_type\":\"pairwise\""

TEST(pairwise_subjects_have_one_sector)
{
    CHECK(!str_given(refused(arena, "{" CB "," PAIRWISE "}")));
    CHECK(!str_given(
        refused(arena, "{" PAIRWISE ",\"redirect_uris\":[\"https://a.example/1\",\"https://a.example/2\"]}")));
    CHECK_STR(refused(arena, "{" PAIRWISE ",\"redirect_uris\":[\"https://a.example/1\",\"https://b.example/1\"]}"),
              STR("sector_identifier_uri"));
    CHECK_STR(refused(arena, "{" CB "," PAIRWISE ",\"sector_identifier_uri\":\"http://a.example/s\"}"),
              STR("sector_identifier_uri"));
    CHECK_STR(refused(arena, "{" PAIRWISE ",\"redirect_uris\":[\"com.example.app:/cb\"]}"), STR("subject_type"));
}

TEST(forms_of_answers_need_what_they_are_made_with)
{
    static const struct {
        const char *members, *refused;
    } CASES[] = {
        { "\"id_token_signed_response_alg\":\"HS256\"", "id_token_signed_response_alg" },
        { "\"userinfo_signed_response_alg\":\"none\"", "userinfo_signed_response_alg" },
        { "\"id_token_encrypted_response_alg\":\"RSA1_5\"", "id_token_encrypted_response_alg" },
        { "\"id_token_encrypted_response_alg\":\"RSA-OAEP\"", "id_token_encrypted_response_alg" },
        { "\"userinfo_encrypted_response_enc\":\"A128GCM\"", "userinfo_encrypted_response_enc" },
        { "\"introspection_encrypted_response_alg\":\"ECDH-ES\",\"jwks_uri\":\"https://a.example/k\"", NULL },
        { "\"id_token_signed_response_alg\":\"none\"", NULL },
        { "\"dpop_bound_access_tokens\":true,\"tls_client_certificate_bound_access_tokens\":true",
          "dpop_bound_access_tokens" },
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        str document = arena_printf(arena, "{" CB ",%s}", CASES[i].members);
        CHECK_STR(refused(arena, arena_cstr(arena, document)), str_of(CASES[i].refused));
    }
}

TEST(request_uris_are_fetched_where_nobody_changes_them)
{
    CHECK(!str_given(
        refused(arena, "{" CB ",\"request_uris\":[\"https://a.example/r#hash\",\"http://127.0.0.1:8/r\"]}")));
    static const char *const bad[] = { "http://a.example/r", "https://u@a.example/r", "file:///etc/passwd", "/r", "" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_STR(refused(arena, arena_cstr(arena, arena_printf(arena, "{" CB ",\"request_uris\":[\"%s\"]}", bad[i]))),
                  STR("request_uris"));
}

#define FAPI_OF(method)                                                                                                \
    CB ",\"fapi_profile\":\"security\",\"jwks_uri\":\"https://a.example/k\",\"token_endpoint_auth_method\":\"" method  \
       "\""
#define FAPI FAPI_OF("private_key_jwt")

static str refused_fapi(struct arena *a, const char *member, const char *alg)
{
    return refused(a, arena_cstr(a, arena_printf(a, "{" FAPI ",\"%s\":\"%s\"}", member, alg)));
}

TEST(fapi_clients_sign_with_its_algorithms_and_get_codes_only)
{
    static const char *const signed_members[] = {
        "token_endpoint_auth_signing_alg",   "request_object_signing_alg",        "id_token_signed_response_alg",
        "authorization_signed_response_alg", "introspection_signed_response_alg", "userinfo_signed_response_alg",
    };
    struct client_metadata m;
    read_good(arena, "{" FAPI "}", &m);
    CHECK_STR(m.id_token_signed_response_alg, STR("PS256"));
    CHECK_STR(m.authorization_signed_response_alg, STR("PS256"));
    CHECK_STR(m.introspection_signed_response_alg, STR("PS256"));
    CHECK(m.require_pkce);
    for (size_t i = 0; i < sizeof signed_members / sizeof *signed_members; i++) {
        CHECK_STR(refused_fapi(arena, signed_members[i], "RS256"), str_of(signed_members[i]));
        CHECK(!str_given(refused_fapi(arena, signed_members[i], "ES256")));
    }
    CHECK_STR(refused_fapi(arena, "id_token_signed_response_alg", "none"), STR("id_token_signed_response_alg"));
    CHECK_STR(refused(arena, "{" FAPI ",\"response_types\":[\"code\",\"code id_token\"]}"), STR("response_types"));
    CHECK_STR(refused(arena, "{" FAPI ",\"require_pkce\":false}"), STR("require_pkce"));
    CHECK_STR(refused(arena, "{" FAPI_OF("client_secret_basic") "}"), STR("token_endpoint_auth_method"));
}

/* 0.1 is written as 0.10000000000000001; what is kept has to be read again. */
TEST(keys_that_grow_too_large_are_refused)
{
    const struct json_value *v;
    struct client_metadata m;
    struct metadata_problem p = { 0 };
    struct buf document;
    buf_init(&document, arena, 65536);
    buf_add(&document, STR("{" CB ",\"jwks\":{\"keys\":[],\"x\":[0.1"));
    while (document.n < 65000)
        buf_add(&document, STR(",0.1"));
    buf_add(&document, STR("]}}"));
    CHECK(json_parse(arena, buf_str(&document), &v));
    CHECK(!client_metadata_read(arena, v, &m, &p));
    CHECK_STR(p.member, STR("jwks"));
}

TEST(what_the_operator_gave_stays)
{
    struct client_metadata given, m;
    struct metadata_problem p = { 0 };
    read_good(arena, "{" CB ",\"access_token_ttl\":60,\"authorization_details_types\":[\"payment\",\"payout\"]}",
              &given);
    read_good(arena, "{" CB "}", &m);
    CHECK(client_metadata_keep_given(&m, &given, &p));
    CHECK_I64(m.access_token_ttl, 60);
    CHECK_I64(m.refresh_token_ttl, -1);
    CHECK_I64((int64_t)m.authorization_details_types.n, 2);
    CHECK(client_metadata_keep_given(&m, &given, &p));
    static const struct {
        const char *metadata, *member;
    } others[] = {
        { "{" CB ",\"access_token_ttl\":61}", "access_token_ttl" },
        { "{" CB ",\"refresh_token_ttl\":3600}", "refresh_token_ttl" },
        { "{" CB ",\"authorization_details_types\":[\"payment\"]}", "authorization_details_types" },
        { "{" CB ",\"authorization_details_types\":[\"payment\",\"own\"]}", "authorization_details_types" },
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        read_good(arena, others[i].metadata, &m);
        CHECK(!client_metadata_keep_given(&m, &given, &p));
        CHECK_STR(p.member, str_of(others[i].member));
        read_good(arena, others[i].metadata, &m);
        CHECK(!client_metadata_keep_given(&m, NULL, &p));
    }
    read_good(arena, "{" CB "}", &m);
    CHECK(client_metadata_keep_given(&m, NULL, &p));
}
