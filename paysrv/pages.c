/* What a person sees of a failure: what it means in his language; the words for developers stay English. See pages.h.
 */
#include "paysrv/pages.h"

#include <string.h>

#include "paysrv/faults.h"
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

void failure_page(struct task *t, const struct failure *f, struct buf *out)
{
    str what = str_of(f->fault->say), explain = f->explain;
    enum text_key text = TEXT_FAULT_REQUEST;
    bool is_known = text_of_fault(f->fault, &text);
    if (t->language != LANGUAGE_EN) {
        explain = is_known ? explain : arena_printf(t->arena, "%.*s %.*s", STR_ARG(what), STR_ARG(explain));
        what = text_in(t->language, text);
    }
    const bool is_operators = t->what && strstr(t->what, "/operator"), is_login = f->fault == &FAULT_LOGIN_REFUSED;
    if (is_operators && str_given(f->param) && str_given(explain)) /* whoever fills in forms here knows its fields */
        explain = arena_printf(t->arena, "%.*s: %.*s", STR_ARG(f->param), STR_ARG(explain));
    const struct page_error page = {
        .what = what,
        .explain = explain,
        .request_id = t->request_id,
        .retry_url = is_login ? STR("/operator") : STR_NONE,
        .back_url = is_operators && !is_login ? STR("/operator") : STR_NONE,
        .back = text_of(TEXT_OP_BACK_TO_OVERVIEW),
    };
    page_error(out, t->language, NULL, &page);
}
