/*
 * The buyer's page (SURFACES P4; docs/decisions/0064): what he has at a store, by the store's own name for him. Its
 * address is the permission: sealed, for a day. An older one shows nothing, and sends a new one to his mail address.
 */
#pragma once

#include "paysrv/store/billing.rows.h"
#include "paysrv/store/subscription.rows.h"
#include "shared/base/task.h"
#include "shared/text/language.h"

#define BILLING_LINK_LIFE HOURS(24)

/* A new address, from now on. */
str billing_url(struct task *t, store_id store, str buyer);

struct billing_visit {
    store_id store;
    str buyer;
    const struct billing_buyer_row *who;
    bool is_late;               /* the day is over */
    str locale;                 /* that the page was asked for in; absent: none of the store's */
    struct languages languages; /* that it can be read in; none: there is nothing to choose */
};
/* Whose link it is, under whose partner's clock the task is then. NOT_FOUND: none of ours, or of nobody any more. */
MUST_USE err billing_visit_open(struct task *t, str token, struct billing_visit *ret);

/* As the checkout speaks (domain/store_speech.h), where the language of his consent is a payment's. */
void billing_speak(struct task *t, struct billing_visit *v, str locale, str accepts);

/* What a button was pressed for; a page that is not of now is told by what it was made of. */
str billing_state(struct task *t, const struct subscription_find_row *s);

#define BILLING_ACTIONS(X)                                                                                             \
    X(PAUSE, "pause")                                                                                                  \
    X(RESUME, "resume")                                                                                                \
    X(CANCEL, "cancel")                                                                                                \
    X(KEEP, "keep") /* the end is taken back */                                                                        \
    X(CARD, "card")                                                                                                    \
    X(AGREE, "agree") /* to the price that was announced */
#define BILLING_ACTION_ROW(name, text) BILLING_##name,
enum billing_action { BILLING_ACTIONS(BILLING_ACTION_ROW) BILLING_ACTION_COUNT };
#undef BILLING_ACTION_ROW
bool billing_action_parse(str name, enum billing_action *ret);

/* *next: where he is led; SUBSCRIPTION_STATE when it is not as he saw it any more, and not as he wants it either. */
MUST_USE err billing_act(struct task *t, const struct billing_visit *v, subscription_id id, enum billing_action action,
                         str state, str *next);
/* A new link to his address; nothing, when he had one within the last minutes. */
MUST_USE err billing_link_send(struct task *t, const struct billing_visit *v);
