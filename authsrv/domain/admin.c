/* See admin.h. */
#include "authsrv/domain/admin.h"

#include "authsrv/domain/scope.h"

bool role_is_known(str role)
{
    return scope_covers(STR("user accountant operator admin"), role) && role.n > 0 && !memchr(role.p, ' ', role.n);
}

bool scope_goes_by_role(str scope)
{
    str word;
    while (str_next_word(&scope, &word))
        if (str_ends(word, STR(".operator")) || str_ends(word, STR(".operator.read")) ||
            str_starts(word, STR("auth.admin.")))
            return true;
    return false;
}

str admin_scopes_of_role(str role)
{
    if (str_eq(role, STR("admin")))
        return STR(ADMIN_SCOPES);
    return str_eq(role, STR("operator")) ? STR(ADMIN_READ) : STR("");
}

bool admin_may(str scope, str area, bool writes)
{
    return str_has_word(scope, area) || (!writes && str_has_word(scope, STR(ADMIN_READ)));
}

bool admin_may_touch(str scope, str role)
{
    return scope_covers(scope, admin_scopes_of_role(role));
}

bool admin_may_give(str scope, str given)
{
    str word;
    while (str_next_word(&given, &word))
        if (scope_covers(STR(ADMIN_SCOPES), word) && !str_has_word(scope, word))
            return false;
    return true;
}

static bool list_has(const struct text_list *list, str item)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->items[i], item))
            return true;
    return false;
}

bool tenant_may_give(const struct client *own, const struct client_metadata *given, str *member)
{
    str word, rest = given->scope;
    *member = STR("scope");
    while (str_next_word(&rest, &word))
        if (!str_has_word(own->meta.scope, word) && !str_has_word(STR(STANDARD_SCOPES), word))
            return false;
    *member = STR("authorization_details_types");
    for (size_t i = 0; i < given->authorization_details_types.n; i++)
        if (!list_has(&own->meta.authorization_details_types, given->authorization_details_types.items[i]))
            return false;
    return true;
}
