/* Arguments of the operator's commands: positional words first, then `--name value` and `--flag`. */
#pragma once

#include <stdint.h>

#include "shared/base/err.h"
#include "shared/base/str.h"

enum { CLI_DONE = 0, CLI_FAILED = 1, CLI_USAGE = 2 };

struct cli_option {
    const char *name;   /* "--name" */
    const char **value; /* NULL: a flag */
    bool *flag;
};

/* false: a message was printed to stderr. Exactly n_words positional words go to words. */
bool cli_read(int argc, char **argv, const char **words, int n_words, const struct cli_option *options, size_t n);
/* Integer within [low, high]; false: a message was printed. */
bool cli_integer(const char *name, const char *text, int64_t low, int64_t high, int64_t *ret);
/* Prints why and returns CLI_FAILED. */
int cli_failed(const struct failure *f);
