/* Whose a request is, for the queue that it may have to wait in (shared/ops/fair_queue.h). */
#pragma once

#include "shared/base/bytes.h"
#include "shared/http/endpoint.h"
#include "shared/ops/fair_queue.h"

queue_party party_of_name(str name);
queue_party party_of_digest(const digest *d);
/* That of the address that it came from. */
queue_party party_of_peer(struct task *t, struct request *rq);
