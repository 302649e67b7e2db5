/* Where an operator goes on after the log-in: the page that was asked for. */
#pragma once

#include "shared/base/str.h"

#define OPERATOR_TARGET_MAX_BYTES 1000

/* One of the operator's own pages, with its query: what a link that somebody else made may name. */
bool operator_target_is(str target);
