/* The table of client metadata: reading, writing and copying by kind. */
#include "authsrv/domain/client/client_metadata.h"

#include "authsrv/domain/authorization/response.h"
#include "authsrv/domain/client/client.h"
#include "authsrv/domain/scope.h"
#include "shared/base/buf.h"
#include "shared/text/url.h"

#define LIST_MAX 20
#define TEXT_MAX_BYTES 2000
#define DOCUMENT_MAX_BYTES 262144
#define KEYS_MAX_BYTES 65536 /* in their canonical text, where numbers grow */

enum member_kind { TEXT = 1, LINK, FETCHED, WORDS, CHOICE, CHOICES, TYPES, LIST, FLAG, SECONDS, DOCUMENT };

struct member {
    const char *name;
    enum member_kind kind;
    size_t offset;
    const char *fallback, *allowed;
};

static const struct member members[] = {
#define X(kind, name, fallback, allowed) { #name, kind, offsetof(struct client_metadata, name), fallback, allowed },
    CLIENT_METADATA(X)
#undef X
};
#define N_MEMBERS (sizeof members / sizeof members[0])

/* Members of the registry that this server does not act upon: registering them must not look like a success. */
static const char *const not_offered[] = {
    "software_statement",
};

static str *text_at(struct client_metadata *m, const struct member *d)
{
    return (str *)(void *)((char *)m + d->offset);
}

static const void *at(const struct client_metadata *m, const struct member *d)
{
    return (const char *)m + d->offset;
}

static bool problem_set(struct metadata_problem *p, const char *member, str explain)
{
    *p = (struct metadata_problem){ str_of(member), explain };
    return false;
}

static bool allowed_refuse(struct arena *a, const struct member *d, struct metadata_problem *p)
{
    return problem_set(p, d->name, arena_printf(a, "may be: %s", d->allowed));
}

static bool text_read(const struct member *d, const struct json_value *v, str *ret, struct metadata_problem *p)
{
    return json_is_str(v, ret) && ret->n <= TEXT_MAX_BYTES
               ? true
               : problem_set(p, d->name, STR("must be a string of at most 2000 bytes"));
}

static bool link_read(const struct member *d, const struct json_value *v, str *ret, struct metadata_problem *p)
{
    struct url u;
    if (!text_read(d, v, ret, p))
        return false;
    if (!url_parse(*ret, &u) || !str_eq(u.scheme, STR("https")) || u.has_userinfo)
        return problem_set(p, d->name, STR("must be an https URL without user information"));
    return true;
}

static bool fetched_read(const struct member *d, const struct json_value *v, str *ret, struct metadata_problem *p)
{
    struct url u;
    if (!text_read(d, v, ret, p))
        return false;
    if (url_parse(*ret, &u) && !u.has_userinfo && !str_given(u.fragment) &&
        (str_eq(u.scheme, STR("https")) || (str_eq(u.scheme, STR("http")) && url_host_is_loopback(u.host))))
        return true;
    return problem_set(p, d->name, STR("must be an https URL without user information and fragment"));
}

static bool words_read(const struct member *d, const struct json_value *v, str *ret, struct metadata_problem *p)
{
    if (!json_is_str(v, ret) || !scope_is_wellformed(*ret))
        return problem_set(p, d->name, STR("must be a string of space-separated words"));
    return true;
}

static bool choice_read(struct arena *a, const struct member *d, const struct json_value *v, str *ret,
                        struct metadata_problem *p)
{
    if (!text_read(d, v, ret, p))
        return false;
    return str_has_word(str_of(d->allowed), *ret) || allowed_refuse(a, d, p);
}

static bool list_read(struct arena *a, const struct member *d, const struct json_value *v, struct text_list *ret,
                      struct metadata_problem *p)
{
    if (json_kind(v) != JSON_ARRAY)
        return problem_set(p, d->name, STR("must be an array of strings"));
    size_t n = json_size(v);
    if (n > LIST_MAX)
        return problem_set(p, d->name, STR("may have at most 20 items"));
    str *items = arena_array(a, str, n + 1);
    for (size_t i = 0; i < n; i++)
        if (!text_read(d, json_item(v, i), &items[i], p))
            return false;
    *ret = (struct text_list){ items, n };
    return true;
}

static bool choices_read(struct arena *a, const struct member *d, const struct json_value *v, str *ret,
                         struct metadata_problem *p)
{
    struct text_list list;
    struct buf words;
    if (!list_read(a, d, v, &list, p))
        return false;
    buf_init(&words, a, DOCUMENT_MAX_BYTES);
    for (size_t i = 0; i < list.n; i++) {
        if (memchr(list.items[i].p, ' ', list.items[i].n) || !str_has_word(str_of(d->allowed), list.items[i]))
            return allowed_refuse(a, d, p);
        if (str_has_word(buf_str(&words), list.items[i]))
            continue;
        if (words.n > 0)
            buf_add_char(&words, ' ');
        buf_add(&words, list.items[i]);
    }
    *ret = buf_str(&words);
    return true;
}

static bool types_read(struct arena *a, const struct member *d, const struct json_value *v, struct text_list *ret,
                       struct metadata_problem *p)
{
    struct text_list list;
    unsigned parts;
    if (!list_read(a, d, v, &list, p))
        return false;
    str *names = arena_array(a, str, list.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < list.n; i++) {
        if (!response_type_parse(list.items[i], &parts))
            return problem_set(p, d->name, STR("holds something that is no response type of this server"));
        str name = response_type_name(parts);
        bool is_new = true;
        for (size_t k = 0; k < n; k++)
            is_new = is_new && !str_eq(names[k], name);
        if (is_new)
            names[n++] = name;
    }
    *ret = (struct text_list){ names, n };
    return true;
}

static bool number_read(const struct member *d, const struct json_value *v, int64_t *ret, struct metadata_problem *p)
{
    if (!json_is_i64(v, ret) || *ret < 0)
        return problem_set(p, d->name, STR("must be a number of seconds, 0 or more"));
    return true;
}

static bool value_read(struct arena *a, const struct member *d, const struct json_value *v, struct client_metadata *m,
                       struct metadata_problem *p)
{
    void *place = text_at(m, d);
    switch (d->kind) {
    case TEXT:
        return text_read(d, v, place, p);
    case LINK:
        return link_read(d, v, place, p);
    case FETCHED:
        return fetched_read(d, v, place, p);
    case WORDS:
        return words_read(d, v, place, p);
    case CHOICE:
        return choice_read(a, d, v, place, p);
    case CHOICES:
        return choices_read(a, d, v, place, p);
    case TYPES:
        return types_read(a, d, v, place, p);
    case LIST:
        return list_read(a, d, v, place, p);
    case FLAG:
        return json_is_bool(v, place) || problem_set(p, d->name, STR("must be true or false"));
    case SECONDS:
        return number_read(d, v, place, p);
    case DOCUMENT:
        if (json_kind(v) != JSON_OBJECT)
            return problem_set(p, d->name, STR("must be an object"));
        *text_at(m, d) = json_canonical(a, v);
        m->jwks_changes = !json_is_storable(v);
        return text_at(m, d)->n <= KEYS_MAX_BYTES || problem_set(p, d->name, STR("is too large"));
    }
    return false;
}

static void fallback_set(const struct member *d, struct client_metadata *m)
{
    if (d->kind == SECONDS)
        *(int64_t *)(void *)text_at(m, d) = -1;
    else if (d->fallback)
        *text_at(m, d) = str_of(d->fallback);
}

/* Native and browser applications cannot keep a secret, plain OAuth has no nonce that would notice a stolen code, and
 * FAPI wants it of everybody. */
static void pkce_default(const struct json_value *document, struct client_metadata *m)
{
    if (!json_get(document, "require_pkce"))
        m->require_pkce = str_eq(m->token_endpoint_auth_method, STR("none")) ||
                          !str_has_word(m->scope, STR("openid")) || !str_eq(m->fapi_profile, STR("none"));
}

static bool is_absent(const struct json_value *document, const char *member)
{
    const struct json_value *v = json_get(document, member);
    return !v || json_kind(v) == JSON_NULL;
}

/* Who names only grants or only response types means those that go with them (OIDC Registration section 2). */
static void types_default(struct arena *a, const struct json_value *document, struct client_metadata *m)
{
    static const str code = { "code", 4 };
    if (is_absent(document, "response_types")) {
        m->response_types = (struct text_list){ &code, str_has_word(m->grant_types, GRANT_CODE) ? 1 : 0 };
        return;
    }
    if (is_absent(document, "grant_types") && m->response_types.n > 0)
        m->grant_types = response_grants(a, &m->response_types, m->grant_types);
}

/* RS256, which OpenID Connect means where nothing is said, is none of the algorithms of FAPI 2.0 (section 5.4). */
static void fapi_default(const struct json_value *document, struct client_metadata *m)
{
    if (str_eq(m->fapi_profile, STR("none")))
        return;
    if (is_absent(document, "id_token_signed_response_alg"))
        m->id_token_signed_response_alg = STR("PS256");
    if (is_absent(document, "authorization_signed_response_alg"))
        m->authorization_signed_response_alg = STR("PS256");
    if (is_absent(document, "introspection_signed_response_alg"))
        m->introspection_signed_response_alg = STR("PS256");
}

bool client_metadata_read(struct arena *a, const struct json_value *document, struct client_metadata *ret,
                          struct metadata_problem *problem)
{
    struct client_metadata m = { 0 };
    if (json_kind(document) != JSON_OBJECT)
        return problem_set(problem, "body", STR("must be a JSON object"));
    for (size_t i = 0; i < sizeof not_offered / sizeof not_offered[0]; i++)
        if (json_get(document, not_offered[i]))
            return problem_set(problem, not_offered[i], STR("is not supported by this server"));
    for (size_t i = 0; i < N_MEMBERS; i++) {
        const struct json_value *v = json_get(document, members[i].name);
        if (!v || json_kind(v) == JSON_NULL)
            fallback_set(&members[i], &m);
        else if (!value_read(a, &members[i], v, &m, problem))
            return false;
    }
    types_default(a, document, &m);
    pkce_default(document, &m);
    fapi_default(document, &m);
    *ret = m;
    return true;
}

static void value_keep(struct arena *a, const struct member *d, struct client_metadata *m)
{
    str *text = text_at(m, d);
    struct text_list *list = (void *)text;
    switch (d->kind) {
    case TEXT:
    case LINK:
    case FETCHED:
    case WORDS:
    case CHOICE:
    case CHOICES:
    case DOCUMENT:
        *text = arena_str(a, *text);
        return;
    case TYPES:
    case LIST:
        if (list->items) {
            str *items = arena_array(a, str, list->n + 1);
            for (size_t i = 0; i < list->n; i++)
                items[i] = arena_str(a, list->items[i]);
            list->items = items;
        }
        return;
    case FLAG:
    case SECONDS:
        return;
    }
}

void client_metadata_keep(struct arena *a, struct client_metadata *m)
{
    for (size_t i = 0; i < N_MEMBERS; i++)
        value_keep(a, &members[i], m);
}

static void list_write(struct json *j, const char *name, const struct text_list *list)
{
    if (!list->items)
        return;
    json_array(j, name);
    for (size_t i = 0; i < list->n; i++)
        json_str(j, NULL, list->items[i]);
    json_close(j);
}

static void value_write(struct json *j, const struct member *d, const void *place)
{
    const str *text = place;
    switch (d->kind) {
    case TEXT:
    case LINK:
    case FETCHED:
    case WORDS:
    case CHOICE:
        json_str(j, d->name, *text);
        return;
    case CHOICES:
        if (str_given(*text))
            json_words(j, d->name, *text);
        return;
    case TYPES:
    case LIST:
        list_write(j, d->name, place);
        return;
    case FLAG:
        json_bool(j, d->name, *(const bool *)place);
        return;
    case SECONDS:
        if (*(const int64_t *)place >= 0)
            json_i64(j, d->name, *(const int64_t *)place);
        return;
    case DOCUMENT:
        if (str_given(*text))
            json_raw(j, d->name, *text);
        return;
    }
}

void client_metadata_write(struct json *j, const struct client_metadata *m)
{
    for (size_t i = 0; i < N_MEMBERS; i++)
        value_write(j, &members[i], at(m, &members[i]));
}

str client_metadata_document(struct arena *a, const struct client_metadata *m)
{
    struct buf out;
    struct json j;
    buf_init(&out, a, DOCUMENT_MAX_BYTES);
    json_begin(&j, &out);
    client_metadata_write(&j, m);
    json_end(&j);
    return buf_str(&out);
}
