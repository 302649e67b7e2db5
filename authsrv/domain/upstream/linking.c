/* See linking.h. */
#include "authsrv/domain/upstream/linking.h"

#define SUBJECT_MAX_BYTES 255

bool link_is_offered(const struct offer_facts *f)
{
    return f->email_is_anothers && f->email_verified;
}

enum link_verdict link_judge(const struct link_facts *f)
{
    if (!f->is_proven)
        return LINK_UNPROVEN;
    if (f->has_owner)
        return f->is_own ? LINK_ALREADY : LINK_TAKEN;
    return f->has_password && !f->email_verified ? LINK_UNVERIFIED : LINK_GOOD;
}

static bool is_subject(str s)
{
    return s.n > 0 && s.n <= SUBJECT_MAX_BYTES;
}

bool subject_map_read(struct arena *a, const struct json_value *map, str **old_subjects, str **new_subjects, size_t *n,
                      str *explain)
{
    const struct json_value *value;
    size_t size = json_kind(map) == JSON_OBJECT ? json_size(map) : 0;
    *explain = STR("an object of 1 to 1000 members, \"old subject\": \"new subject\"");
    if (size == 0 || size > SUBJECT_MAP_MAX)
        return false;
    str *from = arena_array(a, str, size), *to = arena_array(a, str, size);
    for (size_t i = 0; i < size; i++)
        if (!json_member(map, i, &from[i], &value) || !json_is_str(value, &to[i]) || !is_subject(from[i]) ||
            !is_subject(to[i])) {
            *explain = STR("subjects are texts of 1 to 255 bytes");
            return false;
        }
    *old_subjects = from;
    *new_subjects = to;
    *n = size;
    return true;
}
