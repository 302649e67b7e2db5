/* The arguments of operator's commands: what is taken, and what is refused. */
#include "shared/ops/cli.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/test.h"

struct line {
    char text[80];
    char *argv[16];
    int argc;
};

/* "a b" as main gets it. */
static void line_of(struct line *l, const char *text)
{
    *l = (struct line){ 0 };
    snprintf(l->text, sizeof l->text, "%s", text);
    for (char *rest = l->text, *word; (word = strsep(&rest, " ")) != NULL;)
        l->argv[l->argc++] = word;
}

static bool reads(const char *text, int n_words, const struct cli_option *options, size_t n)
{
    struct line l;
    const char *words[2];
    line_of(&l, text);
    return cli_read(l.argc, l.argv, words, n_words, options, n);
}

TEST(cli_takes_words_options_flags_and_lists)
{
    struct line l;
    line_of(&l, "slug --name N --flag --item a --item b");
    const char *word = NULL, *name = NULL;
    bool flag = false;
    struct cli_list list = { 0 };
    const struct cli_option options[] = {
        { .name = "--name", .value = &name },
        { .name = "--flag", .flag = &flag },
        { .name = "--item", .list = &list },
    };
    CHECK(cli_read(l.argc, l.argv, &word, 1, options, 3));
    CHECK_STR(str_of(word), STR("slug"));
    CHECK_STR(str_of(name), STR("N"));
    CHECK(flag);
    CHECK(list.n == 2);
    CHECK_STR(list.items[1], STR("b"));
}

TEST(cli_refuses_what_was_not_asked_for)
{
    const char *name = NULL;
    const struct cli_option options[] = { { .name = "--name", .value = &name } };
    CHECK(reads("--name N", 0, options, 1));
    CHECK(!reads("--other", 0, options, 1));
    CHECK(!reads("--name", 0, options, 1));
    CHECK(!reads("one two", 1, options, 1));
    CHECK(!reads("--name N", 1, options, 1));
    CHECK(!reads("--name N\xff", 0, options, 1));
    CHECK(!reads("\xc3", 1, options, 1));
    CHECK(reads("--name \xc3\xa9", 0, options, 1));
}

TEST(cli_words_may_begin_with_a_dash)
{
    const char *name = NULL;
    const struct cli_option options[] = { { .name = "--name", .value = &name } };
    CHECK(reads("-xES1tstkSk --name N", 1, options, 1));
    CHECK(!reads("--xES1tstkSk", 1, options, 1));
    CHECK(reads("--name N -- --xES1tstkSk", 1, options, 1));
    CHECK(!reads("-- --name N", 1, options, 1));
}

TEST(cli_integer_keeps_its_bounds)
{
    int64_t v = 7;
    CHECK(cli_integer("--n", "10", 1, 10, &v));
    CHECK_I64(v, 10);
    CHECK(!cli_integer("--n", "11", 1, 10, &v));
    CHECK(!cli_integer("--n", "0", 1, 10, &v));
    CHECK(!cli_integer("--n", "1x", 1, 10, &v));
    CHECK_I64(v, 10);
}

/* What cli_listed says after so many rows of a list that ends at three. */
static size_t said_after(size_t n, char *text, size_t size)
{
    FILE *said = tmpfile(), *kept = stderr;
    stderr = said;
    int code = cli_listed(n, 3);
    stderr = kept;
    rewind(said);
    size_t length = fread(text, 1, size - 1, said);
    fclose(said);
    text[length] = '\0';
    CHECK_I64(code, CLI_DONE);
    return length;
}

TEST(a_list_that_may_have_been_cut_says_so)
{
    char text[200];
    CHECK_I64((int64_t)said_after(2, text, sizeof text), 0);
    CHECK(said_after(3, text, sizeof text) > 0);
    CHECK(strstr(text, "these are 3, and there may be more") != NULL);
}
