/*
 * Disputes of all partners, for the operator's page and command, a page at a time. Those that are not decided come in
 * the order in which they have to be answered, all others newest first.
 */
#pragma once

#include "paysrv/store/dispute.rows.h"
#include "shared/base/task.h"

#define DISPUTES_ALL STR("all")

struct disputes_found {
    const struct disputes_undecided_row *rows;
    size_t n;
    str next; /* what the next page begins after; absent: there is none */
};

/*
 * status: "all" or one; absent: those that are not decided. From after position, which is the next of such a list;
 * absent: from its beginning. INVALID_PARAMETER names status.
 */
MUST_USE err disputes_find(struct task *t, str status, str position, size_t most, struct disputes_found *ret);
