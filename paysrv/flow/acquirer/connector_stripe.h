/* The parts of Stripe's connector (docs/protocol/connectors.md, Stripe). */
#pragma once

#include "paysrv/flow/acquirer/connector.h"
#include "shared/base/buf.h"
#include "shared/net/fetch.h"

#define STRIPE_ID_MAX 255
#define STRIPE_API "https://api.stripe.com"
#define STRIPE_VERSION "2025-03-31.basil"

bool stripe_is_live(struct task *t);
/* One exchange: key and body absent where there are none. */
void stripe_call(struct task *t, const char *method, str path, str key, str body, struct fetch_answer *ret);
/* A question whose answer may be so long. */
void stripe_get(struct task *t, str path, size_t max_bytes, struct fetch_answer *ret);
/* NULL: no clear answer; *why says what came instead. */
const struct json_value *stripe_object_of(struct task *t, const struct fetch_answer *answer, str *why);
void stripe_form_add(struct task *t, struct buf *form, const char *name, str value);
void stripe_query(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret);

enum message_verdict stripe_verify(struct task *t, str key, const struct signed_message *m);
bool stripe_message_read(struct task *t, str body, struct acquirer_message *ret);
/* The dispute that a message names, as it stands: the message becomes one about it, or says why not. */
void stripe_dispute_message(struct task *t, struct acquirer_message *m);
bool stripe_disputes(struct task *t, instant from, str after, struct dispute_page *ret, str *why);
bool stripe_dispute_said(const struct json_value *object, struct acquirer_dispute *ret);
bool stripe_dispute_tell(struct task *t, const struct dispute_letter *letter, struct acquirer_dispute *ret, str *why);
bool stripe_message_judge(struct task *t, const struct acquirer_message *m, const struct acquirer_ask *ask,
                          struct acquirer_said *ret);
