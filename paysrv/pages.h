/* The page of a failure (struct http_server_config error_page). */
#pragma once

#include "shared/base/buf.h"
#include "shared/base/task.h"

void failure_page(struct task *t, const struct failure *f, struct buf *out);
