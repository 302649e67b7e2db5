/* `secrets list|add|remove`, of every server that keeps secrets in slots. */
#pragma once

#include "shared/base/task.h"

int secrets_list_verb(struct task *t, int argc, char **argv);
int secrets_add_verb(struct task *t, int argc, char **argv);
int secrets_remove_verb(struct task *t, int argc, char **argv);
