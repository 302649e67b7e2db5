/* The parts of Stripe's connector (docs/protocol/connectors.md, Stripe). */
#pragma once

#include "paysrv/flow/connector.h"

#define STRIPE_ID_MAX 255

bool stripe_is_live(struct task *t);
void stripe_query(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret);

enum message_verdict stripe_verify(struct task *t, str key, const struct signed_message *m);
bool stripe_message_read(struct task *t, str body, struct acquirer_message *ret);
bool stripe_message_judge(struct task *t, const struct acquirer_message *m, const struct acquirer_ask *ask,
                          struct acquirer_said *ret);
