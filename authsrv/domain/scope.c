/* Scopes as sets of words, and the resource that a set belongs to (RFC 8707). */
#include "authsrv/domain/scope.h"

#include "shared/base/buf.h"

#define SCOPE_MAX_BYTES 4096

bool scope_is_wellformed(str scope)
{
    if (scope.n > SCOPE_MAX_BYTES)
        return false;
    for (size_t i = 0; i < scope.n; i++) {
        unsigned char c = (unsigned char)scope.p[i];
        if (c < 0x20 || c > 0x7e || c == '"' || c == '\\')
            return false;
    }
    return true;
}

str scope_beyond(str have, str want)
{
    str word;
    while (str_next_word(&want, &word))
        if (!str_has_word(have, word))
            return word;
    return STR_NONE;
}

bool scope_covers(str have, str want)
{
    return !str_given(scope_beyond(have, want));
}

static void add_word(struct buf *out, str word)
{
    if (str_has_word(buf_str(out), word))
        return;
    if (out->n > 0)
        buf_add_char(out, ' ');
    buf_add(out, word);
}

str scope_common(struct arena *a, str want, str allowed)
{
    struct buf out;
    buf_init(&out, a, want.n);
    str word;
    while (str_next_word(&want, &word))
        if (str_has_word(allowed, word))
            add_word(&out, word);
    return buf_str(&out);
}

str scope_without(struct arena *a, str scope, str word)
{
    struct buf out;
    buf_init(&out, a, scope.n);
    str one;
    while (str_next_word(&scope, &one))
        if (!str_eq(one, word))
            add_word(&out, one);
    return buf_str(&out);
}

str scope_union(struct arena *a, str one, str other)
{
    struct buf out;
    buf_init(&out, a, one.n + other.n + 1);
    str word;
    while (str_next_word(&one, &word))
        add_word(&out, word);
    while (str_next_word(&other, &word))
        add_word(&out, word);
    return buf_str(&out);
}

static str owner_of(str word, const struct scope_owner *owners, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(owners[i].scope, word))
            return owners[i].audience;
    return STR_NONE;
}

static bool is_audience(str resource, const struct scope_owner *owners, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(owners[i].audience, resource))
            return true;
    return false;
}

static bool resources_known(str resources, str issuer, const struct scope_owner *owners, size_t n)
{
    str word;
    while (str_next_word(&resources, &word))
        if (!str_eq(word, issuer) && !is_audience(word, owners, n))
            return false;
    return true;
}

enum target_verdict scope_target(struct arena *a, str scope, str resources, str issuer,
                                 const struct scope_owner *owners, size_t n_owners, str *ret_scope, str *ret_audience)
{
    if (!resources_known(resources, issuer, owners, n_owners))
        return TARGET_UNKNOWN;
    str audience = resources, word;
    struct buf kept;
    buf_init(&kept, a, scope.n);
    while (str_next_word(&scope, &word)) {
        str owner = owner_of(word, owners, n_owners);
        if (str_given(owner) && str_given(resources) && !str_has_word(resources, owner))
            continue;
        if (str_given(owner) && str_given(audience) && !str_has_word(audience, owner))
            return TARGET_AMBIGUOUS;
        if (str_given(owner) && !str_given(resources))
            audience = owner;
        add_word(&kept, word);
    }
    *ret_scope = buf_str(&kept);
    *ret_audience = str_given(audience) ? audience : issuer;
    return TARGET_GOOD;
}

enum target_verdict scope_for(struct arena *a, str scope, str audiences, str resource, const struct scope_owner *owners,
                              size_t n_owners, str *ret_scope, str *ret_audience)
{
    str rest = audiences, first, word;
    if (!str_next_word(&rest, &first))
        return TARGET_UNKNOWN;
    if (str_given(resource) ? !str_has_word(audiences, resource) : rest.n > 0)
        return str_given(resource) ? TARGET_UNKNOWN : TARGET_AMBIGUOUS;
    str audience = str_given(resource) ? resource : first;
    struct buf kept;
    buf_init(&kept, a, scope.n);
    while (str_next_word(&scope, &word)) {
        str owner = owner_of(word, owners, n_owners);
        if (!str_given(owner) || str_eq(owner, audience))
            add_word(&kept, word);
    }
    *ret_scope = buf_str(&kept);
    *ret_audience = audience;
    return TARGET_GOOD;
}

str scope_for_strangers(struct arena *a, str want, const struct scope_owner *owners, size_t n_owners)
{
    str allowed = STR(STANDARD_SCOPES);
    for (size_t i = 0; i < n_owners; i++)
        if (owners[i].is_open && str_has_word(want, owners[i].scope))
            allowed = scope_union(a, allowed, owners[i].scope);
    return scope_common(a, want, allowed);
}
