/* See zones.h. */
#include "tests/support/zones.h"

#include "shared/base/buf.h"

static str file_read(struct arena *a, const char *path)
{
    char chunk[4096];
    struct buf all;
    size_t n;
    FILE *f = fopen(path, "rb");
    if (!f)
        test_fail(__FILE__, __LINE__, "no file %s", path);
    buf_init(&all, a, 1 << 20);
    while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
        buf_add(&all, (str){ chunk, n });
    fclose(f);
    return buf_str(&all);
}

str zones_file(struct arena *a, str name)
{
    return file_read(a, arena_cstr(a, arena_printf(a, "/usr/share/zoneinfo/%.*s", STR_ARG(name))));
}

const struct zone *zones_load(struct arena *a, str name)
{
    const struct zone *zone = NULL;
    CHECK(zone_parse(a, bytes_of(zones_file(a, name)), &zone));
    return zone;
}

str zones_list(struct arena *a)
{
    str rest = file_read(a, "/usr/share/zoneinfo/zone1970.tab"), line, cell;
    struct buf names;
    buf_init(&names, a, 1 << 16);
    while (str_cut(&rest, '\n', &line)) {
        if (line.n == 0 || line.p[0] == '#' || !str_cut(&line, '\t', &cell) || !str_cut(&line, '\t', &cell))
            continue;
        if (!str_cut(&line, '\t', &cell))
            cell = line;
        buf_printf(&names, "%.*s\n", STR_ARG(cell));
    }
    return buf_str(&names);
}
