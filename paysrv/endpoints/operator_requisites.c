/* POST /operator/requisites/{requisite}/release: payouts may go to an account though its bank knows another name, or
 * does not answer. The form is on the page of payouts. */
#include "paysrv/flow/verification.h"
#include "paysrv/operator_page.h"
#include "paysrv/routes.h"

struct release_in {
    str csrf, note;
};

static const struct param release_params[] = {
    P_STR(struct release_in, csrf, .need = REQUIRED, .set = BASE64URL, .min = 43, .max = 43),
    P_STR(struct release_in, note, .need = REQUIRED, .set = LINE, .min = 1, .max = 500),
};

static err release(struct task *t, const struct request *rq, struct response *rs)
{
    const struct release_in *in = rq->in;
    const struct operator_session *who = rq->caller;
    TRY(operator_form(t, who, in->csrf));
    TRY(payee_release(t, request_path_param(rq, "requisite"), who->name, in->note));
    reply_see_other(rs, STR("/operator/payouts"));
    return OK;
}

const struct route operator_release_route = {
    .method = POST,
    .path = "/operator/requisites/{requisite}/release",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_FORM,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    INPUT(struct release_in, release_params),
    .handle = release,
    .summary = "Let payouts go to an account that is held",
};
