/* The declared inputs of a route: from a form or a JSON object into the route's own struct. Private to shared/http. */
#pragma once

#include "shared/http/endpoint.h"

/* Where the table's fields come from: exactly one of the two is set. */
struct param_source {
    const struct form *form;
    const struct json_value *object;
};

struct param_rules {
    bool ignore_unknown;
    const char *also; /* a form field that the route itself was chosen by; NULL: none */
};

/* Fills the struct at `in`; the failure names the field, dotted for inner ones, and says what is allowed. */
MUST_USE err params_read(struct task *t, const struct param *params, size_t n, const struct param_source *source,
                         const struct param_rules *rules, void *in);
/* NULL when the table is sound; otherwise what is wrong with it. */
const char *params_fault(const struct param *params, size_t n, bool json_body);
