/* Keeping pushed requests and remembering what may be used once, for all who come at the same time. */
#pragma once

#include "authsrv/store/newtypes.h"
#include "shared/base/bytes.h"
#include "shared/base/err.h"
#include "shared/base/instant.h"
#include "shared/base/task.h"

#define PUSHED_LIFE SECONDS(90)

struct pushed {
    digest uri_hash;
    client_id client;
    str parameters;
    bool was_signed;
};
MUST_USE err pushed_keep(struct task *t, const struct pushed *p);
/* Uses up an identifier of something that is good until then. *n is 1 for whoever was first (shared/server/proof.h). */
MUST_USE err jti_spend(struct task *t, digest jti_hash, instant expires_at, int64_t *n);

MUST_USE err pushes_run(struct task *t, void *const *items, size_t n);
MUST_USE err jtis_run(struct task *t, void *const *items, size_t n);
