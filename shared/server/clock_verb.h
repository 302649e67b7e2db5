/* `clock show|accept`, of every server. */
#pragma once

#include "shared/base/task.h"

int clock_show_verb(struct task *t, int argc, char **argv);
int clock_accept_verb(struct task *t, int argc, char **argv);
