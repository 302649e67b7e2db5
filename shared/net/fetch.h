/*
 * Outbound HTTP over libcurl. The address actually connected to is checked (no private, loopback, link-local networks
 * unless allowed), no redirects, no proxies, no decompression, no cookies; size and time are capped. SECURITY group H.
 */
#pragma once

#include <stdint.h>

#include "shared/base/task.h"

struct fetcher; /* one per worker or job; keeps connections alive */

/* Networks are space-separated CIDRs exempt from the guard, e.g. "127.0.0.0/8"; configuration only. */
struct fetch_policy {
    bool allow_http;    /* else https only; addresses that are ours may be http */
    str allow_networks; /* whosever address it is */
    str own_networks;   /* for addresses that are ours: what strangers name never leads there */
    str ca_file;        /* PEM, trusted besides the system's CAs; empty or absent: none */
    bool any_port;      /* else 443 only (80 with allow_http) */
};

/* NULL, with a line in the log: networks are malformed. fetch() without a fetcher refuses. */
struct fetcher *fetcher_open(const struct fetch_policy *policy);
void fetcher_close(struct fetcher *f);

struct fetch_header {
    const char *name;
    str value;
};

struct fetch_request {
    const char *method; /* "GET", "POST" */
    str url;
    const struct fetch_header *headers;
    size_t n_headers;
    str body;         /* absent: none */
    size_t max_bytes; /* of the answer; 0: 64 KiB */
    duration limit;   /* whole exchange; 0: 5 s */
    bool is_ours;     /* the address is the operator's configuration, or follows from it: any port, own networks */
};

/* What came of it. An outcome is never guessed: once bytes may have left, a failure is FETCH_UNKNOWN. */
enum fetch_outcome {
    FETCH_ANSWERED = 1, /* status and body are there */
    FETCH_REFUSED,      /* the guard or the URL parser refused: nothing was sent */
    FETCH_NOT_SENT,     /* no connection: nothing was sent */
    FETCH_UNKNOWN,      /* timed out, reset, too large, garbage: the other side may have acted */
};

/* Why there is no answer, as far as the other side may be told. */
enum fetch_cause {
    FETCH_CAUSE_OTHER,
    FETCH_CAUSE_ADDRESS, /* the guard said no */
    FETCH_CAUSE_NAME,
    FETCH_CAUSE_CONNECTION,
    FETCH_CAUSE_EXPIRED, /* its certificate */
    FETCH_CAUSE_CERTIFICATE,
    FETCH_CAUSE_TLS,
    FETCH_CAUSE_TIME,
    FETCH_CAUSE_BROKEN,
    FETCH_CAUSE_TOO_LARGE,
};

struct fetch_answer {
    enum fetch_outcome outcome;
    enum fetch_cause cause; /* of any other outcome than FETCH_ANSWERED */
    int status;
    str body;
    str content_type;
    str retry_after;   /* absent when missing */
    str cache_control; /* likewise: max_age.h */
    str why;           /* for the log */
    bool is_too_large; /* it was broken off for that, and will be again */
};

/* Never fails otherwise: the outcome says everything. */
void fetch(struct task *t, const struct fetch_request *rq, struct fetch_answer *ret);
/*
 * For the registration of addresses: what the guard can say without asking the resolver (scheme, port, credentials,
 * literal addresses). The answer at connect time may still be no. *why is for the one who registers.
 */
bool fetch_url_is_allowed(const struct fetcher *f, str url, str *why);
