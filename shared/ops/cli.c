/* Reading the arguments of a command. */
#include "shared/ops/cli.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "shared/base/faults.h"
#include "shared/base/num.h"
#include "shared/text/encode.h"

static const struct cli_option *option_find(const struct cli_option *options, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(options[i].name, name) == 0)
            return &options[i];
    return NULL;
}

static bool list_add(struct cli_list *list, const char *value)
{
    if (list->n == CLI_LIST_MAX)
        return false;
    list->items[list->n++] = str_of(value);
    return true;
}

/* Takes the option at argv[i]; returns how many words it used, 0 when it is wrong. */
static int option_take(const struct cli_option *option, int argc, char **argv, int i)
{
    if (option->flag) {
        *option->flag = true;
        return 1;
    }
    if (i + 1 >= argc)
        return 0;
    if (option->list)
        return list_add(option->list, argv[i + 1]) ? 2 : 0;
    *option->value = argv[i + 1];
    return 2;
}

/* What is not would be refused by the database, where nobody can say any more which word it was. */
static bool all_are_text(int argc, char **argv)
{
    for (int i = 0; i < argc; i++)
        if (!utf8_valid(str_of(argv[i]))) {
            fprintf(stderr, "%s: argument %d is not in UTF-8\n", program_invocation_short_name, i + 1);
            return false;
        }
    return true;
}

/* Options begin with two dashes. One may be a word: ids of keys are random letters, digits and dashes. */
bool cli_read(int argc, char **argv, const char **words, int n_words, const struct cli_option *options, size_t n)
{
    int given = 0;
    if (!all_are_text(argc, argv))
        return false;
    bool only_words = false; /* after "--" */
    for (int i = 0; i < argc;) {
        const struct cli_option *option = only_words ? NULL : option_find(options, n, argv[i]);
        bool is_word = only_words || strncmp(argv[i], "--", 2) != 0;
        int used = 0;
        if (option)
            used = option_take(option, argc, argv, i);
        else if (!only_words && strcmp(argv[i], "--") == 0) {
            only_words = true;
            used = 1;
        } else if (is_word && given < n_words) {
            words[given++] = argv[i];
            used = 1;
        }
        if (used == 0) {
            fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, argv[i],
                    option ? "needs a value, or is given too often" : "is not expected here");
            return false;
        }
        i += used;
    }
    if (given < n_words)
        fprintf(stderr, "%s: %d more argument(s) needed; --help at its end shows the command\n",
                program_invocation_short_name, n_words - given);
    return given == n_words;
}

bool cli_integer(const char *name, const char *text, int64_t low, int64_t high, int64_t *ret)
{
    int64_t v;
    if (!num_parse(str_of(text), &v) || v < low || v > high) {
        fprintf(stderr, "%s: %s: an integer from %lld to %lld is allowed\n", program_invocation_short_name, name,
                (long long)low, (long long)high);
        return false;
    }
    *ret = v;
    return true;
}

int cli_misuse(const char *what)
{
    fprintf(stderr, "%s: %s\n", program_invocation_short_name, what);
    return CLI_USAGE;
}

int cli_listed(size_t n, size_t most)
{
    if (n >= most)
        fprintf(stderr, "%s: these are %zu, and there may be more\n", program_invocation_short_name, n);
    return CLI_DONE;
}

/* A value that no flow takes was given on the command line, or stands in the configuration. */
static bool is_misuse(const struct failure *f)
{
    return f->fault == &FAULT_INVALID_REQUEST && str_given(f->param);
}

int cli_failed(const struct failure *f)
{
    fprintf(stderr, "%s:", program_invocation_short_name);
    if (!is_misuse(f) || !str_given(f->explain))
        fprintf(stderr, " %s", f->fault->say);
    if (str_given(f->explain) && str_given(f->param))
        fprintf(stderr, " %.*s: %.*s", STR_ARG(f->param), STR_ARG(f->explain));
    else if (str_given(f->explain))
        fprintf(stderr, " %.*s", STR_ARG(f->explain));
    else if (str_given(f->detail))
        fprintf(stderr, " (%.*s)", STR_ARG(f->detail));
    fputc('\n', stderr);
    return is_misuse(f) ? CLI_USAGE : CLI_FAILED;
}

bool cli_bytes(struct arena *a, const char *path, size_t max_bytes, str *ret)
{
    FILE *f = fopen(path, "re");
    if (!f) {
        fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, path, strerror(errno));
        return false;
    }
    char *p = arena_alloc(a, max_bytes + 1);
    size_t n = fread(p, 1, max_bytes + 1, f);
    bool good = !ferror(f) && n <= max_bytes;
    fclose(f);
    if (!good)
        fprintf(stderr, "%s: %s: cannot be read, or has more than %zu bytes\n", program_invocation_short_name, path,
                max_bytes);
    *ret = (str){ p, n };
    return good;
}

bool cli_file(struct arena *a, const char *path, size_t max_bytes, str *ret)
{
    if (!cli_bytes(a, path, max_bytes, ret))
        return false;
    while (ret->n > 0 && (ret->p[ret->n - 1] == '\n' || ret->p[ret->n - 1] == '\r'))
        ret->n--;
    return true;
}

str cli_account(struct arena *a)
{
    return arena_printf(a, "uid:%lu", (unsigned long)getuid());
}
