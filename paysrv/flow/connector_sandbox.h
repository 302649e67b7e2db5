/* The parts of the sandbox acquirer's connector (docs/protocol/acquirer.md). */
#pragma once

#include "paysrv/flow/connector.h"

/* One exchange with its API as ours, that of sandbox partners under a test clock; headers besides the authorisation. */
struct sandbox_exchange {
    const char *method;
    str path;
    str key;  /* absent: none */
    str type; /* absent: JSON */
    str body;
    size_t max_bytes; /* of the answer; 0: as small as those of single objects */
};
void sandbox_exchange(struct task *t, const struct sandbox_exchange *in, struct fetch_answer *ret);

bool sandbox_dispute_read(const struct json_value *object, struct acquirer_dispute *ret);
bool sandbox_dispute_tell(struct task *t, const struct dispute_letter *letter, struct acquirer_dispute *ret, str *why);
