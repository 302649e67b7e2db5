/*
 * Every route of paysrv, one word per line: an endpoint file defines `const struct route NAME_route`; assets, openapi,
 * healthz and readyz are the platform's.
 */
#pragma once

#include "shared/http/endpoint.h"

#define PAYSRV_ROUTES(X)                                                                                               \
    X(payments_create)                                                                                                 \
    X(payments_list)                                                                                                   \
    X(payments_read)                                                                                                   \
    X(payments_confirm)                                                                                                \
    X(payments_cancel)                                                                                                 \
    X(captures_create)                                                                                                 \
    X(captures_list)                                                                                                   \
    X(refunds_create)                                                                                                  \
    X(refunds_list)                                                                                                    \
    X(acquirer_notifications)                                                                                          \
    X(checkout_show)                                                                                                   \
    X(checkout_start)                                                                                                  \
    X(checkout_return)                                                                                                 \
    X(checkout_embed)                                                                                                  \
    X(checkout_embed_start)                                                                                            \
    X(script)                                                                                                          \
    X(assets)                                                                                                          \
    X(user_create)                                                                                                     \
    X(user_read)                                                                                                       \
    X(user_page)                                                                                                       \
    X(requisite_create)                                                                                                \
    X(requisite_disable)                                                                                               \
    X(requisite_page)                                                                                                  \
    X(store_create)                                                                                                    \
    X(store_read)                                                                                                      \
    X(store_split)                                                                                                     \
    X(store_page)                                                                                                      \
    X(split_profile_create)                                                                                            \
    X(split_profile_page)                                                                                              \
    X(split_profile_read)                                                                                              \
    X(split_profile_archive)                                                                                           \
    X(payout_create)                                                                                                   \
    X(payout_confirm)                                                                                                  \
    X(payout_resend)                                                                                                   \
    X(payout_cancel)                                                                                                   \
    X(payout_read)                                                                                                     \
    X(payout_page)                                                                                                     \
    X(price_create)                                                                                                    \
    X(price_page)                                                                                                      \
    X(price_archive)                                                                                                   \
    X(subscription_create)                                                                                             \
    X(subscription_read)                                                                                               \
    X(subscription_page)                                                                                               \
    X(invoice_page)                                                                                                    \
    X(subscription_change)                                                                                             \
    X(subscription_card)                                                                                               \
    X(subscription_cancel)                                                                                             \
    X(subscription_pause)                                                                                              \
    X(subscription_resume)                                                                                             \
    X(saved_card_page)                                                                                                 \
    X(saved_card_read)                                                                                                 \
    X(saved_card_delete)                                                                                               \
    X(card_withdraw_show)                                                                                              \
    X(card_withdraw)                                                                                                   \
    X(payout_statement)                                                                                                \
    X(payment_payouts)                                                                                                 \
    X(payout_list_create)                                                                                              \
    X(payout_list_confirm)                                                                                             \
    X(payout_list_resend)                                                                                              \
    X(payout_list_cancel)                                                                                              \
    X(payout_list_read)                                                                                                \
    X(balance)                                                                                                         \
    X(ledger)                                                                                                          \
    X(webhook_endpoint_create)                                                                                         \
    X(webhook_endpoint_read)                                                                                           \
    X(webhook_endpoint_page)                                                                                           \
    X(webhook_endpoint_delete)                                                                                         \
    X(webhook_delivery_page)                                                                                           \
    X(webhook_endpoint_change)                                                                                         \
    X(webhook_secret_rotate)                                                                                           \
    X(webhook_ping)                                                                                                    \
    X(webhook_replay_range)                                                                                            \
    X(event_page)                                                                                                      \
    X(event_read)                                                                                                      \
    X(operator_login)                                                                                                  \
    X(operator_callback)                                                                                               \
    X(operator_logout)                                                                                                 \
    X(operator_signed_out)                                                                                             \
    X(payouts_freeze_show)                                                                                             \
    X(payouts_freeze)                                                                                                  \
    X(protected_resource)                                                                                              \
    X(openapi)                                                                                                         \
    X(healthz)                                                                                                         \
    X(readyz)                                                                                                          \
    X(operator_overview)                                                                                               \
    X(operator_payouts)                                                                                                \
    X(operator_payment)                                                                                                \
    X(operator_payment_read)                                                                                           \
    X(payout_approve)                                                                                                  \
    X(payout_reject)                                                                                                   \
    X(approvals_list)                                                                                                  \
    X(operator_decision)                                                                                               \
    X(payout_limits_read)                                                                                              \
    X(payout_limits_set)                                                                                               \
    X(operator_bank)                                                                                                   \
    X(operator_break_close)                                                                                            \
    X(bank_file_create)                                                                                                \
    X(bank_file_page)                                                                                                  \
    X(bank_file_release)                                                                                               \
    X(bank_break_page)                                                                                                 \
    X(bank_break_close)

#define ROUTE_DECLARE(name) extern const struct route name##_route;
PAYSRV_ROUTES(ROUTE_DECLARE)
