/* The tree behind json_in.h; private to this folder. */
#pragma once

#include "shared/text/json_in.h"

struct json_value {
    enum json_kind kind;
    union {
        str text;
        int64_t integer;
        double real;
        bool truth;
        struct {
            size_t n;
            struct json_value *values;
            str *keys; /* NULL for arrays */
        } items;
    };
};
