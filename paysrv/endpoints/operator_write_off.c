/* /operator/write_offs/{write_off}/undo: a write-off that was a mistake is booked back, from the seller's page. */
#include "paysrv/faults.h"
#include "paysrv/flow/negative.h"
#include "paysrv/operator_page.h"
#include "paysrv/routes.h"

#define REASON_LEAST 3

struct undo_in {
    str csrf, reason;
};

static const struct param undo_params[] = {
    P_STR(struct undo_in, csrf, .need = REQUIRED, .set = BASE64URL, .min = 43, .max = 43),
    P_STR(struct undo_in, reason, .need = REQUIRED, .set = LINE, .min = REASON_LEAST, .max = 500),
};

static err undo_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct undo_in *in = rq->in;
    const struct operator_session *who = rq->caller;
    const struct undoing undoing = {
        .write_off = request_path_param(rq, "write_off"), .reason = in->reason, .by = who->subject, .by_name = who->name
    };
    struct relief relief;
    str waits;
    TRY(operator_form(t, who, in->csrf));
    TRY(write_off_undo(t, &undoing, &relief, &waits));
    bool is_booked = !str_given(waits) && relief.user.v.n;
    reply_see_other(rs, is_booked ? operator_link(t, "sellers", relief.user.v) : STR("/operator/bank"));
    return OK;
}

const struct route operator_write_off_undo_route = {
    .method = POST,
    .path = "/operator/write_offs/{write_off}/undo",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_FORM,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    INPUT(struct undo_in, undo_params),
    .handle = undo_post,
    .summary = "Have a seller owe again what was written off by mistake",
};
