/* Plain-text (and optional HTML) mail over SMTP. Header values with CR or LF are refused. */
#pragma once

#include "shared/base/task.h"

struct smtp_config {
    str url;  /* smtp://127.0.0.1:7004 */
    str from; /* "Stoa <no-reply@stoa.example>" */
};

struct mail {
    str to;
    str subject;
    str text;
    str html; /* absent: text only */
    str id;   /* Message-ID local part, stable over retries */
};

/* true: the server took it. */
bool smtp_send(struct task *t, const struct smtp_config *config, const struct mail *m, str *why);
