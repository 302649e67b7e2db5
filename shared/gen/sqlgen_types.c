/* The types that SQL files may name: the built-in table of docs/generators.md and the application's newtypes. */
#include "shared/gen/sqlgen.h"

#include <stdarg.h>

static const struct sql_type builtin[] = {
    { STR("text"), "str", "DB_TEXT", "text", "text", true, NULL, false },
    { STR("i64"), "int64_t", "DB_I64", "int8", "i64", false, NULL, false },
    { STR("i32"), "int32_t", "DB_I32", "int4", "i64", false, NULL, false },
    { STR("bool"), "bool", "DB_BOOL", "bool", "yes", false, NULL, false },
    { STR("bytes"), "bytes", "DB_BYTES", "bytea", "bin", true, NULL, false },
    { STR("digest"), "digest", "DB_DIGEST", "bytea", "dig", false, NULL, false },
    { STR("instant"), "instant", "DB_INSTANT", "timestamptz", "time", false, NULL, false },
    { STR("json"), "str", "DB_JSON", "jsonb", "text", true, NULL, false },
    { STR("texts"), "str_array", "DB_TEXTS", "text[]", "array", false, "str", false },
    { STR("i64s"), "i64_array", "DB_I64S", "int8[]", "array", false, "int64_t", false },
    { STR("digests"), "digest_array", "DB_DIGESTS", "bytea[]", "array", false, "digest", false },
};

static const char *const keywords[] = {
    "auto",     "break",  "case",     "char",   "const",  "continue", "default", "do",     "double",  "else",
    "enum",     "extern", "float",    "for",    "goto",   "if",       "inline",  "int",    "long",    "register",
    "restrict", "return", "short",    "signed", "sizeof", "static",   "struct",  "switch", "typedef", "union",
    "unsigned", "void",   "volatile", "while",  "asm",    "typeof",   "unix",    "linux",  "true",    "false",
};

bool sqlgen_wrong(struct sqlgen *g, str file, int line, const char *format, ...)
{
    if (str_given(g->wrong))
        return false;
    va_list ap;
    va_start(ap, format);
    g->wrong = arena_vprintf(g->arena, format, ap);
    va_end(ap);
    g->wrong_file = file;
    g->wrong_line = line;
    return false;
}

bool sql_name_valid(str s)
{
    if (s.n == 0 || s.n > SQLGEN_NAME_MAX || s.p[0] < 'a' || s.p[0] > 'z')
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return true;
}

bool sql_name_is_reserved(str s)
{
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
        if (str_eq(s, str_of(keywords[i])))
            return true;
    }
    return false;
}

const struct sql_type *sqlgen_type(const struct sqlgen *g, str name)
{
    for (size_t i = 0; i < sizeof builtin / sizeof *builtin; i++) {
        if (str_eq(builtin[i].name, name))
            return &builtin[i];
    }
    for (size_t i = 0; i < g->n_newtypes; i++) {
        if (str_eq(g->newtypes[i].name, name))
            return &g->newtypes[i];
    }
    return NULL;
}

bool sqlgen_is_type_name(const struct sqlgen *g, str name)
{
    static const char *const others[] = { "str",    "bytes", "digest",    "instant",   "duration",
                                          "secret", "err",   "str_array", "i64_array", "digest_array" };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (str_eq(name, str_of(others[i])))
            return true;
    }
    for (size_t i = 0; i < g->n_newtypes; i++) {
        if (str_eq(g->newtypes[i].name, name))
            return true;
    }
    return false;
}

static bool read_newtype(struct sqlgen *g, str path, int line, str text)
{
    str name, base, more;
    if (!str_next_word(&text, &name))
        return true;
    if (!str_next_word(&text, &base) || str_next_word(&text, &more))
        return sqlgen_wrong(g, path, line, "a newtype is written `name type`, for example `user_id i64`");
    if (!sql_name_valid(name) || sql_name_is_reserved(name))
        return sqlgen_wrong(g, path, line, "%.*s cannot be a type name in C: a-z, 0-9 and _ are allowed",
                            STR_ARG(name));
    if (sqlgen_type(g, name) || sqlgen_is_type_name(g, name))
        return sqlgen_wrong(g, path, line, "the type %.*s exists already", STR_ARG(name));
    const struct sql_type *of = sqlgen_type(g, base);
    if (!of || of->is_newtype || of->item)
        return sqlgen_wrong(g, path, line,
                            "%.*s is not a type that a newtype can be made of: text, i64, i32, bytes, "
                            "digest, instant are",
                            STR_ARG(base));
    if (g->n_newtypes == 256)
        return sqlgen_wrong(g, path, line, "more than 256 newtypes");
    struct sql_type *made = &g->newtypes[g->n_newtypes++];
    *made = *of;
    made->name = name;
    made->c_type = arena_cstr(g->arena, name);
    made->is_newtype = true;
    return true;
}

bool sqlgen_read_newtypes(struct sqlgen *g, str path, str text)
{
    if (!g->newtypes)
        g->newtypes = arena_array(g->arena, struct sql_type, 256);
    for (int line = 1; text.n > 0; line++) {
        str head;
        if (!str_cut(&text, '\n', &head)) {
            head = text;
            text = STR("");
        }
        str comment = head;
        str kept;
        if (str_cut(&comment, '#', &kept))
            head = kept;
        if (!read_newtype(g, path, line, head))
            return false;
    }
    return true;
}
