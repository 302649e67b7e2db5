/* The rules of token exchange. */
#include "authsrv/domain/token/exchange.h"

#include "authsrv/domain/scope.h"
#include "shared/base/buf.h"
#include "shared/text/json_out.h"

#define ACT_MAX_BYTES 64 /* around the two names */

enum exchange_right exchange_right_of(const struct exchange_facts *f)
{
    if (f->has_rule)
        return EXCHANGE_RULE;
    if (str_eq(f->client->id.v, f->source_client))
        return EXCHANGE_OWN;
    if (str_given(f->client->resource_server) && str_eq(f->client->resource_server, f->audience))
        return EXCHANGE_AUDIENCE;
    return EXCHANGE_NONE;
}

static str without_money(struct arena *a, str scope)
{
    struct buf out;
    buf_init(&out, a, scope.n);
    str word;
    while (str_next_word(&scope, &word)) {
        if (str_starts(word, STR("pay.")))
            continue;
        if (out.n > 0)
            buf_add_char(&out, ' ');
        buf_add(&out, word);
    }
    return buf_str(&out);
}

str exchange_scope_cap(struct arena *a, const struct exchange_facts *f, enum exchange_right right, str subject_scope)
{
    switch (right) {
    case EXCHANGE_NONE:
        return STR("");
    case EXCHANGE_OWN:
        return subject_scope;
    case EXCHANGE_AUDIENCE:
        return scope_common(a, without_money(a, subject_scope), f->client->meta.scope);
    case EXCHANGE_RULE:
        return scope_common(a, scope_common(a, subject_scope, f->rule_scope), f->client->meta.scope);
    }
    return STR("");
}

bool exchange_audience_allowed(const struct exchange_facts *f, enum exchange_right right, str audience)
{
    if (str_eq(audience, f->audience))
        return true;
    return right == EXCHANGE_RULE && str_given(f->rule_audience) && str_eq(audience, f->rule_audience);
}

bool may_act_allows(const struct json_value *claims, str actor)
{
    const struct json_value *may_act = json_get(claims, "may_act");
    str named;
    return !may_act || (json_get_str(may_act, "sub", &named) && str_eq(named, actor));
}

static size_t act_depth(const struct json_value *act)
{
    size_t n = 0;
    for (; act && n <= ACT_MAX_DEPTH; act = json_get(act, "act"))
        n++;
    return n;
}

bool act_chain(struct arena *a, const struct json_value *claims, str actor, str *ret)
{
    const struct json_value *before = json_get(claims, "act");
    size_t depth = act_depth(before) + (str_given(actor) ? 1 : 0);
    if (depth > ACT_MAX_DEPTH)
        return false;
    str inner = before ? json_canonical(a, before) : STR_NONE;
    *ret = inner;
    if (!str_given(actor))
        return true;
    struct buf out;
    struct json j;
    buf_init(&out, a, ACT_MAX_BYTES + JSON_ESCAPED_MAX * actor.n + inner.n);
    json_begin(&j, &out);
    json_str(&j, "sub", actor);
    if (str_given(inner))
        json_raw(&j, "act", inner);
    json_end(&j);
    *ret = buf_str(&out);
    return true;
}
