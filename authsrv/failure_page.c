/* The page of a failure: what it means in the language of the reader; the words for developers stay English. */
#include "authsrv/browser.h"

#include "authsrv/cookies.h"
#include "authsrv/faults.h"
#include "web/authsrv/pages.h"

static bool text_of_fault(const struct fault *fault, enum text_key *ret)
{
    static const struct {
        const struct fault *fault;
        enum text_key text;
    } known[] = {
        { &FAULT_FORBIDDEN, TEXT_FAULT_FORBIDDEN },
        { &FAULT_BAD_AUTHORIZATION, TEXT_FAULT_UNTRUSTED },
        { &FAULT_NOT_FOUND, TEXT_FAULT_NOT_FOUND },
        { &FAULT_TOO_MANY_REQUESTS, TEXT_FAULT_TOO_MANY },
        { &FAULT_INTERNAL, TEXT_FAULT_INTERNAL },
        { &FAULT_UNAVAILABLE, TEXT_FAULT_UNAVAILABLE },
        { &FAULT_BREACHED_LIST, TEXT_FAULT_BREACHED_LIST },
        { &FAULT_PARTNER_FAILED, TEXT_FAULT_PARTNER_AWAY },
        { &FAULT_PARTNER_ANSWER, TEXT_FAULT_PARTNER_ANSWER },
        { &FAULT_PARTNER_WEAK, TEXT_FAULT_PARTNER_WEAK },
        { &FAULT_NOT_INVITED, TEXT_PARTNER_FAILED_INVITE },
        { &FAULT_ACCOUNT_DISABLED, TEXT_FAULT_DISABLED },
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].fault == fault) {
            *ret = known[i].text;
            return true;
        }
    return false;
}

void failure_page(struct task *t, const struct request *rq, const struct failure *f, struct response *rs)
{
    struct buf *out = reply_html(rs, f->fault->status);
    if (f->fault == &FAULT_NO_FLOW) {
        page_flow_expired(out, t->language, t->frame,
                          &(struct page_flow_expired){ .no_cookie = !str_given(request_cookie(rq, BROWSER_COOKIE)),
                                                       .client_name = f->param,
                                                       .return_url = f->explain,
                                                       .request_id = t->request_id });
        return;
    }
    str explain = f->explain;
    enum text_key what = TEXT_FAULT_REQUEST;
    if (str_given(f->param))
        explain = arena_printf(t->arena, "%.*s: %.*s", STR_ARG(f->param), STR_ARG(f->explain));
    if (!text_of_fault(f->fault, &what))
        explain = arena_printf(t->arena, "%s %.*s", f->fault->say, STR_ARG(explain));
    page_error(
        out, t->language, t->frame,
        &(struct page_error){ .what = text_in(t->language, what), .explain = explain, .request_id = t->request_id });
}
