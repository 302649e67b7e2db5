/* See decision_request.h. */
#include "paysrv/decision_request.h"

#include "paysrv/faults.h"
#include "paysrv/guards.h"
#include "paysrv/operator_page.h"

const struct param note_params[1] = {
    P_STR(struct note_in, note, .need = OPTIONAL, .min = 1, NOTE_PARAM),
};

err decision_of_token(struct task *t, const struct request *rq, bool is_approval, struct operator_decision *ret)
{
    const struct caller *c = rq->caller;
    const struct note_in *in = rq->in;
    if (!str_given(c->subject))
        return FAIL(t, USER_TOKEN_REQUIRED, "a client's own token decides nothing");
    *ret = (struct operator_decision){ .subject = c->subject,
                                       .name = str_given(c->name) ? c->name : c->subject,
                                       .note = in->note,
                                       .is_approval = is_approval };
    return OK;
}

const struct param decision_params[3] = {
    P_STR(struct decision_in, csrf, .need = REQUIRED, .set = BASE64URL, .min = 43, .max = 43),
    P_STR(struct decision_in, decision, .need = REQUIRED, .set = ID, .min = 1, .max = 10),
    P_STR(struct decision_in, note, .need = OPTIONAL, NOTE_PARAM),
};

err decision_of_form(struct task *t, const struct request *rq, struct operator_decision *ret)
{
    const struct decision_in *in = rq->in;
    const struct operator_session *who = rq->caller;
    TRY(operator_form(t, who, in->csrf));
    *ret = (struct operator_decision){ .subject = who->subject,
                                       .name = who->name,
                                       .note = operator_wish(in->note),
                                       .is_approval = str_eq(in->decision, STR("approve")) };
    if (!ret->is_approval && !str_eq(in->decision, STR("reject")))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("decision"), STR("approve or reject"));
    return OK;
}
