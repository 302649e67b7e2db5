/*
 * Cards that buyers let a store keep (docs/protocol/pay/saved-cards.md): agreed to on the checkout, kept when
 * the payment has succeeded, charged by their id in the place of a token, ended by the buyer, the partner or an
 * operator.
 */
#pragma once

#include "paysrv/flow/acquirer/acquirer.h"
#include "paysrv/store/saved_card.rows.h"
#include "shared/base/task.h"
#include "shared/text/json_out.h"

/* In the place of a token it is the id of a saved card, and never what a browser brought. */
bool saved_card_is_id(str token);

/* The buyer has agreed, in the language of the task, and typed his card: it is kept if the payment succeeds with it. */
MUST_USE err saved_card_take(struct task *t, payment_id payment, str token, str consent_version);
/* Something may have happened to a payment whose card is to be kept. */
MUST_USE err saved_card_look_soon(struct task *t, payment_id payment);
/*
 * The job: looks whether payments succeeded whose cards are to be kept. The acquirer is asked, so rounds end as those
 * of refunds do (acquirer_round.h).
 */
MUST_USE err saved_cards_settle(struct task *t);

/* Whether this card may be charged for this payment: of the same store, and not withdrawn. */
MUST_USE err saved_card_usable(struct task *t, str card, payment_id payment, bool *ret);
/* The token in the place of the card's id, with what the buyer once paid himself. Other tokens stay as they are. */
MUST_USE err saved_card_instrument(struct task *t, struct acquirer_ask *ask);

/* Nothing is charged to it while a dispute of its holder's is open, or it may be again. */
MUST_USE err saved_card_blocks(struct task *t, const struct saved_card_find_row *card, bool blocks);
/* by: "buyer", "partner", "operator" or "dispute". One that has ended already stays as it is. */
MUST_USE err saved_card_end(struct task *t, const struct saved_card_find_row *card, str by);
/* The address in the buyer's mail where he ends it, and the card that it is of. */
str saved_card_withdraw_url(struct task *t, saved_card_id card);
bool saved_card_link_read(struct task *t, str link, saved_card_id *ret);

/* "Visa •• 4242", for people. */
str saved_card_shown(struct task *t, const struct saved_card_find_row *card);
void saved_card_write(struct json *j, const struct saved_card_find_row *card);
