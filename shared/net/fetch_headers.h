/* The headers of an outbound request, as libcurl takes them. Private to shared/net. */
#pragma once

#include "shared/net/fetch.h"

struct curl_slist;

/* libcurl only reads them: they live in the arena. false: a header that cannot be sent. */
bool fetch_headers_make(struct task *t, const struct fetch_request *rq, struct curl_slist **ret);
