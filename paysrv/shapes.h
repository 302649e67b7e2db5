/* Every object of the API, one word a line: the file that writes it says what it looks like, as SHAPE(word, ...). */
#pragma once

#include "shared/text/shape.h"

#define PAYSRV_SHAPES(X)                                                                                               \
    X(split_rule)                                                                                                      \
    X(event_data)                                                                                                      \
    X(share)                                                                                                           \
    X(payment)                                                                                                         \
    X(capture)                                                                                                         \
    X(payment_attempt)                                                                                                 \
    X(refund)                                                                                                          \
    X(dispute_file)                                                                                                    \
    X(dispute)                                                                                                         \
    X(invoice)                                                                                                         \
    X(balance_relief)                                                                                                  \
    X(opening_closing)                                                                                                 \
    X(partner_report)                                                                                                  \
    X(user)                                                                                                            \
    X(requisite)                                                                                                       \
    X(store)                                                                                                           \
    X(payout_list)                                                                                                     \
    X(payout)                                                                                                          \
    X(payout_schedule)                                                                                                 \
    X(saved_card)                                                                                                      \
    X(billing_link)                                                                                                    \
    X(billing_settings)                                                                                                \
    X(price_migration)                                                                                                 \
    X(settlement)                                                                                                      \
    X(split_profile)                                                                                                   \
    X(price)                                                                                                           \
    X(subscription)                                                                                                    \
    X(test_clock)                                                                                                      \
    X(webhook_message)                                                                                                 \
    X(webhook_endpoint)                                                                                                \
    X(money)                                                                                                           \
    X(balance)                                                                                                         \
    X(ledger_entry)                                                                                                    \
    X(bank_file)                                                                                                       \
    X(bank_break)                                                                                                      \
    X(event)                                                                                                           \
    X(holdback)                                                                                                        \
    X(posting)                                                                                                         \
    X(attempt)                                                                                                         \
    X(payout_limit)                                                                                                    \
    X(payout_statement_line)                                                                                           \
    X(payout_statement)                                                                                                \
    X(acquirer_settlement)                                                                                             \
    X(break_answer)                                                                                                    \
    X(subscription_preview)                                                                                            \
    X(api_version)                                                                                                     \
    X(test_mail)                                                                                                       \
    X(logged_request)                                                                                                  \
    X(webhook_delivery)

#define SHAPE_DECLARE(name) extern const struct shape name##_shape;
PAYSRV_SHAPES(SHAPE_DECLARE)
#define SHAPE_ROW(name) &name##_shape,
