/* Loads a declared configuration: defaults, then the INI file, then the environment. Every mistake is reported. */
#include "shared/ops/config.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>

#include "shared/ops/config_value.h"

extern char **environ;

#define LINE_MAX_BYTES 198 /* libinih reads into 200 bytes and would cut what is longer */

struct loading {
    struct arena *a;
    const struct config_item *items;
    size_t n;
    void *ret;
    bool *seen;
    const char *path;
    FILE *complaints;
    FILE *file;
    int line;
    bool failed;
};

static const struct config_item *item_find(const struct loading *l, str name)
{
    for (size_t i = 0; i < l->n; i++)
        if (str_eq(str_of(l->items[i].name), name))
            return &l->items[i];
    return NULL;
}

static void complain(struct loading *l, str place, const struct config_item *item, str why)
{
    l->failed = true;
    if (str_given(why))
        fprintf(l->complaints, "%.*s: %s: %.*s\n", STR_ARG(place), item->name, STR_ARG(why));
    str allowed = config_value_allowed(l->a, item);
    fprintf(l->complaints, "%.*s: %s must be %.*s (%s)\n", STR_ARG(place), item->name, STR_ARG(allowed), item->help);
}

static void value_take(struct loading *l, str place, const struct config_item *item, str text)
{
    str why;
    l->seen[item - l->items] = true;
    if (!config_value_set(l->a, item, text, l->ret, &why))
        complain(l, place, item, why);
}

static int file_entry(void *user, const char *section, const char *name, const char *value)
{
    struct loading *l = user;
    str place = arena_printf(l->a, "%s:%d", l->path, l->line);
    const struct config_item *item = item_find(l, str_of(name));
    if (section[0] || !item) {
        l->failed = true;
        fprintf(l->complaints, "%.*s: unknown %s %s; --help lists the keys\n", STR_ARG(place),
                section[0] ? "section" : "key", section[0] ? section : name);
        return 1;
    }
    if (l->seen[item - l->items]) {
        l->failed = true;
        fprintf(l->complaints, "%.*s: %s is given twice\n", STR_ARG(place), name);
        return 1;
    }
    value_take(l, place, item, str_of(value ? value : ""));
    return 1;
}

/* Counts the lines, which libinih keeps to itself, and takes leading space away so that it glues no lines together. */
static char *file_line(char *line, int size, void *stream)
{
    struct loading *l = stream;
    char *got = fgets(line, size, l->file);
    if (!got)
        return NULL;
    l->line++;
    if (strlen(line) > LINE_MAX_BYTES) {
        l->failed = true;
        fprintf(l->complaints, "%s:%d: a line may have %d bytes; use the environment for longer values\n", l->path,
                l->line, LINE_MAX_BYTES);
        return NULL;
    }
    size_t indent = strspn(line, " \t");
    memmove(line, line + indent, strlen(line + indent) + 1);
    return got;
}

static void file_load(struct loading *l)
{
    l->file = fopen(l->path, "re");
    if (!l->file) {
        l->failed = true;
        fprintf(l->complaints, "%s: cannot be opened: %s\n", l->path, strerror(errno));
        return;
    }
    int bad_line = ini_parse_stream(file_line, l, file_entry, l);
    fclose(l->file);
    if (bad_line) {
        l->failed = true;
        fprintf(l->complaints, "%s:%d: not a line of the form key = value\n", l->path, bad_line);
    }
}

static str lower(struct arena *a, str s)
{
    char *p = arena_alloc(a, s.n);
    for (size_t i = 0; i < s.n; i++)
        p[i] = (char)tolower((unsigned char)s.p[i]);
    return (str){ p, s.n };
}

static void environment_load(struct loading *l, const char *prefix)
{
    str start = arena_printf(l->a, "%s_", prefix);
    for (char **entry = environ; *entry; entry++) {
        str value = str_of(*entry), name;
        if (!str_starts(value, start) || !str_cut(&value, '=', &name))
            continue;
        const struct config_item *item = item_find(l, lower(l->a, (str){ name.p + start.n, name.n - start.n }));
        if (item) {
            value_take(l, name, item, value);
            continue;
        }
        l->failed = true;
        fprintf(l->complaints, "%.*s: unknown environment variable; --help lists the keys\n", STR_ARG(name));
    }
}

bool config_load(struct arena *a, const struct config_item *items, size_t n, const char *path, const char *prefix,
                 void *ret, FILE *complaints)
{
    struct loading l = { .a = a, .items = items, .n = n, .ret = ret, .path = path, .complaints = complaints };
    l.seen = arena_array(a, bool, n);
    if (path)
        file_load(&l);
    environment_load(&l, prefix);
    for (size_t i = 0; i < n; i++)
        if (!l.seen[i])
            value_take(&l, path ? str_of(path) : STR("configuration"), &items[i], str_of(items[i].fallback));
    return !l.failed;
}

void config_help(const struct config_item *items, size_t n, const char *prefix, FILE *out)
{
    struct arena *a = arena_create(4096, 1 << 20);
    for (size_t i = 0; i < n; i++) {
        const struct config_item *item = &items[i];
        str allowed = config_value_allowed(a, item);
        bool required = item->low > 0 && !item->fallback[0];
        fprintf(out, "  %-30s %s\n", item->name, item->help);
        fprintf(out, "  %-30s %.*s; %s%s; environment %s_", "", STR_ARG(allowed), required ? "required" : "default ",
                required ? "" : (item->fallback[0] ? item->fallback : "empty"), prefix);
        for (const char *c = item->name; *c; c++)
            fputc(toupper((unsigned char)*c), out);
        fputc('\n', out);
    }
    arena_destroy(a);
}
