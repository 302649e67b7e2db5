/* What a proxy says about the client it speaks for: X-Forwarded-* or Forwarded (RFC 7239). Private to shared/http. */
#pragma once

#include "shared/http/endpoint.h"

struct forwarded {
    str peer;  /* the address alone; absent: not said, or hidden on purpose */
    str proto; /* as sent; absent: not said */
    str host;  /* as sent; absent: not said */
};

/* Only the last hop is read: it is the one that the trusted proxy wrote. */
void forwarded_read(const struct request *rq, bool is_rfc7239, struct forwarded *ret);
