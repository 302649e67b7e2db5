/* POST /operator/requisites/{requisite}/release: payouts may go to an account though its bank knows another name, or
 * does not answer. The form is on the page of payouts. */
#include "paysrv/decision_request.h"
#include "paysrv/faults.h"
#include "paysrv/flow/party/verification.h"
#include "paysrv/operator_payouts_page.h"
#include "paysrv/routes.h"

struct release_in {
    str csrf, note;
};

static const struct param release_params[] = {
    P_STR(struct release_in, csrf, .need = REQUIRED, .set = BASE64URL, .min = 43, .max = 43),
    P_STR(struct release_in, note, .need = OPTIONAL, NOTE_PARAM),
};

static err release(struct task *t, const struct request *rq, struct response *rs)
{
    const struct release_in *in = rq->in;
    const struct operator_session *who = rq->caller;
    struct payouts_refused refused = { .id = request_path_param(rq, "requisite"), .note = in->note };
    TRY(operator_form(t, who, in->csrf));
    err e = in->note.n ? payee_release(t, refused.id, who->name, in->note)
                       : FAIL_PARAM(t, INVALID_PARAMETER, STR("note"), STR("is needed: how it is known whose it is"));
    if (operator_refused(t, e, &refused.said))
        return operator_payouts_show(t, who, NULL, &refused, rs);
    TRY(e);
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
