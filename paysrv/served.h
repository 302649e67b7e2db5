/*
 * What is done with every answer to a partner: it is put into the version of the API that it is asked in, and what goes
 * into the partner's log of requests (flow/request_log.h): never a body but a problem's, and no query.
 */
#pragma once

#include "shared/http/server.h"

void answer_render(struct task *t, const struct request *rq, struct response *rs);
void request_served(struct task *t, const struct request *rq, const struct served *served);
