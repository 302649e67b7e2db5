/* What things.c and its neighbours make things with. */
#pragma once

#include "tests/sim/client.h"
#include "tests/torture/torture.h"

/* A POST until it is answered with this status; the id of what a 201 says; the first "id" after a member of what a GET
 * says; what stands behind the last slash. */
struct call *thing_ask(const char *path, const char *body, int status);
str thing_made(const char *path, const char *body);
str thing_first_of(const char *path, const char *member);
str thing_last_segment(str url);
/* A thing that was made on the way of another one. */
void thing_keep(const char *name, str value);

/* things_parties.c */
str thing_partner(void);
str thing_user(void);
str thing_store(void);
str thing_requisite(void);
str thing_mismatch(void);
str thing_profile(void);
str thing_away(void);
str thing_disputed(void);
str thing_answered(void);
str thing_file(void);
str thing_branch(void);
str thing_labeled(void);
str thing_second(void);
str thing_tariff(void);
str thing_host(void);
str thing_connection(void);
str thing_endpoint(void);
str thing_event(void);
str thing_freeze(void);
str thing_anomaly(void);
str thing_lost(void);
str thing_unheard(void);
str thing_reversal(void);
str thing_profiled(void);
str thing_agreement(void);
str thing_nobody(void);
str thing_left(void);
str thing_confirmation(void);

/* things_subscriptions.c */
str thing_subscription(void);
str thing_card(void);
str thing_link(void);
str thing_billing(void);
str thing_form_state(void);
str thing_invoice(void);
str thing_owed(void);
str thing_behind(void);
str thing_price(void);
str thing_newprice(void);
str thing_month(void);
str thing_paused(void);
