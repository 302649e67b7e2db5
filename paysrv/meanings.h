/*
 * What members of objects and parameters of the API mean, for /openapi.json and the JavaScript client: X(of, "text"). A
 * name alone ("currency") is of every place that has no text of its own; looked for is the operation
 * ("post_v1_payments.amount"), the object ("Payment.amount"), then the end of the path ("split.amount"). In the order
 * of strcmp. tests/api/documents.test.mjs: everything has a text, and no text is of nothing.
 */
#pragma once

#define PAYSRV_MEANINGS(X)                                                                                             \
    X("AcquirerCall.acquirer", "The connector's name of the acquirer that was asked; absent when none is recorded.")   \
    X("AcquirerCall.charge", "What the acquirer calls it; absent when it has not said.")                               \
    X("AcquirerCall.created_at", "When the acquirer was asked.")                                                       \
    X("AcquirerCall.id", "The id of the attempt.")                                                                     \
    X("AcquirerCall.operation",                                                                                        \
      "What the acquirer was asked for: `charge`, or `authorize` for a payment in two steps.")                         \
    X("AcquirerCall.state",                                                                                            \
      "How the acquirer's answer stands: `ok`, `declined`, `action` (the buyer has to act), or not known yet.")        \
    X("AcquirerSettlement.acquirer",                                                                                   \
      "The connector's name of the acquirer whose registry it is; null when none is recorded.")                        \
    X("AcquirerSettlement.created_at", "When the registry was imported.")                                              \
    X("AcquirerSettlement.fee", "What the acquirer keeps of all its lines, in minor units of `currency`.")             \
    X("AcquirerSettlement.gross",                                                                                      \
      "What all its lines come to before the acquirer's fees, in minor units of `currency`.")                          \
    X("AcquirerSettlement.id", "The number of the registry.")                                                          \
    X("AcquirerSettlement.name", "The acquirer's own name of the registry.")                                           \
    X("AcquirerSettlement.net",                                                                                        \
      "`gross` less `fee`: what the acquirer transfers to the bank, in minor units of `currency`.")                    \
    X("AcquirerSettlement.status",                                                                                     \
      "`open` while its lines are taken up, then `booked`, and `paid` when the bank has it.")                          \
    X("Agreement.content", "The text of the agreement; null when it stands at `url`.")                                 \
    X("Agreement.due_at", "From when on nobody is paid out who has not accepted this version or a later one.")         \
    X("Agreement.url", "Where its text is read; null when `content` has it.")                                          \
    X("AgreementAcceptance.accepted_at", "When this version was accepted for the first time.")                         \
    X("AgreementAcceptance.id", "The id of the acceptance (`acc_...`).")                                               \
    X("AgreementAcceptance.version", "The version of the agreement that was accepted.")                                \
    X("Anomaly.about", "What `reference` names.")                                                                      \
    X("Anomaly.closed_at", "When it was closed; null while it is open.")                                               \
    X("Anomaly.created_at", "When it was found.")                                                                      \
    X("Anomaly.id", "The number of the anomaly.")                                                                      \
    X("Anomaly.kind", "What a person has to look at, such as `call_unresolved`.")                                      \
    X("Anomaly.note", "What was said when it was closed; null while nothing was.")                                     \
    X("Anomaly.partner", "The partner whom it concerns, by its short name; null when none is known.")                  \
    X("Anomaly.payment", "The payment that it belongs to (`pay_...`); null when none is known.")                       \
    X("Anomaly.reference", "What it is about, by its id; `about` says what that names.")                               \
    X("Anomaly.status", "Whether somebody still has to look at it.")                                                   \
    X("Anomaly.subscription", "The subscription that it belongs to (`sub_...`); null when none is known.")             \
    X("ApiVersion.version", "The version that the partner is answered in, by its day, where a request asks for none.") \
    X("Balance.available", "What can be paid out now, by currency.")                                                   \
    X("Balance.available.amount", "What can be paid out now, in minor units of `currency`; below 0: what is owed.")    \
    X("Balance.user", "Whose balance it is (`usr_...`); absent for the partner's.")                                    \
    X("BalanceRelief.amount",                                                                                          \
      "What somebody else bears of what the seller owes, or has back of it, in minor units of `currency`.")            \
    X("BalanceRelief.borne_by", "Who bears it, or has it back: `platform` or `partner`.")                              \
    X("BalanceRelief.id", "The id of the cover, write-off or recovery (`brl_...`).")                                   \
    X("BalanceRelief.kind", "Whether the partner covers what the seller owes, it is written off, or its bearer has "   \
                            "it back (also of a write-off that is undone).")                                           \
    X("BalanceRelief.reason", "Why it was covered, written off or recovered.")                                         \
    X("BalanceRelief.user", "The seller whose balance it is (`usr_...`); null for the partner's own stores.")          \
    X("BankBooking.account", "On whose account what the bank moved is booked.")                                        \
    X("BankBooking.amount",                                                                                            \
      "What the bank moved and is booked on `account`, in minor units of `currency`; below 0: taken from it.")         \
    X("BankBooking.created_at", "When it was booked.")                                                                 \
    X("BankBooking.id", "The number of the break that was resolved by it.")                                            \
    X("BankBreak.amount", "What does not fit, in minor units of `currency`; null when no amount is known.")            \
    X("BankBreak.created_at", "When it was found; when it was closed and has come again, the last time.")              \
    X("BankBreak.currency",                                                                                            \
      "The currency of `amount`, by its code of ISO 4217 (`EUR`); null when no amount is known.")                      \
    X("BankBreak.id", "The number of the break.")                                                                      \
    X("BankBreak.kind", "In which way it does not fit, such as `unmatched`, `amount` or `duplicate`.")                 \
    X("BankBreak.note", "What was said when it was closed; null while nothing was.")                                   \
    X("BankBreak.partner", "The partner whom it concerns, by its short name; null when none is known.")                \
    X("BankBreak.payer_iban", "The account that the money came from, as the bank says it; null when it does not.")     \
    X("BankBreak.payment", "The payment that it is about (`pay_...`); null when it names none.")                       \
    X("BankBreak.payout", "The payout that it is about (`po_...`); null when it names none.")                          \
    X("BankBreak.reference",                                                                                           \
      "What it is about: a payout, order, statement or line; of what is `missing`, the operation.")                    \
    X("BankBreak.settlement", "The acquirer's registry that it is about, by its number; null when it is about none.")  \
    X("BankBreak.status", "Whether somebody still has to look at it.")                                                 \
    X("BankFile.breaks", "How many breaks have come of it, open or closed.")                                           \
    X("BankFile.created_at", "When the file was imported.")                                                            \
    X("BankFile.id", "The number of the file.")                                                                        \
    X("BankFile.lines", "How many lines it has that no file before it had.")                                           \
    X("BankFile.statement", "The bank's name of the statement; null for messages that are none.")                      \
    X("BankFile.status", "`waiting` for the statement before it, `open` while it is taken up, or `done`.")             \
    X("BankFile.type", "What the file is: `pain.002`, `camt.053`, `camt.054`, or `1c` for a text exchange.")           \
    X("BillingDefaults.on_dispute", "What a chargeback does to subscriptions of stores that say nothing themselves.")  \
    X("BillingLink.expires_at", "Until when the link shows anything; afterwards it mails the buyer a new one.")        \
    X("BillingLink.url", "The address of the buyer's page.")                                                           \
    X("BillingSettings.on_dispute", "What a chargeback does to the store's subscriptions.")                            \
    X("BreakAnswer.id", "The number of the break.")                                                                    \
    X("BreakAnswer.kind", "In which way it does not fit, such as `unmatched`, `amount` or `duplicate`.")               \
    X("BreakAnswer.note", "What was said when it was closed; null while nothing was.")                                 \
    X("BreakAnswer.status", "Whether somebody still has to look at it.")                                               \
    X("Capture.amount", "What is captured by this one, in minor units of `currency`.")                                 \
    X("Capture.created_at", "When it was asked for.")                                                                  \
    X("Capture.id", "The id of the capture (`cap_...`).")                                                              \
    X("Capture.split", "Who gets what of it, in minor units.")                                                         \
    X("Capture.status", "Whether the acquirer has captured it; `pending` while that is not known.")                    \
    X("Confirmation.created_at", "When it was asked for.")                                                             \
    X("Confirmation.expires_at", "Until when the code can be typed; absent when it is not waited for any more.")       \
    X("Confirmation.id", "The id of the confirmation (`cnf_...`).")                                                    \
    X("Confirmation.reason", "Why it ended without the owner, such as `code_undeliverable`; null otherwise.")          \
    X("Confirmation.status", "Whether the code was typed, is still awaited, or is worth nothing any more.")            \
    X("Confirmation.summary.account", "The bank account, card or wallet that the code is for, masked.")                \
    X("Confirmation.summary.bic", "The BIC of the account's bank; absent when it has none.")                           \
    X("Confirmation.summary.country",                                                                                  \
      "The user's country, by its code of ISO 3166-1 alpha-2 (`DE`); absent when it is not known.")                    \
    X("Confirmation.summary.currency",                                                                                 \
      "The currency of the store that the code is for, by its code of ISO 4217 (`EUR`); absent for other operations.") \
    X("Confirmation.summary.email", "The e-mail address that the code is for: of an address that is changed the new "  \
                                    "one; absent for other operations.")                                               \
    X("Confirmation.summary.holder_name",                                                                              \
      "Who holds the account that the code is for; absent for other operations, and for cards and wallets.")           \
    X("Confirmation.summary.inn", "The INN of the holder of a Russian account, masked; absent for all others.")        \
    X("Confirmation.summary.name", "The user's name; of a store connection, the one whose store it is to be.")         \
    X("Confirmation.summary.store", "The store's name.")                                                               \
    X("Confirmation.summary.town", "The town of the account holder's address.")                                        \
    X("Confirmation.summary.url", "The store's web address.")                                                          \
    X("Confirmation.type", "How it is confirmed: by a code that is mailed to the owner.")                              \
    X("Confirmation.user",                                                                                             \
      "Who is asked for the code (`usr_...`); of a store connection, the user whose store it is to be.")               \
    X("Dispute.amount", "What the bank asks about or claims, in minor units of `currency`.")                           \
    X("Dispute.closed_at", "When it was decided or ended; null while it is open.")                                     \
    X("Dispute.created_at", "When we heard of it.")                                                                    \
    X("Dispute.fee", "What the acquirer takes for the dispute beside the amount, in minor units of `currency`.")       \
    X("Dispute.id", "The id of the dispute (`dp_...`).")                                                               \
    X("Dispute.reason", "What the buyer claims, as his bank says it, such as `fraudulent`.")                           \
    X("Dispute.split", "What was taken back from whom, in minor units, with the fee at its bearer's.")                 \
    X("Dispute.status", "Whether evidence is awaited, the bank looks at it, or how it was decided; `closed`: an "      \
                        "inquiry without a chargeback.")                                                               \
    X("Dispute.user", "The user of the payment's store (`usr_...`); null when the store is the partner's own.")        \
    X("DisputeFile.created_at", "When the file was sent to us.")                                                       \
    X("DisputeFile.id", "The id of the file.")                                                                         \
    X("DisputeFile.name", "The file's name, as it was given with the upload.")                                         \
    X("DisputeFile.type", "The media type of the file.")                                                               \
    X("EmailChange.confirmations",                                                                                     \
      "The codes that were mailed, to the address that there is and to the new one; each has to be typed.")            \
    X("EmailChange.created_at", "When it was asked for.")                                                              \
    X("EmailChange.email", "The new e-mail address.")                                                                  \
    X("EmailChange.id", "The id of the change (`emc_...`).")                                                           \
    X("EmailChange.status", "It waits for two codes: of the address that there is and of the new one.")                \
    X("EntryPayee.amount", "What this payee gets, in minor units of `currency`.")                                      \
    X("EntryPayee.destination", "The account, card or wallet that the money goes to, masked.")                         \
    X("EntryPayee.holder_name", "Who holds the account that the money goes to; null for cards and wallets.")           \
    X("EntryPayee.id", "The id of the payout (`po_...`) or repayment (`rp_...`) that the payee gets.")                 \
    X("EntryPayee.kind", "Whether a seller is paid out, or a buyer gets his money back.")                              \
    X("EntryPayee.status", "How it stands with the payout or repayment.")                                              \
    X("EntryPayee.user_name", "The user's name; null when the money goes back to a buyer.")                            \
    X("Event.data", "The object that it is about, as of that moment.")                                                 \
    X("Event.id", "The id of the event (`evt_...`), which is the header `webhook-id` of its messages.")                \
    X("EventObject.id", "The id of the object that the event is about.")                                               \
    X("HeldRequisite.created_at", "When the verification of the account began.")                                       \
    X("HeldRequisite.holder_name", "Who holds the account, as its user says; null when nobody is named.")              \
    X("HeldRequisite.id", "The id of the requisite (`req_...`).")                                                      \
    X("HeldRequisite.status", "What the bank has said of the holder's name; `unknown`: nothing yet.")                  \
    X("Hold.amount", "What the buyer has paid so far, in minor units of `currency`.")                                  \
    X("Hold.ends_at",                                                                                                  \
      "When what is still held is released or returned by itself; null while that is not settled yet.")                \
    X("Hold.status", "Whether it is `unpaid` yet, `held`, or has `ended`.")                                            \
    X("Holdback.amount",                                                                                               \
      "What was held back at first, in minor units of `currency`; of part `fixed` what it is filled up to.")           \
    X("Holdback.available_on", "When it is available; null of a deal, and of a fixed reserve without an end.")         \
    X("Holdback.held", "What of it is still held, in minor units of `currency`.")                                      \
    X("Holdback.payment", "The payment whose money it is (`pay_...`); absent for a fixed reserve.")                    \
    X("Invoice.amount_due", "What its payment is for, after the `balance` is applied, in minor units of `currency`; "  \
                            "0: there is no payment.")                                                                 \
    X("Invoice.dispute", "How the chargeback of its payment stands; absent when there was none.")                      \
    X("Invoice.finished_at", "When it was paid, or became `void` or `uncollectible`; absent while it is open.")        \
    X("Invoice.id", "The id of the invoice (`inv_...`).")                                                              \
    X("Invoice.kind", "Whether it bills a `period`, or a `change` of price or quantity.")                              \
    X("Invoice.lines", "What is charged and counted back.")                                                            \
    X("Invoice.lines.amount",                                                                                          \
      "What the line adds to `total`, in minor units of the invoice's `currency`; below 0: counted back.")             \
    X("Invoice.lines.from", "When the time that the line charges for begins.")                                         \
    X("Invoice.lines.price", "The price that is charged (`price_...`).")                                               \
    X("Invoice.lines.quantity", "How many are charged.")                                                               \
    X("Invoice.lines.to", "When that which is charged for ends.")                                                      \
    X("Invoice.lines.type", "`period`: a period; of a change `rest`: the new price for what is left, `unused`: what "  \
                            "was paid and is not used.")                                                               \
    X("Invoice.next_attempt_at", "When its card is charged again by itself; absent when that is not to come.")         \
    X("Invoice.payment", "The payment that charges what is due (`pay_...`); null while there is none.")                \
    X("Invoice.status", "Whether it is to be paid, is paid, is owed by nobody any more (`void`), or is paid by "       \
                        "nobody (`uncollectible`).")                                                                   \
    X("LedgerEntry.amount",                                                                                            \
      "What the entry brought to the account, in minor units of `currency`; below 0: took from it.")                   \
    X("LedgerEntry.available_on",                                                                                      \
      "When the last of what it brought is available; null while that waits for a word, or is not written down yet.")  \
    X("LedgerEntry.created_at", "When it was booked.")                                                                 \
    X("LedgerEntry.entry", "The number of the entry in the ledger.")                                                   \
    X("LedgerEntry.held", "What of it is not available now, in minor units of `currency`.")                            \
    X("LedgerHead.day", "The day (UTC) at whose end it is the head (`2026-11-26`).")                                   \
    X("LegalProfile.address", "Where the person or company is registered or lives.")                                   \
    X("LegalProfile.kind", "Who he is before the law.")                                                                \
    X("LegalProfile.name", "The full name before the law, of the person or the company.")                              \
    X("LegalProfile.version", "Its number among the user's legal profiles, from 1 on: each change is another one.")    \
    X("LoggedRequest.about",                                                                                           \
      "The id of the object that the request made, or that its path names; null when there is none.")                  \
    X("LoggedRequest.api_version", "The version of the API in which it was answered; null when none was settled.")     \
    X("LoggedRequest.created_at", "When it was asked, by the wall clock.")                                             \
    X("LoggedRequest.id", "The `X-Request-Id` of the answer, which is the `request_id` of a problem.")                 \
    X("LoggedRequest.method", "The HTTP method.")                                                                      \
    X("LoggedRequest.status", "The HTTP status of the answer.")                                                        \
    X("MailBounce.status", "The status code of the failure (RFC 3463), such as `5.1.1`.")                              \
    X("ManualEntry.acquirer_ref", "What the acquirer calls the payout that is said to be paid, or the operation that " \
                                  "is said to have succeeded; else null.")                                             \
    X("ManualEntry.amount", "What the entry moves, in minor units of `currency`.")                                     \
    X("ManualEntry.borne_by", "Who bears it or what it is booked as: an account such as `platform`, or the outcome "   \
                              "that was said, such as `paid`.")                                                        \
    X("ManualEntry.created_at", "When it was asked for.")                                                              \
    X("ManualEntry.holder_name", "Who holds the account that the money is sent to; null for kinds other than `send`.") \
    X("ManualEntry.iban",                                                                                              \
      "The IBAN of the account that the money is sent to, not masked; null for kinds other than `send`.")              \
    X("ManualEntry.id", "The id of the entry by hand (`men_...`).")                                                    \
    X("ManualEntry.kind", "What the entry does.")                                                                      \
    X("ManualEntry.note", "What the operator said who decided; null when nothing was said.")                           \
    X("ManualEntry.partner",                                                                                           \
      "The partner whom it concerns, by its short name; null for orders and batches, which are of several.")           \
    X("ManualEntry.reason", "Why it is to be booked, in the words of who asked for it.")                               \
    X("ManualEntry.status",                                                                                            \
      "Whether it waits for another operator, is booked or rejected; `alone`: booked by one alone.")                   \
    X("NegativeBalance.available",                                                                                     \
      "The balance without what is reserved for refunds, in minor units of `currency`; below 0.")                      \
    X("NegativeBalance.negative_since", "Since when the balance is below zero.")                                       \
    X("NegativeBalance.user", "The seller who owes it (`usr_...`); null for the partner's own stores.")                \
    X("NegativeBalance.user_name", "The seller's name; for the partner's own stores the partner's.")                   \
    X("OpeningClosing.closing", "The balance at the end of the month, in minor units of the report's `currency`.")     \
    X("PartnerReport.agreement.address",                                                                               \
      "The partner's postal address as the cooperation agreement has it; null when it has none.")                      \
    X("PartnerReport.agreement.name", "The partner's legal name, as it stands in the cooperation agreement.")          \
    X("PartnerReport.agreement.number", "The number of the cooperation agreement.")                                    \
    X("PartnerReport.balances", "Balances at the beginning and at the end of the month.")                              \
    X("PartnerReport.balances.in_transit", "What is on its way to sellers: held for payouts that are not paid yet.")   \
    X("PartnerReport.balances.partner", "The partner's own account, at both ends of the month.")                       \
    X("PartnerReport.closed",                                                                                          \
      "Whether the month is over; from then on the report is kept with a number and never changes.")                   \
    X("PartnerReport.entries.count", "How many entries of this kind the month has.")                                   \
    X("PartnerReport.entries.gross", "What all parties together got of buyers' money, in minor units of the report's " \
                                     "`currency`; 0 in entries that are not of buyers.")                               \
    X("PartnerReport.entries.in_transit",                                                                              \
      "What the entries of this kind brought to payouts on their way, in minor units of the report's `currency`.")     \
    X("PartnerReport.entries.partner",                                                                                 \
      "What the partner got by these entries, below zero what it gave, in minor units of `currency`.")                 \
    X("PartnerReport.entries.platform",                                                                                \
      "What the platform got by these entries, below zero what it gave, in minor units of `currency`.")                \
    X("PartnerReport.entries.sellers",                                                                                 \
      "What sellers got by these entries, below zero what they gave, in minor units of `currency`.")                   \
    X("PartnerReport.figures.refunds", "What went back to buyers by refunds, in minor units of `currency`.")           \
    X("PartnerReport.from", "When the month begins, in `zone`.")                                                       \
    X("PartnerReport.name", "The partner's name.")                                                                     \
    X("PartnerReport.number", "The number of the act; null as long as the month is not over.")                         \
    X("PartnerReport.platform.address", "The platform's postal address; null when it is not configured.")              \
    X("PartnerReport.platform.name", "The operator's name, as a party of the act.")                                    \
    X("PartnerReport.to", "When the month ends; what comes then is the next one's.")                                   \
    X("PartnerReport.zone", "The IANA time zone in which the month begins: the agreement's, `UTC` without one.")       \
    X("Payment.amount", "What the buyer pays, in minor units of `currency`.")                                          \
    X("Payment.capture", "The capture that the answer or event is about; absent in all others.")                       \
    X("Payment.card",                                                                                                  \
      "The card that has paid or authorised it; absent when there is none, or the acquirer says nothing of it.")       \
    X("Payment.checkout.url", "The page to send the buyer to.")                                                        \
    X("Payment.decline_code", "Why the last attempt was declined, such as `insufficient_funds`; only while the "       \
                              "status is `requires_payment_method`.")                                                  \
    X("Payment.expires_at", "Until when it can be paid.")                                                              \
    X("Payment.id", "The id of the payment (`pay_...`).")                                                              \
    X("Payment.locale", "What the buyer's pages of this payment speak, as a tag of BCP 47 (`de`); null: as the "       \
                        "browser and the store say.")                                                                  \
    X("Payment.method", "How its last attempt is paid; null before the first.")                                        \
    X("Payment.next_action.amount", "What the buyer has to transfer, in minor units of `currency`.")                   \
    X("Payment.next_action.bic", "The BIC of our bank; absent when none is configured.")                               \
    X("Payment.next_action.holder_name", "To whom the buyer makes the transfer: the holder of our account.")           \
    X("Payment.next_action.iban", "The IBAN of our account, to which the buyer makes the transfer.")                   \
    X("Payment.next_action.reference",                                                                                 \
      "The creditor reference (ISO 11649) that the buyer gives with the transfer; it is of this attempt alone.")       \
    X("Payment.next_action.type",                                                                                      \
      "`redirect`: send the buyer to `url`; `bank_transfer`: he orders a transfer with these details.")                \
    X("Payment.next_action.url", "The page of his bank or wallet to send the buyer to.")                               \
    X("Payment.split",                                                                                                 \
      "Who gets what of it, in minor units; in two steps of what is captured, and before that what it will be.")       \
    X("Payment.split_profile",                                                                                         \
      "The profile that says who gets what (`spl_...`), or the id of rules that came with it; absent: basis points.")  \
    X("Payment.status",                                                                                                \
      "How far it is: not paid, with the acquirer, up to the buyer, reserved, paid, or over without being paid.")      \
    X("Payment.user", "The user of the store (`usr_...`); null when the store is the partner's own.")                  \
    X("Payment.version", "The `sequence` of its newest event; only where the payment is read.")                        \
    X("PaymentAttempt.amount", "What the attempt was for, in minor units of `currency`.")                              \
    X("PaymentAttempt.id", "The id of the attempt.")                                                                   \
    X("PaymentAttempt.status",                                                                                         \
      "`succeeded_late` after it was given up, then `reversed`, or `settled` when a person ended it otherwise.")       \
    X("Payout.amount", "What goes to the account, in minor units of `currency`; the balance gives `fee` beside it.")   \
    X("Payout.attempts_left",                                                                                          \
      "How often the code may still be typed wrong; absent when no code of its own is waited for, as in a list.")      \
    X("Payout.created_at", "When it was requested.")                                                                   \
    X("Payout.expires_at", "Until when the code can be typed; absent when it is not waited for any more.")             \
    X("Payout.fee",                                                                                                    \
      "What the payout costs the seller beside `amount`, in minor units of `currency`; absent when it costs nothing.") \
    X("Payout.id", "The id of the payout (`po_...`).")                                                                 \
    X("Payout.list", "The list that it is of (`pol_...`); null: of none.")                                             \
    X("Payout.reason", "Why it came to nothing: the bank's code (ISO 20022), the acquirer's, or a word such as "       \
                       "`operator`; null otherwise.")                                                                  \
    X("Payout.schedule", "The schedule that it comes from (`pos_...`); null when it comes from none.")                 \
    X("Payout.status", "How far it is, from the owner's code to the money, and whether that came back.")               \
    X("PayoutFee.fee", "What the payout costs the seller, in minor units of `currency`.")                              \
    X("PayoutFee.status", "Whether the fee was taken, or given back.")                                                 \
    X("PayoutLimit.currency", "The currency of the payouts that it limits, by its code of ISO 4217 (`EUR`).")          \
    X("PayoutLimit.user", "The seller whose limit it is (`usr_...`), with the scope `seller` only.")                   \
    X("PayoutList.count", "How many payouts the list has.")                                                            \
    X("PayoutList.created_at", "When it was requested.")                                                               \
    X("PayoutList.expires_at", "Until when the code can be typed; absent when it is not waited for any more.")         \
    X("PayoutList.id", "The id of the list (`pol_...`).")                                                              \
    X("PayoutList.reason", "Why it was canceled, such as `code_undeliverable`; null when somebody asked for that.")    \
    X("PayoutList.status",                                                                                             \
      "Whether the code for all of it was typed, is still awaited, or is worth nothing any more.")                     \
    X("PayoutList.totals.amount",                                                                                      \
      "What the payouts of the list in this currency come to, in minor units of `currency`.")                          \
    X("PayoutSchedule.at", "The time of day at which all that is available is paid out (`17:00`), in `zone`.")         \
    X("PayoutSchedule.created_at", "When it was requested.")                                                           \
    X("PayoutSchedule.currency", "The currency that is paid out, by its code of ISO 4217 (`EUR`).")                    \
    X("PayoutSchedule.day", "Which day: 1 (Monday) to 7 of a week, or 1 to 31 of a month, which without that day has " \
                            "its last one; null when it is every day.")                                                \
    X("PayoutSchedule.expires_at", "Until when the code can be typed; absent when it is not waited for any more.")     \
    X("PayoutSchedule.id", "The id of the schedule (`pos_...`).")                                                      \
    X("PayoutSchedule.reason",                                                                                         \
      "Why it is paused or has ended, such as `consent_withdrawn` or `replaced`; null otherwise.")                     \
    X("PayoutSchedule.runs.amount", "What was available then, in minor units of the schedule's `currency`.")           \
    X("PayoutSchedule.runs.created_at", "When it was done.")                                                           \
    X("PayoutSchedule.runs.due_at", "The time of the schedule that it was for.")                                       \
    X("PayoutSchedule.runs.payout", "The payout that was made (`po_...`); null when nothing was paid out.")            \
    X("PayoutSchedule.status",                                                                                         \
      "Whether it waits for its code, is in force, pays nothing out until it is resumed, or has ended.")               \
    X("PayoutSchedule.zone", "The IANA time zone of `at`, such as `Europe/Berlin`.")                                   \
    X("PayoutStatement.amount", "What the payout takes from the balance, in minor units of `currency`.")               \
    X("PayoutStatement.closing",                                                                                       \
      "The seller's balance after the payout was held, in minor units of `currency`; null on all pages but the last.") \
    X("PayoutStatement.data", "The entries that the payout is made of, in the order of the ledger.")                   \
    X("PayoutStatement.opening",                                                                                       \
      "The seller's balance before the first entry, in minor units: the `closing` of the payout before.")              \
    X("PayoutStatement.status", "How it stands with the payout.")                                                      \
    X("PayoutStatementLine.amount",                                                                                    \
      "What the entry brought to the seller, in minor units of the statement's `currency`; below 0: took from him.")   \
    X("PayoutStatementLine.balance",                                                                                   \
      "The seller's balance after the entry, in minor units of the statement's `currency`.")                           \
    X("PayoutStatementLine.created_at", "When the entry was booked.")                                                  \
    X("PayoutStatementLine.description",                                                                               \
      "The `description` of the payment that the entry comes from; null when it comes from none.")                     \
    X("PayoutStatementLine.entry", "The number of the entry in the ledger.")                                           \
    X("PayoutStatementLine.external_id",                                                                               \
      "The `external_id` of the payment that the entry comes from; null when it has none, or comes from none.")        \
    X("PayoutStatementLine.fee", "What the acquirer takes for the dispute, in minor units of the statement's "         \
                                 "`currency`, else 0; null when it is of no payment.")                                 \
    X("PayoutStatementLine.gross", "What was paid, went back or is disputed, in minor units of the statement's "       \
                                   "`currency`; null when it is of no payment.")                                       \
    X("PayoutStatementLine.partner",                                                                                   \
      "What the partner has of it, in minor units; null when the entry is of no payment.")                             \
    X("PayoutStatementLine.payment", "The payment that the entry is of (`pay_...`); null when it is of none.")         \
    X("PayoutStatementLine.platform",                                                                                  \
      "What the platform has of it, in minor units; null when the entry is of no payment.")                            \
    X("Posting.account", "The kind of account in the ledger that this line is on, such as `seller`, `partner`, "       \
                         "`platform` or `acquirer_receivable`.")                                                       \
    X("Posting.acquirer", "Which acquirer owes it, on the account `acquirer_receivable`; absent for the acquirer of "  \
                          "cards and for other accounts.")                                                             \
    X("Posting.amount", "The line's amount in minor units of `currency`: a debit above 0, a credit below.")            \
    X("Posting.created_at", "When the entry was booked.")                                                              \
    X("Posting.entry", "The number of the entry in the ledger.")                                                       \
    X("Posting.user", "Whose account it is (`usr_...`); absent for accounts that are no user's.")                      \
    X("Price.amount", "The price of one for a period, in minor units of `currency`.")                                  \
    X("Price.id", "The id of the price (`price_...`).")                                                                \
    X("Price.name", "What is sold, as the buyer reads it in mails and invoices.")                                      \
    X("Price.receipt", "What cash receipts (54-FZ) say of every invoice at this price; absent: none are told.")        \
    X("PriceMigration.created_at", "When it was asked for.")                                                           \
    X("PriceMigration.id", "The id of the migration (`pmg_...`).")                                                     \
    X("PriceMigration.price", "The price whose subscribers are announced another one (`price_...`).")                  \
    X("PriceMigration.to", "The price that comes (`price_...`).")                                                      \
    X("Problem.attempts_left", "How often the code may still be typed wrong; with `code_refused` only.")               \
    X("Problem.code", "What went wrong, as a stable word for programs, such as `card_declined`.")                      \
    X("Problem.detail", "What went wrong, in a sentence for people; absent when `title` says it all.")                 \
    X("Problem.payment",                                                                                               \
      "The payment that was declined, or of which something was (`pay_...`); absent for other problems.")              \
    X("Problem.status", "The HTTP status of the answer.")                                                              \
    X("Problem.type", "The problem as a URN: `urn:stoa:problem:` and the `code`.")                                     \
    X("Receipt.amount", "What was sold or given back, in minor units of `currency`.")                                  \
    X("Receipt.capture", "The capture (`cap_...`) that was sold, of a payment in two steps; absent in all others.")    \
    X("Receipt.customer", "Who bought, as the payment's `receipt` names him; null when nobody is named.")              \
    X("Receipt.id", "The id of the receipt (`rct_...`), the same in each delivery.")                                   \
    X("Receipt.items", "The positions; null when a part was refunded without saying which.")                           \
    X("Receipt.kind", "Whether something was sold or given back.")                                                     \
    X("Receipt.refund", "The refund that it is of (`re_...`); null for a sale.")                                       \
    X("Receipt.tax_system",                                                                                            \
      "The seller's system of taxation, in the words of FFD, such as `osn`; null when it was not said.")               \
    X("Receipt.user", "The user of the store (`usr_...`); null when the store is the partner's own.")                  \
    X("Refund.amount", "What goes back to the buyer, in minor units of `currency`.")                                   \
    X("Refund.created_at", "When it was asked for.")                                                                   \
    X("Refund.decline_code", "Why it failed: the acquirer's or the bank's reason, or one of ours such as "             \
                             "`not_funded`; absent when it has not.")                                                  \
    X("Refund.id", "The id of the refund (`re_...`).")                                                                 \
    X("Refund.reason", "Why, in the words of who asked for it; null when nothing was said.")                           \
    X("Refund.split", "Who gives back what, in minor units; not known yet while it is `queued`.")                      \
    X("Refund.status",                                                                                                 \
      "`queued` until the balance holds it, `pending` while the acquirer has not said; then how it ended.")            \
    X("Requisite.account", "The number of a Russian bank account, masked; absent for all others.")                     \
    X("Requisite.address", "The address of the account's holder; absent where a Russian account has none.")            \
    X("Requisite.bic",                                                                                                 \
      "The BIC of the account's bank; null when it was not given. Absent for all but accounts with an IBAN.")          \
    X("Requisite.card", "The card that is paid to; absent for other types.")                                           \
    X("Requisite.confirmation", "The code that the owner has to type; only in the answer that asks for it.")           \
    X("Requisite.created_at", "When it was added.")                                                                    \
    X("Requisite.holder_name", "Who holds the account; absent for cards and wallets.")                                 \
    X("Requisite.iban", "The IBAN of the account, masked; absent for accounts without one, cards and wallets.")        \
    X("Requisite.id", "The id of the requisite (`req_...`).")                                                          \
    X("Requisite.inn", "The INN of the holder of a Russian account, masked; absent for all others.")                   \
    X("Requisite.status",                                                                                              \
      "Whether it can be paid to: it waits for a code, is `active`, waits until `usable_from`, or is `disabled`.")     \
    X("Requisite.type", "What is paid to: a bank account, a card or a wallet.")                                        \
    X("Requisite.verification.accepted_at",                                                                            \
      "When the owner or an operator agreed to be paid there though the bank has another name; absent: nobody has.")   \
    X("Requisite.verification.status",                                                                                 \
      "What the bank says of the holder's name; `unknown`: nothing yet, `not_possible`: it does not say.")             \
    X("Requisite.version", "Its number among all that the user was ever paid out to, from 1 on; none is ever edited.") \
    X("Reserve.amount", "What the reserve is filled up to, in minor units of `currency`.")                             \
    X("Reserve.ends_at", "When the reserve ends by itself; null: it has no end.")                                      \
    X("Reserve.held", "What it holds now, in minor units of `currency`.")                                              \
    X("Reserve.id", "The id of the reserve (`rsv_...`).")                                                              \
    X("Reserve.reason", "Why the operator holds it, in his words.")                                                    \
    X("Reversal.acquirer",                                                                                             \
      "The connector's name of the acquirer that refuses to take it back; null when none is recorded.")                \
    X("Reversal.amount", "What the attempt had taken or reserved and was to go back, in minor units of `currency`.")   \
    X("Reversal.charge", "What the acquirer calls the charge that was to be taken back.")                              \
    X("Reversal.decline_code", "Why the acquirer refused to take it back; null when it has not said.")                 \
    X("Reversal.id", "The id of the reversal (`rev_...`).")                                                            \
    X("Reversal.kind", "Whether money was to be given back, or what was reserved released.")                           \
    X("Reversal.note", "What the operator said who decided; null before that.")                                        \
    X("Reversal.payment", "The payment for an attempt at which the money came after it was given up (`pay_...`).")     \
    X("Reversal.status",                                                                                               \
      "`refused` waits for a person; `retried`: the acquirer was asked once more; `settled`: it was ended otherwise.") \
    X("SavedCard.brand", "The brand of the card, such as `visa`, as the acquirer says it; absent when it does not.")   \
    X("SavedCard.id", "The id of the saved card (`scd_...`), which is a `payment_token` of payments of its store.")    \
    X("SavedCard.last4", "The last four digits of the card; absent when the acquirer does not say them.")              \
    X("SavedCard.mandate.accepted_at",                                                                                 \
      "When the buyer set out to pay with the box ticked that lets the store keep his card.")                          \
    X("SavedCard.mandate.id", "The id of the mandate (`mdt_...`).")                                                    \
    X("SavedCard.mandate.version", "The version of the words that he agreed to, by its day.")                          \
    X("SavedCard.payment", "The payment at which the buyer let the card be kept (`pay_...`).")                         \
    X("SavedCard.status",                                                                                              \
      "`active`, or `blocked` while a dispute says that its holder did not agree, or `withdrawn` when it has ended.")  \
    X("Settlement.amount",                                                                                             \
      "Gross amount of what was booked, or paid, in minor units of `currency`, whatever the acquirer keeps of it.")    \
    X("Settlement.created_at", "When it was booked.")                                                                  \
    X("Settlement.id", "What the acquirer calls the registry; of a break that is of no registry, what that is about.") \
    X("Settlement.kind", "What kind of entry in the ledger it is: `settlement`, `settlement_paid`, "                   \
                         "`settlement_break` or `settlement_late`.")                                                   \
    X("SettlementLine.acquirer_ref", "What the acquirer calls the operation of the line.")                             \
    X("SettlementLine.break", "The number of the break that the line is, or was; null: it never was one.")             \
    X("SettlementLine.fee", "What the acquirer keeps of this line, in minor units of `currency`.")                     \
    X("SettlementLine.gross", "What the acquirer says that it moved, before its `fee`, in minor units of `currency`.") \
    X("SettlementLine.id", "The number of the line.")                                                                  \
    X("SettlementLine.key", "The id of our operation that the line names; null when it names none.")                   \
    X("SettlementLine.partner",                                                                                        \
      "The partner whose operation the line is, by its short name; null when none is known.")                          \
    X("SettlementLine.payment", "The payment whose operation the line names (`pay_...`); null when it names none.")    \
    X("SettlementLine.payout", "The payout that the line names (`po_...`); null when it names none.")                  \
    X("SettlementLine.resolution",                                                                                     \
      "How its break was resolved: whose the difference is, or `matched`; null otherwise.")                            \
    X("SettlementLine.status",                                                                                         \
      "What came of the line: `waiting` to be taken up, `matched`, `break` when it does not fit, or `resolved`.")      \
    X("SettlementLine.type", "What the line is of: a charge, capture, refund, chargeback, its reversal, a push, its "  \
                             "return, or an adjustment.")                                                              \
    X("Share.amount", "What this party gets, or gives back, in minor units of the currency of the payment.")           \
    X("Share.user", "The other user whose share it is (`usr_...`); only where `party` is `user`.")                     \
    X("SplitProfile.currency", "The only currency of stores and payments that it fits, by its code of ISO 4217; "      \
                               "null: any, as it has no fixed parts.")                                                 \
    X("SplitProfile.id", "The id of the profile (`spl_...`).")                                                         \
    X("SplitProfile.name", "The partner's name for the profile; null when its rules were given with a payment.")       \
    X("SplitRule.user", "The other user whose share it is (`usr_...`); only where `party` is `user`.")                 \
    X("Store.confirmation", "The code that the owner has to type; only in the answer that asks for it.")               \
    X("Store.created_at", "When it was opened.")                                                                       \
    X("Store.currency", "The currency in which it sells, by its code of ISO 4217 (`EUR`).")                            \
    X("Store.id", "The id of the store (`st_...`).")                                                                   \
    X("Store.locale",                                                                                                  \
      "What a buyer is spoken to whose browser asks for none of `locales`; null: the first of them, else English.")    \
    X("Store.name", "The store's name, as buyers see it unless `branding` has a `display_name`.")                      \
    X("Store.split",                                                                                                   \
      "Who gets what of its payments, in basis points, the rest the seller; absent when a `split_profile` says it.")   \
    X("Store.split_profile",                                                                                           \
      "The profile that says who gets what of its payments (`spl_...`); absent when `split` says it.")                 \
    X("Store.status", "Whether it sells: only an `active` store does.")                                                \
    X("Store.status_reason", "Why it has this status, in the words of who changed it; null when nothing was said.")    \
    X("Store.url", "The store's web address; null when none was given.")                                               \
    X("Store.user", "The user whose store it is (`usr_...`); null when it is the partner's own.")                      \
    X("StoreBranding.accent",                                                                                          \
      "The colour of links and buttons on the store's pages (`#0a7a4b`); null: that of our pages.")                    \
    X("StoreBranding.display_name",                                                                                    \
      "What the store is called on the checkout and in mails to buyers; null: by its `name`.")                         \
    X("StoreConnection.confirmation", "The code that the store's owner has to type; absent where it is not shown.")    \
    X("StoreConnection.created_at", "When it was asked for.")                                                          \
    X("StoreConnection.id", "The id of the connection (`scn_...`).")                                                   \
    X("StoreConnection.status",                                                                                        \
      "Whether the store's owner has typed the code; it is `expired` or `canceled` when he has not.")                  \
    X("StoreConnection.store", "The store of another partner that is to come (`st_...`).")                             \
    X("StoreConnection.user", "The user of the new partner whose store it is to be (`usr_...`).")                      \
    X("StoreDomain.created_at", "When it was added.")                                                                  \
    X("StoreDomain.failure",                                                                                           \
      "What was not right when the host was last looked at; null when nothing was, or nobody has looked.")             \
    X("StoreDomain.host", "The name of the host, in ASCII (`xn--bcher-kva.example`).")                                 \
    X("StoreDomain.status", "Whether the proof was found at its address.")                                             \
    X("StoreDomain.verification", "How to prove whose domain it is: a file at `url` that has `content` as a line.")    \
    X("StoreDomain.verification.content", "The line that the file at `url` has to hold.")                              \
    X("StoreDomain.verification.url", "Where the file with `content` has to lie.")                                     \
    X("StoreTariff.id", "The id of the tariff (`trf_...`).")                                                           \
    X("StoreTariff.split",                                                                                             \
      "Who gets what from then on, in basis points, the rest the seller; absent when a `split_profile` says it.")      \
    X("StoreTariff.split_profile",                                                                                     \
      "The profile that says who gets what from then on (`spl_...`); absent when `split` says it.")                    \
    X("StoreTariff.status", "Whether it is to come, in force, over, or was canceled before it began.")                 \
    X("Subscription.balance", "What the next invoices use up, in minor units of the price's currency; below 0: a "     \
                              "small amount that they charge, too.")                                                   \
    X("Subscription.canceled_at", "When it has ended; absent while it has not.")                                       \
    X("Subscription.ends_at", "No period begins then or later; absent when no such end was given.")                    \
    X("Subscription.id", "The id of the subscription (`sub_...`).")                                                    \
    X("Subscription.period", "The number of its present period; the first one is 0, and before it the number is -1.")  \
    X("Subscription.price_change.amount",                                                                              \
      "The announced price of one for a period, in minor units of the price's currency.")                              \
    X("Subscription.status", "Before its first charge (`trialing`), in force, not paid for, stopped, or over.")        \
    X("Subscription.zone", "The IANA time zone in which its periods are counted.")                                     \
    X("SubscriptionPreview.amount_due",                                                                                \
      "What the change would charge at once, in minor units of the subscription's currency.")                          \
    X("SubscriptionPreview.at",                                                                                        \
      "The moment that it is reckoned for. Given as `at` of the change within the hour, it is charged exactly this.")  \
    X("SubscriptionPreview.balance", "The subscription's `balance` after the change, in minor units of its currency.") \
    X("SubscriptionPreview.rest", "What the new price and quantity cost for the rest of the period, in minor units.")  \
    X("SuggestedPayment.created_at", "When its transfer was asked for.")                                               \
    X("SuggestedPayment.payment",                                                                                      \
      "A payment that was to be paid by a transfer of this amount and has not had it (`pay_...`).")                    \
    X("SuggestedPayment.reference", "The creditor reference (ISO 11649) of the transfer that it was to be paid by.")   \
    X("TestClock.status", "`advancing` while it is on its way to `advancing_to`, else `ready`.")                       \
    X("TestMail.code", "The digits that the mail asks the owner to type; null in mails without a code.")               \
    X("TestMail.created_at", "When the mail was written.")                                                             \
    X("TestMail.id", "The id of the mail (`mail_...`).")                                                               \
    X("TestMail.kind", "What the mail is about, such as `payout_code` or `confirmation_code`.")                        \
    X("TestMail.subject", "The subject of the mail; null when it cannot be read.")                                     \
    X("Transfer.amount", "What the buyer has to transfer, in minor units of `currency`.")                              \
    X("Transfer.bic", "The BIC of our bank; absent when none is configured.")                                          \
    X("Transfer.created_at", "When the buyer was told what to transfer.")                                              \
    X("Transfer.expires_at", "Until when the buyer should order the transfer; `waits_until` is the end.")              \
    X("Transfer.holder_name", "To whom the buyer makes the transfer: the holder of our account.")                      \
    X("Transfer.iban", "The IBAN of our account, to which the buyer makes the transfer.")                              \
    X("Transfer.id", "The id of the attempt that the transfer is of.")                                                 \
    X("Transfer.reference",                                                                                            \
      "The creditor reference (ISO 11649) that the buyer gives with the transfer; it is of this attempt alone.")       \
    X("Transfer.status",                                                                                               \
      "Whether the money is waited for, has paid the payment, or is not wanted any more: what comes then goes back.")  \
    X("TransferCredit.amount", "What came in, in minor units of `currency`.")                                          \
    X("TransferCredit.created_at", "When we heard that the money came in.")                                            \
    X("TransferCredit.id", "The id of what came in (`tc_...`).")                                                       \
    X("TransferRepayment.amount", "What goes back to the payer, in minor units of `currency`.")                        \
    X("TransferRepayment.created_at", "When it was decided that the money goes back.")                                 \
    X("TransferRepayment.holder_name", "Who holds the account that the money goes back to.")                           \
    X("TransferRepayment.iban",                                                                                        \
      "The IBAN of the account that the money goes back to, masked; null when it is not known yet.")                   \
    X("TransferRepayment.id", "The id of the repayment (`rp_...`).")                                                   \
    X("TransferRepayment.reason",                                                                                      \
      "Why it goes back: a refund, more than asked for, less until the end, too late, or sent anew by an operator.")   \
    X("TransferRepayment.refund", "The refund that it is of (`re_...`); null when it goes back for another reason.")   \
    X("TransferRepayment.status",                                                                                      \
      "How far the money is on its way back; `offset`: nothing is sent, as the bank took the transfer back.")          \
    X("UpcomingInvoice.amount_due",                                                                                    \
      "What will be charged, after the `balance` is applied, in minor units of `currency`.")                           \
    X("UpcomingInvoice.at", "When the next period is charged; with `ends` when the subscription ends.")                \
    X("UpcomingInvoice.period", "The number of the period, from 0 on; absent when there is no further one.")           \
    X("UpcomingInvoice.period_end", "When the period ends; absent when there is no further one.")                      \
    X("UpcomingInvoice.period_start", "When the period begins; absent when there is no further one.")                  \
    X("UpcomingInvoice.price", "The price that is charged (`price_...`); absent when there is no further period.")     \
    X("UpcomingInvoice.quantity", "How many are charged; absent when there is no further period.")                     \
    X("UpcomingInvoice.refund",                                                                                        \
      "What is given back at the end, in minor units of `currency`; absent unless that was asked for.")                \
    X("UpcomingInvoice.total", "What the period costs, before the balance is applied, in minor units of `currency`.")  \
    X("User.confirmation", "The code that the user has to type; only in the answer that asks for it.")                 \
    X("User.country", "The user's country, by its code of ISO 3166-1 alpha-2 (`DE`); null when it is not known.")      \
    X("User.email", "Where his codes and mails go; null when no address is known.")                                    \
    X("User.id", "The id of the user (`usr_...`).")                                                                    \
    X("User.locale", "The language of the user's mails, as a tag of BCP 47 (`de`); null: English.")                    \
    X("User.name", "The user's name; `-` once he is erased.")                                                          \
    X("User.status", "Whether he waits for a code (`pending`), may sell and be paid out, or is closed.")               \
    X("UserData.balances", "What the user has in each account and currency, with where its statement is read.")        \
    X("UserData.balances.account",                                                                                     \
      "The account of the ledger: `seller` is what he has, `payout_transit` what is on its way to him.")               \
    X("UserData.balances.amount", "What the account has in the books, held or not, in minor units of `currency`.")     \
    X("UserData.confirmations", "Confirmations that the user was asked for, the newest two hundred.")                  \
    X("UserData.payouts", "His payouts, the newest two hundred.")                                                      \
    X("UserData.user", "The user himself.")                                                                            \
    X("WebhookDelivery.attempts", "How often it was sent since it was queued, or asked for again.")                    \
    X("WebhookDelivery.created_at", "When it was queued.")                                                             \
    X("WebhookDelivery.failure", "Why the last attempt failed; null when it did not, or there was none yet.")          \
    X("WebhookDelivery.finished_at", "When it was delivered or given up; absent while it is still to come.")           \
    X("WebhookDelivery.next_attempt_at",                                                                               \
      "When it is tried next; absent when it is over, and while the endpoint is disabled.")                            \
    X("WebhookDelivery.status", "Whether it is still tried, has arrived, or was given up.")                            \
    X("WebhookEndpoint.api_version", "The version of the API in which its messages are written; null: the partner's.") \
    X("WebhookEndpoint.contact_email", "Who is told by mail when the endpoint is switched off; null: nobody.")         \
    X("WebhookEndpoint.disabled_reason", "Why nothing is sent to it any more; null while it is enabled.")              \
    X("WebhookEndpoint.id", "The id of the endpoint (`we_...`).")                                                      \
    X("WebhookEndpoint.status", "Whether messages are sent to it; one that is disabled gets none.")                    \
    X("WebhookEndpoint.store", "The store (`st_...`) that alone it is told of; null: all that happens.")               \
    X("WebhookEndpoint.url", "Where messages are sent to.")                                                            \
    X("WebhookMessage.data",                                                                                           \
      "The object that the event is about, as of that moment; only its `id` and `object` when `payload` is `thin`.")   \
    X("WriteOff.amount", "What is written off, in minor units of `currency`.")                                         \
    X("WriteOff.status", "Whether it is booked, or waits for another operator.")                                       \
    X("WriteOffUndone.status", "Whether it is booked, or waits for another operator.")                                 \
    X("WrittenOff.amount", "What was written off, in minor units of `currency`.")                                      \
    X("WrittenOff.created_at", "When it was written off.")                                                             \
    X("WrittenOff.id", "The id of the write-off (`brl_...`).")                                                         \
    X("WrittenOff.reason", "Why it was written off, in the operator's words.")                                         \
    X("about", "The id of an object: only events about it.")                                                           \
    X("accepted_by", "Whose token accepted it: the subject of a person's, or the client of the partner's own.")        \
    X("accepted_ip", "The IP address from which the person accepted, as the partner tells it; null when it does not.") \
    X("account_created_at", "When the account, card or wallet that is paid to was added.")                             \
    X("account_shared_with", "How many other users have the same account to be paid to.")                              \
    X("acquirer_ref", "What the acquirer calls the operation; with `as` `succeeded` only.")                            \
    X("action", "What was done, as the audit log names it: only entries of this kind.")                                \
    X("actor", "Who did it, by id or name as the audit log has it: only this one's entries.")                          \
    X("advancing_to", "The time that the clock is on its way to; null while it is `ready`.")                           \
    X("advice",                                                                                                        \
      "What to do after the decline: `retry_later`, `do_not_retry` or `ask_card_holder`; with `card_declined` only.")  \
    X("agreed", "Whether the new price comes by itself: the buyer has agreed to it, or it is no more than what he "    \
                "ever agreed to.")                                                                                     \
    X("agreement", "The cooperation agreement that the report is under; null when none is recorded.")                  \
    X("agreement_acceptances", "Versions of the agreement that the user has accepted.")                                \
    X("all", "Whether what is decided or closed is shown, too; false by default.")                                     \
    X("amount", "How much money, in minor units of `currency`.")                                                       \
    X("amount_applied",                                                                                                \
      "What of it pays the payment, in minor units of `currency`; the rest goes back. Absent in events.")              \
    X("amount_capturable", "What is reserved and can still be captured, in minor units of `currency`; 0 while a "      \
                           "capture or the void has no outcome yet.")                                                  \
    X("amount_captured", "What has been taken from the buyer, in minor units of `currency`.")                          \
    X("amount_disputed", "What disputes have taken back and not returned, in minor units of `currency`.")              \
    X("amount_held",                                                                                                   \
      "What is still held, in minor units of `currency`: paid, and neither released, returned nor being returned.")    \
    X("amount_max", "Only payments of at most this much, in minor units.")                                             \
    X("amount_min", "Only payments of at least this much, in minor units.")                                            \
    X("amount_received", "What has come with the reference while it was waited for, in minor units of `currency`.")    \
    X("amount_refunded", "What refunds that succeeded have given back, in minor units of `currency`.")                 \
    X("amount_released", "What has been released to the sellers, in minor units of `currency`.")                       \
    X("amount_returned", "What refunds and disputes have taken back, in minor units of `currency`.")                   \
    X("amount_taken", "What was taken back from those who had a share, in minor units of `currency`; never more than " \
                      "what was left of the payment.")                                                                 \
    X("anomaly", "The number of the anomaly.")                                                                         \
    X("another_card", "Whether an attempt that waits for the buyer is given up, so that he can pay with another "      \
                      "card; false by default.")                                                                       \
    X("another_way", "Whether an attempt that waits for the buyer is given up and he goes back to the choice of "      \
                     "methods; false by default.")                                                                     \
    X("any_day", "Whether days on which banks do not settle in euro count, too; by default such a day is put off to "  \
                 "the next on which they do.")                                                                         \
    X("approve_from", "From this much paid out a day (UTC), in minor units of `currency`, two operators have to "      \
                      "approve; null: never.")                                                                         \
    X("approved_by", "Who has approved it already, by name; null: nobody.")                                            \
    X("archived", "Whether it takes no new subscriptions any more.")                                                   \
    X("archived_at", "When it was put away for new payments; absent while it is in use.")                              \
    X("asked_by", "Who asked for the entry, by name.")                                                                 \
    X("assignee", "Who looks at it; null: nobody yet.")                                                                \
    X("at_end",                                                                                                        \
      "What happens at `ends_at` with what is still held: it is released to the sellers, or goes back to the buyer.")  \
    X("at_period_end",                                                                                                 \
      "Whether it ends with the current period instead of now; false by default. Not together with `cancel_at`.")      \
    X("attempts", "Attempts to pay at the acquirer, also those that came to nothing.")                                 \
    X("attempts_declined", "How many of its charges were declined.")                                                   \
    X("attempts_left", "How often the code may still be typed wrong; absent when no code is waited for.")              \
    X("authorization_details_types_supported", "Types of authorization details that tokens may have here (RFC 9396).") \
    X("authorization_servers", "Issuers of the tokens that this API takes (RFC 9728).")                                \
    X("authorized_until",                                                                                              \
      "Until when the acquirer keeps the amount reserved; only while the status is `requires_capture`.")               \
    X("balance_applied",                                                                                               \
      "What the subscription's `balance` pays of `total`, in minor units of `currency`; below 0: what it adds to it.") \
    X("bank_reason", "Why the bank refused it or sent it back (ISO 20022: `AC04`); null when it has not.")             \
    X("banking_days", "Whether a day on which banks do not settle in euro is put off to the next on which they do.")   \
    X("bearer_methods_supported", "How tokens are sent: `header` only (RFC 9728).")                                    \
    X("before", "Where the rows begin, from the link of the page before; absent: at the first ones.")                  \
    X("bik", "The BIK of the Russian account's bank; absent for all others.")                                          \
    X("birth_date", "The day on which the person was born (`1990-02-28`); not of companies, and shown to nobody.")     \
    X("borne_by", "Who bears it: `platform` or `partner`.")                                                            \
    X("bp", "The party's share in basis points of the amount.")                                                        \
    X("brand", "The brand of the card, such as `visa`, as the acquirer says it.")                                      \
    X("branding", "How the store looks on our pages and in mails to buyers.")                                          \
    X("break", "The number of the break.")                                                                             \
    X("break_kind", "In which way the line does not fit, or did not, such as `amount`; null: it never was a break.")   \
    X("break_open", "Whether its break is open.")                                                                      \
    X("breaks", "How many of its breaks are open.")                                                                    \
    X("building", "The number of the building.")                                                                       \
    X("buyer", "The store's own name for the buyer.")                                                                  \
    X("by", "How far the clock goes on: a duration of ISO 8601 (`P1M`, `PT12H`). Either this or `to`.")                \
    X("cancel_at", "When it ends, whatever its status is then; absent when no such end was asked for.")                \
    X("cancel_at_period_end", "Whether it ends with the current period; `resume` takes that back.")                    \
    X("cancel_unused", "What happens at `cancel_at` with what is paid and not used: `none` of it is given back, or "   \
                       "all. Absent without `cancel_at`.")                                                             \
    X("canceled_at", "When it was canceled; absent while it is not.")                                                  \
    X("cancellation_reason",                                                                                           \
      "Why it was canceled, such as `requested` or `authorization_expired`; absent unless it is `canceled`.")          \
    X("cap", "The most that this party gets, in minor units; none by default.")                                        \
    X("capture_method",                                                                                                \
      "Whether the amount is taken at once (`automatic`), or reserved first and captured later (`manual`).")           \
    X("captures", "The captures of the payment, in whatever state.")                                                   \
    X("card", "The saved card (`scd_...`).")                                                                           \
    X("card_error", "What went wrong on the acquirer's card page, as that sends it; absent when nothing did.")         \
    X("card_token", "The token of the card that was typed, as the acquirer's card page sends it; absent otherwise.")   \
    X("check", "Anything, such as `now`: the rules of the whole book are checked for the page. Absent: they are not.") \
    X("checked_at", "When the bank last said whether it knows the holder; null when it has not answered yet.")         \
    X("checkout", "Where the buyer pays on our pages.")                                                                \
    X("client", "The client whose token asked.")                                                                       \
    X("closed_at", "When it was closed.")                                                                              \
    X("closed_by", "Who closed it; null while it is open.")                                                            \
    X("closed_reason",                                                                                                 \
      "Why it is closed: `requested`, `expired`, `canceled` or `code_undeliverable`; null while it is not.")           \
    X("code", "The code that was mailed to the owner.")                                                                \
    X("confirm", "Confirms the payment by the same request, which then needs an `Idempotency-Key`; absent: it waits "  \
                 "to be confirmed.")                                                                                   \
    X("confirmation", "The confirmation (`cnf_...`).")                                                                 \
    X("confirmed_at", "When the owner typed the code; null while he has not.")                                         \
    X("connection", "The store connection (`scn_...`).")                                                               \
    X("consent_withdrawn_at",                                                                                          \
      "When he took back what he had allowed a client of the partner; null when he has not, or has come back since.")  \
    X("correspondent", "The correspondent account of the Russian account's bank; absent when it was not given.")       \
    X("count_per_day", "How many payouts a day (UTC) at most; null: no limit.")                                        \
    X("country", "The country, by its code of ISO 3166-1 alpha-2 (`DE`).")                                             \
    X("created_at", "When it was made.")                                                                               \
    X("credit", "The transfer that came in and goes back (`tc_...`).")                                                 \
    X("credits", "What has come in with its reference, in the order in which it came.")                                \
    X("csrf", "The secret of the operator's session that each form of the pages holds.")                               \
    X("currency", "The currency of the amounts, by its code of ISO 4217 (`EUR`).")                                     \
    X("cursor", "Where to go on: the `next_cursor` of the page before.")                                               \
    X("customer", "Who bought, as the receipt names him.")                                                             \
    X("customer.email", "The buyer's e-mail address for the receipt; absent when there is only a telephone number.")   \
    X("customer.phone",                                                                                                \
      "The buyer's telephone number, such as `+79001234567`, to which the register may send the receipt.")             \
    X("data", "The objects of the list; of an event the object that it is about, as of that moment.")                  \
    X("decided", "Whether entries by hand that were decided are shown, too; false by default.")                        \
    X("decided_at", "When an operator decided; null while nobody has.")                                                \
    X("decided_by", "Which operator decided, by name; null while nobody has.")                                         \
    X("decision", "Whether it is approved: `approve` or `reject`.")                                                    \
    X("decline_code", "Why the acquirer refused it, such as `insufficient_funds`; absent when it did not.")            \
    X("delete_v1_disputes_dispute_files_file.file", "The file of evidence, by its id in `files`.")                     \
    X("description", "What is paid for, as the buyer reads it.")                                                       \
    X("destination", "The account, card or wallet that is paid to, masked.")                                           \
    X("detail", "What happened, in a sentence.")                                                                       \
    X("details_from", "From this much a day, in minor units of `currency`, a user's token has to allow exactly this "  \
                      "payout (RFC 9396); null: never.")                                                               \
    X("disabled_reason", "Why nothing is paid to it any more, such as `returned`; null while it is not disabled.")     \
    X("dispute", "The dispute (`dp_...`).")                                                                            \
    X("disputes", "What disputes took of buyers' money, with the acquirer's fees for them, in minor units of the "     \
                  "report's `currency`.")                                                                              \
    X("domains", "Hosts of the store that are verified.")                                                              \
    X("duration_us", "How long the answer took, in microseconds.")                                                     \
    X("effective_at", "The new price counts from the first period on that begins then or later.")                      \
    X("email_verified",                                                                                                \
      "Whether the issuer has verified the address, or its owner has typed a code that was mailed there.")             \
    X("embed_url", "The page for a frame inside the partner's page.")                                                  \
    X("embedded", "Whether the buyer had set out from a frame; false by default.")                                     \
    X("ended_at", "When it ended; absent while it has not.")                                                           \
    X("ended_by", "What ended it: all was released (`release`), its time was over (`end`), or all went back "          \
                  "(`return`). Absent while it has not ended.")                                                        \
    X("endpoint", "The webhook endpoint (`we_...`).")                                                                  \
    X("ends", "Whether there is no further period: the subscription ends at `at`.")                                    \
    X("ends_after",                                                                                                    \
      "How long it is held at most, counted from when it was paid or last captured: a duration of ISO 8601 (`P14D`).") \
    X("entries", "Sums of the month's entries, by their kind.")                                                        \
    X("entry", "The entry by hand (`men_...`).")                                                                       \
    X("erased",                                                                                                        \
      "True when the person whom the object is about was erased since: nothing else of it is left. Else absent.")      \
    X("erased_at", "When what says who he is was erased; null while it is there.")                                     \
    X("error", "Why the log-in failed (RFC 6749), such as `access_denied`; absent when it did not.")                   \
    X("error_code", "The `code` of the problem that it was answered with; null when it was none.")                     \
    X("event", "The event (`evt_...`).")                                                                               \
    X("events", "The event types that it wants; empty: all.")                                                          \
    X("every", "How often it pays out.")                                                                               \
    X("evidence",                                                                                                      \
      "What the seller has to say to the bank; null while nothing was written. Absent in lists and events.")           \
    X("evidence_due_at", "Until when evidence, or acceptance, is awaited; null when none is.")                         \
    X("exp_month", "The month in which the card expires, 1 to 12.")                                                    \
    X("exp_year", "The year in which the card expires, with four digits.")                                             \
    X("expire_old_in",                                                                                                 \
      "How many seconds the old secret goes on signing beside the new one: 0 to a week, a day by default.")            \
    X("external_id", "The partner's own name for it; null when it was given none.")                                    \
    X("fee_bearer", "Who bears the acquirer's `fee`: `seller`, `partner` or `platform`.")                              \
    X("fees", "What becomes of the fees for this one refund; by default the rules of the payment's split decide.")     \
    X("fees.partner",                                                                                                  \
      "Of the partner's fee `keep` gives nothing back, `return` its part; left out: as the payment's rules say.")      \
    X("fees.platform", "Of the platform's fee `keep` gives nothing back, `return` its part, if the operator agreed; "  \
                       "left out: as the rules say.")                                                                  \
    X("figures", "What the month comes to.")                                                                           \
    X("files", "Files that go to the bank as evidence; absent in lists and events.")                                   \
    X("final", "Whether it was the last capture: what was left is released.")                                          \
    X("fixed", "What the party gets on top of `bp`, in minor units.")                                                  \
    X("flow",                                                                                                          \
      "Whether the bank asked the buyer (`challenge`) or not (`frictionless`); null when the acquirer does not say.")  \
    X("funds", "What has become of the money: not moved (`none`), taken back and not decided (`held`), given back "    \
               "(`returned`), or gone (`lost`).")                                                                      \
    X("get_assets_name.name", "The file's name.")                                                                      \
    X("get_billing_token.before", "The invoice (`inv_...`) whose older ones are shown; absent: the newest.")           \
    X("get_billing_token.locale", "The language of the page, as a tag of BCP 47 (`de`); by default the one in which "  \
                                  "the buyer let his card be kept.")                                                   \
    X("get_billing_token.token", "What the link carries: it alone says whose page it is.")                             \
    X("get_billing_token_invoices_invoice.locale", "The language of the page, as a tag of BCP 47 (`de`); by default "  \
                                                   "the one in which the buyer let his card be kept.")                 \
    X("get_billing_token_invoices_invoice.token", "What the link carries: it alone says whose page it is.")            \
    X("get_embed_checkout.locale",                                                                                     \
      "The language of the page, as a tag of BCP 47 (`de`); by default the payment's, else what the browser accepts.") \
    X("get_operator_anomalies.kind", "Only anomalies of this kind, such as `call_unresolved`.")                        \
    X("get_operator_anomalies.partner", "Only what concerns this partner, by its short name.")                         \
    X("get_operator_anomalies.status", "Which ones are shown: those that are `open`, the default, or `closed`.")       \
    X("get_operator_audit.object", "Only what was done to this object, by its id.")                                    \
    X("get_operator_audit.partner", "Only what was done at this partner, by its short name.")                          \
    X("get_operator_bank.closed", "Whether closed breaks are shown, too; false by default.")                           \
    X("get_operator_callback.code", "The authorization code (RFC 6749); absent when the log-in failed.")               \
    X("get_operator_disputes.status", "Only disputes with this status; default: those that are not decided.")          \
    X("get_operator_disputes_dispute_files_file.file", "The file of evidence, by its id in `files`.")                  \
    X("get_operator_ledger.partner", "The partner whose accounts are shown, by its short name.")                       \
    X("get_operator_ledger_accounts.account",                                                                          \
      "The kind of account in the ledger whose accounts are listed, such as `seller`.")                                \
    X("get_operator_ledger_accounts.partner", "The partner whose accounts are shown, by its short name.")              \
    X("get_operator_login.to", "The operator's page to go to after the log-in; default `/operator`.")                  \
    X("get_operator_payments.amount_max",                                                                              \
      "Only payments of at most this much, as a decimal number (`12.50`) of `currency`, which is then required.")      \
    X("get_operator_payments.amount_min",                                                                              \
      "Only payments of at least this much, as a decimal number (`12.50`) of `currency`, which is then required.")     \
    X("get_operator_payments.currency",                                                                                \
      "Only payments in this currency (`EUR`); required with `amount_min` or `amount_max`.")                           \
    X("get_operator_payments.from",                                                                                    \
      "Only payments that were made then or later, by UTC (`2026-11-01` or `2026-11-01T09:00`).")                      \
    X("get_operator_payments.id", "A payment, or an attempt, refund or dispute of it, by id, by the partner's "        \
                                  "`external_id`, or by what the acquirer calls it.")                                  \
    X("get_operator_payments.last4", "Only payments that were paid by a card with these last four digits.")            \
    X("get_operator_payments.partner", "Only this partner's payments, by its short name.")                             \
    X("get_operator_payments.seller", "Only payments of this user's stores (`usr_...`).")                              \
    X("get_operator_payments.status", "Only payments with this status.")                                               \
    X("get_operator_payments.store", "Only payments of this store (`st_...`).")                                        \
    X("get_operator_payments.to", "Only payments that were made before this time (UTC).")                              \
    X("get_operator_reports.account", "Whose statement is shown: `partner` (the default), `platform` or `seller`.")    \
    X("get_operator_reports.currency",                                                                                 \
      "The currency of the account and of the report (`EUR`); absent: nothing is shown yet.")                          \
    X("get_operator_reports.format", "Not used here: the page links to each kind of file.")                            \
    X("get_operator_reports.from", "Not used here; in the journal's file it is the first day.")                        \
    X("get_operator_reports.to", "Not used here: `month` says the period.")                                            \
    X("get_operator_reports.user",                                                                                     \
      "With the account `seller`: whose it is (`usr_...`); left out: the partner's own stores'.")                      \
    X("get_operator_reports.zone",                                                                                     \
      "The IANA time zone in which days begin; default: the agreement's, `UTC` without one.")                          \
    X("get_operator_reports_journal.account", "Not used here: the journal has all accounts.")                          \
    X("get_operator_reports_journal.currency", "Not used here: the journal has all currencies.")                       \
    X("get_operator_reports_journal.format", "`csv` (the default) or `jsonl`.")                                        \
    X("get_operator_reports_journal.from",                                                                             \
      "The first day (`2026-11-01`), which begins in `zone`; by default the first of this month.")                     \
    X("get_operator_reports_journal.month", "Not used here: `from` and `to` say the period.")                          \
    X("get_operator_reports_journal.partner",                                                                          \
      "The partner whose journal it is, by its short name; without one: of all that are live.")                        \
    X("get_operator_reports_journal.to", "The day that the period ends before, such as `2026-12-01`; default: now.")   \
    X("get_operator_reports_journal.user", "Not used here: the journal is of all accounts.")                           \
    X("get_operator_reports_journal.zone",                                                                             \
      "The IANA time zone in which days begin; default: the agreement's, `UTC` without one.")                          \
    X("get_operator_reports_month.account", "Not used here: the report is of all the partner's accounts.")             \
    X("get_operator_reports_month.currency", "The currency that is reported (`EUR`).")                                 \
    X("get_operator_reports_month.format", "`json` (the default), `csv`, or `pdf`: the act to be signed.")             \
    X("get_operator_reports_month.from", "Not used here: `month` says which it is.")                                   \
    X("get_operator_reports_month.to", "Not used here: `month` says the period.")                                      \
    X("get_operator_reports_month.user", "Not used here: the report is of the partner.")                               \
    X("get_operator_reports_month.zone", "Not used here: the month begins in the zone of the agreement.")              \
    X("get_operator_reports_statement.account",                                                                        \
      "Whose statement it is: `partner` (the default), `platform` or `seller`.")                                       \
    X("get_operator_reports_statement.currency", "The currency of the account (`EUR`).")                               \
    X("get_operator_reports_statement.format", "`csv` (the default), `jsonl`, `camt053` or `pdf`.")                    \
    X("get_operator_reports_statement.from", "Not used here: `month` says which it is.")                               \
    X("get_operator_reports_statement.to", "Not used here: `month` says the period.")                                  \
    X("get_operator_reports_statement.user",                                                                           \
      "With the account `seller`: whose it is (`usr_...`); left out: the partner's own stores'.")                      \
    X("get_operator_reports_statement.zone",                                                                           \
      "The IANA time zone in which days begin; default: the agreement's, `UTC` without one.")                          \
    X("get_operator_reports_trial_balance.account", "Not used here: the trial balance has all accounts.")              \
    X("get_operator_reports_trial_balance.currency", "Not used here: the trial balance has all currencies.")           \
    X("get_operator_reports_trial_balance.format", "`csv` (the default) or `jsonl`.")                                  \
    X("get_operator_reports_trial_balance.from",                                                                       \
      "The first day (`2026-11-01`), which begins in `zone`; by default the first of this month.")                     \
    X("get_operator_reports_trial_balance.month", "Not used here: `from` and `to` say the period.")                    \
    X("get_operator_reports_trial_balance.partner",                                                                    \
      "The partner whose trial balance it is, by its short name; without one: of all that are live.")                  \
    X("get_operator_reports_trial_balance.to",                                                                         \
      "The day that the period ends before, such as `2026-12-01`; default: now.")                                      \
    X("get_operator_reports_trial_balance.user", "Not used here: the trial balance is of all accounts.")               \
    X("get_operator_reports_trial_balance.zone",                                                                       \
      "The IANA time zone in which days begin; default: the agreement's, `UTC` without one.")                          \
    X("get_operator_requests.code", "Only requests that were answered with this `code` of a problem.")                 \
    X("get_operator_requests.key", "Only requests with this `Idempotency-Key`.")                                       \
    X("get_operator_requests.method", "Only requests with this HTTP method.")                                          \
    X("get_operator_requests.object", "Only requests that made or named this object, by its id.")                      \
    X("get_operator_requests.partner", "Only this partner's requests, by its short name.")                             \
    X("get_operator_requests.path", "Only requests for this path or route.")                                           \
    X("get_operator_requests.status", "Only answers with this HTTP status (`404`), or of this class (`4xx`).")         \
    X("get_operator_reversals.payment", "Only reversals of this payment (`pay_...`).")                                 \
    X("get_operator_reversals.reversal", "Only this reversal (`rev_...`).")                                            \
    X("get_operator_sellers.partner", "Only this partner's sellers, by its short name.")                               \
    X("get_operator_stores.partner", "Only this partner's stores, by its short name.")                                 \
    X("get_operator_stores.what",                                                                                      \
      "What is looked for: the beginning of a store's name, its id, or the partner's own name of it.")                 \
    X("get_operator_subscriptions.status",                                                                             \
      "Only subscriptions with this status, or `all`; default `past_due`, with a `store` all.")                        \
    X("get_operator_subscriptions.store", "Only subscriptions of this store (`st_...`).")                              \
    X("get_operator_webhooks.partner", "Only this partner's endpoints, by its short name.")                            \
    X("get_operator_webhooks_endpoint.state", "With `failed` only deliveries that were given up; else all.")           \
    X("get_pay_session.locale",                                                                                        \
      "The language of the page, as a tag of BCP 47 (`de`); by default the payment's, else what the browser accepts.") \
    X("get_pay_session_return.charge",                                                                                 \
      "The charge that the acquirer's page says it comes from; not relied on: the acquirer is asked.")                 \
    X("get_pay_session_return.locale",                                                                                 \
      "The language of the page, as a tag of BCP 47 (`de`); by default the payment's, else what the browser accepts.") \
    X("get_store_files_file.file", "The hashed name of a store's logo or style sheet, as our pages link to it.")       \
    X("get_v1_balance.party",                                                                                          \
      "In place of a user's: the partner's own balance, or `own_sales`, what its own stores bring.")                   \
    X("get_v1_balance.user",                                                                                           \
      "Whose balance (`usr_...`), with a partner's own token and without `party`; a user's token has its own.")        \
    X("get_v1_confirmations.status", "Only confirmations with this status.")                                           \
    X("get_v1_confirmations.subject", "Only confirmations of this object, by its id.")                                 \
    X("get_v1_disputes.payment", "Only disputes of this payment (`pay_...`).")                                         \
    X("get_v1_disputes.status", "Only disputes with this status.")                                                     \
    X("get_v1_events.type", "Only events of this type, such as `payment.succeeded`.")                                  \
    X("get_v1_holdbacks.user",                                                                                         \
      "Whose money (`usr_...`); needed with a partner's own token, a user's token has its own.")                       \
    X("get_v1_invoices.status", "Only invoices with this status.")                                                     \
    X("get_v1_invoices.store", "Only invoices of this store (`st_...`).")                                              \
    X("get_v1_ledger.account",                                                                                         \
      "Whose entries are listed; `seller` by default. `partner` and `own_sales` only with the partner's own token.")   \
    X("get_v1_ledger.user",                                                                                            \
      "Whose account (`usr_...`), for the account `seller` with a partner's own token; a user's token has its own.")   \
    X("get_v1_ledger_journal.format", "`csv` (the default) or `jsonl`.")                                               \
    X("get_v1_ledger_journal.from",                                                                                    \
      "The first day (`2026-11-01`), which begins in `zone`; by default the first of this month.")                     \
    X("get_v1_ledger_journal.to", "The day that the period ends before, such as `2026-12-01`; default: now.")          \
    X("get_v1_ledger_journal.zone", "The IANA time zone in which days begin; default `UTC`.")                          \
    X("get_v1_ledger_trial_balance.format", "`csv` (the default) or `jsonl`.")                                         \
    X("get_v1_ledger_trial_balance.from",                                                                              \
      "The first day (`2026-11-01`), which begins in `zone`; by default the first of this month.")                     \
    X("get_v1_ledger_trial_balance.to", "The day that the period ends before, such as `2026-12-01`; default: now.")    \
    X("get_v1_ledger_trial_balance.zone", "The IANA time zone in which days begin; default `UTC`.")                    \
    X("get_v1_operator_anomalies.kind", "Only anomalies of this kind, such as `call_unresolved`.")                     \
    X("get_v1_operator_anomalies.partner", "Only what concerns this partner, by its short name.")                      \
    X("get_v1_operator_anomalies.status",                                                                              \
      "Which ones are listed: those that are `open`, the default, the oldest first, or `closed`, the newest first.")   \
    X("get_v1_operator_reversals.payment", "Only reversals of this payment (`pay_...`).")                              \
    X("get_v1_operator_reversals.reversal", "Only this reversal (`rev_...`).")                                         \
    X("get_v1_payments.currency", "Only payments in this currency (`EUR`).")                                           \
    X("get_v1_payments.external_id", "Only payments that the partner gave this name.")                                 \
    X("get_v1_payments.from", "Only payments that were made then or later (`2026-11-01T00:00:00Z`).")                  \
    X("get_v1_payments.status", "Only payments with this status.")                                                     \
    X("get_v1_payments.store", "Only payments of this store (`st_...`).")                                              \
    X("get_v1_payments.to", "Only payments that were made before this time.")                                          \
    X("get_v1_payments.user", "Only payments of this user's stores (`usr_...`).")                                      \
    X("get_v1_payout_schedules.user",                                                                                  \
      "Whose schedules (`usr_...`); needed with a partner's own token, a user's token has its own.")                   \
    X("get_v1_payouts.status", "Only payouts with this status.")                                                       \
    X("get_v1_payouts.user", "Only payouts of this user (`usr_...`).")                                                 \
    X("get_v1_payouts_payout_statement.format",                                                                        \
      "`json` (the default) or `csv`, whose next page is in the header `Link`.")                                       \
    X("get_v1_prices.store", "Only prices of this store (`st_...`).")                                                  \
    X("get_v1_reports_month.currency", "The currency that is reported (`EUR`).")                                       \
    X("get_v1_reports_month.format", "`json` (the default), `csv`, or `pdf`: the act to be signed.")                   \
    X("get_v1_reports_month.locale", "The language of the `pdf`, as a tag of BCP 47 (`de`): a translation to be "      \
                                     "read. By default English, which counts.")                                        \
    X("get_v1_request_log.error_code", "Only requests that were answered with this `code` of a problem.")              \
    X("get_v1_request_log.from",                                                                                       \
      "Only requests of then or later, by the wall clock (`2026-11-01T00:00:00Z`); by default of the last 30 days.")   \
    X("get_v1_request_log.idempotency_key", "Only requests with this `Idempotency-Key`; not together with `object`.")  \
    X("get_v1_request_log.method", "Only requests with this HTTP method.")                                             \
    X("get_v1_request_log.object",                                                                                     \
      "Only requests that made or named this object, by its id. Not together with `idempotency_key`.")                 \
    X("get_v1_request_log.path", "Only requests for this path, or route such as `/v1/payments/{payment}/confirm`.")    \
    X("get_v1_request_log.status", "Only answers with this HTTP status (`404`), or of this class (`4xx`).")            \
    X("get_v1_request_log.to", "Only requests before this time, by the wall clock.")                                   \
    X("get_v1_saved_cards.buyer", "The store's own name for a buyer: only his cards.")                                 \
    X("get_v1_saved_cards.payment", "Only the card that was kept with this payment (`pay_...`).")                      \
    X("get_v1_saved_cards.store", "Only cards that this store keeps (`st_...`).")                                      \
    X("get_v1_statement.account",                                                                                      \
      "Whose statement it is; `seller` by default. `partner` and `own_sales` only with the partner's own token.")      \
    X("get_v1_statement.currency", "The currency of the account (`EUR`).")                                             \
    X("get_v1_statement.format",                                                                                       \
      "`csv` (the default), `jsonl`, `camt053` (ISO 20022), or `pdf` of at most 2,000 entries.")                       \
    X("get_v1_statement.from",                                                                                         \
      "The first day (`2026-11-01`), which begins in `zone`; by default the first of this month.")                     \
    X("get_v1_statement.locale", "The language of the `pdf`, as a tag of BCP 47 (`de`); English by default.")          \
    X("get_v1_statement.to", "The day that the period ends before, such as `2026-12-01`; default: now.")               \
    X("get_v1_statement.user",                                                                                         \
      "Whose account (`usr_...`), for the account `seller` with a partner's own token; a user's token has its own.")   \
    X("get_v1_statement.zone", "The IANA time zone in which days begin; default `UTC`.")                               \
    X("get_v1_stores.external_id", "Only stores that the partner gave this name.")                                     \
    X("get_v1_stores.status", "Only stores with this status.")                                                         \
    X("get_v1_stores.user", "Only stores of this user (`usr_...`).")                                                   \
    X("get_v1_subscriptions.buyer", "The store's own name for a buyer: only his subscriptions.")                       \
    X("get_v1_subscriptions.external_id", "Only subscriptions that the partner gave this name.")                       \
    X("get_v1_subscriptions.status", "Only subscriptions with this status.")                                           \
    X("get_v1_subscriptions.store", "Only subscriptions of this store (`st_...`).")                                    \
    X("get_v1_test_mails.recipient", "Only mails to this address.")                                                    \
    X("get_v1_users.external_id", "Only the user whom the partner gave this name.")                                    \
    X("get_v1_users_user.user", "The user (`usr_...`), or `me` with his own token.")                                   \
    X("get_v1_users_user_data.user", "The user (`usr_...`), or `me` with his own token.")                              \
    X("get_v1_webhook_endpoints.store", "Only endpoints of this store (`st_...`).")                                    \
    X("given_up", "Whether it was given up before its outcome was known: if it succeeds after all, it is reversed.")   \
    X("given_up_at", "Until when the buyer can pay it, as it is not tried by itself any more; only while it is open "  \
                     "and waits for him.")                                                                             \
    X("has_more", "Whether there is more than this answer has.")                                                       \
    X("head", "The number and the SHA-256 of the last seal of the day (`4711:9f86...`), which stands for every entry " \
              "up to then.")                                                                                           \
    X("held_at", "When the payout's money was held: the statement goes up to then.")                                   \
    X("held_back", "What is held back and not available yet, by currency.")                                            \
    X("hold", "Makes it a deal: what the sellers get is held until it is delivered. By default as the operator has "   \
              "agreed for the store.")                                                                                 \
    X("host", "The name of the host, such as `shop.example`.")                                                         \
    X("id", "The id of the object.")                                                                                   \
    X("idempotency_key", "The `Idempotency-Key` of the request; null when it had none.")                               \
    X("imported_by",                                                                                                   \
      "Who brought it in: whose token, which account of the command line, or the channel that fetched it.")            \
    X("in_transit", "What is on its way to the account, by currency: held for payouts that are not paid yet.")         \
    X("initiated_by", "Who asked for it: the partner, a user by his own token, or `system`, as at the end of a deal.") \
    X("inn", "The INN (Russian tax number) of the supplier.")                                                          \
    X("interval", "The unit of its periods.")                                                                          \
    X("interval_count", "How many of `interval` a period has.")                                                        \
    X("invoice", "The invoice (`inv_...`).")                                                                           \
    X("is_new", "Whether this mail had not failed before.")                                                            \
    X("iss", "The issuer that sends the operator back (RFC 9207).")                                                    \
    X("items.amount",                                                                                                  \
      "What the position costs: `price` times `quantity`, rounded, in minor units of the receipt's currency.")         \
    X("items.name", "What was sold, as the cash receipt names it.")                                                    \
    X("items.price", "The price of one unit, in minor units of the currency.")                                         \
    X("items.quantity", "How many, as a decimal with at most three places, such as `2` or `0.125`.")                   \
    X("items.subject", "What is sold, in the words of FFD 1.2: `commodity`, `service`, `job`, `payment` and so on.")   \
    X("kind", "What kind of entry in the ledger it is, such as `charge`, `refund` or `payout_paid`.")                  \
    X("kpp", "The KPP of the holder of a Russian account; absent when it was not given.")                              \
    X("label", "A short mark that the mail with the code has, too, so that the owner can tell which is meant.")        \
    X("last4", "The last four digits of the card.")                                                                    \
    X("last_event", "The last event (`evt_...`) that was queued; with `has_more` go on from it.")                      \
    X("late", "Whether it came when its attempt had ended, so that it pays nothing and goes back. Absent in events.")  \
    X("least", "The least that one payout may be, in minor units of `currency`; null: no limit.")                      \
    X("legal_profiles", "All versions of who he is before the law.")                                                   \
    X("liability_shift", "Whether a chargeback for fraud is borne by the card's bank.")                                \
    X("limit", "How many the page has at most.")                                                                       \
    X("lines", "How many lines it has.")                                                                               \
    X("link", "The secret of the link that was mailed to the buyer.")                                                  \
    X("list", "The list of payouts (`pol_...`).")                                                                      \
    X("livemode", "Whether it is of a live partner, whose money moves, and not of a sandbox.")                         \
    X("locales", "The languages that the store's pages speak, as tags of BCP 47 (`de`); null: all that there are.")    \
    X("logo_url", "Where the store's logo is; null: it has none.")                                                     \
    X("mail", "The mail that came back (`mail_...`).")                                                                 \
    X("mails_receipts", "Whether buyers are mailed about each charge without them, and each refund of what they paid " \
                        "with a card that the store keeps.")                                                           \
    X("mandate", "What the buyer agreed to when he let the store keep his card.")                                      \
    X("manual_entry", "The entry by hand (`men_...`) that another operator has to approve before this is booked; "     \
                      "null when none waits.")                                                                         \
    X("masked_address", "The address that the code was mailed to, masked; of a store connection nothing but dots "     \
                        "until the owner has agreed.")                                                                 \
    X("matched_name",                                                                                                  \
      "The holder's name as the bank has it, where it is close to the one given; absent or null otherwise.")           \
    X("may_decide", "Whether the caller has a say: not who asked for it, gets it or has decided already.")             \
    X("measure", "The unit that is sold, in the words of FFD 1.2: `piece`, `kilogram`, `liter`, `hour` and so on.")    \
    X("message_id", "The bank's name of the message (`MsgId`); of a text exchange file, that of the statement.")       \
    X("metadata",                                                                                                      \
      "The partner's own texts by name, 4096 bytes at most. Of an invoice's payment `invoice` names the invoice.")     \
    X("method", "How this attempt is paid; `card` when left out.")                                                     \
    X("methods", "What the store's payments may be paid by; null: whatever the operator has.")                         \
    X("min", "The least that this receiver gets, in minor units of the currency.")                                     \
    X("minimum", "The least that is paid out, in minor units of `currency`; while less is available nothing is.")      \
    X("mode", "How the position is paid for, in the words of FFD 1.2: `full_payment`, `prepayment`, `advance`, "       \
              "`credit` and so on.")                                                                                   \
    X("month", "The month, such as `2026-11`.")                                                                        \
    X("more", "Paths of the lists that go on: of each list here are the newest two hundred.")                          \
    X("most", "The most of one payout, in minor units of `currency`; null or left out: no limit.")                     \
    X("moved_from", "The other partner's store that it came from (`st_...`); absent when it came from none.")          \
    X("moved_to", "The store that it has become at another partner (`st_...`); absent when it was not moved.")         \
    X("negative_since", "Since when the balance is below zero; absent while it is not.")                               \
    X("net", "`gross` less `fee`, which is what all parties have of it, in minor units; null when the entry is of no " \
             "payment.")                                                                                               \
    X("new_store", "The store of the new partner that it has become (`st_...`); null until the owner has confirmed.")  \
    X("newest", "The newest version that there is, by its day.")                                                       \
    X("next_action",                                                                                                   \
      "What the buyer has to do, while `status` is `requires_action`; absent when the payment is read.")               \
    X("next_action.expires_at",                                                                                        \
      "Until when the buyer should order the transfer; the payment waits longer for what is on its way.")              \
    X("next_at", "When it pays out next; null while nothing is to come.")                                              \
    X("next_cursor", "The `cursor` of the next page; null at the end.")                                                \
    X("no", "Shows only the one with this number.")                                                                    \
    X("not_back", "What of `amount` its bearer has not got back yet, in minor units of `currency`.")                   \
    X("note", "Why, in the operator's words; it is kept with the decision.")                                           \
    X("notice_above", "A charge above this is announced to the buyer in any case, in minor units of `currency`; "      \
                      "absent: none is for its amount.")                                                               \
    X("notice_days", "How many days ahead a charge is announced to the buyer; absent: 7 for periods of half a year "   \
                     "or longer, else it is not.")                                                                     \
    X("now", "What time it is by this clock.")                                                                         \
    X("number", "The number of the act.")                                                                              \
    X("object", "Which kind of object this is.")                                                                       \
    X("of", "What the entry is about, by its id or number: the user, break, payout, order, reversal or operation, as " \
            "`kind` says.")                                                                                            \
    X("old_email", "The user's address so far, which `email` is to replace.")                                          \
    X("on_dispute", "What a chargeback does to the subscription: its own word, else its store's, else the partner's.") \
    X("on_refund",                                                                                                     \
      "How the share goes back: `pro_rata` (default) in proportion, `full` whole and first, `none` not at all.")       \
    X("opening", "The balance when the month begins, in minor units of `currency`.")                                   \
    X("operation", "What the code confirms.")                                                                          \
    X("origins", "Up to ten origins whose pages may frame the checkout; default: the origin of `return_url`.")         \
    X("other_sellers", "What other sellers have of it, in minor units; null when the entry is of no payment.")         \
    X("outcome", "What came of it: `paid_out`, or why nothing was paid out.")                                          \
    X("owed", "What the seller owes, in minor units of `currency`.")                                                   \
    X("owner", "Whose store it is: a user's, or the partner's own.")                                                   \
    X("paid_at", "When it was paid: the money has left; null before that.")                                            \
    X("paid_out", "What was paid out of sellers' money by every rail, in minor units of `currency`.")                  \
    X("param", "The field that is at fault, such as `payouts[3].amount`; absent when it is none.")                     \
    X("parent", "The object that the path names, where the request made another one; null otherwise.")                 \
    X("part",                                                                                                          \
      "What holds it: the store's `delay`, a `reserve` of the sale, a `deal` until delivery, or a `fixed` reserve.")   \
    X("partner", "The partner, by its short name (such as `inkwell`).")                                                \
    X("partner_bp", "The partner's share of each payment, in basis points.")                                           \
    X("partner_name", "The partner's name; a sandbox is marked so.")                                                   \
    X("partner_share", "What the partner has of sales, less refunds and disputes, in minor units of `currency`.")      \
    X("party", "Whose share it is: `seller` is the user of the store, or the partner in its own; `user` another one, " \
               "whom `user` names.")                                                                                   \
    X("path", "The path that was asked for, without the query.")                                                       \
    X("payer_iban", "The account that the money came from, masked; null when the bank does not say.")                  \
    X("payer_name", "Who sent the money, as the bank says it; null when it does not.")                                 \
    X("payload", "What `data` of its messages has: `full`, the whole object, or `thin`, only `id` and `object`.")      \
    X("payment", "The payment (`pay_...`).")                                                                           \
    X("payment_token", "A card token of the acquirer, or a saved card (`scd_...`); only with the method `card`.")      \
    X("payout", "The payout (`po_...`).")                                                                              \
    X("payout_schedules", "His payouts by schedule.")                                                                  \
    X("payout_status", "How it stands with that payout; null when there is none.")                                     \
    X("payouts", "Its payouts, in the order in which they were asked for; absent in events and in the answers to "     \
                 "`resend` and `cancel`.")                                                                             \
    X("payouts.amount", "What is paid out, in minor units of `currency`.")                                             \
    X("payouts_from", "Nothing is paid out before this time, as his address was changed; null when it never was.")     \
    X("payouts_frozen",                                                                                                \
      "Whether his payouts are stopped, by the link of a mail (this was not me) or by the operator.")                  \
    X("payouts_returned", "What came back of payouts, in minor units of `currency`.")                                  \
    X("payouts_waiting", "How many confirmed payouts wait to be sent to it.")                                          \
    X("pending",                                                                                                       \
      "What refunds without an outcome are to take, which is not available; currencies without any are left out.")     \
    X("per_day",                                                                                                       \
      "The most that is paid out in a day (UTC), in minor units of `currency`; null or left out: no limit.")           \
    X("per_month", "The most that is paid out in a calendar month (UTC), in minor units of `currency`; null or left "  \
                   "out: no limit.")                                                                                   \
    X("period", "The number of the period; the first one is 0.")                                                       \
    X("period_end", "When the period ends; what comes then is the next one's.")                                        \
    X("period_start", "When the period begins.")                                                                       \
    X("periods", "After how many periods it ends; absent: it goes on.")                                                \
    X("phase", "`inquiry`: the buyer's bank asks, and no money moves; `chargeback`: it takes the payment back.")       \
    X("platform", "The operator, as a party of the act.")                                                              \
    X("platform_bp", "The platform's share of each payment, in basis points.")                                         \
    X("platform_share", "What the platform has of sales, less refunds and disputes, in minor units of `currency`.")    \
    X("post_billing_token_link.locale", "The language of the page, as a tag of BCP 47 (`de`); by default the one in "  \
                                        "which the buyer let his card be kept.")                                       \
    X("post_billing_token_link.token", "What the link carries: it alone says whose page it is.")                       \
    X("post_billing_token_subscriptions_subscription.action",                                                          \
      "Which button of the page was pressed: `pause`, `resume`, `cancel`, `keep`, `card` or `agree`.")                 \
    X("post_billing_token_subscriptions_subscription.locale",                                                          \
      "The language of the page, as a tag of BCP 47 (`de`); by default the one in which the buyer let his card be "    \
      "kept.")                                                                                                         \
    X("post_billing_token_subscriptions_subscription.state",                                                           \
      "The state of the subscription that the page was shown with; the button of an older page does nothing.")         \
    X("post_billing_token_subscriptions_subscription.token", "What the link carries: it alone says whose page it is.") \
    X("post_embed_checkout_session_start.locale",                                                                      \
      "The language of the page, as a tag of BCP 47 (`de`); by default the payment's, else what the browser accepts.") \
    X("post_operator_anomalies_anomaly_resolve.as",                                                                    \
      "How the operation ended at the acquirer: `succeeded` or `failed`.")                                             \
    X("post_operator_bank_breaks_break.as", "`mine`: who looks at it; `credit`, `send`: where the money goes; an "     \
                                            "account such as `platform`: booked there. Absent: closed with a note.")   \
    X("post_operator_bank_breaks_break.holder_name",                                                                   \
      "Who holds the account that the money is sent to; required with `as` `send`.")                                   \
    X("post_operator_bank_breaks_break.iban",                                                                          \
      "The IBAN of the account that the money is sent to; required with `as` `send`.")                                 \
    X("post_operator_bank_breaks_break.partner",                                                                       \
      "Whose the money is, by the partner's short name, where the line names nothing of ours.")                        \
    X("post_operator_bank_breaks_break.payment",                                                                       \
      "The payment by bank transfer that the money is for (`pay_...`), unless one is chosen as `suggested`.")          \
    X("post_operator_reversals_reversal.as", "Where the money went: `acquirer`, `bank`, `platform` or `booked`; or "   \
                                             "`retry`: the acquirer is asked once more.")                              \
    X("post_operator_sellers_user_payouts.decision",                                                                   \
      "`freeze` stops the seller's payouts, `unfreeze` lets them go on.")                                              \
    X("post_operator_sellers_user_write_offs.amount",                                                                  \
      "How much is written off, as a decimal number (`12.50`) of `currency`; by default all that is owed.")            \
    X("post_operator_sellers_user_write_offs.owed",                                                                    \
      "What the page said that the seller owes, in minor units; another amount by now is refused.")                    \
    X("post_operator_sellers_user_write_offs.reason", "Why it is written off, in 3 to 500 characters; it is kept.")    \
    X("post_operator_stores_store_state.reason", "Why, which the partner reads as the store's `status_reason`.")       \
    X("post_operator_stores_store_state.to",                                                                           \
      "What the store's status is to be: `suspended`, `active`, `review` or `draft`.")                                 \
    X("post_operator_write_offs_write_off_undo.reason", "Why it was a mistake, in 3 to 500 characters; it is kept.")   \
    X("post_pay_session_return.charge",                                                                                \
      "The charge that the acquirer's page says it comes from; not relied on: the acquirer is asked.")                 \
    X("post_pay_session_return.locale",                                                                                \
      "The language of the page, as a tag of BCP 47 (`de`); by default the payment's, else what the browser accepts.") \
    X("post_pay_session_start.locale",                                                                                 \
      "The language of the page, as a tag of BCP 47 (`de`); by default the payment's, else what the browser accepts.") \
    X("post_v1_acquirer_notifications_method.method",                                                                  \
      "The method whose acquirer sends the notification, such as `wallet`.")                                           \
    X("post_v1_api_version.version",                                                                                   \
      "The version to answer the partner in from now on, by its day; `versions` has those that there are.")            \
    X("post_v1_billing.on_dispute",                                                                                    \
      "What a chargeback does to subscriptions of stores that say nothing; `default` is `pause`.")                     \
    X("post_v1_disputes_dispute_evidence.text", "What shows that the sale was right; it replaces the text before.")    \
    X("post_v1_operator_anomalies_anomaly_close.note", "What was found, in 3 to 500 characters; it is kept.")          \
    X("post_v1_operator_anomalies_anomaly_resolve.as",                                                                 \
      "How the operation ended at the acquirer: `succeeded` or `failed`.")                                             \
    X("post_v1_operator_anomalies_anomaly_resolve.note", "How that is known, in 3 to 500 characters; it is kept.")     \
    X("post_v1_operator_bank_breaks_break_assign.to", "Who looks at it; left out: nobody.")                            \
    X("post_v1_operator_bank_breaks_break_close.note", "What was found, in 3 to 500 characters; it is kept.")          \
    X("post_v1_operator_bank_breaks_break_credit.note",                                                                \
      "How it is known whose money it is, in 3 to 500 characters; it is kept.")                                        \
    X("post_v1_operator_bank_breaks_break_credit.payment",                                                             \
      "The payment by bank transfer that the money is for (`pay_...`).")                                               \
    X("post_v1_operator_bank_breaks_break_resolve.as",                                                                 \
      "Whose it is: `platform` or `suspense`; `partner` or `own_sales` of what the bank has moved.")                   \
    X("post_v1_operator_bank_breaks_break_resolve.partner",                                                            \
      "Whose it is, by the partner's short name, where the line names nothing of ours.")                               \
    X("post_v1_operator_bank_breaks_break_resolve.reason", "Why, in 3 to 500 characters; it is kept with the entry.")  \
    X("post_v1_operator_bank_breaks_break_send.holder_name", "Who holds the account that the money is sent to.")       \
    X("post_v1_operator_bank_breaks_break_send.iban", "The IBAN of the account that the money is sent to.")            \
    X("post_v1_operator_bank_breaks_break_send.note",                                                                  \
      "How it is known where the money goes, in 3 to 500 characters; it is kept.")                                     \
    X("post_v1_operator_bank_files_file_release.file", "The number of the bank's file that waits.")                    \
    X("post_v1_operator_manual_entries_entry_approve.note", "A word that is kept with the decision.")                  \
    X("post_v1_operator_manual_entries_entry_reject.note", "A word that is kept with the decision.")                   \
    X("post_v1_operator_partners_partner_payout_limits.approve_from",                                                  \
      "From this much paid out a day (UTC), in minor units of `currency`, two operators have to approve; by default "  \
      "never.")                                                                                                        \
    X("post_v1_operator_partners_partner_payout_limits.count_per_day",                                                 \
      "How many payouts a day (UTC) at most; by default no limit.")                                                    \
    X("post_v1_operator_partners_partner_payout_limits.details_from",                                                  \
      "From this much a day, in minor units of `currency`, a user's token has to allow exactly this payout (RFC "      \
      "9396); by default never.")                                                                                      \
    X("post_v1_operator_partners_partner_payout_limits.least",                                                         \
      "The least that one payout may be, in minor units of `currency`; by default no limit.")                          \
    X("post_v1_operator_reversals_reversal_retry.note", "A word that is kept with the decision.")                      \
    X("post_v1_operator_reversals_reversal_settle.as",                                                                 \
      "Where the money went: `acquirer` (given back there), `bank` (sent from our account), `platform` (kept), "       \
      "`booked` (nothing is left to book).")                                                                           \
    X("post_v1_operator_reversals_reversal_settle.note", "How that is known, in 3 to 500 characters; it is kept.")     \
    X("post_v1_operator_settlements.acquirer",                                                                         \
      "The connector's name of the acquirer whose registry it is; by default that of cards.")                          \
    X("post_v1_operator_users_user_write_offs.amount",                                                                 \
      "How much is written off, in minor units of `currency`; by default all that is owed.")                           \
    X("post_v1_operator_users_user_write_offs.borne_by", "Who bears it: `platform` (the default) or `partner`.")       \
    X("post_v1_operator_users_user_write_offs.owed",                                                                   \
      "What the list said that the seller owes, in minor units of `currency`; another amount by now is refused.")      \
    X("post_v1_operator_users_user_write_offs.reason", "Why it is written off, in 3 to 500 characters; it is kept.")   \
    X("post_v1_operator_write_offs_write_off_undo.reason",                                                             \
      "Why it was a mistake, in 3 to 500 characters; it is kept.")                                                     \
    X("post_v1_payments.capture_method", "Whether the amount is taken at once (`automatic`, the default), or "         \
                                         "reserved first and captured later (`manual`).")                              \
    X("post_v1_payments.currency", "The currency of `amount`, which has to be the store's (`EUR`).")                   \
    X("post_v1_payments.external_id", "The partner's own name for it, to find it by; none by default.")                \
    X("post_v1_payments.hold.at_end", "What happens at the end with what is still held: `release` to the sellers "     \
                                      "(the default), or `return` to the buyer.")                                      \
    X("post_v1_payments.hold.ends_after", "How long it is held at most, an hour to a year, counted from when it was "  \
                                          "paid or last captured: a duration of ISO 8601 (`P14D`).")                   \
    X("post_v1_payments.locale", "What the buyer's pages of this payment speak, as a tag of BCP 47 (`de`); by "        \
                                 "default as the browser and the store say.")                                          \
    X("post_v1_payments.receipt.items", "The positions that are bought; they come to the payment's `amount`.")         \
    X("post_v1_payments.save_card",                                                                                    \
      "Asks the buyer whether this store may keep his card and charge it while he is not there.")                      \
    X("post_v1_payments.save_card.email", "Where the buyer is told by mail of the card that is kept.")                 \
    X("post_v1_payments.split",                                                                                        \
      "The rules of who gets what, for this payment in place of the store's; not together with `split_profile`.")      \
    X("post_v1_payments.split_profile",                                                                                \
      "The profile that says who gets what of this payment (`spl_...`); default: the store's terms.")                  \
    X("post_v1_payments_payment_capture.amount",                                                                       \
      "How much is captured, in minor units of the payment's currency; by default all that is left.")                  \
    X("post_v1_payments_payment_capture.final",                                                                        \
      "Whether what is left after it is released, so that it is the last capture; false by default.")                  \
    X("post_v1_payments_payment_capture.receipt",                                                                      \
      "What was bought, for a cash register (54-FZ); the positions come to what is captured.")                         \
    X("post_v1_payments_payment_capture.receipt.items",                                                                \
      "The positions that are captured; they come to what is captured.")                                               \
    X("post_v1_payments_payment_capture.split",                                                                        \
      "Rules of who gets what that replace the payment's; with its first capture only.")                               \
    X("post_v1_payments_payment_capture.split_profile",                                                                \
      "A profile that replaces the payment's rules (`spl_...`); with its first capture only.")                         \
    X("post_v1_payments_payment_confirm.method", "How this attempt is paid; `card` when left out.")                    \
    X("post_v1_payments_payment_confirm.return_url",                                                                   \
      "Where the buyer is led back to from his bank or wallet; left out: the payment's own.")                          \
    X("post_v1_payments_payment_refunds.amount",                                                                       \
      "How much goes back, in minor units of the payment's currency; by default all that is left.")                    \
    X("post_v1_payments_payment_refunds.reason", "Why, in words of one's own; it is kept with the refund.")            \
    X("post_v1_payments_payment_refunds.receipt",                                                                      \
      "The positions that are given back, for a cash register (54-FZ); they come to the refund's amount.")             \
    X("post_v1_payments_payment_refunds.receipt.items", "The positions that go back; they come to what is refunded.")  \
    X("post_v1_payments_payment_release.amount",                                                                       \
      "How much is released to the sellers, in minor units of the payment's currency; by default all that is held.")   \
    X("post_v1_payout_lists.payouts", "One to a hundred payouts of one owner, which one code confirms together.")      \
    X("post_v1_payout_lists.user",                                                                                     \
      "Who is paid out (`usr_...`); needed with a partner's own token, a user's token pays out to him.")               \
    X("post_v1_payout_schedules.at",                                                                                   \
      "The time of day at which all that is available is paid out (`17:00`), in `zone`.")                              \
    X("post_v1_payout_schedules.currency", "The currency that is paid out (`EUR`).")                                   \
    X("post_v1_payout_schedules.day", "Which day: 1 (Monday) to 7 of a week, or 1 to 31 of a month, which without it " \
                                      "has its last one; not with `every` `day`.")                                     \
    X("post_v1_payout_schedules.minimum",                                                                              \
      "The least that is paid out, in minor units of `currency`; while less is available nothing is. Default 1.")      \
    X("post_v1_payout_schedules.user",                                                                                 \
      "Who is paid out (`usr_...`); needed with a partner's own token, a user's token pays out to him.")               \
    X("post_v1_payout_schedules.zone", "The IANA time zone of `at`, such as `Europe/Berlin`.")                         \
    X("post_v1_payouts.amount",                                                                                        \
      "What is paid out, in minor units of `currency`; an agreed fee is taken out of it or comes on top.")             \
    X("post_v1_payouts.user",                                                                                          \
      "Who is paid out (`usr_...`); needed with a partner's own token, a user's token pays out to him.")               \
    X("post_v1_prices.interval_count", "How many of `interval` a period has; 1 by default.")                           \
    X("post_v1_prices.name", "What is sold, as the buyer reads it in mails and invoices.")                             \
    X("post_v1_prices_price_migrate.effective_at",                                                                     \
      "The new price counts from the first period on that begins then or later; at least 14 days ahead.")              \
    X("post_v1_prices_price_migrate.to", "The other price, of the same store and interval (`price_...`).")             \
    X("post_v1_split_profiles.currency",                                                                               \
      "The only currency that it is for (`EUR`); required with `fixed`, `min` or `cap`, by default any.")              \
    X("post_v1_split_profiles.name", "The partner's name for the profile.")                                            \
    X("post_v1_stores.external_id", "The partner's own name for it, to find it by; none by default.")                  \
    X("post_v1_stores.methods",                                                                                        \
      "What the store's payments may be paid by; null, the default: whatever the operator has.")                       \
    X("post_v1_stores.name", "The store's name, as buyers see it unless `branding` has a `display_name`.")             \
    X("post_v1_stores.owner",                                                                                          \
      "Whose store it is to be: a user's (the default), or the partner's own, without `user`.")                        \
    X("post_v1_stores.split",                                                                                          \
      "Who gets what of its payments, in basis points, the rest the seller; default: the partner's terms.")            \
    X("post_v1_stores.split_profile",                                                                                  \
      "The profile that says who gets what of its payments (`spl_...`); not together with `split`.")                   \
    X("post_v1_stores.status", "`draft` to prepare it first; default: as the partner's stores are opened. Not where "  \
                               "the owner has to confirm it.")                                                         \
    X("post_v1_stores.url", "The store's web address, http or https.")                                                 \
    X("post_v1_stores.user",                                                                                           \
      "Whose store it is to be (`usr_...`); with a user's token his. Not with `owner: partner`.")                      \
    X("post_v1_stores_store_activate.reason", "Why; it is shown as the store's `status_reason`.")                      \
    X("post_v1_stores_store_billing.on_dispute",                                                                       \
      "What a chargeback does to the store's subscriptions; left out it stays, `default`: as the partner says.")       \
    X("post_v1_stores_store_branding.accent", "The colour of links and buttons on the store's pages (`#0a7a4b`), "     \
                                              "with a contrast of 4.5:1 at least. Absent: that of our pages.")         \
    X("post_v1_stores_store_branding.display_name",                                                                    \
      "What the store is called on the checkout and in mails to buyers; absent: by its `name`.")                       \
    X("post_v1_stores_store_branding.locale", "What a buyer is spoken to whose browser asks for none of `locales`; "   \
                                              "by default the first of them, else English.")                           \
    X("post_v1_stores_store_branding.locales",                                                                         \
      "The languages that the store's pages speak, as tags of BCP 47 (`de`); null or absent: all that there are.")     \
    X("post_v1_stores_store_close.reason", "Why; it is shown as the store's `status_reason`.")                         \
    X("post_v1_stores_store_domains.host",                                                                             \
      "The name of the host (`shop.example`), also in letters other than ASCII; without port or path.")                \
    X("post_v1_stores_store_split_profile.split_profile",                                                              \
      "The profile for its new payments (`spl_...`); left out: its basis points again.")                               \
    X("post_v1_stores_store_suspend.reason", "Why; it is shown as the store's `status_reason`.")                       \
    X("post_v1_stores_store_tariffs.split",                                                                            \
      "Who gets what, in basis points, the rest the seller; this or `split_profile`.")                                 \
    X("post_v1_stores_store_tariffs.split_profile",                                                                    \
      "The profile that says who gets what (`spl_...`); this or `split`.")                                             \
    X("post_v1_stores_store_tariffs.valid_from",                                                                       \
      "From when on it is in force, ten seconds to five years ahead; default: at once.")                               \
    X("post_v1_stores_store_tariffs_tariff_cancel.tariff", "The planned tariff (`trf_...`).")                          \
    X("post_v1_subscriptions.ends_at", "No period begins then or later; by default there is no such end.")             \
    X("post_v1_subscriptions.external_id", "The partner's own name for it, to find it by; none by default.")           \
    X("post_v1_subscriptions.on_dispute", "What a chargeback does to the subscription; left out: as its store says.")  \
    X("post_v1_subscriptions.payment", "The payment that the card was kept with (`pay_...`): it has paid the first "   \
                                       "period. Left out: the card is charged for it.")                                \
    X("post_v1_subscriptions.quantity", "How many are bought; default 1.")                                             \
    X("post_v1_subscriptions.when_unpaid",                                                                             \
      "What becomes of it when an invoice is not paid in time: `cancel` (default), or `keep`, with the invoice open.") \
    X("post_v1_subscriptions.zone", "The IANA time zone in which its periods are counted; default `UTC`.")             \
    X("post_v1_subscriptions_subscription_cancel.cancel_at",                                                           \
      "When it ends: a time to come, at most ten years ahead. Absent: now, or with `at_period_end` with the period.")  \
    X("post_v1_subscriptions_subscription_cancel.unused",                                                              \
      "What happens to what is paid and not used: `none` (default) or `refund` gives it back.")                        \
    X("post_v1_subscriptions_subscription_card.saved_card", "The saved card that is charged from now on (`scd_...`).") \
    X("post_v1_subscriptions_subscription_change.at",                                                                  \
      "The `at` of a preview of at most an hour ago: the change is charged as it showed. By default now.")             \
    X("post_v1_subscriptions_subscription_change.price",                                                               \
      "Another price with the same interval (`price_...`); left out it stays.")                                        \
    X("post_v1_subscriptions_subscription_change.quantity", "How many are bought from now on; left out it stays.")     \
    X("post_v1_subscriptions_subscription_on_dispute.on_dispute",                                                      \
      "What a chargeback does to it from now on; `default`: as its store says.")                                       \
    X("post_v1_subscriptions_subscription_price.effective_at",                                                         \
      "The new price counts from the first period on that begins then or later; at least 14 days ahead.")              \
    X("post_v1_subscriptions_subscription_price.to", "The other price, of the same store and interval (`price_...`).") \
    X("post_v1_test_clock_advance.to", "The time that the clock is set forward to; this or `by`.")                     \
    X("post_v1_test_transfers.amount", "How much the buyer transfers, in minor units of EUR.")                         \
    X("post_v1_test_transfers.payer_iban", "The account of the buyer who transfers; left out: a German test account.") \
    X("post_v1_test_transfers.payer_name", "The name of the buyer who transfers, `Test Buyer` when left out; the "     \
                                           "test bank does with refunds what it says.")                                \
    X("post_v1_test_transfers.reference",                                                                              \
      "The creditor reference that the transfer carries, read as people write it.")                                    \
    X("post_v1_users.country", "The user's country, by its code of ISO 3166-1 alpha-2 (`DE`); none by default.")       \
    X("post_v1_users.email", "Where his codes and mails go; required where users need a code. Not taken with a "       \
                             "user's token, whose verified address counts.")                                           \
    X("post_v1_users.external_id", "The partner's own name for the user, to find him by; none by default.")            \
    X("post_v1_users.locale", "The language of the user's mails, as a tag of BCP 47 (`de`); English by default.")      \
    X("post_v1_users.name", "The user's name.")                                                                        \
    X("post_v1_users_user_agreement_acceptances.accepted_ip",                                                          \
      "The IP address (IPv4 or IPv6) from which the person accepted; none by default.")                                \
    X("post_v1_users_user_agreement_acceptances.user_agent",                                                           \
      "The browser that the user accepted it with; it is kept as evidence.")                                           \
    X("post_v1_users_user_agreement_acceptances.version",                                                              \
      "The version of the agreement that the user accepts: the one in force, or one to come.")                         \
    X("post_v1_users_user_email.email",                                                                                \
      "The new e-mail address; it counts when the codes that are mailed have been typed.")                             \
    X("post_v1_users_user_legal_profile.address", "Where the person or company is registered or lives.")               \
    X("post_v1_users_user_legal_profile.name", "The full name before the law, of the person or the company.")          \
    X("post_v1_users_user_legal_profile.tax_id",                                                                       \
      "The tax number, such as an INN or a VAT number with its letters; only an individual may leave it out.")         \
    X("post_v1_users_user_requisites.account",                                                                         \
      "The number of a bank account in Russia, whose key has to fit `bik`; required with that.")                       \
    X("post_v1_users_user_requisites.address", "The address of the account's holder; required with `iban`.")           \
    X("post_v1_users_user_requisites.bic",                                                                             \
      "The BIC of the account's bank; absent: the bank finds it. Only with `iban`.")                                   \
    X("post_v1_users_user_requisites.bik",                                                                             \
      "The BIK of the bank, of an account in roubles in Russia; instead of `iban`.")                                   \
    X("post_v1_users_user_requisites.correspondent",                                                                   \
      "The correspondent account of the bank, whose key has to fit `bik`; none by default. Only with `bik`.")          \
    X("post_v1_users_user_requisites.holder_name",                                                                     \
      "Who holds the account; required for bank accounts, and not taken for others.")                                  \
    X("post_v1_users_user_requisites.iban",                                                                            \
      "The IBAN of a bank account in SEPA; of a Russian one give `bik` and `account` instead.")                        \
    X("post_v1_users_user_requisites.inn",                                                                             \
      "The INN of the account's holder, of 10 or 12 digits; required with `bik`.")                                     \
    X("post_v1_users_user_requisites.kpp", "The KPP of the account's holder; none by default. Only with `bik`.")       \
    X("post_v1_users_user_requisites.token",                                                                           \
      "Of a card: the token that the acquirer's card page gave (`tok_...`); it is never shown.")                       \
    X("post_v1_users_user_requisites.wallet",                                                                          \
      "Of a wallet: its name at the wallet's provider; answers show it masked.")                                       \
    X("post_v1_users_user_requisites_card_page.return_url",                                                            \
      "Where the acquirer's page leads back to, with `card_token=tok_...` or `card_error=cancelled` added.")           \
    X("post_v1_webhook_endpoints.api_version",                                                                         \
      "The version of the API in which its messages are written; by default the partner's.")                           \
    X("post_v1_webhook_endpoints.contact_email",                                                                       \
      "Who is told by mail when the endpoint is switched off; by default nobody.")                                     \
    X("post_v1_webhook_endpoints.events", "The event types that it wants; empty or absent: all.")                      \
    X("post_v1_webhook_endpoints.payload",                                                                             \
      "What `data` of its messages has: `full` (default), the whole object, or `thin`, only `id` and `object`.")       \
    X("post_v1_webhook_endpoints.store",                                                                               \
      "Only what happens in this store is sent (`st_...`); left out: all that happens.")                               \
    X("post_v1_webhook_endpoints_endpoint.api_version",                                                                \
      "The version of the API in which its messages are written; empty: the partner's. Absent: it stays.")             \
    X("post_v1_webhook_endpoints_endpoint.contact_email",                                                              \
      "Who is told by mail when the endpoint is switched off; empty: nobody. Absent: it stays.")                       \
    X("post_v1_webhook_endpoints_endpoint.events", "The event types that it wants; empty: all. Absent: they stay.")    \
    X("post_v1_webhook_endpoints_endpoint.payload",                                                                    \
      "What `data` of its messages has: the whole object, or only `id` and `object`; left out it stays.")              \
    X("post_v1_webhook_endpoints_endpoint.status",                                                                     \
      "`enabled` to have it tried again at once, `disabled` to send it nothing; left out it stays.")                   \
    X("post_v1_webhook_endpoints_endpoint.url", "Where messages are sent to; left out it stays.")                      \
    X("post_v1_webhook_endpoints_endpoint_replay.from",                                                                \
      "The first event (`evt_...`) of the range; instead of `event`.")                                                 \
    X("post_v1_webhook_endpoints_endpoint_replay.to",                                                                  \
      "The last event of the range (`evt_...`); left out: the newest.")                                                \
    X("postcode", "The postal code of the address.")                                                                   \
    X("postings", "Every posting of the ledger that the payment has caused, the oldest first, 500 at most.")           \
    X("preview", "With `true` nothing changes, and the answer says what the change would cost. Default `false`.")      \
    X("previous_email", "The address that he had before the present one; null when none is known.")                    \
    X("previous_payout",                                                                                               \
      "The payout before it (`po_...`), whose statement ends where this one begins; null for the first.")              \
    X("previous_secret_expires_at",                                                                                    \
      "Until when the secret before signs beside the new one; absent when none was replaced.")                         \
    X("price", "The price (`price_...`).")                                                                             \
    X("price_change", "Another price that the buyer was told of, and how it stands; absent when there is none.")       \
    X("price_change.price", "The price that comes (`price_...`).")                                                     \
    X("problem", "The whole problem that was answered; null when it was none.")                                        \
    X("quantity", "How many are bought.")                                                                              \
    X("queued", "How many events are delivered, 1,000 at most.")                                                       \
    X("rail",                                                                                                          \
      "How it goes out, by the type of its requisite: in an order to the bank, pushed to the card, or to the wallet.") \
    X("reason_code", "Why, as one word; absent when nothing was said.")                                                \
    X("reasons",                                                                                                       \
      "Why operators have to approve it: its amount, too many in the hour, a new account, or the check of the payee.") \
    X("receipt", "What was bought, position by position, for a cash register (54-FZ); the positions come to the "      \
                 "payment's amount.")                                                                                  \
    X("receipt.subject", "What is sold, in the words of FFD 1.2: `commodity`, `service`, `job`, `payment` and so on.") \
    X("received", "Always true: the notification is stored.")                                                          \
    X("recipient", "The address that it was mailed to.")                                                               \
    X("reference", "What made the entry, by its id: the payment, capture, refund, dispute or payout.")                 \
    X("refund", "The refund (`re_...`).")                                                                              \
    X("refunds", "The payment's refunds, the oldest first, 500 at most.")                                              \
    X("refusals", "How often the acquirer has refused to take it back.")                                               \
    X("refused_at", "When the acquirer refused it to the end.")                                                        \
    X("registration_number", "The number in the register of companies or traders; null when none was given.")          \
    X("released", "Always true: payouts go to the account.")                                                           \
    X("released_at", "When it ended; absent while it is held.")                                                        \
    X("remittance", "What the payer wrote to the bank with it; null when nothing.")                                    \
    X("repayments", "What goes back, or went back, to who paid by transfer for this payment.")                         \
    X("replace_attempt", "With `true` an attempt that waits for the buyer is given up for this one. Default `false`.") \
    X("replayed", "The event that was just delivered again, so that the page says so.")                                \
    X("request", "The request, by the `X-Request-Id` of its answer.")                                                  \
    X("request_id", "What the log of requests has the request under, as `X-Request-Id` of the answer.")                \
    X("requested_by", "Who asked for it: the subject of a user's token, or the client of a partner's.")                \
    X("required", "With `true` the payment takes only a card that the buyer lets the store keep. Default `false`.")    \
    X("requisite", "The bank account, card or wallet that is paid to (`req_...`).")                                    \
    X("requisites", "What he is paid out to, the newest two hundred.")                                                 \
    X("resend_after", "When the code can be mailed again; null when it can no more.")                                  \
    X("resolution", "How it was resolved: whose the difference is, `matched`, or `refunded`; null while open or "      \
                    "closed with a note.")                                                                             \
    X("resource", "The address of this API, which `aud` of its tokens has to hold (RFC 9728).")                        \
    X("resource_documentation", "Where the description of this API is (RFC 9728).")                                    \
    X("resource_name", "What people call this API (RFC 9728).")                                                        \
    X("response",                                                                                                      \
      "What was answered: evidence was `submitted`, or the chargeback `accepted`; null while nothing was.")            \
    X("response_status", "The HTTP status that the endpoint answered last; null when there was no answer.")            \
    X("rest", "Whether this receiver gets what the others leave; at most one rule says so.")                           \
    X("result", "What came of the authentication of the card holder.")                                                 \
    X("retryable", "Whether the same call may be sent again with the same `Idempotency-Key`, after `Retry-After` "     \
                   "where there is one.")                                                                              \
    X("return_url", "Where the checkout leads the buyer back to, with `payment=pay_...` added.")                       \
    X("returned_at", "When the bank sent the money back after it was paid; null otherwise.")                           \
    X("reversal", "The reversal (`rev_...`).")                                                                         \
    X("reversed", "Whether the payer's bank took it back; absent in events.")                                          \
    X("route", "The path with names for what varies, such as `/v1/payments/{payment}/confirm`.")                       \
    X("rules", "Who gets what of a payment: 1 to 16 rules, in the order of declaration.")                              \
    X("rules.user", "The other user whose share it is (`usr_...`); only with the party `user`.")                       \
    X("runs", "The last twenty times, the latest first; only where one schedule is read.")                             \
    X("s", "The session of the checkout (`cs_...`).")                                                                  \
    X("sales", "What buyers paid, in minor units of `currency`.")                                                      \
    X("save_card", "Whether the buyer lets the store keep his card.")                                                  \
    X("saved_card", "The saved card that is charged (`scd_...`).")                                                     \
    X("schedule", "The schedule (`pos_...`).")                                                                         \
    X("scope", "Whom it limits: `each` seller, one `seller` in place of that, or `all` sellers together.")             \
    X("scopes_supported", "The scopes that this API knows (RFC 9728).")                                                \
    X("screening", "What the service that is asked about payees says; `open`: nothing yet, null: it was not asked.")   \
    X("screening_reference", "That service's own name for its answer; null when it gave none.")                        \
    X("secret", "The secret that signs its messages; only where it is made or changed, and then never again.")         \
    X("seen",                                                                                                          \
      "Who was shown as looking at it when the form was opened; a third person who came between is not replaced.")     \
    X("seller", "The user of the payment's store (`usr_...`); null when the store is the partner's own.")              \
    X("sellers", "The accounts of all sellers, at both ends of the month.")                                            \
    X("sellers_share", "What sellers have of sales, less refunds and disputes, in minor units of `currency`.")         \
    X("sent_at", "When it went to the bank, the acquirer or the wallet; null before that.")                            \
    X("sequence",                                                                                                      \
      "Counts the events about one object from 1 on: what has a smaller one than you have had is older news.")         \
    X("session", "The session of the checkout (`cs_...`).")                                                            \
    X("settled_as", "Where the money went, as an operator has said; null unless it is settled.")                       \
    X("settlement", "The acquirer's registry, by its number.")                                                         \
    X("sha256", "The SHA-256 of the agreement's text, in hexadecimal.")                                                \
    X("signed_on", "The day on which the cooperation agreement was signed.")                                           \
    X("size", "The size of the file in bytes.")                                                                        \
    X("source", "Who said what does not fit: the `bank`, or an `acquirer`.")                                           \
    X("split.user", "The other user whose share it is (`usr_...`); only with the party `user`.")                       \
    X("split_profile", "The profile that says who gets what (`spl_...`).")                                             \
    X("starts_at", "When the first period begins; one to come makes a trial until then, one that has passed charges "  \
                   "what was missed.")                                                                                 \
    X("state", "What the page was led away with, as it comes back: it ties the answer to who set out.")                \
    X("statement", "The path where its statement is read.")                                                            \
    X("statement_descriptor", "What card statements show for the store's payments, 5 to 22 Latin characters; null or " \
                              "left out: nothing of the store's own.")                                                 \
    X("status", "`ok`: the process runs; `ready`: it takes requests.")                                                 \
    X("status_reason", "Why it has this status, where nobody asked for that; absent otherwise.")                       \
    X("step_up_acr",                                                                                                   \
      "The `acr` values of log-ins that will do, space-separated, with `step_up_from`; null or left out without it.")  \
    X("step_up_from", "From this sum in a day (UTC) on, in minor units, a user has to have logged in as "              \
                      "`step_up_acr` says; null or left out: never.")                                                  \
    X("step_up_max_age", "How many seconds ago that log-in may be; null or left out: any time.")                       \
    X("store", "The store (`st_...`).")                                                                                \
    X("stores", "His stores, the newest two hundred.")                                                                 \
    X("street", "The street of the address.")                                                                          \
    X("subject",                                                                                                       \
      "What the code is for, by its id: the user, requisite, store, store connection or change of address.")           \
    X("subscription", "The subscription (`sub_...`).")                                                                 \
    X("suggested", "The payment that was chosen of those that the page suggests (`pay_...`), in place of `payment`.")  \
    X("suggested_payments",                                                                                            \
      "Up to five payments that money which named nothing may be for: transfers of this amount that have not come.")   \
    X("summary",                                                                                                       \
      "What is confirmed, as the mail says it too; empty for a store connection until the owner has agreed.")          \
    X("supplier", "The supplier for whom the partner sells it; absent when none is named.")                            \
    X("supplier.name", "The name of the supplier, for whom the partner sells it.")                                     \
    X("supplier.phone", "The supplier's telephone number, such as `+79001234567`.")                                    \
    X("support_email", "Where buyers can write to, shown on the checkout and in mails; null or left out: none.")       \
    X("support_url", "Where buyers find help, shown on the checkout and in mails; null or left out: none.")            \
    X("tariff", "The tariff that is in force (`trf_...`).")                                                            \
    X("tax_id", "The tax number, shown by its end; null when none was given.")                                         \
    X("tax_system", "The seller's system of taxation, in the words of FFD: `osn`, `usn_income`, `patent` and so on.")  \
    X("text", "The text of the mail; null when it cannot be read.")                                                    \
    X("three_d_secure", "What came of 3-D Secure at its last attempt; absent when the card's bank took no part.")      \
    X("timestamp", "When it happened, by the partner's clock.")                                                        \
    X("title", "What is wrong, in a sentence; the same for each `code`.")                                              \
    X("token", "What the link in the mail carries: it alone says whose page it is.")                                   \
    X("total", "The sum of its lines, before the balance is applied, in minor units of `currency`.")                   \
    X("totals", "The sum of its payouts in each currency, in minor units.")                                            \
    X("town", "The town of the address.")                                                                              \
    X("transfer", "The reference (`EndToEndId`) under which the acquirer transfers `net` to the bank.")                \
    X("tries", "How often the bank was asked whose account it is.")                                                    \
    X("twin", "The same store in the sandbox, or of a sandbox's the live one (`st_...`); null when there is none.")    \
    X("type", "What happened, such as `payment.succeeded`.")                                                           \
    X("unreadable", "Why the mail cannot be read; null when it can.")                                                  \
    X("until", "What the money is held until: the partner says that it was delivered.")                                \
    X("unused", "What was paid for the rest of the period and is not used, in minor units, as a number of 0 or less.") \
    X("updated_by", "Who has set it: the subject or client of the token, or the account that ran the command.")        \
    X("url", "The acquirer's page to send the user to, where he types his card.")                                      \
    X("usable_from", "When it can be paid to, after the wait for a new one; null when it has none.")                   \
    X("user", "The user (`usr_...`).")                                                                                 \
    X("user_agent", "The browser that it was accepted with, as the partner says; null when it was not said.")          \
    X("user_name", "The user's name.")                                                                                 \
    X("valid_from", "From when on it is in force.")                                                                    \
    X("vat", "The rate of VAT: `none`, a percentage such as `20`, or a part such as `20/120`.")                        \
    X("verification",                                                                                                  \
      "What the bank says of the holder's name; null for cards, wallets and where no bank can be asked.")              \
    X("verified_at", "When the proof was found; absent before that.")                                                  \
    X("version", "The version of the agreement.")                                                                      \
    X("versions", "All versions that there are, by their days.")                                                       \
    X("waiting_since", "Since when it waits; null when it does not.")                                                  \
    X("waits", "Whether it still waits for the transfer; else the money would go back to who sent it.")                \
    X("waits_for", "What holds it up: the platform's `review`, or the `account_check` by its bank; null: nothing.")    \
    X("waits_until", "Until when money on its way is waited for; what comes later goes back.")                         \
    X("wallet", "The wallet that is paid to, masked.")                                                                 \
    X("what",                                                                                                          \
      "What is looked for: the beginning of a name, an id, an e-mail address or the partner's own name of it.")        \
    X("when_unpaid",                                                                                                   \
      "What becomes of it when an invoice is not paid in time: it is canceled, or kept, with the invoice open.")       \
    X("withdrawn_at", "When the card ended; absent while it is kept.")                                                 \
    X("withdrawn_by",                                                                                                  \
      "Who or what ended it: the `buyer`, `partner`, `operator` or a `dispute`; absent while it is kept.")             \
    X("without_consent",                                                                                               \
      "If the buyer does not agree to more: the subscription ends (`end`) or stays at its price (`keep_old`).")        \
    X("write_off", "The write-off (`brl_...`).")
