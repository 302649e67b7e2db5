/* What a person sees of a failure: what it means in his language; the words for developers stay English. See pages.h.
 */
#include "paysrv/pages.h"

#include <string.h>

#include "paysrv/faults.h"
#include "paysrv/flow/access/session.h"
#include "paysrv/flow/message/speech.h"
#include "web/paysrv/pages.h"

/* Operators' pages are in English, and so are their failures. */
void page_speak(struct task *t, const struct request *rq)
{
    if (!str_starts(rq->path, STR("/operator")))
        speech_accept(t, request_header(rq, "accept-language"));
}

static bool text_of_fault(const struct fault *fault, enum text_key *ret)
{
    static const struct {
        const struct fault *fault;
        enum text_key text;
    } known[] = {
        { &FAULT_NOT_FOUND, TEXT_FAULT_NOT_FOUND },
        { &FAULT_TOO_MANY_REQUESTS, TEXT_FAULT_TOO_MANY },
        { &FAULT_INTERNAL, TEXT_FAULT_INTERNAL },
        { &FAULT_UNAVAILABLE, TEXT_FAULT_UNAVAILABLE },
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].fault == fault) {
            *ret = known[i].text;
            return true;
        }
    return false;
}

/*
 * Where a buyer goes on whose checkout failed: the page of his payment, which shows how that stands, whatever has
 * become of the step. Absent: nowhere.
 */
static str checkout_again(struct task *t, const struct request *rq, bool is_framed)
{
    payment_id id;
    str session = request_path_param(rq, "session");
    if (str_starts(rq->query, STR("s="))) /* the frame itself, whose session is not in its path */
        session = (str){ rq->query.p + 2, rq->query.n - 2 };
    for (size_t i = 0; i < session.n; i++)
        if (session.p[i] == '&')
            session.n = i;
    if (!session_parse(t, session, &id))
        return STR_NONE;
    return arena_printf(t->arena, "%s%.*s", is_framed ? "/embed/checkout?s=" : "/pay/", STR_ARG(session));
}

static str retry_link(struct task *t, const struct request *rq, const struct failure *f, bool is_framed)
{
    if (f->fault == &FAULT_LOGIN_REFUSED)
        return STR("/operator");
    if (f->fault == &FAULT_NOT_FOUND)
        return STR_NONE;
    return str_starts(rq->path, STR("/confirm/")) ? rq->path : checkout_again(t, rq, is_framed);
}

/* In a partner's frame a page that may not be framed is a broken one. This one does nothing that could be stolen. */
static struct buf *page_start(const struct request *rq, const struct failure *f, struct response *rs, bool is_framed)
{
    struct buf *out = reply_html(rs, f->fault->status);
    bool is_checkout = str_starts(rq->path, STR("/embed/checkout")) || str_starts(rq->path, STR("/pay/"));
    if (is_framed && is_checkout)
        reply_csp(rs, "frame-ancestors", STR("*"));
    return out;
}

void failure_page(struct task *t, const struct request *rq, const struct failure *f, struct response *rs)
{
    str what = str_of(f->fault->say), explain = f->explain;
    enum text_key text = TEXT_FAULT_REQUEST;
    bool is_known = text_of_fault(f->fault, &text);
    if (t->language != LANGUAGE_EN) {
        explain = is_known ? explain : arena_printf(t->arena, "%.*s %.*s", STR_ARG(what), STR_ARG(explain));
        what = text_in(t->language, text);
    }
    const bool is_operators = t->what && strstr(t->what, "/operator"), is_login = f->fault == &FAULT_LOGIN_REFUSED;
    const bool is_framed = str_eq(request_header(rq, "sec-fetch-dest"), STR("iframe"));
    if (is_operators && str_given(f->param) && str_given(explain)) /* whoever fills in forms here knows its fields */
        explain = arena_printf(t->arena, "%.*s: %.*s", STR_ARG(f->param), STR_ARG(explain));
    const struct page_error page = {
        .embedded = is_framed,
        .what = what,
        .explain = explain,
        .request_id = t->request_id,
        .retry_url = retry_link(t, rq, f, is_framed),
        .back_url = is_operators && !is_login ? STR("/operator") : STR_NONE,
        .back = text_of(f->fault == &FAULT_SESSION_ENDED ? TEXT_OP_SIGN_IN_AGAIN : TEXT_OP_BACK_TO_OVERVIEW),
    };
    page_error(page_start(rq, f, rs, is_framed), t->language, NULL, &page);
}
