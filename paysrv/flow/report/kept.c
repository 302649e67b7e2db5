/* See kept.h. */
#include "paysrv/flow/report/kept.h"

str kept_text(const struct json_value *of, const char *name)
{
    str text = STR_NONE;
    json_get_str(of, name, &text);
    return text;
}

int64_t kept_sum(const struct json_value *of, const char *name)
{
    int64_t minor = 0;
    json_get_i64(of, name, &minor);
    return minor;
}

instant kept_moment(const struct json_value *of, const char *name)
{
    instant at = { 0 };
    (void)instant_parse(kept_text(of, name), &at);
    return at;
}
