/*
 * A message of an acquirer about a charge or refund: verified before, applied by the same T2 as everything else,
 * stored in the statement that applies it, and only then answered (SECURITY M, 5.1 item 5).
 */
#pragma once

#include "paysrv/domain/acquirer/method.h"
#include "shared/base/task.h"

/* Whose secret has signed it. Where live and sandbox partners have one acquirer, it is either's. */
enum acquirer_source { FROM_EITHER = 1, FROM_LIVE, FROM_TEST };
struct acquirer_sender {
    enum payment_method method;
    enum acquirer_source source;
};

struct acquirer_message;
/*
 * A dispute that was asked for, by a connector's `disputes`: applied as a message about it would be, which may come
 * before or after. *is_news: nobody had told of it so.
 */
MUST_USE err notification_found(struct task *t, const struct acquirer_message *m, struct acquirer_sender from,
                                bool *is_news);
/* body: the raw bytes whose signature was good. A failure means that the acquirer must send it again. */
MUST_USE err notification_apply(struct task *t, str body, struct acquirer_sender from);
