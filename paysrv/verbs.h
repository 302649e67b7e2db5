/*
 * The operator's commands beyond serve, migrate and check-config: X(word, second, function, "arguments", "help"),
 * called as `int function(struct task *t, int argc, char **argv)` with a task on the database and the words after the
 * verb (--config and its value taken out). second "" when the verb has one word. They print to stdout and return the
 * exit code: 0 done, 1 failed, 2 usage.
 */
#pragma once

#include "shared/server/audit_verb.h"
#include "shared/server/clock_verb.h"
#include "shared/server/secrets_verb.h"

#define PAYSRV_VERBS(X)                                                                                                \
    X("partners", "add", partners_add,                                                                                 \
      "SLUG --name N [--platform-bp N] [--partner-bp N] [--confirmations all|none|LIST] [--sandbox] "                  \
      "[--sandbox-of PARTNER] [--if-missing]",                                                                         \
      "add a partner with its default split; a sandbox partner has a test clock and moves no money, for good")         \
    X("partners", "set", partners_set,                                                                                 \
      "SLUG [--confirmations all|none|LIST] [--codes open|sealed] [--agreement-required yes|no] "                      \
      "[--on-dispute continue|pause|cancel]",                                                                          \
      "say what of user, requisite, store and store_connection needs a code of the user's, whether codes are typed "   \
      "in the partner's pages or only at the link in the mail (sealed), whether only those are paid out who have "     \
      "accepted the agreement in force, and what a chargeback does to subscriptions of stores that say nothing")       \
    X("agreements", "add", agreements_add,                                                                             \
      "--version V [--partner P] (--file F | --url U --sha256 H) [--valid-from T] [--acceptance-due T]",               \
      "publish a version of what sellers accept, for all partners or one; from the time on it is due, those who have " \
      "not accepted it are not paid out")                                                                              \
    X("agreements", "list", agreements_list, "", "list what was published, and by how many it is accepted")            \
    X("users", "show", users_show, "USER [--whole]",                                                                   \
      "show a user with legal profile and acceptances; --whole with tax number and birth date")                        \
    X("users", "email", users_email, "USER ADDRESS",                                                                   \
      "give a user another address where nobody reads the one that he has; both are told, payouts wait")               \
    X("users", "reopen", users_reopen, "USER",                                                                         \
      "have a closed user again, to pay out what has come back to him; his partner is told")                           \
    X("users", "export", users_export, "USER [--whole]",                                                               \
      "write all that is kept about a user as JSON; --whole with tax number and birth date, for the person alone")     \
    X("users", "erase", users_erase_now, "USER",                                                                       \
      "erase what nothing obliges to keep of a user who is closed; the rest goes after user_retention")                \
    X("users", "forget", users_forget_now, "",                                                                         \
      "drop what was kept of erased users for the law and is past its time, as the job does")                          \
    X("confirmations", "list", confirmations_list, "[--partner P] [--status S]",                                       \
      "list what waits for a mailed code, newest first (200 at most)")                                                 \
    X("mails", "bounce", mails_bounce, "FILE|-",                                                                       \
      "take a report that a mail could not be delivered (RFC 3464), as the mail system hands it over")                 \
    X("mails", "list", mails_list, "[--waiting]",                                                                      \
      "list mails that came to nothing, and why, or that wait for the mail server, newest first (200 at most)")        \
    X("partners", "list", partners_list, "", "list the partners")                                                      \
    X("partners", "version", partners_version, "SLUG VERSION|newest",                                                  \
      "answer a partner in another version of the API, when a request names none, and in webhooks")                    \
    X("partners", "suspend", partners_suspend, "SLUG --reason R",                                                      \
      "refuse all requests in its name; what is on its way is booked, nothing is paid out, no subscription is "        \
      "charged")                                                                                                       \
    X("partners", "resume", partners_resume, "SLUG", "end a suspension: what waited goes on")                          \
    X("clocks", "list", clocks_list, "", "list the test clocks of sandbox partners")                                   \
    X("clocks", "advance", clocks_advance, "PARTNER --by DURATION | --to TIME",                                        \
      "set a test clock forward (P1M, PT12H); a running server does what comes due on the way")                        \
    X("partners", "agreement", partners_agreement,                                                                     \
      "SLUG --number N --signed-on DAY --name LEGAL [--address A] [--zone Z]",                                         \
      "write down the cooperation agreement that reports are made under, and in whose zone its months begin")          \
    X("reports", "show", reports_show, "PARTNER MONTH --currency C [--format json|csv|pdf [--locale TAG]]",            \
      "write a partner's report of a month; once it is over, it is the same for ever")                                 \
    X("reports", "list", reports_list, "PARTNER", "list the months of a partner that are closed")                      \
    X("fees", "tax", fees_tax,                                                                                         \
      "[--partner P] --from MONTH (--rate-bp N | --untaxed exempt|reverse_charge|outside_scope) --name LEGAL "         \
      "--address A [--tax-id T]",                                                                                      \
      "say which tax is inside the fees of the platform, or of a partner, from a month on, and who issues invoices "   \
      "for them")                                                                                                      \
    X("fees", "taxes", fees_taxes, "[--partner P]", "list what was said of the tax of fees, newest first")             \
    X("fees", "list", fees_list, "PARTNER [--month M] [--seller U] [--issued-by platform|partner]",                    \
      "list invoices for fees, newest first")                                                                          \
    X("fees", "show", fees_show, "INVOICE [--format json|pdf]", "write an invoice for fees")                           \
    X("fees", "issue", fees_issue, "", "issue the invoices of months that are over, as the job does")                  \
    X("fees", "lift", fees_lift, "LAST [--partner P]",                                                                 \
      "have the numbers of the platform's invoices, or a partner's, go on after LAST, which was given out before the " \
      "database was restored; never back")                                                                             \
    X("splits", "add", splits_add, "PARTNER --name N --rules JSON [--currency C]",                                     \
      "store a split profile, without the limits that the partner has")                                                \
    X("splits", "list", splits_list, "PARTNER", "list a partner's split profiles")                                     \
    X("splits", "default", splits_default, "PARTNER PROFILE|none",                                                     \
      "give a partner's new stores a split profile, which also holds the platform's terms")                            \
    X("splits", "use", splits_use, "STORE PROFILE|none", "give a store a split profile")                               \
    X("splits", "archive", splits_archive, "PARTNER PROFILE", "put a split profile away")                              \
    X("payments", "list", payments_list,                                                                               \
      "[--id ID] [--partner P] [--store S] [--seller U] [--status S] [--currency C] [--min N] [--max N] [--from T] "   \
      "[--to T] [--last4 DIGITS] [--limit N]",                                                                         \
      "list payments, newest first: those of all partners, or those that are looked for")                              \
    X("payments", "show", payments_show, "PAYMENT", "show a payment with its attempts and captures")                   \
    X("payments", "cancel", payments_cancel, "PAYMENT",                                                                \
      "cancel a payment, or release what is left of its authorization")                                                \
    X("cards", "list", cards_list, "STORE", "list the cards that buyers let a store keep")                             \
    X("cards", "withdraw", cards_withdraw, "CARD", "end a saved card for its buyer")                                   \
    X("subscriptions", "list", subscriptions_list, "STORE", "list the subscriptions of a store")                       \
    X("subscriptions", "cancel", subscriptions_cancel, "SUBSCRIPTION", "end a subscription now")                       \
    X("subscriptions", "retry", subscriptions_retry, "SUBSCRIPTION", "charge its open invoice now")                    \
    X("subscriptions", "forgive", subscriptions_forgive, "SUBSCRIPTION",                                               \
      "make its open invoice void; the subscription goes on")                                                          \
    X("subscriptions", "returned", subscriptions_returned, "SUBSCRIPTION",                                             \
      "say that its unused time was given back elsewhere; no server does it any more")                                 \
    X("anomalies", "list", anomalies_list, "[--closed] [--kind K] [--partner P]",                                      \
      "list what a person has to look at, the oldest first; --closed what was closed, the newest first")               \
    X("anomalies", "close", anomalies_close, "ANOMALY --note TEXT", "close what was looked at, with a note")           \
    X("anomalies", "resolve", anomalies_resolve, "ANOMALY --as succeeded|failed [--ref NAME] --note TEXT",             \
      "book what you know from the acquirer of an operation that it answers nothing about any more")                   \
    X("disputes", "list", disputes_list, "[--all | --status S] [--limit N]",                                           \
      "list disputes of all partners that are not decided, what is due first")                                         \
    X("disputes", "accept", disputes_accept, "DISPUTE", "accept a chargeback; a running server tells the acquirer")    \
    X("disputes", "policy", disputes_policy,                                                                           \
      "PARTNER --currency C [--fee-bearer seller|partner|platform] [--accept-below N] "                                \
      "[--shortfall refuse|allow|partner|platform|queue]",                                                             \
      "say who bears the acquirer's fee, which disputes (minor units) are accepted by themselves, and what is when a " \
      "seller's balance does not hold what goes back")                                                                 \
    X("disputes", "policies", disputes_policies, "PARTNER", "list what was agreed with a partner for disputes")        \
    X("transfers", "list", transfers_list, "",                                                                         \
      "list bank transfers that are waited for, or of which money is held that pays nothing")                          \
    X("transfers", "show", transfers_show, "PAYMENT", "show what came in for a payment, and what goes back")           \
    X("transfers", "assign", transfers_assign, "BREAK --payment PAYMENT --note TEXT",                                  \
      "give what came in and named nothing to the payment that it is for")                                             \
    X("transfers", "send", transfers_send, "CREDIT --iban IBAN --name NAME --note TEXT",                               \
      "send what is held of a credit to the account that its payer names, with the next bank file")                    \
    X("payouts", "export", payouts_export, "--out FILE [--currency EUR|RUB] [--msg-id ID]",                            \
      "write the bank file of the confirmed payouts in EUR, or in another currency, or of a batch again")              \
    X("payouts", "settle", payouts_settle, "MSGID [--reason TEXT]", "book a batch that the bank has paid")             \
    X("payouts", "refused", payouts_refused, "MSGID [--reason TEXT]",                                                  \
      "give a batch back to its sellers that the bank, by its word to you, does not take")                             \
    X("payouts", "release", payouts_release, "MSGID [--reason TEXT]",                                                  \
      "ask again that another operator lets a large order go to the bank that one has rejected")                       \
    X("payouts", "list", payouts_list, "[--status S] [--batches]", "list payouts or bank batches")                     \
    X("payouts", "rails", payouts_rails, "",                                                                           \
      "list what goes out to cards and wallets, and what their acquirers owe us after it")                             \
    X("payouts", "resolve", payouts_resolve, "PAYOUT --as paid|rejected [--ref NAME] [--reason TEXT]",                 \
      "book what you know of a payout that is unknown from the bank, or from the acquirer that answers nothing")       \
    X("payouts", "explain", payouts_explain, "PARTNER PAYOUT",                                                         \
      "write what is in a payout as CSV: each payment, refund and fee since the one before")                           \
    X("payouts", "scheduled", payouts_scheduled, "",                                                                   \
      "make the payouts of schedules whose time has come, as the job does")                                            \
    X("payouts", "limit", payouts_limit,                                                                               \
      "PARTNER --currency C [--seller USER | --all] [--least N] [--most N] [--per-day N] [--per-month N] "             \
      "[--count-per-day N] [--approve-from N|none] [--step-up-from N --step-up-acr VALUES [--step-up-max-age S]] "     \
      "[--details-from N]",                                                                                            \
      "set limits in minor units of each seller, of one, or of all together; days and months are those of UTC; what "  \
      "is left out is no limit, but for --approve-from, which stays as it is")                                         \
    X("payouts", "limits", payouts_limits, "PARTNER", "list the limits of a partner's payouts")                        \
    X("payouts", "fee", payouts_fee,                                                                                   \
      "PARTNER --currency C [--fixed N] [--bp N] [--mode inside|on_top] [--to platform|partner] "                      \
      "[--returned keep|return]",                                                                                      \
      "say what payouts of a partner's sellers cost: taken out of the amount or beside it, and what is when the bank " \
      "sends one back")                                                                                                \
    X("payouts", "fees", payouts_fees, "PARTNER", "list what payouts cost")                                            \
    X("payouts", "watch", payouts_watch, "PARTNER --currency C [--per-hour N] [--new-days N --new-from N] | --off",    \
      "have operators approve a seller's payouts beyond so many in an hour, and those of so much to an account that "  \
      "is younger than so many days")                                                                                  \
    X("payouts", "watched", payouts_watched, "PARTNER", "list what operators look at, and the newest screenings")      \
    X("payouts", "waiting", payouts_waiting, "",                                                                       \
      "list what waits for operators to approve it, why, and who has approved it")                                     \
    X("payouts", "approve", payouts_approve, "PAYOUT [--note TEXT]",                                                   \
      "approve a payout above the threshold; two different operators have to")                                         \
    X("payouts", "reject", payouts_reject, "PAYOUT [--note TEXT]", "reject a payout that waits for approval")          \
    X("payouts", "unfreeze", payouts_unfreeze, "USER", "let a user request payouts again")                             \
    X("requisites", "shared", requisites_shared, "", "list accounts that several users are paid out to")               \
    X("requisites", "held", requisites_held, "",                                                                       \
      "list accounts that nothing is sent to: the bank knows another holder, or does not answer")                      \
    X("requisites", "release", requisites_release, "REQUISITE --note TEXT", "let payouts go to such an account")       \
    X("bank", "import", bank_import_file, "FILE", "take in a pain.002, camt.054 or camt.053 file of the bank's")       \
    X("bank", "files", bank_files, "", "list the bank's files")                                                        \
    X("bank", "balance", bank_balance, "",                                                                             \
      "hold our accounts' newest statements, in each currency, against the books")                                     \
    X("bank", "breaks", bank_breaks, "[--all]", "list what of the bank's could not be matched")                        \
    X("bank", "close", bank_close, "BREAK --note TEXT", "close a break that was looked at")                            \
    X("bank", "release", bank_release_file, "FILE --note TEXT", "take up a statement though one before it is missing") \
    X("reconcile", "import", reconcile_import, "FILE [--acquirer NAME]", "take in a registry of an acquirer (CSV)")    \
    X("reconcile", "run", reconcile_run_now, "[--within SECONDS]",                                                     \
      "take up what is open, and look for what no registry has after that time, as the job does")                      \
    X("reconcile", "list", reconcile_list, "", "list the acquirer's registries")                                       \
    X("reconcile", "show", reconcile_show, "REGISTRY", "write every line of a registry, and what became of it")        \
    X("reconcile", "breaks", reconcile_breaks, "[--all]",                                                              \
      "list what of the acquirer's and the bank's does not fit, how old it is, and who looks at it")                   \
    X("reconcile", "assign", reconcile_assign, "BREAK [--to NAME]", "say who looks at a break; without --to nobody")   \
    X("reconcile", "resolve", reconcile_resolve,                                                                       \
      "BREAK --as platform|suspense|partner|own_sales|returned --reason TEXT [--partner P]",                           \
      "close a break by an entry: the difference is the platform's, or waits in suspense; or it is a return")          \
    X("reconcile", "cost", reconcile_cost, "PARTNER [--currency C --borne-by platform|partner]",                       \
      "say who bears what acquirers keep of a partner's payments, the platform or the partner, or what was said")      \
    X("stores", "list", stores_list, "PARTNER [--status S]", "list a partner's stores, newest first (1000 at most)")   \
    X("stores", "show", stores_show, "STORE", "show a store: its state and who changed it, tariffs, domains, looks")   \
    X("stores", "suspend", stores_suspend, "STORE --reason TEXT",                                                      \
      "stop a store from selling; refunds and payouts go on, and only an operator lets it sell again")                 \
    X("stores", "resume", stores_resume, "STORE [--reason TEXT]",                                                      \
      "let a store sell that is suspended or under review")                                                            \
    X("stores", "review", stores_review, "STORE --reason TEXT",                                                        \
      "take a store under review: it sells nothing meanwhile")                                                         \
    X("stores", "return", stores_return, "STORE --reason TEXT",                                                        \
      "give a store under review back to its partner, as a draft")                                                     \
    X("stores", "close", stores_close, "STORE --reason TEXT", "close a store for good")                                \
    X("partners", "stores", partners_stores, "SLUG [--opening active|review] [--domains required|free]",               \
      "say what new stores of a partner are before anybody looked at them, and whether payments return to domains "    \
      "that "                                                                                                          \
      "their store has shown to be its own")                                                                           \
    X("stores", "settle", stores_settle,                                                                               \
      "STORE [--delay-days N [--working-days [--calendar weekdays|target]]] [--reserve-bp N --reserve-days N] "        \
      "[--deal DURATION [--deal-end release|return]]",                                                                 \
      "hold back what a store's new payments bring, so long, a part of it longer, or all of it until it is said to "   \
      "be delivered; without terms nothing")                                                                           \
    X("balances", "negative", balances_negative, "", "list sellers' balances below zero, the oldest first")            \
    X("balances", "write-off", balances_write_off,                                                                     \
      "USER --partner P --currency C --reason TEXT [--amount N] [--borne-by platform|partner]",                        \
      "write off what a seller owes, all of it or an amount in minor units")                                           \
    X("balances", "undo-write-off", balances_undo_write_off, "WRITE_OFF --reason TEXT",                                \
      "have a seller owe again what was written off by mistake")                                                       \
    X("refunds", "policy", refunds_policy,                                                                             \
      "PARTNER --currency C [--window-days N] [--queue-days N] [--platform-fee keep|return]",                          \
      "say how long after a payment it may be refunded (0: always), how long a refund waits for funds (with "          \
      "--shortfall queue), and "                                                                                       \
      "whether a single refund may give the platform's fee back though its rules keep it")                             \
    X("refunds", "policies", refunds_policies, "PARTNER", "list what was agreed with a partner for refunds")           \
    X("refunds", "queue", refunds_queue, "PARTNER", "list the refunds that wait for funds, the longest first")         \
    X("refunds", "cancel", refunds_cancel, "REFUND", "take a refund back that still waits for funds")                  \
    X("reversals", "list", reversals_list, "[--all] [--payment PAYMENT]",                                              \
      "list what was paid too late and the acquirer refused to the end to take back, the oldest first")                \
    X("reversals", "retry", reversals_retry, "REVERSAL [--note TEXT]",                                                 \
      "have a running server ask the acquirer once more")                                                              \
    X("reversals", "settle", reversals_settle, "REVERSAL --as acquirer|bank|platform|booked --note TEXT",              \
      "say where that money went: the acquirer gave it back after all, our bank sent it, the platform keeps it, or "   \
      "nothing is left to book")                                                                                       \
    X("balances", "reserve", balances_reserve,                                                                         \
      "USER --partner P --currency C --amount N --reason TEXT [--until TIME] | --release",                             \
      "leave so much of a seller's balance alone in payouts, filled from his sales; or no more")                       \
    X("balances", "reserves", balances_reserves, "PARTNER", "list the reserves of a partner's sellers")                \
    X("balances", "relieved", balances_relieved, "PARTNER", "list what was covered by a partner or written off")       \
    X("entries", "list", entries_list, "[--all]", "list entries by hand that wait for a second operator")              \
    X("entries", "payees", entries_payees, "ENTRY",                                                                    \
      "list who gets what by the order, batch or payout that an entry is about, the largest first")                    \
    X("entries", "approve", entries_approve, "ENTRY [--note TEXT]", "approve what another one asked for, and book it") \
    X("entries", "reject", entries_reject, "ENTRY [--note TEXT]", "reject it, or take one's own back")                 \
    X("statements", "write", statements_write,                                                                         \
      "PARTNER --currency C [--account partner|own_sales|platform|seller --user U] [--from DAY] [--to DAY] "           \
      "[--zone Z] [--format csv|jsonl|camt053|pdf [--locale TAG]]",                                                    \
      "write every entry of an account in a period, the last day not in it, from opening to closing")                  \
    X("ledger", "check", ledger_check, "[--connections N]", "check every invariant of the books, N rules at a time")   \
    X("ledger", "verify", ledger_verify_all, "[--head HASH|SEQ:HASH | --anchor SEQ:HASH]",                             \
      "compute every seal of the ledger anew, in a restored backup as well, and hold them against a head that was "    \
      "kept; 1 when an entry is not what was sealed")                                                                  \
    X("ledger", "show", ledger_show, "PAYMENT", "show the postings of a payment")                                      \
    X("ledger", "journal", ledger_journal, "[--partner P] [--from DAY] [--to DAY] [--zone Z] [--format csv|jsonl]",    \
      "write every entry of a period with each account's debit or credit, the last day not in it")                     \
    X("ledger", "trial-balance", ledger_trial_balance,                                                                 \
      "[--partner P] [--from DAY] [--to DAY] [--zone Z] [--format csv|jsonl]",                                         \
      "write what each account had, its debits and credits in a period, what it has then, and their sums")             \
    X("audit", "list", audit_list, "[--since WHEN] [--actor A] [--object O] [--action A] [--partner P]",               \
      "who did what, newest first; WHEN: 2026-11-25T20:00:00Z or 24h (the default)")                                   \
    X("audit", "verify", audit_verify_verb, "[--anchor SEQ:HASH]",                                                     \
      "walk the chain of the audit log; 1 when it is broken")                                                          \
    X("clock", "show", clock_show_verb, "", "show the time of machine and database, and the latest that was")          \
    X("clock", "accept", clock_accept_verb, "", "the latest time was wrong: what it is now is right")                  \
    X("secrets", "list", secrets_list_verb, "", "list which files open the secrets that the database keeps")           \
    X("secrets", "add", secrets_add_verb, "NAME --file F", "let a new file open a secret, beside those that do")       \
    X("secrets", "remove", secrets_remove_verb, "NAME SLOT", "let a file open a secret no more")                       \
    X("requests", "list", requests_list,                                                                               \
      "PARTNER [--status S] [--method M] [--path P] [--code C] [--object ID] [--key K] [--from T] [--to T]",           \
      "list what a partner asked for in the last 30 days, newest first (200 at most)")                                 \
    X("requests", "show", requests_show, "PARTNER REQUEST", "show one request with what was answered")                 \
    X("webhooks", "list", webhooks_list, "PARTNER", "endpoints of a partner, what is wrong with them, and what waits") \
    X("webhooks", "replay", webhooks_replay, "EVENT", "deliver an event again")

#define VERB_DECLARE(word, second, run, arguments, help) int run(struct task *t, int argc, char **argv);
PAYSRV_VERBS(VERB_DECLARE)
