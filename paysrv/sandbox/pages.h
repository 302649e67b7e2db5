/* What the pages share: the error page and the way back to the merchant. */
#pragma once

#include "shared/base/buf.h"
#include "shared/base/err.h"
#include "shared/http/endpoint.h"

struct app;

void sandbox_error_page(struct task *t, const struct failure *f, struct buf *out);
/* A 200 page that leads to return_url with name=value added: form-action would refuse a redirect out of a form post. */
void page_lead_back(struct task *t, struct response *rs, str return_url, const char *name, str value);
/* Every page may be framed by the configured origins. */
struct buf *page_start(struct task *t, struct response *rs, int status);
