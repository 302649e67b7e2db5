/* The route table as an OpenAPI document: nothing in it is written by hand, so it cannot be out of date. */
#include "shared/http/openapi.h"

#include "shared/http/openapi_components.h"

#define N(a) (sizeof(a) / sizeof(a)[0])

static const struct {
    enum param_set set;
    const char *format, *pattern;
} formats[] = {
    { UNRESERVED, NULL, "^[A-Za-z0-9._~-]*$" },
    { BASE64URL, NULL, "^[A-Za-z0-9_-]*$" },
    { DIGITS, NULL, "^[0-9]*$" },
    { URI, "uri", NULL },
    { EMAIL, "email", NULL },
    { CURRENCY, NULL, "^[A-Z]{3}$" },
    { ID, NULL, "^[a-z0-9_]*$" },
    { TOKEN, NULL, "^[!-~]*$" },
};

static const char *method_word(enum method m)
{
    switch (m) {
    case GET:
        return "get";
    case POST:
        return "post";
    case PUT:
        return "put";
    case PATCH:
        return "patch";
    case DELETE:
        return "delete";
    case OPTIONS:
        return "options";
    case HEAD:
        return "head";
    }
    return "get";
}

/* The method and the words of the path: "post_v1_payments_payment_confirm". */
static str operation_id(struct arena *a, const char *begins, const char *of)
{
    char *id = arena_alloc(a, strlen(of) + 1);
    size_t n = 0;
    bool gap = false;
    for (const char *c = of; *c; c++) {
        bool is_word = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9');
        if (is_word && gap)
            id[n++] = '_';
        if (is_word)
            id[n++] = *c;
        gap = !is_word;
    }
    return arena_printf(a, "%s%.*s", begins, (int)n, id);
}

/* The object that an operation answers with, or a page of it: what is sent has the same names. */
static const char *object_of(struct arena *a, const char *answer)
{
    static const char *const lists[] = { "Page<", "List<" };
    if (!answer)
        return NULL;
    for (size_t i = 0; i < N(lists); i++)
        if (strncmp(answer, lists[i], strlen(lists[i])) == 0)
            answer += strlen(lists[i]);
    return arena_printf(a, "%.*s", (int)strcspn(answer, "> |[{"), answer).p;
}

static struct schema_place place_of(struct arena *a, const struct openapi_about *about, const struct route *r)
{
    return (struct schema_place){ .meanings = about->meanings,
                                  .operation = operation_id(a, method_word(r->method), r->path).p,
                                  .object = object_of(a, r->answer) };
}

/* What is not the object itself, in the answer. */
static struct schema_place answer_place(struct arena *a, const struct openapi_about *about, const struct route *r)
{
    struct schema_place at = place_of(a, about, r);
    at.object = NULL;
    return at;
}

static void fields_write(struct json *j, const struct schema_place *at, const struct param *params, size_t n,
                         bool closed);

static void text_schema(struct json *j, const struct param *p)
{
    json_str(j, "type", STR("string"));
    if (p->words) {
        json_words(j, "enum", str_of(p->words));
        return;
    }
    if (p->min > 0)
        json_i64(j, "minLength", (int64_t)p->min);
    json_i64(j, "maxLength", (int64_t)(p->max ? p->max : 4096));
    if (p->in_characters && (p->need == REQUIRED || p->min > 0))
        json_str(j, "pattern", STR("\\S"));
    for (size_t i = 0; i < N(formats); i++) {
        if (formats[i].set != p->set)
            continue;
        json_str(j, "format", str_of(formats[i].format));
        json_str(j, "pattern", str_of(formats[i].pattern));
    }
}

/* at: of what is inside p. */
static void schema_write(struct json *j, const struct schema_place *at, const struct param *p)
{
    switch (p->kind) {
    case KIND_STR:
        text_schema(j, p);
        return;
    case KIND_I64:
        json_str(j, "type", STR("integer"));
        json_str(j, "format", STR("int64"));
        if (p->low != 0 || p->high != 0) {
            json_i64(j, "minimum", p->low);
            json_i64(j, "maximum", p->high);
        }
        return;
    case KIND_BOOL:
        json_str(j, "type", STR("boolean"));
        return;
    case KIND_VALUE:
        if (p->type)
            shape_type_write(j, at, p->type);
        return;
    case KIND_OBJECT:
        fields_write(j, at, p->fields, p->n_fields, true);
        return;
    case KIND_OBJECTS:
        json_str(j, "type", STR("array"));
        json_i64(j, "minItems", (int64_t)p->min);
        json_i64(j, "maxItems", (int64_t)(p->max ? p->max : 100));
        json_object(j, "items");
        fields_write(j, at, p->fields, p->n_fields, true);
        json_close(j);
        return;
    }
}

static bool any_required(const struct param *params, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (params[i].need == REQUIRED)
            return true;
    return false;
}

/* closed: unknown members are refused. */
static void fields_write(struct json *j, const struct schema_place *at, const struct param *params, size_t n,
                         bool closed)
{
    json_str(j, "type", STR("object"));
    json_object(j, "properties");
    for (size_t i = 0; i < n; i++) {
        const str name = str_of(params[i].name);
        const struct schema_place inside = schema_inside(j->out->arena, at, name);
        json_object(j, params[i].name);
        meaning_write(j, at, name);
        schema_write(j, &inside, &params[i]);
        json_close(j);
    }
    json_close(j);
    if (any_required(params, n)) {
        json_array(j, "required");
        for (size_t i = 0; i < n; i++)
            if (params[i].need == REQUIRED)
                json_str(j, NULL, str_of(params[i].name));
        json_close(j);
    }
    if (closed)
        json_bool(j, "additionalProperties", false);
}

static void parameter_write(struct json *j, const struct schema_place *at, str name, const char *in,
                            const struct param *p)
{
    json_object(j, NULL);
    json_str(j, "name", name);
    json_str(j, "in", str_of(in));
    meaning_write(j, at, name);
    json_bool(j, "required", !p || p->need == REQUIRED);
    json_object(j, "schema");
    if (p)
        schema_write(j, at, p);
    else
        json_str(j, "type", STR("string"));
    json_close(j);
    json_close(j);
}

static bool has_query(const struct route *r)
{
    return (r->method == GET || r->method == DELETE || r->body == BODY_RAW) && r->n_params > 0;
}

static void headers_write(struct json *j, const struct openapi_about *about, const struct route *r)
{
    for (size_t i = 0; i < about->n_headers; i++) {
        const struct openapi_header *h = &about->headers[i];
        if (h->of_posts && (r->method != POST || r->repeatable))
            continue;
        json_object(j, NULL);
        json_str(j, "$ref",
                 arena_printf(j->out->arena, "#/components/parameters/%s%s", h->name,
                              h->of_posts && r->needs_key ? OPENAPI_NEEDED : ""));
        json_close(j);
    }
}

static void parameters_write(struct json *j, const struct openapi_about *about, const struct route *r)
{
    static const struct param file_name = { .name = "Content-Disposition", .kind = KIND_STR, .need = OPTIONAL };
    bool in_path = strchr(r->path, '{') != NULL, has_headers = openapi_scope(r) && about->n_headers > 0;
    if (!in_path && !has_query(r) && !has_headers && !r->named_file)
        return;
    const struct schema_place at = place_of(j->out->arena, about, r);
    json_array(j, "parameters");
    for (const char *open = strchr(r->path, '{'); open; open = strchr(open + 1, '{'))
        parameter_write(j, &at, (str){ open + 1, strcspn(open + 1, "}") }, "path", NULL);
    for (size_t i = 0; has_query(r) && i < r->n_params; i++)
        parameter_write(j, &at, str_of(r->params[i].name), "query", &r->params[i]);
    if (r->named_file)
        parameter_write(j, &at, str_of(file_name.name), "header", &file_name);
    if (has_headers)
        headers_write(j, about, r);
    json_close(j);
}

static bool same_operation(const struct route *a, const struct route *b)
{
    return a->method == b->method && strcmp(a->path, b->path) == 0;
}

static void variants_write(struct json *j, const struct openapi_about *about, const struct route *first,
                           const struct route *const *routes, size_t n)
{
    const struct schema_place at = place_of(j->out->arena, about, first);
    json_array(j, "oneOf");
    for (size_t i = 0; i < n; i++) {
        if (!same_operation(first, routes[i]) || !routes[i]->when.value)
            continue;
        json_object(j, NULL);
        json_str(j, "title", str_of(routes[i]->when.value));
        json_str(j, "description", str_of(routes[i]->summary));
        fields_write(j, &at, routes[i]->params, routes[i]->n_params, !routes[i]->ignore_unknown);
        json_close(j);
    }
    json_close(j);
}

static void files_write(struct json *j, const struct route *r)
{
    str rest = str_of(r->media ? r->media : "application/octet-stream"), media;
    while (str_next_word(&rest, &media)) {
        json_object(j, arena_cstr(j->out->arena, media));
        json_object(j, "schema");
        json_close(j);
        json_close(j);
    }
}

static void body_write(struct json *j, const struct openapi_about *about, const struct route *r,
                       const struct route *const *routes, size_t n)
{
    const struct schema_place at = place_of(j->out->arena, about, r);
    if (r->body == BODY_NONE || r->method == GET || r->method == DELETE)
        return;
    json_object(j, "requestBody");
    if (r->body == BODY_RAW || r->when.param || any_required(r->params, r->n_params))
        json_bool(j, "required", true);
    json_object(j, "content");
    if (r->body == BODY_RAW) {
        files_write(j, r);
    } else {
        json_object(j, r->body == BODY_JSON ? "application/json" : "application/x-www-form-urlencoded");
        json_object(j, "schema");
        if (r->when.param)
            variants_write(j, about, r, routes, n);
        else
            fields_write(j, &at, r->params, r->n_params, !r->ignore_unknown);
        json_close(j);
        json_close(j);
    }
    json_close(j);
    json_close(j);
}

static const struct {
    const char *status, *meaning;
} done[] = {
    { "200", "Done" },
    { "201", "Made" },
    { "202", "Taken, and not at its end yet" },
    { "204", "Done, and there is nothing to say" },
    { "2XX", "Done" },
};

static void one_done_write(struct json *j, const struct openapi_about *about, const struct route *r, size_t i)
{
    const struct schema_place at = answer_place(j->out->arena, about, r);
    bool is_page = r->errors == ERRORS_PAGE && r->method == GET, is_empty = strcmp(done[i].status, "204") == 0;
    json_object(j, done[i].status);
    json_str(j, "description", str_of(done[i].meaning));
    if (!is_empty && (r->answer || r->sheet || is_page)) {
        json_object(j, "content");
        if (r->answer)
            openapi_media_write(j, &at, "application/json", r->answer);
        else if (!r->sheet)
            openapi_media_write(j, &at, "text/html", NULL);
        if (r->sheet)
            openapi_media_write(j, &at, r->sheet, NULL);
        if (r->paper)
            openapi_media_write(j, &at, r->paper, NULL);
        json_close(j);
    }
    json_close(j);
}

/* Of pages it is not said: a form is answered by a page or leads to one. */
static void done_write(struct json *j, const struct openapi_about *about, const struct route *r)
{
    str rest = str_of(r->done ? r->done : r->errors == ERRORS_PAGE ? "2XX" : "200"), status;
    while (str_next_word(&rest, &status))
        for (size_t i = 0; i < N(done); i++)
            if (str_eq(status, str_of(done[i].status)))
                one_done_write(j, about, r, i);
}

static void refusal_write(struct json *j, const char *range, const struct route *r)
{
    json_object(j, range);
    json_str(j, "$ref", arena_printf(j->out->arena, "#/components/responses/%s", openapi_refusal(r->errors)));
    json_close(j);
}

/* What a route answers in words of its own, beside those of its style. */
static void own_refusal_write(struct json *j, const struct openapi_about *about, const struct route *r)
{
    const struct schema_place at = answer_place(j->out->arena, about, r);
    json_object(j, "4XX");
    json_str(j, "description", STR("Refused or failed"));
    json_object(j, "content");
    openapi_media_write(j, &at, "application/json", r->refusal);
    json_close(j);
    json_close(j);
}

static void responses_write(struct json *j, const struct openapi_about *about, const struct route *r)
{
    json_object(j, "responses");
    done_write(j, about, r);
    if (r->refusal)
        own_refusal_write(j, about, r);
    else
        refusal_write(j, "4XX", r);
    refusal_write(j, "5XX", r);
    json_close(j);
}

static void security_write(struct json *j, const struct route *r)
{
    const char *scope = openapi_scope(r), *scheme = openapi_scheme(r);
    json_array(j, "security");
    if (scheme) {
        json_object(j, NULL);
        json_array(j, scheme);
        if (scope)
            json_str(j, NULL, str_of(scope));
        json_close(j);
        json_close(j);
    }
    json_close(j);
}

/* What generated clients and pages of documentation put together: the objects of an API, else who asks. */
static str tag_of(const struct route *r)
{
    static const struct {
        const char *begins, *tag;
    } places[] = {
        { "/v1/operator/", "operator" },
        { "/admin/v1/", "admin" },
        { "/partner/v1/", "partner" },
        { "/v1/", NULL },
    };
    for (size_t i = 0; i < N(places); i++) {
        size_t n = strlen(places[i].begins);
        if (strncmp(r->path, places[i].begins, n) == 0)
            return places[i].tag ? str_of(places[i].tag) : (str){ r->path + n, strcspn(r->path + n, "/") };
    }
    return r->errors == ERRORS_PAGE ? STR("pages") : r->errors == ERRORS_OAUTH ? STR("protocol") : STR("server");
}

static void operation_write(struct json *j, const struct openapi_about *about, const struct route *r,
                            const struct route *const *routes, size_t n)
{
    json_object(j, method_word(r->method));
    json_str(j, "operationId", operation_id(j->out->arena, method_word(r->method), r->path));
    json_str(j, "summary", str_of(r->summary));
    json_array(j, "tags");
    json_str(j, NULL, tag_of(r));
    json_close(j);
    json_str(j, "x-guard", str_of(r->guard->name));
    security_write(j, r);
    parameters_write(j, about, r);
    body_write(j, about, r, routes, n);
    responses_write(j, about, r);
    json_close(j);
}

static bool seen_before(const struct route *const *routes, size_t i, bool whole_operation)
{
    for (size_t k = 0; k < i; k++)
        if (whole_operation ? same_operation(routes[k], routes[i]) : strcmp(routes[k]->path, routes[i]->path) == 0)
            return true;
    return false;
}

static void path_write(struct json *j, const struct openapi_about *about, size_t index,
                       const struct route *const *routes, size_t n)
{
    json_object(j, routes[index]->path);
    for (size_t i = index; i < n; i++)
        if (strcmp(routes[i]->path, routes[index]->path) == 0 && !seen_before(routes, i, true))
            operation_write(j, about, routes[i], routes, n);
    json_close(j);
}

static void message_write(struct json *j, const struct openapi_about *about, const struct message *m)
{
    const struct schema_place at = { .meanings = about->meanings };
    json_object(j, m->name);
    json_object(j, "post");
    json_str(j, "operationId", operation_id(j->out->arena, "webhook_", m->name));
    json_array(j, "tags");
    json_str(j, NULL, STR("webhooks"));
    json_close(j);
    json_array(j, "security");
    json_close(j);
    json_str(j, "summary", str_of(m->meaning));
    json_object(j, "requestBody");
    json_object(j, "content");
    openapi_media_write(j, &at, "application/json", arena_printf(j->out->arena, "{ %s }", m->members).p);
    json_close(j);
    json_close(j);
    json_object(j, "responses");
    json_object(j, "2XX");
    json_str(j, "description", STR("Taken; anything else is tried again"));
    json_close(j);
    json_close(j);
    json_close(j);
    json_close(j);
}

static void messages_write(struct json *j, const struct openapi_about *about)
{
    if (!about->n_messages)
        return;
    json_object(j, "webhooks");
    for (size_t i = 0; i < about->n_messages; i++)
        message_write(j, about, &about->messages[i]);
    json_close(j);
}

void openapi_write(struct json *j, const struct openapi_about *about, const struct route *const *routes, size_t n)
{
    json_str(j, "openapi", STR("3.1.0"));
    json_object(j, "info");
    json_str(j, "title", about->title);
    json_str(j, "version", STR(STOA_VERSION));
    json_object(j, "license");
    json_str(j, "name", STR("Apache License 2.0"));
    json_str(j, "identifier", STR("Apache-2.0"));
    json_close(j);
    json_close(j);
    json_array(j, "servers");
    json_object(j, NULL);
    json_str(j, "url", about->server);
    json_close(j);
    json_close(j);
    json_object(j, "paths");
    for (size_t i = 0; i < n; i++)
        if (!seen_before(routes, i, false))
            path_write(j, about, i, routes, n);
    json_close(j);
    messages_write(j, about);
    openapi_components_write(j, about, routes, n);
}
