/* A split profile as JSON: how it is stored and how the API shows it. */
#pragma once

#include "paysrv/domain/stores/split.h"
#include "shared/base/arena.h"
#include "shared/text/json_out.h"

/* The member "rules" of an open object. What a rule does not have is left out. */
void split_rules_write(struct json *j, const struct split_profile *profile);
/* {"rules":[...]}: the same text for the same rules. */
str split_rules_text(struct arena *a, const struct split_profile *profile);
/* Reads what split_rules_text wrote; what somebody else wrote is judged by split_judge after that. */
bool split_rules_parse(struct arena *a, str text, struct split_profile *ret);
