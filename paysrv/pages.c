/* What a person sees of a failure: the public sentence and the request's id. See pages.h. */
#include "paysrv/pages.h"

#include "paysrv/faults.h"
#include "web/paysrv/pages.h"

void failure_page(struct task *t, const struct failure *f, struct buf *out)
{
    const struct page_error page = {
        .what = str_of(f->fault->say),
        .explain = f->explain,
        .request_id = t->request_id,
        .retry_url = f->fault == &FAULT_LOGIN_REFUSED ? STR("/operator") : STR_NONE,
    };
    page_error(out, &page);
}
