/*
 * The program htmlgen. Two uses:
 *   htmlgen texts HEADER CODE TEXTS
 *   htmlgen pages APP HEADER CODE TEXTS TEMPLATE... -- ASSET...
 */
#include <stdio.h>

#include "shared/gen/htmlgen.h"

#define ARENA_BLOCK (4u << 20)
#define ARENA_MAX (1u << 30)

static bool load_texts(struct arena *a, const char *path, struct text_entry **entries, size_t *n)
{
    struct gen_file file;
    struct gen_complaints c = { 0 };
    buf_init(&c.text, a, 65536);
    if (!gen_read(a, str_of(path), &file))
        return false;
    bool good = texts_parse(a, &file, &c, entries, n);
    fprintf(stderr, "%.*s", STR_ARG(buf_str(&c.text)));
    return good;
}

static bool run_texts(struct arena *a, char **args)
{
    struct text_entry *entries;
    size_t n;
    struct buf header, code;
    buf_init(&header, a, 4u << 20);
    buf_init(&code, a, 4u << 20);
    if (!load_texts(a, args[2], &entries, &n))
        return false;
    texts_write(a, entries, n, &header, &code);
    return gen_write(a, str_of(args[0]), buf_str(&header)) && gen_write(a, str_of(args[1]), buf_str(&code));
}

static const str *keys_of(struct arena *a, const struct text_entry *entries, size_t n)
{
    str *keys = arena_array(a, str, n + 1);
    for (size_t i = 0; i < n; i++)
        keys[i] = entries[i].key;
    return keys;
}

/* The last part of a path. */
static str base_name(str path)
{
    str rest = path, head;
    while (str_cut(&rest, '/', &head))
        ;
    return rest;
}

/* Templates stand before "--", assets after it. */
static bool take_files(struct arena *a, int n, char **names, struct htmlgen_input *in)
{
    struct gen_file *templates = arena_array(a, struct gen_file, (size_t)n + 1);
    str *assets = arena_array(a, str, (size_t)n + 1);
    bool after = false;
    for (int i = 0; i < n; i++) {
        str name = str_of(names[i]);
        if (str_eq(name, STR("--")))
            after = true;
        else if (after)
            assets[in->n_assets++] = base_name(name);
        else if (!gen_read(a, name, &templates[in->n_templates++]))
            return false;
    }
    in->templates = templates;
    in->assets = assets;
    return true;
}

static bool run_pages(struct arena *a, int n, char **args)
{
    struct text_entry *entries;
    size_t n_entries;
    if (!load_texts(a, args[3], &entries, &n_entries))
        return false;
    struct htmlgen_input in = { .app = str_of(args[0]), .keys = keys_of(a, entries, n_entries), .n_keys = n_entries };
    struct htmlgen_output out;
    if (!take_files(a, n - 4, args + 4, &in))
        return false;
    bool good = htmlgen_run(a, &in, &out);
    fprintf(stderr, "%.*s", STR_ARG(buf_str(&out.complaints.text)));
    return good && gen_write(a, str_of(args[1]), buf_str(&out.header)) &&
           gen_write(a, str_of(args[2]), buf_str(&out.code));
}

int main(int argc, char **argv)
{
    struct arena *a = arena_create(ARENA_BLOCK, ARENA_MAX);
    str what = argc > 1 ? str_of(argv[1]) : STR("");
    bool good = false;
    if (argc == 5 && str_eq(what, STR("texts")))
        good = run_texts(a, argv + 2);
    else if (argc > 5 && str_eq(what, STR("pages")))
        good = run_pages(a, argc - 2, argv + 2);
    else
        fprintf(stderr, "usage: htmlgen texts HEADER CODE TEXTS\n"
                        "       htmlgen pages APP HEADER CODE TEXTS TEMPLATE... -- ASSET...\n");
    arena_destroy(a);
    return good ? 0 : 1;
}
