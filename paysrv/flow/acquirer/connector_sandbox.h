/* The parts of the sandbox acquirer's connector (docs/protocol/acquirer.md), and what the sandbox's others share with
 * it. */
#pragma once

#include "paysrv/flow/acquirer/connector.h"

/* One exchange with its API as ours, that of sandbox partners under a test clock; headers besides the authorisation. */
struct sandbox_exchange {
    enum payment_method door; /* whose API */
    const char *method;
    str path;
    str key;  /* absent: none */
    str type; /* absent: JSON */
    str body;
    size_t max_bytes; /* of the answer; 0: as small as those of single objects */
};
void sandbox_exchange(struct task *t, const struct sandbox_exchange *in, struct fetch_answer *ret);

/* A clear answer: 200 and a JSON object. false: *ret says that nothing is known. */
bool sandbox_answer_read(struct task *t, const struct fetch_answer *answer, const struct json_value **document,
                         struct acquirer_said *ret);
/* A list of at most one object, of the key that was asked for. NULL: *ret says that nothing is known, or is there. */
const struct json_value *sandbox_only_one(const struct json_value *document, struct acquirer_said *ret);
/* Whether key, reference, amount and currency of an object are what we asked for; reads its name. */
bool sandbox_is_ours(const struct json_value *object, const struct acquirer_ask *ask, struct acquirer_said *ret);
void sandbox_decline_code_read(const struct json_value *object, struct acquirer_said *ret);
/* What became of a payout; declines are read by whoever asks. */
void sandbox_payout_read(const struct json_value *payout, str status, struct acquirer_said *ret);
enum message_verdict sandbox_verify(struct task *t, str key, const struct signed_message *m);
bool sandbox_message_read(struct task *t, str body, struct acquirer_message *ret);

/* The list of registries after a number, and one of them. */
void sandbox_settlements(struct task *t, enum payment_method door, int64_t after, struct fetch_answer *ret);
void sandbox_settlement(struct task *t, enum payment_method door, int64_t number, size_t max_bytes,
                        struct fetch_answer *ret);

bool sandbox_dispute_read(const struct json_value *object, struct acquirer_dispute *ret);
bool sandbox_dispute_tell(struct task *t, const struct dispute_letter *letter, struct acquirer_dispute *ret, str *why);
