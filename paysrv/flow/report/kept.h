/* Members of a document that was kept, as papers read them; one that is not there is empty. */
#pragma once

#include "shared/base/instant.h"
#include "shared/text/json_in.h"

str kept_text(const struct json_value *of, const char *name); /* absent: there is none */
int64_t kept_sum(const struct json_value *of, const char *name);
instant kept_moment(const struct json_value *of, const char *name);
