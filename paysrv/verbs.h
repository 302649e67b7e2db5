/*
 * The operator's commands beyond serve, migrate and check-config: X(word, second, function, "arguments", "help"),
 * called as `int function(struct task *t, int argc, char **argv)` with a task on the database and the words after the
 * verb
 * (--config and its value taken out). second "" when the verb has one word. They print to stdout and return the exit
 * code: 0 done, 1 failed, 2 usage.
 */
#pragma once

#include "shared/base/task.h"

#define PAYSRV_VERBS(X)

#define VERB_DECLARE(word, second, run, arguments, help) int run(struct task *t, int argc, char **argv);
PAYSRV_VERBS(VERB_DECLARE)
