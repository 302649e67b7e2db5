/* Where what is written piece by piece goes: a file, the standard output. */
#pragma once

#include "shared/base/task.h"

struct sink {
    err (*put)(struct task *t, void *context, str piece);
    void *context;
};
