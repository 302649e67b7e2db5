/* See split_json.h. */
#include "paysrv/domain/stores/split_json.h"

#include "shared/text/json_in.h"
#include "shared/text/shape.h"

#define RULES_MAX_BYTES 8192

static void units_write(struct json *j, const char *key, int64_t minor)
{
    if (minor)
        json_i64(j, key, minor);
}

SHAPE(split_rule, "SplitRule",
      "party: 'platform' | 'partner' | 'seller' | 'user', user?: string, rest?: boolean, bp?: "
      "integer, fixed?: integer, min?: integer, cap?: integer, on_refund?: 'pro_rata' | 'full' | "
      "'none'")

static void rule_write(struct json *j, const struct split_rule *r)
{
    json_object(j, NULL);
    json_str(j, "party", split_party_name(r->party));
    json_str(j, "user", r->user);
    if (r->is_rest) {
        json_bool(j, "rest", true);
    } else {
        json_i64(j, "bp", r->bp);
        units_write(j, "fixed", r->fixed_minor);
        units_write(j, "min", r->min_minor);
        units_write(j, "cap", r->cap_minor);
        json_str(j, "on_refund", split_return_name(r->on_refund));
    }
    json_close(j);
}

void split_rules_write(struct json *j, const struct split_profile *profile)
{
    json_array(j, "rules");
    for (size_t i = 0; i < profile->n; i++)
        rule_write(j, &profile->rules[i]);
    json_close(j);
}

str split_rules_text(struct arena *a, const struct split_profile *profile)
{
    struct buf b;
    struct json j;
    buf_init(&b, a, RULES_MAX_BYTES);
    json_begin(&j, &b);
    split_rules_write(&j, profile);
    json_end(&j);
    return buf_str(&b);
}

static bool rule_parse(const struct json_value *v, struct split_rule *ret)
{
    str party, on_refund;
    int64_t bp = 0;
    *ret = (struct split_rule){ .on_refund = RETURN_PRO_RATA };
    if (!json_get_str(v, "party", &party) || !split_party_parse(party, &ret->party))
        return false;
    (void)json_get_str(v, "user", &ret->user);
    (void)json_get_bool(v, "rest", &ret->is_rest);
    (void)json_get_i64(v, "bp", &bp);
    (void)json_get_i64(v, "fixed", &ret->fixed_minor);
    (void)json_get_i64(v, "min", &ret->min_minor);
    (void)json_get_i64(v, "cap", &ret->cap_minor);
    if (bp < 0 || bp > SPLIT_BP)
        return false;
    ret->bp = (int32_t)bp;
    return !json_get_str(v, "on_refund", &on_refund) || split_return_parse(on_refund, &ret->on_refund);
}

bool split_rules_parse(struct arena *a, str text, struct split_profile *ret)
{
    const struct json_value *document, *rules;
    struct split_profile read = { .n = 0 };
    if (!json_parse(a, text, &document))
        return false;
    rules = json_get(document, "rules");
    if (!rules || json_size(rules) > SPLIT_RULES_MAX)
        return false;
    for (; read.n < json_size(rules); read.n++)
        if (!rule_parse(json_item(rules, read.n), &read.rules[read.n]))
            return false;
    *ret = read;
    return true;
}
