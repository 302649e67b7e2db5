/*
 * Rules for JSON values, a small part of JSON Schema: type (object, array, string, integer, boolean), properties,
 * required, items, enum (of strings), minLength, maxLength, minimum, maximum, maxItems, format (currency, uri).
 * Objects have no other members than properties names. Lengths are characters.
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/text/json_in.h"

struct rule_problem {
    str path;    /* "amount", "actions[2]" */
    str explain; /* what is allowed there */
};

/* Whether the rules themselves can be understood; an unknown word would be a rule that nobody keeps. */
bool json_rules_valid(struct arena *a, const struct json_value *rules, struct rule_problem *problem);
/* Whether a value keeps valid rules. */
bool json_rules_keep(struct arena *a, const struct json_value *rules, const struct json_value *value,
                     struct rule_problem *problem);
