/* Rules for client ids that are URLs and for the documents behind them. */
#include "authsrv/domain/client/client_document.h"

#include "authsrv/domain/client/client.h"
#include "shared/text/url.h"

#define ID_MAX_BYTES 200

static bool contains(str s, str part)
{
    return part.n <= s.n && memmem(s.p, s.n, part.p, part.n) != NULL;
}

static bool has_dots(str path)
{
    return contains(path, STR("/../")) || contains(path, STR("/./")) || str_ends(path, STR("/..")) ||
           str_ends(path, STR("/.")) || contains(path, STR("%2e")) || contains(path, STR("%2E"));
}

bool client_document_url(str id)
{
    struct url u;
    if (id.n > ID_MAX_BYTES || !url_parse(id, &u) || u.has_userinfo || str_given(u.fragment))
        return false;
    if (!str_eq(u.scheme, STR("https")) && !(str_eq(u.scheme, STR("http")) && url_host_is_loopback(u.host)))
        return false;
    return u.path.n > 1 && !has_dots(u.path);
}

static bool problem_set(struct metadata_problem *p, const char *member, const char *explain)
{
    *p = (struct metadata_problem){ str_of(member), str_of(explain) };
    return false;
}

/* A page elsewhere could otherwise be named as the place where somebody else's client is answered. */
static bool redirect_is_own(struct arena *a, str id, str uri)
{
    struct url client, u;
    if (!url_parse(id, &client) || !url_parse(uri, &u))
        return false;
    if (!str_eq(u.scheme, STR("https")) && !str_eq(u.scheme, STR("http")))
        return true;
    return url_host_is_loopback(u.host) || str_eq(url_origin(a, &u), url_origin(a, &client));
}

bool client_document_read(struct arena *a, str id, const struct json_value *document, struct client_metadata *ret,
                          struct metadata_problem *problem)
{
    str named;
    enum auth_method method;
    if (!json_get_str(document, "client_id", &named) || !str_eq(named, id))
        return problem_set(problem, "client_id", "must be the URL of this document");
    if (json_get(document, "client_secret") || json_get(document, "client_secret_expires_at"))
        return problem_set(problem, "client_secret", "has no place in a public document");
    struct client_metadata m;
    if (!client_metadata_read(a, document, &m, problem))
        return false;
    if (!json_get(document, "token_endpoint_auth_method"))
        m.token_endpoint_auth_method = STR("none");
    m.require_pkce = true;
    if (!auth_method_parse(m.token_endpoint_auth_method, &method) || auth_method_has_secret(method))
        return problem_set(problem, "token_endpoint_auth_method", "must do without a shared secret");
    if (!client_metadata_keep_given(&m, NULL, problem))
        return false;
    for (size_t i = 0; i < m.redirect_uris.n; i++)
        if (!redirect_is_own(a, id, m.redirect_uris.items[i]))
            return problem_set(problem, "redirect_uris", "must be of the document's own origin, or of an application");
    if (!client_metadata_judge(a, &m, problem) || !client_metadata_judge_open(&m, problem))
        return false;
    *ret = m;
    return true;
}
