/* `audit verify [--anchor SEQ:HASH]` of every server that keeps an audit log. */
#pragma once

#include "shared/base/task.h"

int audit_verify_verb(struct task *t, int argc, char **argv);
