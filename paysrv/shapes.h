/* Every object of the API, one word a line: the file that writes it says what it looks like, as SHAPE(word, ...). */
#pragma once

#include "shared/text/shape.h"

#define PAYSRV_SHAPES(X)                                                                                               \
    X(split_rule)                                                                                                      \
    X(event_data)                                                                                                      \
    X(event_object)                                                                                                    \
    X(payment_method)                                                                                                  \
    X(share)                                                                                                           \
    X(three_d_secure)                                                                                                  \
    X(payment)                                                                                                         \
    X(capture)                                                                                                         \
    X(payment_attempt)                                                                                                 \
    X(refund)                                                                                                          \
    X(receipt)                                                                                                         \
    X(dispute_file)                                                                                                    \
    X(dispute)                                                                                                         \
    X(invoice)                                                                                                         \
    X(upcoming_invoice)                                                                                                \
    X(balance_relief)                                                                                                  \
    X(reserve)                                                                                                         \
    X(opening_closing)                                                                                                 \
    X(entry_payee)                                                                                                     \
    X(partner_report)                                                                                                  \
    X(fee_party)                                                                                                       \
    X(fee_invoice)                                                                                                     \
    X(confirmation)                                                                                                    \
    X(email_change)                                                                                                    \
    X(legal_profile)                                                                                                   \
    X(agreement)                                                                                                       \
    X(agreement_acceptance)                                                                                            \
    X(user)                                                                                                            \
    X(user_data)                                                                                                       \
    X(requisite)                                                                                                       \
    X(store)                                                                                                           \
    X(store_branding)                                                                                                  \
    X(store_tariff)                                                                                                    \
    X(store_domain)                                                                                                    \
    X(store_connection)                                                                                                \
    X(payout_list)                                                                                                     \
    X(payout)                                                                                                          \
    X(payout_fee)                                                                                                      \
    X(payout_schedule)                                                                                                 \
    X(saved_card)                                                                                                      \
    X(billing_link)                                                                                                    \
    X(billing_defaults)                                                                                                \
    X(billing_settings)                                                                                                \
    X(price_migration)                                                                                                 \
    X(settlement)                                                                                                      \
    X(bank_booking)                                                                                                    \
    X(split_profile)                                                                                                   \
    X(price)                                                                                                           \
    X(subscription)                                                                                                    \
    X(test_clock)                                                                                                      \
    X(webhook_message)                                                                                                 \
    X(webhook_endpoint)                                                                                                \
    X(money)                                                                                                           \
    X(balance)                                                                                                         \
    X(ledger_entry)                                                                                                    \
    X(ledger_head)                                                                                                     \
    X(mail_bounce)                                                                                                     \
    X(bank_file)                                                                                                       \
    X(manual_entry)                                                                                                    \
    X(suggested_payment)                                                                                               \
    X(bank_break)                                                                                                      \
    X(event)                                                                                                           \
    X(hold)                                                                                                            \
    X(holdback)                                                                                                        \
    X(posting)                                                                                                         \
    X(attempt)                                                                                                         \
    X(payout_limit)                                                                                                    \
    X(payout_statement_line)                                                                                           \
    X(payout_statement)                                                                                                \
    X(settlement_line)                                                                                                 \
    X(negative_balance)                                                                                                \
    X(write_off)                                                                                                       \
    X(written_off)                                                                                                     \
    X(reversal)                                                                                                        \
    X(write_off_undone)                                                                                                \
    X(held_requisite)                                                                                                  \
    X(approval)                                                                                                        \
    X(acquirer_settlement)                                                                                             \
    X(anomaly)                                                                                                         \
    X(break_answer)                                                                                                    \
    X(subscription_preview)                                                                                            \
    X(api_version)                                                                                                     \
    X(test_mail)                                                                                                       \
    X(logged_request)                                                                                                  \
    X(transfer_credit)                                                                                                 \
    X(transfer_repayment)                                                                                              \
    X(transfer)                                                                                                        \
    X(webhook_delivery)

#define SHAPE_DECLARE(name) extern const struct shape name##_shape;
PAYSRV_SHAPES(SHAPE_DECLARE)
#define SHAPE_ROW(name) &name##_shape,
