/* Directives are names without regard to case, some with a value that may stand in quotes. See max_age.h. */
#include "shared/net/max_age.h"

#include "shared/base/num.h"

static str trimmed(str s)
{
    while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
        s = (str){ s.p + 1, s.n - 1 };
    while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
        s.n--;
    return s;
}

static int64_t age_read(str value)
{
    int64_t age;
    if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
        value = (str){ value.p + 1, value.n - 2 };
    return num_parse(value, &age) && age >= 0 ? age : 0;
}

int64_t max_age_seconds(str cache_control)
{
    int64_t ret = MAX_AGE_UNSAID;
    while (cache_control.n) {
        str one, name;
        if (!str_cut(&cache_control, ',', &one)) {
            one = cache_control;
            cache_control = STR_NONE;
        }
        str value = trimmed(one);
        if (str_eq_nocase(value, STR("no-store")) || str_eq_nocase(value, STR("no-cache")))
            return 0;
        if (str_cut(&value, '=', &name) && str_eq_nocase(name, STR("max-age")))
            ret = age_read(value);
    }
    return ret;
}

int64_t max_age_within(str cache_control, const struct max_age_bounds *bounds)
{
    int64_t age = max_age_seconds(cache_control);
    if (age == MAX_AGE_UNSAID)
        return bounds->unsaid;
    return age < bounds->least ? bounds->least : age > bounds->most ? bounds->most : age;
}
