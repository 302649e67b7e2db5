/*
 * Inputs are checked once, here, against the route's table: presence, type, length, range, characters, unknown names.
 * Lengths are bytes, where nothing else is said. An empty form field counts as absent (RFC 6749 section 3.1); an empty
 * JSON string does not.
 */
#include "shared/http/params.h"

#include "shared/base/num.h"
#include "shared/http/charset.h"
#include "shared/text/encode.h"

#define STR_DEFAULT_MAX 4096
#define ITEMS_DEFAULT_MAX 100
#define I64_DEFAULT_HIGH ((int64_t)1 << 53)

struct reading {
    struct task *t;
    const struct param_rules *rules;
    str prefix; /* "address." inside an inner object */
};

static size_t str_max(const struct param *p)
{
    return p->max ? p->max : STR_DEFAULT_MAX;
}

static size_t str_min(const struct param *p)
{
    return p->need == REQUIRED && p->min == 0 ? 1 : p->min;
}

/* All other sets are ASCII, where it is the same. */
static bool is_in_bytes(const struct param *p)
{
    return !p->in_characters && (p->set == TEXT || p->set == LINE);
}

/* What people write and have to write is to be read by somebody: blanks are nothing. */
static bool is_to_be_seen(const struct param *p)
{
    return p->in_characters && str_min(p) > 0;
}

static str full_name(const struct reading *r, str name)
{
    return r->prefix.n ? arena_printf(r->t->arena, "%.*s%.*s", STR_ARG(r->prefix), STR_ARG(name)) : name;
}

static str str_allowed(struct arena *a, const struct param *p)
{
    if (p->set == CURRENCY)
        return STR("an ISO 4217 currency code of three capital letters");
    if (p->set == EMAIL)
        return STR("an e-mail address");
    if (p->set == URI)
        return arena_printf(a, "an absolute URL of at most %zu characters", str_max(p));
    const char *unit = is_in_bytes(p) ? "bytes" : "characters";
    if (p->min == str_max(p))
        return arena_printf(a, "%zu %s %s", p->min, unit, charset_name(p->set));
    return arena_printf(a, "%zu to %zu %s %s%s", str_min(p), str_max(p), unit, charset_name(p->set),
                        is_to_be_seen(p) ? ", not only blanks" : "");
}

static str allowed(struct arena *a, const struct param *p)
{
    switch (p->kind) {
    case KIND_STR:
        return str_allowed(a, p);
    case KIND_I64:
        if (p->low == 0 && p->high == 0)
            return STR("an integer");
        return arena_printf(a, "an integer from %lld to %lld", (long long)p->low, (long long)p->high);
    case KIND_BOOL:
        return STR("true or false");
    case KIND_VALUE:
        return STR("a JSON value");
    case KIND_OBJECT:
        return STR("a JSON object");
    case KIND_OBJECTS:
        return arena_printf(a, "a list of %zu to %zu objects", p->min, p->max ? p->max : ITEMS_DEFAULT_MAX);
    }
    return STR("nothing");
}

static err refuse(const struct reading *r, const struct param *p, const char *verb)
{
    str what = allowed(r->t->arena, p);
    return FAIL_PARAM(r->t, INVALID_REQUEST, full_name(r, str_of(p->name)),
                      arena_printf(r->t->arena, "%s %.*s", verb, STR_ARG(what)));
}

static err refuse_value(const struct reading *r, const struct param *p)
{
    return refuse(r, p, "must be");
}

static err missing(const struct reading *r, const struct param *p)
{
    return refuse(r, p, "is required:");
}

static err unknown(const struct reading *r, str name)
{
    if (!utf8_valid(name))
        name = STR("?");
    return FAIL_PARAM(r->t, INVALID_REQUEST, full_name(r, name), STR("is not known here"));
}

static bool str_fits(const struct param *p, str v)
{
    if (!charset_holds(p->set, v) || (is_to_be_seen(p) && utf8_is_blank(v)))
        return false;
    if (p->in_characters)
        return utf8_within(v, str_min(p), str_max(p));
    return v.n >= str_min(p) && v.n <= str_max(p);
}

static bool i64_fits(const struct param *p, int64_t v)
{
    if (p->low == 0 && p->high == 0)
        return v > -I64_DEFAULT_HIGH && v < I64_DEFAULT_HIGH;
    return v >= p->low && v <= p->high;
}

static void *field_at(void *in, const struct param *p)
{
    return (char *)in + p->offset;
}

static void absent(const struct param *p, void *in)
{
    if (p->kind == KIND_I64)
        *(int64_t *)field_at(in, p) = p->fallback;
}

/* ---- from a form ---- */

static bool form_value(const struct param *p, str text, void *in)
{
    if (p->kind == KIND_STR) {
        if (!str_fits(p, text))
            return false;
        *(str *)field_at(in, p) = text;
        return true;
    }
    if (p->kind == KIND_I64) {
        int64_t v;
        if (!num_parse(text, &v) || !i64_fits(p, v))
            return false;
        *(int64_t *)field_at(in, p) = v;
        return true;
    }
    bool yes = str_eq(text, STR("true"));
    if (p->kind != KIND_BOOL || (!yes && !str_eq(text, STR("false"))))
        return false;
    *(bool *)field_at(in, p) = yes;
    return true;
}

static bool is_declared(const struct param *params, size_t n, str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(str_of(params[i].name), name))
            return true;
    return false;
}

static err form_read(const struct reading *r, const struct param *params, size_t n, const struct form *form, void *in)
{
    for (size_t i = 0; !r->rules->ignore_unknown && i < form->n; i++) {
        str name = form->fields[i].name;
        if (!is_declared(params, n, name) && !(r->rules->also && str_eq(name, str_of(r->rules->also))))
            return unknown(r, name);
    }
    for (size_t i = 0; i < n; i++) {
        str text = form_get(form, str_of(params[i].name));
        if (text.n == 0) {
            if (params[i].need == REQUIRED)
                return missing(r, &params[i]);
            absent(&params[i], in);
        } else if (!form_value(&params[i], text, in)) {
            return refuse_value(r, &params[i]);
        }
    }
    return OK;
}

/* ---- from a JSON object ---- */

static err object_read(const struct reading *r, const struct param *params, size_t n, const struct json_value *object,
                       void *in);

static err inner_read(const struct reading *r, const struct param *p, str name, const struct json_value *v, void *in)
{
    struct reading inner = *r;
    inner.prefix = arena_printf(r->t->arena, "%.*s%.*s.", STR_ARG(r->prefix), STR_ARG(name));
    return object_read(&inner, p->fields, p->n_fields, v, in);
}

static err list_read(const struct reading *r, const struct param *p, const struct json_value *v, void *in)
{
    size_t n = json_size(v);
    if (json_kind(v) != JSON_ARRAY || n < p->min || n > (p->max ? p->max : ITEMS_DEFAULT_MAX))
        return refuse_value(r, p);
    char *items = arena_calloc(r->t->arena, n ? n : 1, p->inner_size);
    for (size_t i = 0; i < n; i++) {
        str name = arena_printf(r->t->arena, "%s[%zu]", p->name, i);
        if (json_kind(json_item(v, i)) != JSON_OBJECT)
            return FAIL_PARAM(r->t, INVALID_REQUEST, full_name(r, name), STR("must be a JSON object"));
        TRY(inner_read(r, p, name, json_item(v, i), items + i * p->inner_size));
    }
    *(struct list *)field_at(in, p) = (struct list){ items, n };
    return OK;
}

static err pointer_read(const struct reading *r, const struct param *p, const struct json_value *v, void *in)
{
    if (json_kind(v) != JSON_OBJECT)
        return refuse_value(r, p);
    void *inner = arena_alloc(r->t->arena, p->inner_size);
    TRY(inner_read(r, p, str_of(p->name), v, inner));
    *(const void **)field_at(in, p) = inner;
    return OK;
}

static err json_value_read(const struct reading *r, const struct param *p, const struct json_value *v, void *in)
{
    str text;
    int64_t number;
    switch (p->kind) {
    case KIND_STR:
        if (!json_is_str(v, &text) || !str_fits(p, text))
            return refuse_value(r, p);
        *(str *)field_at(in, p) = text;
        return OK;
    case KIND_I64:
        if (!json_is_i64(v, &number) || !i64_fits(p, number))
            return refuse_value(r, p);
        *(int64_t *)field_at(in, p) = number;
        return OK;
    case KIND_BOOL:
        return json_is_bool(v, field_at(in, p)) ? OK : refuse_value(r, p);
    case KIND_VALUE:
        *(const struct json_value **)field_at(in, p) = v;
        return OK;
    case KIND_OBJECT:
        return pointer_read(r, p, v, in);
    case KIND_OBJECTS:
        return list_read(r, p, v, in);
    }
    return refuse_value(r, p);
}

static err object_read(const struct reading *r, const struct param *params, size_t n, const struct json_value *object,
                       void *in)
{
    str key;
    const struct json_value *v;
    for (size_t i = 0; !r->rules->ignore_unknown && json_member(object, i, &key, &v); i++)
        if (!is_declared(params, n, key))
            return unknown(r, key);
    for (size_t i = 0; i < n; i++) {
        v = json_get(object, params[i].name);
        if (!v || json_kind(v) == JSON_NULL) {
            if (params[i].need == REQUIRED)
                return missing(r, &params[i]);
            absent(&params[i], in);
        } else {
            TRY(json_value_read(r, &params[i], v, in));
        }
    }
    return OK;
}

err params_read(struct task *t, const struct param *params, size_t n, const struct param_source *source,
                const struct param_rules *rules, void *in)
{
    struct reading r = { .t = t, .rules = rules, .prefix = STR_NONE };
    if (source->form)
        return form_read(&r, params, n, source->form, in);
    if (json_kind(source->object) != JSON_OBJECT)
        return FAIL_PARAM(t, INVALID_REQUEST, STR("body"), STR("must be a JSON object"));
    return object_read(&r, params, n, source->object, in);
}

err form_params_read(struct task *t, const struct param *params, size_t n, const struct form *form, void *in)
{
    const struct param_source source = { .form = form };
    const struct param_rules rules = { .ignore_unknown = true };
    return params_read(t, params, n, &source, &rules, in);
}

const char *params_fault(const struct param *params, size_t n, bool json_body)
{
    for (size_t i = 0; i < n; i++) {
        const struct param *p = &params[i];
        if (!p->name || !p->kind || !p->need)
            return "a parameter lacks name, kind or need";
        if (p->kind == KIND_STR && !p->set)
            return "a text parameter lacks its set of characters";
        if ((p->kind == KIND_VALUE || p->kind == KIND_OBJECT || p->kind == KIND_OBJECTS) && !json_body)
            return "a structured parameter outside a JSON body";
        if (p->n_fields && params_fault(p->fields, p->n_fields, json_body))
            return params_fault(p->fields, p->n_fields, json_body);
    }
    return NULL;
}
