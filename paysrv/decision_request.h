/* A decision of an operator (domain/decision.h), as both of its doors bring it: the API, and the forms of the pages. */
#pragma once

#include "paysrv/domain/decision.h"
#include "shared/http/endpoint.h"

/* What a person writes about a decision, as a parameter: its need, and the least if any, are the route's. */
#define NOTE_PARAM .set = LINE, .max = NOTE_MOST, .in_characters = true

struct note_in {
    str note;
};
extern const struct param note_params[1];

/* USER_TOKEN_REQUIRED: a decision is a person's, whose own token it takes. */
MUST_USE err decision_of_token(struct task *t, const struct request *rq, bool is_approval,
                               struct operator_decision *ret);

struct decision_in {
    str csrf, decision, note;
};
extern const struct param decision_params[3];

/* FORM_REFUSED: the form is not of this session. INVALID_PARAMETER `decision`: neither approve nor reject. */
MUST_USE err decision_of_form(struct task *t, const struct request *rq, struct operator_decision *ret);
