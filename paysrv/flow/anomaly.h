/* What a person has to look at is told, counted, and closed with a word (domain/anomaly.h). */
#pragma once

#include "paysrv/domain/anomaly.h"
#include "paysrv/store/anomaly.rows.h"
#include "shared/base/task.h"

/* partner: absent where nobody's is known. ref: what the kind says, detail: how it is, in a few words. */
MUST_USE err anomaly_tell(struct task *t, enum anomaly kind, str partner, str ref, str detail);
/* The same; *is_news: it was not open in these words, nor closed in them and at rest. */
MUST_USE err anomaly_tell_news(struct task *t, enum anomaly kind, str partner, str ref, str detail, bool *is_news);
/* For statements that tell it themselves; NULL: whatever was closed, it is told. */
const instant *anomaly_rests_since(struct task *t, enum anomaly kind);

/* NOT_FOUND; INVALID_PARAMETER names note; ANOMALY_STATE: somebody has closed it, unless it is the same word again. */
MUST_USE err anomaly_end(struct task *t, int64_t id, str by, str note);

/* What is looked for; what is absent or empty is no condition. */
struct anomaly_wish {
    str status; /* "open", as when it is absent: the oldest first; "closed": the newest first */
    str kind, partner;
};

struct anomalies_found {
    const struct anomalies_open_row *rows;
    size_t n;
    str next; /* what the next page begins after; absent: there is none */
};

/* From after position, which is the next of such a list; absent: from its beginning. INVALID_PARAMETER names a wish. */
MUST_USE err anomalies_find(struct task *t, const struct anomaly_wish *wish, str position, size_t most,
                            struct anomalies_found *ret);
