/*
 * Events into the queues of endpoints, and through these (MONEY 6.D26): each endpoint with something due is served by
 * several senders at a time, as many as it answers well (domain/pace.h), never two with the same
 * object, so that its events come one after the other. One server has an endpoint at a time, by a lease; senders are
 * shared by partners as workers are (shared/ops/fair_queue.h), and those endpoints that have failed twice in a row have
 * a quarter of the senders at most.
 */
#pragma once

#include "shared/base/task.h"

/* New events to the queues of those who want them. */
MUST_USE err webhooks_fan_out(struct task *t);
/* Begins to serve endpoints that have something due; it goes on when this has returned. */
MUST_USE err webhooks_deliver(struct task *t);
