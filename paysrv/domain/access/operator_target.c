/* See operator_target.h. */
#include "paysrv/domain/access/operator_target.h"

/* Only what a request line carries; a browser reads a backslash as a slash. */
static bool is_raw(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] > '~' || s.p[i] == '\\')
            return false;
    return true;
}

bool operator_target_is(str target)
{
    const str root = STR("/operator"), login = STR("/operator/login");
    if (!str_starts(target, root) || str_starts(target, login) || target.n > OPERATOR_TARGET_MAX_BYTES)
        return false;
    bool ends = target.n == root.n || target.p[root.n] == '/' || target.p[root.n] == '?';
    return ends && is_raw(target);
}
