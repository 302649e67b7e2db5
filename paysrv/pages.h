/* What all pages have in common: struct http_server_config page_begin and error_page. */
#pragma once

#include "shared/base/buf.h"
#include "shared/base/task.h"
#include "shared/http/endpoint.h"

/* Begins a page in the language that the browser accepts. */
void page_speak(struct task *t, const struct request *rq);
void failure_page(struct task *t, const struct request *rq, const struct failure *f, struct response *rs);
