/* See compose.h. */
#include "shared/text/compose.h"

#include <stdlib.h>
#include <utf8proc.h>

str text_composed(struct arena *a, str text)
{
    utf8proc_uint8_t *made = NULL;
    utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)text.p, (utf8proc_ssize_t)text.n, &made,
                                      UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    if (n < 0)
        return text;
    str kept = arena_str(a, (str){ (const char *)made, (size_t)n });
    free(made);
    return kept;
}
