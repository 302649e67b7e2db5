/*
 * The program meangen: what members and parameters of an API mean, as the table that /openapi.json looks them up in
 * (shared/text/shape.h).
 *   meangen NAME TEXTS HEADER CODE
 */
#include <stdio.h>

#include "shared/gen/meangen.h"

#define CODE_MAX_BYTES (4u << 20)

static bool run(struct arena *a, const char *name, str texts, str header, str code)
{
    struct gen_complaints c = { .any = false };
    struct gen_file file;
    struct buf declared, out;
    buf_init(&c.text, a, 4096);
    buf_init(&declared, a, 4096);
    buf_init(&out, a, CODE_MAX_BYTES);
    if (!gen_read(a, texts, &file))
        return false;
    bool good = meanings_make(a, name, &file, &c, &declared, &out);
    fprintf(stderr, "%.*s", STR_ARG(buf_str(&c.text)));
    return good && gen_write(a, header, buf_str(&declared)) && gen_write(a, code, buf_str(&out));
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: meangen NAME TEXTS HEADER CODE\n");
        return 1;
    }
    struct arena *a = arena_create(1u << 20, 64u << 20);
    bool good = run(a, argv[1], str_of(argv[2]), str_of(argv[3]), str_of(argv[4]));
    arena_destroy(a);
    return good ? 0 : 1;
}
