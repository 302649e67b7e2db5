/*
 * The program htmlgen. TEXTS are in every language, ENGLISH what is in no other. Pages are in all languages, or "en".
 * Three uses:
 *   htmlgen texts HEADER CODE TEXTS... -- ENGLISH... -- CATALOGUE...
 *   htmlgen pages APP all|en HEADER CODE TEXTS... -- ENGLISH... -- TEMPLATE... -- ASSET...
 *   htmlgen merge TEXTS... -- CATALOGUE...    brings catalogues in step with the texts
 */
#include <stdio.h>

#include "shared/gen/htmlgen.h"

#define ARENA_BLOCK (4u << 20)
#define ARENA_MAX (1u << 30)

/* The words up to "--" or the end; args goes on behind it. */
static int words_before_dashes(char ***args, char ***ret)
{
    int n = 0;
    *ret = *args;
    while ((*args)[n] && !str_eq(str_of((*args)[n]), STR("--")))
        n++;
    *args += n + ((*args)[n] != NULL);
    return n;
}

static bool load_texts(struct arena *a, char ***args, bool only_english, struct texts *ret)
{
    struct gen_complaints c = { 0 };
    char **names;
    int n = words_before_dashes(args, &names);
    bool good = true;
    buf_init(&c.text, a, 65536);
    for (int i = 0; good && i < n; i++) {
        struct gen_file file;
        good = gen_read(a, str_of(names[i]), &file) && texts_parse(a, &file, only_english, &c, ret);
    }
    fprintf(stderr, "%.*s", STR_ARG(buf_str(&c.text)));
    return good;
}

static bool run_texts(struct arena *a, char **args)
{
    struct texts texts = { 0 };
    struct gen_complaints c = { 0 };
    struct buf header, code;
    char **names, **rest = args + 2;
    bool good = load_texts(a, &rest, false, &texts) && load_texts(a, &rest, true, &texts);
    int n = words_before_dashes(&rest, &names);
    struct catalogue *catalogues = arena_array(a, struct catalogue, (size_t)n + 1);
    buf_init(&c.text, a, 65536);
    for (int i = 0; good && i < n; i++) {
        struct gen_file file;
        good = gen_read(a, str_of(names[i]), &file) && catalogue_parse(a, &file, &texts, &c, &catalogues[i]);
    }
    fprintf(stderr, "%.*s", STR_ARG(buf_str(&c.text)));
    if (!good)
        return false;
    buf_init(&header, a, 4u << 20);
    buf_init(&code, a, 16u << 20);
    texts_write(a, &texts, catalogues, (size_t)n, &header, &code);
    return gen_write(a, str_of(args[0]), buf_str(&header)) && gen_write(a, str_of(args[1]), buf_str(&code));
}

static bool run_merge(struct arena *a, char **args)
{
    struct texts texts = { 0 };
    struct gen_complaints c = { 0 };
    bool good = load_texts(a, &args, false, &texts);
    buf_init(&c.text, a, 65536);
    for (char **name = args; good && *name; name++) {
        struct gen_file file;
        struct buf merged;
        buf_init(&merged, a, 4u << 20);
        good = gen_read(a, str_of(*name), &file) && catalogue_merge(a, &file, &texts, &c, &merged) &&
               gen_write(a, str_of(*name), buf_str(&merged));
    }
    fprintf(stderr, "%.*s", STR_ARG(buf_str(&c.text)));
    return good;
}

/* The last part of a path. */
static str base_name(str path)
{
    str rest = path, head;
    while (str_cut(&rest, '/', &head))
        ;
    return rest;
}

static bool take_files(struct arena *a, char **rest, struct htmlgen_input *in)
{
    char **names;
    int n = words_before_dashes(&rest, &names);
    struct gen_file *templates = arena_array(a, struct gen_file, (size_t)n + 1);
    for (int i = 0; i < n; i++)
        if (!gen_read(a, str_of(names[i]), &templates[in->n_templates++]))
            return false;
    n = words_before_dashes(&rest, &names);
    str *assets = arena_array(a, str, (size_t)n + 1);
    for (int i = 0; i < n; i++)
        assets[in->n_assets++] = base_name(str_of(names[i]));
    in->templates = templates;
    in->assets = assets;
    return true;
}

static bool run_pages(struct arena *a, char **args)
{
    struct htmlgen_input in = { .app = str_of(args[0]), .translated = str_eq(str_of(args[1]), STR("all")) };
    struct htmlgen_output out;
    char **rest = args + 4;
    if (!load_texts(a, &rest, false, &in.texts) || !load_texts(a, &rest, true, &in.texts) || !take_files(a, rest, &in))
        return false;
    bool good = htmlgen_run(a, &in, &out);
    fprintf(stderr, "%.*s", STR_ARG(buf_str(&out.complaints.text)));
    return good && gen_write(a, str_of(args[2]), buf_str(&out.header)) &&
           gen_write(a, str_of(args[3]), buf_str(&out.code));
}

int main(int argc, char **argv)
{
    struct arena *a = arena_create(ARENA_BLOCK, ARENA_MAX);
    str what = argc > 1 ? str_of(argv[1]) : STR("");
    bool good = false;
    if (argc >= 5 && str_eq(what, STR("texts")))
        good = run_texts(a, argv + 2);
    else if (argc >= 7 && str_eq(what, STR("pages")))
        good = run_pages(a, argv + 2);
    else if (argc >= 4 && str_eq(what, STR("merge")))
        good = run_merge(a, argv + 2);
    else
        fprintf(stderr,
                "usage: htmlgen texts HEADER CODE TEXTS... -- ENGLISH... -- CATALOGUE...\n"
                "       htmlgen pages APP all|en HEADER CODE TEXTS... -- ENGLISH... -- TEMPLATE... -- ASSET...\n"
                "       htmlgen merge TEXTS... -- CATALOGUE...\n");
    arena_destroy(a);
    return good ? 0 : 1;
}
