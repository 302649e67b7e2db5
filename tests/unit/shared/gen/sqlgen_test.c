/*
 * sqlgen: what it writes for a file that uses everything (golden/), what it refuses and where it points. The written C
 * is compiled and run against PostgreSQL by tests/unit/shared/db. SQLGEN_UPDATE=1 rewrites the golden files.
 */
#include "shared/gen/sqlgen.h"

#include <stdlib.h>

#include "tests/support/test.h"

static struct sqlgen generator(struct arena *arena)
{
    return (struct sqlgen){ .arena = arena, .app = STR("authsrv") };
}

static void check_golden(struct arena *arena, const char *name, str got)
{
    str path = arena_printf(arena, "unit/shared/gen/golden/%s", name);
    if (getenv("SQLGEN_UPDATE")) {
        FILE *f = fopen(arena_cstr(arena, arena_printf(arena, STOA_TESTS_DIR "/%.*s", STR_ARG(path))), "wb");
        CHECK(f && fwrite(got.p, 1, got.n, f) == got.n);
        fclose(f);
    }
    CHECK_STR(got, test_file(arena, arena_cstr(arena, path)));
}

static struct sqlgen read_golden(struct arena *arena)
{
    struct sqlgen g = generator(arena);
    CHECK(sqlgen_read_newtypes(&g, STR("newtypes"), test_file(arena, "unit/shared/gen/golden/newtypes")));
    CHECK(sqlgen_read_queries(&g, STR("code.sql"), STR("code"), test_file(arena, "unit/shared/gen/golden/code.sql")));
    return g;
}

TEST(writes_the_golden_files)
{
    struct sqlgen g = read_golden(arena);
    struct buf rows, header, source, newtypes;
    buf_init(&rows, arena, 1 << 20);
    buf_init(&header, arena, 1 << 20);
    buf_init(&source, arena, 1 << 20);
    buf_init(&newtypes, arena, 1 << 20);
    sqlgen_write_rows(&g, g.files, &rows);
    sqlgen_write_header(&g, g.files, &header);
    sqlgen_write_source(&g, g.files, &source);
    sqlgen_write_newtypes(&g, &newtypes);
    check_golden(arena, "code.rows.h.txt", buf_str(&rows));
    check_golden(arena, "code.sql.h.txt", buf_str(&header));
    check_golden(arena, "code.sql.c.txt", buf_str(&source));
    check_golden(arena, "newtypes.h.txt", buf_str(&newtypes));
}

static str sql_of(struct arena *arena, const char *statement)
{
    struct sqlgen g = generator(arena);
    str text = arena_printf(arena, "-- name: probe :exec\n%s", statement);
    if (!sqlgen_read_queries(&g, STR("f.sql"), STR("f"), text))
        test_fail(__FILE__, __LINE__, "%.*s", STR_ARG(g.wrong));
    return g.files->queries->sql;
}

TEST(replaces_parameters_and_nothing_else)
{
    CHECK_STR(sql_of(arena, "select :a::text, :b::i64, :a;"), STR("select $1::text, $2::int8, $1::text"));
    CHECK_STR(sql_of(arena, "select x::int8, ':a', \":b\", 'a'':c';"), STR("select x::int8, ':a', \":b\", 'a'':c'"));
    CHECK_STR(sql_of(arena, "select E'\\':a', e'\\\\', 'b\\';"), STR("select E'\\':a', e'\\\\', 'b\\'"));
    CHECK_STR(sql_of(arena, "select $$:a;$$, $x$ $$ :b $x$;"), STR("select $$:a;$$, $x$ $$ :b $x$"));
    CHECK_STR(sql_of(arena, "select 1 -- :a;\n + 2;"), STR("select 1\n + 2"));
    CHECK_STR(sql_of(arena, "select 1/* :a /* ; */ */+ 2;"), STR("select 1 + 2"));
    CHECK_STR(sql_of(arena, "select :a::i64::text;"), STR("select $1::int8::text"));
    CHECK_STR(sql_of(arena, "select a ->> 'b' ? 'c', :a::json?;"), STR("select a ->> 'b' ? 'c', $1::jsonb"));
    CHECK_STR(sql_of(arena, "select :now, :now::instant;"), STR("select $1::timestamptz, $1::timestamptz"));
    CHECK_STR(sql_of(arena, "select :wall, :clock, :now;"), STR("select $1::timestamptz, $2::text, $3::timestamptz"));
    CHECK_STR(sql_of(arena, "\n\n  select 'two\n\n  lines'  \n\n;"), STR("select 'two\n\n  lines'"));
}

/* The message is expected to begin with `want`, at this line. */
static void check_refused(struct arena *arena, const char *text, int line, const char *want)
{
    struct sqlgen g = generator(arena);
    bool good = sqlgen_read_newtypes(&g, STR("newtypes"), STR("user_id text\n")) &&
                sqlgen_read_queries(&g, STR("f.sql"), STR("f"), str_of(text));
    if (good || !str_starts(g.wrong, str_of(want)) || g.wrong_line != line)
        test_fail(__FILE__, __LINE__, "%s: got line %d: %.*s, not line %d: %s", text, g.wrong_line, STR_ARG(g.wrong),
                  line, want);
}

TEST(points_at_mistakes_in_the_header)
{
    check_refused(arena, "select 1;", 1, "a statement without `-- name:");
    check_refused(arena, "\n-- name: a\nselect 1;", 2, "a query begins with `-- name: noun_verb :one`");
    check_refused(arena, "-- name: a :some\nselect 1;", 1, "a query begins with");
    check_refused(arena, "-- name: Abc :exec\nselect 1;", 1, "Abc cannot be a function in C");
    check_refused(arena, "-- name: int :exec\nselect 1;", 1, "int cannot be a function in C");
    check_refused(arena, "-- name: a :exec together\nselect 1;", 1, "together is not allowed here");
    check_refused(arena, "-- name: a :exec\nselect 1;\n-- name: a :exec\nselect 1;", 3, "the query a exists already");
    check_refused(arena, "-- name: a :one\nselect 1;", 2, "a needs `-- row:");
    check_refused(arena, "-- name: a :exec\n-- row: x i64\nselect 1;", 3, "a is :exec and has no row");
    check_refused(arena, "-- name: a :one\n-- row: x int\nselect 1;", 2, "int is not a column type");
    check_refused(arena, "-- name: a :one\n-- row: x i64, x i64\nselect 1;", 2, "the column x is listed twice");
    check_refused(arena, "-- name: a :one\n-- row: default i64\nselect 1;", 2, "default cannot be a member in C");
    check_refused(arena, "-- name: a :one\n-- row: x i64,\nselect 1;", 3, "the list of columns ends with a comma");
    check_refused(arena, "-- name: a :one\n-- row: x\nselect 1;", 2, "a column is written `name type`");
    check_refused(arena, "-- name: a :one\n-- row: = b\nselect 1;", 2, "b is no earlier query with a row");
    check_refused(arena, "-- name: a :exec\n-- unique x FAULT\nselect 1;", 2, "write `-- unique constraint_name ->");
    check_refused(arena, "-- name: a :exec\n-- unique x -> FAULT a b\nselect 1;", 2,
                  "after the fault comes at most the name of one input");
    check_refused(arena, "-- name: a :exec\n-- unique x -> fault\nselect 1;", 2, "fault is not a fault's name");
}

TEST(points_at_mistakes_in_the_statement)
{
    check_refused(arena, "-- name: a :exec\nselect 1\n", 1, "the statement of a has no semicolon");
    check_refused(arena, "-- name: a :exec\nselect 1\n-- name: b :exec\nselect 2;", 3,
                  "the statement of a has no semi");
    check_refused(arena, "-- name: a :exec\n-- name: b :exec\nselect 2;", 2, "a has no statement");
    check_refused(arena, "-- name: a :exec\n;", 1, "a has no statement");
    check_refused(arena, "-- name: a :exec\nselect 1; select 2;", 2, "text after the semicolon");
    check_refused(arena, "-- name: a :exec\nselect\n :x;", 3, "the parameter :x needs its type where it is first used");
    check_refused(arena, "-- name: a :exec\nselect :x::int8;", 2, "int8 is not a parameter type");
    check_refused(arena, "-- name: a :exec\nselect :x::text,\n:x::i64;", 3, "the parameter :x was declared as text");
    check_refused(arena, "-- name: a :exec\nselect :x::text?, :x::text;", 2, "the parameter :x was declared as text?");
    check_refused(arena, "-- name: a :exec\nselect :now::text;", 2, ":now is the task's time");
    check_refused(arena, "-- name: a :exec\nselect :clock::text?;", 2, ":clock is the name of the task's clock");
    check_refused(arena, "-- name: a :exec\nselect :int::text;", 2, "the parameter :int cannot be an argument in C");
    check_refused(arena, "-- name: a :exec\nselect :X::text;", 2, "the parameter :X cannot be an argument in C");
    check_refused(arena, "-- name: a :exec\nselect :x::texts[1];", 2, "put the parameter in parentheses");
    check_refused(arena, "-- name: a :exec\nselect $1;", 2, "write a parameter as :name::type");
    check_refused(arena, "-- name: a :exec\nselect\n'open;\n", 3, "the quote that begins here is never closed");
    check_refused(arena, "-- name: a :exec\nselect\n$q$open;\n", 3, "the dollar quote $q$ is never closed");
    check_refused(arena, "-- name: a :exec\nselect\n/* open;\n", 3, "the comment that begins here is never closed");
}

static void check_newtype_refused(struct arena *arena, const char *text, int line, const char *want)
{
    struct sqlgen g = generator(arena);
    CHECK(!sqlgen_read_newtypes(&g, STR("newtypes"), str_of(text)));
    CHECK_I64(g.wrong_line, line);
    CHECK_STR(((str){ g.wrong.p, strlen(want) }), str_of(want));
}

TEST(points_at_mistakes_in_batches)
{
    check_refused(arena, "-- name: a :exec batch\nselect :x::text;", 2, "a is a batch and has no array");
    check_refused(arena, "-- name: a :exec batch\nselect :x::i64s?;", 2,
                  "x is a column of a batch: only texts may be absent there");
}

TEST(points_at_mistakes_in_newtypes)
{
    check_newtype_refused(arena, "# ids\nuser_id\n", 2, "a newtype is written `name type`");
    check_newtype_refused(arena, "UserId text\n", 1, "UserId cannot be a type name in C");
    check_newtype_refused(arena, "user_id uuid\n", 1, "uuid is not a type that a newtype can be made of");
    check_newtype_refused(arena, "a text\nb a\n", 2, "a is not a type that a newtype can be made of");
    check_newtype_refused(arena, "a texts\n", 1, "texts is not a type that a newtype can be made of");
    check_newtype_refused(arena, "a text\na i64\n", 2, "the type a exists already");
    check_newtype_refused(arena, "str text\n", 1, "the type str exists already");
}

TEST(migrations_have_no_gaps)
{
    struct sqlgen g = generator(arena);
    CHECK(sqlgen_read_migration(&g, STR("m"), STR("0001_init.sql"), STR("select 1;")));
    CHECK(!sqlgen_read_migration(&g, STR("m"), STR("0003_more.sql"), STR("select 1;")));
    CHECK_STR(g.wrong, STR("the next migration has the number 0002: no gaps, no number twice"));
    struct sqlgen h = generator(arena);
    CHECK(!sqlgen_read_migration(&h, STR("m"), STR("1_init.sql"), STR("select 1;")));
    CHECK_STR(h.wrong, STR("a migration is named NNNN_name.sql"));
}
