/* RFC 9396: judging, narrowing and telling. */
#include "authsrv/domain/authorization/authorization_details.h"

#include "shared/base/buf.h"
#include "shared/text/currency.h"
#include "shared/text/json_out.h"
#include "shared/text/money_text.h"

#define SENTENCE_MAX_BYTES 16384

/* Amounts are integers in minor units of their currency. */
#define AMOUNT                                                                                                         \
    "\"amount\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":1000000000000},"                                       \
    "\"currency\":{\"type\":\"string\",\"format\":\"currency\"}"
#define NAME(n) "\"" n "\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":100}"

static const struct {
    str name, rules, sentence;
} built_in[] = {
    { STR("payment"),
      STR("{\"type\":\"object\",\"required\":[\"amount\",\"currency\",\"payee\"],\"properties\":{" AMOUNT
          "," NAME("payee") "," NAME("payee_name") "," NAME("purpose") "}}"),
      STR("Pay {amount:currency} to {payee_name} {payee}: {purpose}") },
    { STR("payout"),
      STR("{\"type\":\"object\",\"required\":[\"amount\",\"currency\",\"destination\"],\"properties\":{" AMOUNT
          "," NAME("destination") "," NAME("destination_name") "}}"),
      STR("Pay out {amount:currency} of your balance to {destination_name} {destination}") },
    { STR("store_management"),
      STR("{\"type\":\"object\",\"required\":[\"store\",\"actions\"],\"properties\":{" NAME(
          "store") ","
                   "\"actions\":{\"type\":\"array\",\"maxItems\":3,\"items\":{\"type\":\"string\","
                   "\"enum\":[\"read\",\"change\",\"close\"]}}}}"),
      STR("Manage your store {store}: {actions}") },
};

bool detail_type_built_in(str name, str *rules, str *sentence)
{
    for (size_t i = 0; i < sizeof built_in / sizeof built_in[0]; i++)
        if (str_eq(built_in[i].name, name)) {
            *rules = built_in[i].rules;
            *sentence = built_in[i].sentence;
            return true;
        }
    return false;
}

static const struct detail_type *type_find(const struct detail_type *types, size_t n, str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(types[i].name, name))
            return &types[i];
    return NULL;
}

static bool list_has(const struct text_list *list, str text)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->items[i], text))
            return true;
    return false;
}

static bool problem_set(struct rule_problem *p, str path, str explain)
{
    *p = (struct rule_problem){ path, explain };
    return false;
}

/* The object without its member "type", which no rule speaks of. */
static const struct json_value *members_of(struct arena *a, const struct json_value *detail)
{
    struct buf out;
    struct json j;
    str key;
    const struct json_value *v, *ret = NULL;
    buf_init(&out, a, (size_t)JSON_GROWTH_MAX * DETAILS_MAX_BYTES);
    json_begin(&j, &out);
    for (size_t i = 0; json_member(detail, i, &key, &v); i++)
        if (!str_eq(key, STR("type")))
            json_raw(&j, arena_cstr(a, key), json_canonical(a, v));
    json_end(&j);
    return json_parse(a, buf_str(&out), &ret) ? ret : NULL;
}

static bool detail_judge(struct arena *a, const struct json_value *detail, const struct detail_type *types,
                         size_t n_types, const struct text_list *allowed, struct rule_problem *p)
{
    str name;
    if (!json_get_str(detail, "type", &name))
        return problem_set(p, STR("type"), STR("must be there and a string"));
    const struct detail_type *type = type_find(types, n_types, name);
    if (!type || !list_has(allowed, name))
        return problem_set(p, STR("type"), STR("is not one that this client may use"));
    const struct json_value *members = members_of(a, detail);
    return members && json_rules_keep(a, type->rules, members, p);
}

bool details_read(struct arena *a, str parameter, str scope, const struct detail_type *types, size_t n_types,
                  const struct text_list *allowed, str *ret, struct rule_problem *problem)
{
    const struct json_value *list;
    if (parameter.n > DETAILS_MAX_BYTES || !json_parse(a, parameter, &list) || json_kind(list) != JSON_ARRAY)
        return problem_set(problem, STR(""), STR("must be a JSON array of at most 16384 bytes"));
    if (json_size(list) == 0 || json_size(list) > DETAILS_MAX_ITEMS)
        return problem_set(problem, STR(""), STR("must have 1 to 10 items"));
    for (size_t i = 0; i < json_size(list); i++) {
        if (detail_judge(a, json_item(list, i), types, n_types, allowed, problem))
            continue;
        problem->path = arena_printf(a, "[%zu].%.*s", i, STR_ARG(problem->path));
        return false;
    }
    *ret = json_canonical(a, list);
    if (ret->n + scope.n > DETAILS_TOKEN_MAX_BYTES)
        return problem_set(problem, STR(""),
                           arena_printf(a, "must be together with scope at most %d bytes, without blanks and in UTF-8",
                                        DETAILS_TOKEN_MAX_BYTES));
    return true;
}

/* ---- of a token ---- */

struct granted {
    str text, type;
    bool is_here, is_wanted;
};

static struct granted *granted_list(struct arena *a, const struct json_value *list, size_t n,
                                    const struct detail_type *types, size_t n_types, str audience)
{
    struct granted *ret = arena_array(a, struct granted, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct granted *g = &ret[i];
        g->text = json_canonical(a, json_item(list, i));
        if (!json_get_str(json_item(list, i), "type", &g->type))
            g->type = STR("");
        const struct detail_type *type = type_find(types, n_types, g->type);
        g->is_here = !type || str_eq(type->audience, audience);
    }
    return ret;
}

static bool wanted_mark(struct arena *a, str want, struct granted *list, size_t n)
{
    const struct json_value *w;
    bool is_all = want.n == 0;
    for (size_t k = 0; k < n; k++)
        list[k].is_wanted = is_all;
    if (is_all)
        return true;
    if (n == 0 || !json_parse(a, want, &w) || json_kind(w) != JSON_ARRAY)
        return false;
    for (size_t i = 0; i < json_size(w); i++) {
        size_t k = 0;
        str one = json_canonical(a, json_item(w, i));
        while (k < n && (list[k].is_wanted || !str_eq(list[k].text, one)))
            k++;
        if (k == n)
            return false;
        list[k].is_wanted = true;
    }
    return true;
}

static bool type_stays(const struct granted *list, size_t n, str type)
{
    for (size_t i = 0; i < n; i++)
        if (list[i].is_here && list[i].is_wanted && str_eq(list[i].type, type))
            return true;
    return false;
}

static struct details_choice choice_of(struct arena *a, const struct granted *list, size_t n, size_t max_bytes)
{
    struct buf items, places;
    buf_init(&items, a, max_bytes);
    buf_init(&places, a, max_bytes);
    for (size_t i = 0; i < n; i++) {
        if (!list[i].is_here || !list[i].is_wanted)
            continue;
        buf_add_char(&items, items.n > 0 ? ',' : '[');
        buf_add(&items, list[i].text);
        buf_add_char(&places, places.n > 0 ? ',' : '[');
        buf_add_i64(&places, (int64_t)i);
    }
    if (items.n == 0)
        return (struct details_choice){ STR_NONE, STR_NONE };
    buf_add_char(&items, ']');
    buf_add_char(&places, ']');
    return (struct details_choice){ buf_str(&items), buf_str(&places) };
}

enum details_verdict details_choose(struct arena *a, str granted, str want, const struct detail_type *types,
                                    size_t n_types, str audience, struct details_choice *ret)
{
    const struct json_value *list = NULL;
    *ret = (struct details_choice){ STR_NONE, STR_NONE };
    if (str_given(granted) && (!json_parse(a, granted, &list) || json_kind(list) != JSON_ARRAY))
        return DETAILS_NOT_GRANTED;
    size_t n = list ? json_size(list) : 0, length = 0;
    struct granted *each = granted_list(a, list, n, types, n_types, audience);
    if (!wanted_mark(a, want, each, n))
        return DETAILS_NOT_GRANTED;
    for (size_t i = 0; i < n; i++) {
        length += each[i].text.n;
        if (each[i].is_here && !type_stays(each, n, each[i].type))
            return DETAILS_TYPE_LEFT_OUT;
    }
    *ret = choice_of(a, each, n, length + 32 * n + 2);
    return DETAILS_GOOD;
}

/* ---- sentences ---- */

static void value_add(struct buf *out, const struct json_value *v)
{
    str text;
    bool is_list = json_kind(v) == JSON_ARRAY;
    if (!is_list)
        buf_add(out, json_is_str(v, &text) ? text : json_canonical(out->arena, v));
    for (size_t i = 0; is_list && i < json_size(v) && !out->is_over; i++) {
        if (i > 0)
            buf_add(out, STR(", "));
        value_add(out, json_item(v, i));
    }
}

static void hole_fill(struct buf *out, const struct json_value *detail, str hole)
{
    struct arena *a = out->arena;
    str first, currency;
    int64_t amount;
    if (str_cut(&hole, ':', &first)) {
        if (json_get_i64(detail, arena_cstr(a, first), &amount) &&
            json_get_str(detail, arena_cstr(a, hole), &currency) && currency_find(currency))
            buf_add(out, money_text(a, amount, currency));
        return;
    }
    const struct json_value *v = json_get(detail, arena_cstr(a, hole));
    if (v)
        value_add(out, v);
}

/*
 * A hole that stays empty takes the blank before it along; ": " at the end of the sentence falls away. One that
 * grows beyond what anybody reads gives way to the detail itself, which says each thing once.
 */
static str sentence_fill(struct arena *a, str sentence, const struct json_value *detail)
{
    struct buf out;
    str before, hole;
    buf_init_bounded(&out, a, SENTENCE_MAX_BYTES);
    while (!out.is_over && str_cut(&sentence, '{', &before) && str_cut(&sentence, '}', &hole)) {
        buf_add(&out, before);
        size_t filled = out.n;
        hole_fill(&out, detail, hole);
        while (out.n == filled && out.n > 0 && (out.p[out.n - 1] == ' ' || out.p[out.n - 1] == ':'))
            filled = --out.n;
    }
    buf_add(&out, sentence);
    return out.is_over ? json_canonical(a, detail) : buf_str(&out);
}

void details_say(struct arena *a, str details, const struct detail_type *types, size_t n_types, str **ret, size_t *n)
{
    const struct json_value *list;
    *n = 0;
    *ret = NULL;
    if (!str_given(details) || !json_parse(a, details, &list))
        return;
    *ret = arena_array(a, str, json_size(list) + 1);
    for (size_t i = 0; i < json_size(list); i++) {
        str name;
        const struct detail_type *type =
            json_get_str(json_item(list, i), "type", &name) ? type_find(types, n_types, name) : NULL;
        if (type)
            (*ret)[(*n)++] = sentence_fill(a, type->sentence, json_item(list, i));
    }
}

bool detail_sentence_valid(struct arena *a, str sentence, const struct json_value *rules)
{
    const struct json_value *properties = json_get(rules, "properties");
    str before, hole, first;
    while (str_cut(&sentence, '{', &before)) {
        if (!str_cut(&sentence, '}', &hole))
            return false;
        if (str_cut(&hole, ':', &first) && !json_get(properties, arena_cstr(a, first)))
            return false;
        if (!json_get(properties, arena_cstr(a, hole)))
            return false;
    }
    return true;
}
