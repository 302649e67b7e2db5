/* What members of schemas mean, by their places. See shape.h. */
#include <stdlib.h>
#include <string.h>

#include "shared/text/shape.h"

static int row_compare(const void *key, const void *row)
{
    return strcmp(key, ((const struct meaning *)row)->of);
}

static const char *meaning_find(const struct meanings *m, const char *of)
{
    const struct meaning *row = m->n ? bsearch(of, m->rows, m->n, sizeof *m->rows, row_compare) : NULL;
    return row ? row->says : NULL;
}

static const char *meaning_from(struct arena *a, const struct schema_place *at, const char *base, str name)
{
    if (!base)
        return NULL;
    return meaning_find(at->meanings, arena_printf(a, "%s.%.*s%.*s", base, STR_ARG(at->path), STR_ARG(name)).p);
}

/* "terms.split.amount", then "split.amount", then "amount". */
static const char *meaning_by_end(struct arena *a, const struct schema_place *at, str name)
{
    const char *end = arena_printf(a, "%.*s%.*s", STR_ARG(at->path), STR_ARG(name)).p, *says = NULL;
    while (end && !(says = meaning_find(at->meanings, end))) {
        end = strchr(end, '.');
        end = end ? end + 1 : NULL;
    }
    return says;
}

void meaning_write(struct json *j, const struct schema_place *at, str name)
{
    struct arena *a = j->out->arena;
    if (!at->meanings)
        return;
    const char *says = meaning_from(a, at, at->operation, name);
    if (!says)
        says = meaning_from(a, at, at->object, name);
    if (!says)
        says = meaning_by_end(a, at, name);
    json_str(j, "description", str_of(says));
}

struct schema_place schema_inside(struct arena *a, const struct schema_place *at, str name)
{
    struct schema_place inside = *at;
    inside.path = arena_printf(a, "%.*s%.*s.", STR_ARG(at->path), STR_ARG(name));
    return inside;
}
