/* /v1/test_mails: what a sandbox partner's users were mailed, codes with it, for the partner's own tests. */
#include "paysrv/flow/cursor.h"
#include "paysrv/flow/message/test_mail.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "shared/text/shape.h"

struct list_in {
    str recipient;
    PAGE_FIELDS
};

static const struct param list_params[] = {
    P_STR(struct list_in, recipient, .need = OPTIONAL, .set = TEXT, .min = 3, .max = 254),
    PAGE_PARAMS(struct list_in),
};

SHAPE(test_mail, "TestMail",
      "id: string, object: 'test_mail', livemode: boolean, kind: string, recipient: string, subject: string | "
      "null, text: string | null, code: string | null, failure: string | null, unreadable: string | null, "
      "created_at: time")

static void mail_write(struct json *j, const struct test_mail *m)
{
    json_object(j, NULL);
    json_str(j, "id", m->id);
    json_str(j, "object", STR("test_mail"));
    json_bool(j, "livemode", false);
    json_str(j, "kind", m->kind);
    json_str(j, "recipient", m->to);
    json_str_or_null(j, "subject", m->subject);
    json_str_or_null(j, "text", m->text);
    if (str_given(m->code))
        json_str(j, "code", m->code);
    else
        json_null(j, "code");
    json_str_or_null(j, "failure", m->failure);       /* why nobody got it */
    json_str_or_null(j, "unreadable", m->unreadable); /* why it says nothing */
    json_time(j, "created_at", m->created_at);
    json_close(j);
}

static err list(struct task *t, const struct request *rq, struct response *rs)
{
    const struct list_in *in = rq->in;
    const struct caller *c = caller_of(rq);
    const struct test_mail *mails;
    size_t limit = page_limit(in->limit), n;
    str before;
    TRY(partner_itself(t, rq));
    TRY(cursor_read(t, "test_mails", c->partner, in->cursor, &before));
    TRY(test_mails_read(t, c->partner, in->recipient, before, limit + 1, &mails, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < shown; i++)
        mail_write(j, &mails[i]);
    page_end(t, j, "test_mails", c->partner, n > limit, shown ? mails[shown - 1].id : STR_NONE);
    return OK;
}

const struct route test_mails_route = {
    .method = GET,
    .path = "/v1/test_mails",
    .guard = &GUARD_PAYOUTS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct list_in, list_params),
    .handle = list,
    .answer = "Page<TestMail>",
    .summary = "List what a sandbox partner's users were mailed, newest first",
};
