/* Plain-text (and optional HTML) mail over SMTP. Header values with CR or LF are refused. */
#pragma once

#include "shared/base/task.h"

struct smtp_config {
    str url;     /* smtp://127.0.0.1:7004 */
    str from;    /* "Stoa <no-reply@stoa.example>" */
    str bounces; /* "bounces@stoa.example": what cannot be delivered comes back to bounces+ID@...; absent or empty: to
                    from */
};

struct mail {
    str to;
    str subject;
    str text;
    str html; /* absent: text only */
    str id;   /* Message-ID local part, stable over retries */
};

enum smtp_result {
    SMTP_SENT,      /* the server took it */
    SMTP_POSTPONED, /* it may take it later */
    SMTP_REFUSED    /* it will not: what it said to the recipient or to the mail is for good (RFC 5321 section 4.2.1) */
};
/* why, unless it was sent: the code of the refusal ("550 5.1.1"), without the server's own words; else what failed. */
MUST_USE enum smtp_result smtp_send(struct task *t, const struct smtp_config *config, const struct mail *m, str *why);
/* A server's answer to RCPT or to the mail: whether it is a refusal for good, and its code. */
bool smtp_refuses(str line, str *code);
