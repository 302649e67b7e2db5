/*
 * The program assetgen: files to C arrays, each under a name with the hash of its content, so that browsers may keep it
 * for ever. Files after "--" keep their name under /js/, which partners write into their pages.
 *   assetgen HEADER CODE ASSET... -- SCRIPT...
 */
#include <stdint.h>
#include <stdio.h>

#include "shared/gen/gen_text.h"

#define CODE_MAX_BYTES (64u << 20)

struct asset_file {
    str name, url, type, text;
};

static const struct {
    const char *ending, *type;
} types[] = {
    { ".css", "text/css; charset=utf-8" },
    { ".js", "text/javascript; charset=utf-8" },
    { ".svg", "image/svg+xml" },
    { ".png", "image/png" },
    { ".woff2", "font/woff2" },
    { ".ico", "image/x-icon" },
};

static str type_of(str name)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (str_ends(name, str_of(types[i].ending)))
            return str_of(types[i].type);
    }
    return STR_NONE;
}

/* FNV-1a, 64 bits: tells versions of one file apart; nobody attacks it, the files are ours. */
static uint64_t hash_of(str text)
{
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < text.n; i++)
        h = (h ^ (unsigned char)text.p[i]) * 1099511628211u;
    return h;
}

static str base_name(str path)
{
    str rest = path, head;
    while (str_cut(&rest, '/', &head))
        ;
    return rest;
}

/* auth.css -> /assets/auth.0123456789abcdef.css */
static str hashed_url(struct arena *a, str name, str text)
{
    str ending = name, stem;
    size_t stem_bytes = 0;
    while (str_cut(&ending, '.', &stem))
        stem_bytes = (size_t)(ending.p - name.p) - 1;
    return arena_printf(a, "/assets/%.*s.%016llx.%.*s", (int)stem_bytes, name.p, (unsigned long long)hash_of(text),
                        STR_ARG(ending));
}

static bool asset_load(struct arena *a, str path, bool is_script, struct asset_file *ret)
{
    struct gen_file file;
    if (!gen_read(a, path, &file))
        return false;
    ret->name = base_name(path);
    ret->text = file.text;
    ret->type = type_of(ret->name);
    ret->url = is_script ? arena_printf(a, "/js/%.*s", STR_ARG(ret->name)) : hashed_url(a, ret->name, file.text);
    if (!str_given(ret->type))
        fprintf(stderr, "%.*s:1: no content type is known for this ending (css, js, svg, png, woff2, ico)\n",
                STR_ARG(path));
    return str_given(ret->type);
}

static void header_write(struct arena *a, const struct asset_file *files, size_t n, struct buf *out)
{
    buf_add(out, STR("/* Made by assetgen from web/assets and web/embed. Do not edit. */\n#pragma once\n\n"
                     "#include \"shared/http/assets.h\"\n\n"));
    for (size_t i = 0; i < n; i++)
        buf_printf(out, "#define ASSET_URL_%.*s \"%.*s\"\n", STR_ARG(gen_upper(a, files[i].name)),
                   STR_ARG(files[i].url));
    buf_add(out,
            STR("\n/* The path of web/assets/NAME; absent when there is no such file. */\nstr asset_url(str name);\n"));
}

static void code_write(const struct asset_file *files, size_t n, struct buf *out)
{
    buf_add(
        out,
        STR("/* Made by assetgen from web/assets and web/embed. Do not edit. */\n#include \"web/assets.h\"\n\n"
            "#include <stddef.h>\n\nstatic const struct {\n    str name;\n    struct asset asset;\n} assets[] = {\n"));
    for (size_t i = 0; i < n; i++) {
        const struct asset_file *f = &files[i];
        buf_printf(out, "    { { \"%.*s\", %zu }, { { \"%.*s\", %zu }, { \"%.*s\", %zu }, { \"", STR_ARG(f->name),
                   f->name.n, STR_ARG(f->url), f->url.n, STR_ARG(f->type), f->type.n);
        gen_c_literal(out, f->text);
        buf_printf(out, "\", %zu } } },\n", f->text.n);
    }
    buf_add(out, STR("};\n\nconst struct asset *asset_find(str path)\n{\n"
                     "    for (size_t i = 0; i < sizeof assets / sizeof assets[0]; i++) {\n"
                     "        if (str_eq(assets[i].asset.path, path))\n            return &assets[i].asset;\n    }\n"
                     "    return NULL;\n}\n\nstr asset_url(str name)\n{\n"
                     "    for (size_t i = 0; i < sizeof assets / sizeof assets[0]; i++) {\n"
                     "        if (str_eq(assets[i].name, name))\n            return assets[i].asset.path;\n    }\n"
                     "    return STR_NONE;\n}\n"));
}

static bool run(struct arena *a, int n, char **args)
{
    struct asset_file *files = arena_array(a, struct asset_file, (size_t)n);
    size_t n_files = 0;
    bool is_script = false;
    for (int i = 2; i < n; i++) {
        str path = str_of(args[i]);
        if (str_eq(path, STR("--")))
            is_script = true;
        else if (!asset_load(a, path, is_script, &files[n_files++]))
            return false;
    }
    struct buf header, code;
    buf_init(&header, a, CODE_MAX_BYTES);
    buf_init(&code, a, CODE_MAX_BYTES);
    header_write(a, files, n_files, &header);
    code_write(files, n_files, &code);
    return gen_write(a, str_of(args[0]), buf_str(&header)) && gen_write(a, str_of(args[1]), buf_str(&code));
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: assetgen HEADER CODE ASSET... -- SCRIPT...\n");
        return 1;
    }
    struct arena *a = arena_create(4u << 20, 1u << 30);
    bool good = run(a, argc - 1, argv + 1);
    arena_destroy(a);
    return good ? 0 : 1;
}
