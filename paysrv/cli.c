/* See cli.h. */
#include "paysrv/cli.h"

#include <stdio.h>

#include "shared/base/num.h"

static const struct cli_option *option_find(const struct cli_option *options, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(options[i].name, name) == 0)
            return &options[i];
    return NULL;
}

bool cli_read(int argc, char **argv, const char **words, int n_words, const struct cli_option *options, size_t n)
{
    int given = 0;
    for (int i = 0; i < argc; i++) {
        const struct cli_option *option = option_find(options, n, argv[i]);
        if (option && !option->value) {
            *option->flag = true;
        } else if (option && i + 1 < argc) {
            *option->value = argv[++i];
        } else if (!option && argv[i][0] != '-' && given < n_words) {
            words[given++] = argv[i];
        } else {
            fprintf(stderr, "paysrv: %s: %s\n", argv[i], option ? "needs a value" : "is not expected here");
            return false;
        }
    }
    if (given < n_words)
        fprintf(stderr, "paysrv: %d more argument(s) needed; see paysrv --help\n", n_words - given);
    return given == n_words;
}

bool cli_integer(const char *name, const char *text, int64_t low, int64_t high, int64_t *ret)
{
    int64_t v;
    if (!num_parse(str_of(text), &v) || v < low || v > high) {
        fprintf(stderr, "paysrv: %s: an integer from %lld to %lld is allowed\n", name, (long long)low, (long long)high);
        return false;
    }
    *ret = v;
    return true;
}

int cli_failed(const struct failure *f)
{
    fprintf(stderr, "paysrv: %s", f->fault->say);
    if (str_given(f->detail))
        fprintf(stderr, " (%.*s)", STR_ARG(f->detail));
    fputc('\n', stderr);
    return CLI_FAILED;
}
