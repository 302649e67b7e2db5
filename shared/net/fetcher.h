/* The inside of a fetcher, for shared/net and its tests. */
#pragma once

#include "shared/net/fetch.h"

/*
 * Answers of the resolver set by hand ("+host:port:address[,address]", as CURLOPT_RESOLVE), until the next call.
 * Tests flip addresses with it; the guard sees them like any other answer.
 */
void fetcher_resolve(struct fetcher *f, const char *entry);
