/* Arguments of operator's commands: positional words first, then `--name value` and `--flag`. Messages go to stderr. */
#pragma once

#include <stdint.h>

#include "shared/base/arena.h"
#include "shared/base/array.h"
#include "shared/base/err.h"

enum { CLI_DONE = 0, CLI_FAILED = 1, CLI_USAGE = 2 };

#define CLI_LIST_MAX 20
#define CLI_ROWS_MAX 1000 /* what a list prints at most */

struct cli_list {
    str items[CLI_LIST_MAX];
    size_t n;
};

/* Exactly one of value, flag and list: the option takes a value, takes none, or may be given several times. */
struct cli_option {
    const char *name; /* "--name" */
    const char **value;
    bool *flag;
    struct cli_list *list;
};

/* false: a message was printed. Exactly n_words positional words go to words. */
bool cli_read(int argc, char **argv, const char **words, int n_words, const struct cli_option *options, size_t n);
/* An integer within [low, high]; false: a message was printed. */
bool cli_integer(const char *name, const char *text, int64_t low, int64_t high, int64_t *ret);
/* Prints "program: what" and returns CLI_USAGE. */
int cli_misuse(const char *what);
/* After a list that ends at so many: says so when it may have been cut there. Returns CLI_DONE. */
int cli_listed(size_t n, size_t most);
/* Prints why and returns CLI_FAILED. */
int cli_failed(const struct failure *f);
/* The account of the system under which the command runs, as who did it: "uid:1000". */
str cli_account(struct arena *a);
/* The content of a file as it is; false: a message was printed. */
bool cli_bytes(struct arena *a, const char *path, size_t max_bytes, str *ret);
/* The same of a text, without the trailing newline. */
bool cli_file(struct arena *a, const char *path, size_t max_bytes, str *ret);
