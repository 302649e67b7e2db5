/* The faults that the platform itself raises. The applications add their own in authsrv/faults.h and paysrv/faults.h.
 */
#pragma once

#include "shared/base/err.h"

#define PLATFORM_FAULTS(X)                                                                                             \
    X(INVALID_REQUEST, 400, "invalid_request", "The request is malformed.")                                            \
    X(NOT_FOUND, 404, "not_found", "There is nothing here with this name, or it is not yours to see.")                 \
    X(METHOD_NOT_ALLOWED, 405, "method_not_allowed", "This address does not take that method.")                        \
    X(TOO_LARGE, 413, "too_large", "The request body is larger than this address accepts.")                            \
    X(UNSUPPORTED_MEDIA_TYPE, 415, "unsupported_media_type",                                                           \
      "The body has a media type that this address does not take.")                                                    \
    X(MISDIRECTED, 421, "misdirected_request", "This server does not go by the name in Host.")                         \
    X(TOO_MANY_REQUESTS, 429, "too_many_requests", "Too many requests; try again later.")                              \
    X(NUMBER_TOO_LARGE, 422, "number_too_large", "An amount or a balance would be larger than can be kept.")           \
    X(INTERNAL, 500, "server_error", "Something went wrong on our side. The request id helps us to find it.")          \
    X(UNAVAILABLE, 503, "temporarily_unavailable", "The service cannot answer right now; try again shortly.")          \
    X(NEED_WORKER, 503, "temporarily_unavailable", "The service cannot answer right now; try again shortly.")          \
    X(IN_TURN, 503, "temporarily_unavailable", "The service cannot answer right now; try again shortly.")

/*
 * Two never leave the process. NEED_WORKER: dispatch runs the request again, on a worker (RUN_TRY_INLINE). IN_TURN: the
 * request waits for rows without holding a thread, and is run again when they are there (RUN_IN_TURNS).
 */
FAULTS_DECLARE(PLATFORM_FAULTS)
