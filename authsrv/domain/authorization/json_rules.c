/* Checking JSON values against rules, and the rules against what is understood here. */
#include "authsrv/domain/authorization/json_rules.h"

#include "shared/text/currency.h"
#include "shared/text/encode.h"
#include "shared/text/url.h"

static bool problem_set(struct rule_problem *p, str path, str explain)
{
    *p = (struct rule_problem){ path, explain };
    return false;
}

static const struct {
    const char *name;
    enum json_kind kind;
} types[] = {
    { "object", JSON_OBJECT },   { "array", JSON_ARRAY },  { "string", JSON_STRING },
    { "integer", JSON_INTEGER }, { "boolean", JSON_BOOL },
};

static bool type_of(const struct json_value *rules, enum json_kind *ret)
{
    str name;
    if (!json_get_str(rules, "type", &name))
        return false;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (str_eq(name, str_of(types[i].name))) {
            *ret = types[i].kind;
            return true;
        }
    return false;
}

static str inner(struct arena *a, str path, str name)
{
    return path.n > 0 ? arena_printf(a, "%.*s.%.*s", STR_ARG(path), STR_ARG(name)) : name;
}

/* ---- the rules themselves ---- */

static bool words_known(const struct json_value *rules, str path, struct rule_problem *p)
{
    static const str known = STR("type properties required items enum minLength maxLength minimum maximum maxItems "
                                 "format description");
    str key;
    const struct json_value *v;
    for (size_t i = 0; json_member(rules, i, &key, &v); i++)
        if (!str_has_word(known, key))
            return problem_set(p, key, STR("is no rule that is understood here"));
    str format;
    if (json_get(rules, "format") &&
        (!json_get_str(rules, "format", &format) || !str_has_word(STR("currency uri"), format)))
        return problem_set(p, path, STR("format may be currency or uri"));
    return true;
}

static bool strings_only(const struct json_value *list)
{
    str text;
    for (size_t i = 0; i < json_size(list); i++)
        if (!json_is_str(json_item(list, i), &text))
            return false;
    return !list || json_kind(list) == JSON_ARRAY;
}

static bool rules_valid(struct arena *a, const struct json_value *rules, str path, struct rule_problem *p)
{
    enum json_kind kind;
    if (json_kind(rules) != JSON_OBJECT || !type_of(rules, &kind))
        return problem_set(p, path, STR("must be an object with type: object, array, string, integer or boolean"));
    if (!words_known(rules, path, p))
        return false;
    if (!strings_only(json_get(rules, "required")) || !strings_only(json_get(rules, "enum")))
        return problem_set(p, path, STR("required and enum must be arrays of strings"));
    const struct json_value *properties = json_get(rules, "properties"), *items = json_get(rules, "items"), *v;
    str key;
    for (size_t i = 0; properties && json_member(properties, i, &key, &v); i++)
        if (!rules_valid(a, v, inner(a, path, key), p))
            return false;
    return !items || rules_valid(a, items, inner(a, path, STR("items")), p);
}

bool json_rules_valid(struct arena *a, const struct json_value *rules, struct rule_problem *problem)
{
    return rules_valid(a, rules, STR(""), problem);
}

/* ---- values ---- */

static bool one_of(const struct json_value *list, str text)
{
    str each;
    for (size_t i = 0; i < json_size(list); i++)
        if (json_is_str(json_item(list, i), &each) && str_eq(each, text))
            return true;
    return false;
}

static bool string_keep(struct arena *a, const struct json_value *rules, str text, str path, struct rule_problem *p)
{
    const struct json_value *choices = json_get(rules, "enum");
    int64_t least = 0, most = 1000;
    (void)json_get_i64(rules, "minLength", &least);
    (void)json_get_i64(rules, "maxLength", &most);
    if (choices && !one_of(choices, text))
        return problem_set(p, path, arena_printf(a, "must be one of %.*s", STR_ARG(json_canonical(a, choices))));
    if (least < 0 || most < 0 || !utf8_within(text, (size_t)least, (size_t)most))
        return problem_set(p, path,
                           arena_printf(a, "must have %lld to %lld characters", (long long)least, (long long)most));
    if (!utf8_is_line(text)) /* people agree to what they read of it */
        return problem_set(p, path,
                           STR("must not have control characters, nor any that turn the direction of writing"));
    str format;
    struct url u;
    if (!json_get_str(rules, "format", &format))
        return true;
    if (str_eq(format, STR("currency")) && !currency_is_taken(text))
        return problem_set(p, path, currency_allowed(text));
    if (str_eq(format, STR("uri")) && !url_parse(text, &u))
        return problem_set(p, path, STR("must be an absolute URI"));
    return true;
}

static bool integer_keep(struct arena *a, const struct json_value *rules, const struct json_value *value, str path,
                         struct rule_problem *p)
{
    int64_t n, least = -((int64_t)1 << 53), most = (int64_t)1 << 53;
    (void)json_get_i64(rules, "minimum", &least);
    (void)json_get_i64(rules, "maximum", &most);
    if (json_is_i64(value, &n) && n >= least && n <= most)
        return true;
    return problem_set(p, path,
                       arena_printf(a, "must be an integer from %lld to %lld", (long long)least, (long long)most));
}

static bool keep(struct arena *a, const struct json_value *rules, const struct json_value *value, str path,
                 struct rule_problem *p);

static bool object_keep(struct arena *a, const struct json_value *rules, const struct json_value *value, str path,
                        struct rule_problem *p)
{
    const struct json_value *properties = json_get(rules, "properties"), *required = json_get(rules, "required"), *v;
    str key;
    for (size_t i = 0; i < json_size(required); i++)
        if (json_is_str(json_item(required, i), &key) && !json_get(value, arena_cstr(a, key)))
            return problem_set(p, inner(a, path, key), STR("is required"));
    for (size_t i = 0; json_member(value, i, &key, &v); i++) {
        const struct json_value *rule = properties ? json_get(properties, arena_cstr(a, key)) : NULL;
        if (!rule)
            return problem_set(p, inner(a, path, key), STR("is not known here"));
        if (!keep(a, rule, v, inner(a, path, key), p))
            return false;
    }
    return true;
}

static bool array_keep(struct arena *a, const struct json_value *rules, const struct json_value *value, str path,
                       struct rule_problem *p)
{
    int64_t most = 20;
    (void)json_get_i64(rules, "maxItems", &most);
    if ((int64_t)json_size(value) > most)
        return problem_set(p, path, arena_printf(a, "may have at most %lld items", (long long)most));
    const struct json_value *rule = json_get(rules, "items");
    for (size_t i = 0; rule && i < json_size(value); i++)
        if (!keep(a, rule, json_item(value, i), arena_printf(a, "%.*s[%zu]", STR_ARG(path), i), p))
            return false;
    return true;
}

static bool keep(struct arena *a, const struct json_value *rules, const struct json_value *value, str path,
                 struct rule_problem *p)
{
    enum json_kind kind;
    str text;
    if (!type_of(rules, &kind) || json_kind(value) != kind)
        return problem_set(p, path, STR("has another type than its rules say"));
    switch (kind) {
    case JSON_OBJECT:
        return object_keep(a, rules, value, path, p);
    case JSON_ARRAY:
        return array_keep(a, rules, value, path, p);
    case JSON_STRING:
        return json_is_str(value, &text) && string_keep(a, rules, text, path, p);
    case JSON_INTEGER:
        return integer_keep(a, rules, value, path, p);
    case JSON_BOOL:
    case JSON_REAL:
    case JSON_NULL:
        return true;
    }
    return false;
}

bool json_rules_keep(struct arena *a, const struct json_value *rules, const struct json_value *value,
                     struct rule_problem *problem)
{
    return keep(a, rules, value, STR(""), problem);
}
