/* When a webhook is tried again, and what an answer means (Standard Webhooks 1.0, MONEY 5). */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/instant.h"

#define WEBHOOK_TRIES 10
#define WEBHOOK_AT_ONCE_MAX 64  /* deliveries that an endpoint gets at a time */
#define WEBHOOK_COUNT_MOST 1001 /* of an endpoint's deliveries, which may be millions, no more are counted */

enum webhook_outcome { WEBHOOK_DELIVERED = 1, WEBHOOK_TRY_AGAIN, WEBHOOK_GIVEN_UP, WEBHOOK_GONE };

/* status 0: no answer. attempt counts from 1. */
enum webhook_outcome webhook_judge(int status, int attempt);
/*
 * The pause after that attempt: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h, each up to a tenth longer by
 * luck (0..255), and at least what the receiver asked for (Retry-After, believed up to a day).
 */
duration webhook_pause(int attempt, unsigned char luck, int64_t retry_after_s);
/*
 * How long an endpoint rests after that many failures in a row, whatever is due; one may be of what was sent, and not
 * of the endpoint. At least what it asked for, believed up to five minutes.
 */
duration webhook_endpoint_rest(int failures, int64_t retry_after_s);
/* So many, or that there are more than could be counted. */
str webhook_counted(struct arena *a, int64_t n);
