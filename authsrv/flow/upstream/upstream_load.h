/* A partner as a place to log in: its row with its settings read. */
#pragma once

#include "authsrv/domain/upstream/upstream_settings.h"
#include "authsrv/store/partner.rows.h"
#include "shared/base/err.h"
#include "shared/base/task.h"

struct upstream {
    const struct partner_find_row *row;
    struct upstream_settings set;
};

/* *ret is NULL when there is no such partner, or it was removed. */
MUST_USE err upstream_load(struct task *t, str slug, const struct upstream **ret);
MUST_USE err upstream_of_issuer(struct task *t, str issuer, const struct upstream **ret);
