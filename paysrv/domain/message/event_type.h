/*
 * What partners are told of (docs/protocol/pay/events.md): X(type, the object in its `data`, when it is told). The
 * OpenAPI document has a webhook for each, and the tests hold what is sent against it.
 */
#pragma once

#include <stdbool.h>

#include "shared/text/shape.h"

#define EVENT_TYPES(X)                                                                                                 \
    X("payment.succeeded", "Payment", "It is paid; in two steps, everything that is captured of it is.")               \
    X("payment.failed", "Payment", "An attempt was declined (`decline_code`, `advice`). Another one may be made.")     \
    X("payment.requires_action", "Payment",                                                                            \
      "The buyer has to do something (`next_action`): a challenge of his bank, the page of his wallet, a transfer.")   \
    X("payment.authorized", "Payment", "Two steps: the amount is reserved until `authorized_until`.")                  \
    X("payment.captured", "Payment", "A part of it, or all, is captured (`capture`).")                                 \
    X("payment.capture_failed", "Payment", "The acquirer declined a capture (`capture`); nothing has moved.")          \
    X("payment.authorization_expiring", "Payment",                                                                     \
      "An authorisation ends soon, and not everything of it is captured.")                                             \
    X("payment.canceled", "Payment", "It can be paid no more, and nothing of it was (`cancellation_reason`).")         \
    X("payment.expired", "Payment", "Nobody has paid it in time, and it can be paid no more.")                         \
    X("payment.cancel_failed", "Payment", "The acquirer refused to release what is reserved.")                         \
    X("payment.transfer_received", "TransferCredit", "A part of a bank transfer, or all of it, has come.")             \
    X("payment.transfer_reversed", "TransferCredit", "The buyer's bank took a transfer back.")                         \
    X("payment.transfer_expired", "Payment",                                                                           \
      "A bank transfer was not whole in time, and what came goes back. The payment is over.")                          \
    X("payment.transfer_repaid", "TransferRepayment",                                                                  \
      "What had come by transfer and was not wanted has gone back to its payer.")                                      \
    X("payment.transfer_repayment_returned", "TransferRepayment",                                                      \
      "What went back to a payer came back from his bank.")                                                            \
    X("payment_attempt.succeeded_late", "PaymentAttempt",                                                              \
      "An attempt that was given up succeeded after all. It is reversed.")                                             \
    X("payment_attempt.reversed", "PaymentAttempt", "The acquirer has voided or refunded what succeeded late.")        \
    X("payment_attempt.settled", "PaymentAttempt",                                                                     \
      "The acquirer refused to reverse what succeeded late, and a person has ended it otherwise.")                     \
    X("refund.succeeded", "Refund", "The money is on its way back to the buyer.")                                      \
    X("refund.failed", "Refund",                                                                                       \
      "Nothing goes back (`decline_code`), or it came back days after it had succeeded; the sellers have their part "  \
      "again.")                                                                                                        \
    X("refund.queued", "Refund", "It waits until the seller's balance holds it.")                                      \
    X("refund.canceled", "Refund", "It was taken back while it waited.")                                               \
    X("receipt.sale", "Receipt", "For a cash register: what was sold.")                                                \
    X("receipt.refund", "Receipt", "For a cash register: what was given back.")                                        \
    X("hold.released", "Hold", "A deal: a part of what is held, or all of it, is released to the sellers.")            \
    X("hold.ended", "Hold", "A deal has ended by itself (`ended_by`).")                                                \
    X("hold.return_failed", "Hold",                                                                                    \
      "A deal was to be refunded at its end, and the acquirer refused to. It stays held.")                             \
    X("dispute.opened", "Dispute", "A buyer's bank asks about a payment, or takes it back (`phase`).")                 \
    X("dispute.updated", "Dispute", "Its phase, amount or time has changed, or evidence has gone to the bank.")        \
    X("dispute.evidence_due", "Dispute", "The time for evidence ends soon.")                                           \
    X("dispute.won", "Dispute", "The bank decided for the seller.")                                                    \
    X("dispute.lost", "Dispute", "The bank decided for the buyer, or the chargeback was accepted.")                    \
    X("dispute.closed", "Dispute", "An inquiry ended without a chargeback.")                                           \
    X("dispute.funds_withdrawn", "Dispute", "The money is taken back from everybody who had a share (`split`).")       \
    X("dispute.funds_returned", "Dispute", "Everybody has it again.")                                                  \
    X("dispute.funds_lost", "Dispute", "What was taken back is gone for good.")                                        \
    X("balance.covered", "BalanceRelief", "The partner or the platform covers what a seller owes.")                    \
    X("balance.written_off", "BalanceRelief", "The operator has written off what a seller owes, or has undone that.")  \
    X("balance.recovered", "BalanceRelief",                                                                            \
      "Who bore a seller's debt has it back, as far as the seller got something.")                                     \
    X("reserve.set", "Reserve", "The operator has an amount of a seller's balance stay.")                              \
    X("reserve.filled", "Reserve", "A reserve holds all that it is to hold.")                                          \
    X("reserve.used", "Reserve", "A reserve has paid what went back.")                                                 \
    X("reserve.released", "Reserve", "A reserve has ended; what it held is available.")                                \
    X("settlement.booked", "Settlement", "The acquirer has accounted for payments of this partner.")                   \
    X("settlement.paid", "Settlement", "The acquirer has paid what it had accounted for.")                             \
    X("settlement.corrected", "Settlement", "A line of the acquirer's that did not fit was resolved.")                 \
    X("bank.booked", "BankBooking",                                                                                    \
      "The operator has booked what the bank moved beside payments and payouts (`account`; below zero: taken from "    \
      "it).")                                                                                                          \
    X("payout.confirmation_required", "Payout", "The owner was mailed a code for it.")                                 \
    X("payout.confirmation_failed", "Payout",                                                                          \
      "The last guess at its code was wrong; none counts any more. It expires, and another can be requested.")         \
    X("payout.confirmed", "Payout", "It is confirmed, and approved where that was needed; the money is on its way.")   \
    X("payout.sent", "Payout", "The order is with the bank, the acquirer or the wallet.")                              \
    X("payout.paid", "Payout", "The money has left.")                                                                  \
    X("payout.canceled", "Payout", "It was taken back before it was sent; the money is available again.")              \
    X("payout.awaiting_approval", "Payout", "It is confirmed, and the platform looks at it.")                          \
    X("payout.returned", "Payout",                                                                                     \
      "The bank sent the money back after it was paid (`reason`); it is available again.")                             \
    X("payout.rejected", "Payout", "The bank, or the platform, refused it (`reason`); the money is available again.")  \
    X("payout.failed", "Payout", "It cannot be sent (`reason`); the money is available again.")                        \
    X("payout.unknown", "Payout",                                                                                      \
      "The bank, or the acquirer, has not said in time what became of it. The money stays held.")                      \
    X("payout.fee_charged", "PayoutFee", "Its fee is taken.")                                                          \
    X("payout.fee_returned", "PayoutFee", "Its fee is given back.")                                                    \
    X("payout_list.confirmation_required", "PayoutList", "The owner was mailed one code for all of it.")               \
    X("payout_list.confirmation_failed", "PayoutList", "The last guess at its code was wrong.")                        \
    X("payout_list.confirmed", "PayoutList", "All its payouts are confirmed.")                                         \
    X("payout_list.canceled", "PayoutList", "None of its payouts goes out.")                                           \
    X("payout_schedule.confirmation_required", "PayoutSchedule", "The owner was mailed a code for it.")                \
    X("payout_schedule.confirmation_failed", "PayoutSchedule", "The last guess at its code was wrong.")                \
    X("payout_schedule.confirmed", "PayoutSchedule", "It is in force.")                                                \
    X("payout_schedule.paused", "PayoutSchedule", "It pays nothing out until it is resumed (`reason`).")               \
    X("payout_schedule.active", "PayoutSchedule", "It is resumed.")                                                    \
    X("payout_schedule.ended", "PayoutSchedule", "It has ended for good (`reason`).")                                  \
    X("requisite.created", "Requisite", "A user has another account, card or wallet to be paid to.")                   \
    X("requisite.activated", "Requisite", "Its owner has confirmed it.")                                               \
    X("requisite.disabled", "Requisite", "Nothing is paid to it any more (`disabled_reason`).")                        \
    X("requisite.verified", "Requisite", "Its bank has said whether it knows the holder (`verification`).")            \
    X("confirmation.required", "Confirmation", "An owner was mailed a code.")                                          \
    X("confirmation.failed", "Confirmation", "The last guess at its code was wrong; none counts any more.")            \
    X("confirmation.confirmed", "Confirmation", "He typed it, and what it was for is done.")                           \
    X("confirmation.canceled", "Confirmation", "It ended without him (`reason`), and so did what it was for.")         \
    X("confirmation.expired", "Confirmation", "Its time is over, and so is what it was for.")                          \
    X("legal_profile.created", "LegalProfile", "A user has another version of his legal profile.")                     \
    X("agreement.accepted", "AgreementAcceptance", "A user has accepted a version of the agreement.")                  \
    X("invoice.created", "Invoice",                                                                                    \
      "A period, or a change, is billed; nothing is to be paid where it is `paid` already.")                           \
    X("invoice.paid", "Invoice", "It is paid, or there was nothing to pay.")                                           \
    X("invoice.payment_failed", "Invoice", "The card was declined; it is tried again where that makes sense.")         \
    X("invoice.action_required", "Invoice", "The buyer has to act; he was mailed a link.")                             \
    X("invoice.uncollectible", "Invoice", "Nobody pays it any more (`status_reason`).")                                \
    X("invoice.void", "Invoice", "Nobody owes it any more (`status_reason`).")                                         \
    X("invoice.disputed", "Invoice", "A bank took its payment back.")                                                  \
    X("invoice.dispute_won", "Invoice", "The chargeback of its payment is won.")                                       \
    X("invoice.dispute_lost", "Invoice", "The chargeback of its payment is lost.")                                     \
    X("subscription.created", "Subscription", "A buyer has subscribed.")                                               \
    X("subscription.updated", "Subscription",                                                                          \
      "Something of it has changed: price, quantity, card, an end to come; or a trial is over, or what was owed is "   \
      "paid.")                                                                                                         \
    X("subscription.past_due", "Subscription", "Its invoice was declined.")                                            \
    X("subscription.paused", "Subscription", "No period begins until it is resumed (`status_reason`).")                \
    X("subscription.resumed", "Subscription", "It goes on.")                                                           \
    X("subscription.unpaid", "Subscription", "Its invoice stays open, and nothing is charged by itself any more.")     \
    X("subscription.canceled", "Subscription", "It has ended (`status_reason`).")                                      \
    X("subscription.price_announced", "Subscription", "The buyer was told of another price (`price_change`).")         \
    X("subscription.price_agreed", "Subscription", "The buyer has agreed to it.")                                      \
    X("subscription.renewal_upcoming", "Subscription", "It is charged soon, and the buyer was told.")                  \
    X("subscription.trial_ending", "Subscription", "Its trial ends soon, and the buyer was told.")                     \
    X("subscription.card_expiring", "Subscription",                                                                    \
      "Its card will have expired at the next charge, and the buyer was told.")                                        \
    X("saved_card.created", "SavedCard", "A buyer lets a store keep his card.")                                        \
    X("saved_card.withdrawn", "SavedCard", "The card is not kept any more (`withdrawn_by`).")                          \
    X("saved_card.blocked", "SavedCard", "A bank says that its holder did not agree; it is charged with nothing.")     \
    X("saved_card.unblocked", "SavedCard", "That dispute is won; it may be charged again.")                            \
    X("store.created", "Store", "A store was opened.")                                                                 \
    X("store.updated", "Store", "Its state, terms, domains or looks have changed.")                                    \
    X("store.moved", "Store", "It is another partner's now (`moved_to`).")                                             \
    X("store.tariff_planned", "StoreTariff", "A tariff begins at a moment to come.")                                   \
    X("store.tariff_canceled", "StoreTariff", "A tariff that was planned does not begin.")                             \
    X("split_profile.created", "SplitProfile", "There is another profile.")                                            \
    X("user.created", "User", "There is another user.")                                                                \
    X("user.activated", "User", "He has confirmed his address.")                                                       \
    X("user.updated", "User", "His address has changed, he has taken his consent back, or his payouts stop or go on.") \
    X("user.closed", "User", "He has closed his account, or it was never confirmed (`closed_reason`).")                \
    X("user.reopened", "User", "The operator has opened it again, to pay out what came back to him.")                  \
    X("user.erased", "User", "What said who he is is gone: erase what you have.")                                      \
    X("test_clock.advanced", "TestClock", "The clock has come to where it was to go.")                                 \
    X("webhook_endpoint.ping", "WebhookEndpoint", "An endpoint is tried, whatever types it wants.")

/* All of them, in the order above. */
extern const struct message event_types[];
extern const size_t event_types_n;

#define WEBHOOK_PING STR("webhook_endpoint.ping")

bool event_type_exists(str name);
