/* Standard Webhooks 1.0: secrets "whsec_" + base64 of 24..64 bytes; header "v1,<base64 HMAC-SHA256 of
 * id.timestamp.body>". */
#pragma once

#include "shared/base/task.h"

str webhook_secret_new(struct arena *a);
/* false: the secret is malformed. */
bool webhook_sign(struct arena *a, str secret_text, str id, int64_t timestamp_s, str body, str *ret);

enum webhook_verdict { WEBHOOK_GOOD = 1, WEBHOOK_MALFORMED, WEBHOOK_BAD_SIGNATURE, WEBHOOK_OUTSIDE_TOLERANCE };
/* header may hold several signatures separated by spaces; compared in constant time over the raw body. It may be 300 s
 * old, and 60 s ahead of us: a message that can wait that long was not written now. */
enum webhook_verdict webhook_verify(struct arena *a, str secret_text, str id, str timestamp, str signature, str body,
                                    instant now);
