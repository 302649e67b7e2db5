/* The scopes of the payment API (docs/protocol/pay-api.md), in the order in which metadata lists them. */
#pragma once

#define PAY_SCOPES(X)                                                                                                  \
    X(USERS, "pay.users")                                                                                              \
    X(STORES, "pay.stores")                                                                                            \
    X(PAYMENTS, "pay.payments")                                                                                        \
    X(PAYOUTS, "pay.payouts")                                                                                          \
    X(BALANCE, "pay.balance")                                                                                          \
    X(WEBHOOKS, "pay.webhooks")                                                                                        \
    X(OPERATOR, "pay.operator")

#define PAY_SCOPE_ROW(name, text) SCOPE_##name,
enum pay_scope { PAY_SCOPES(PAY_SCOPE_ROW) SCOPE_COUNT };
#undef PAY_SCOPE_ROW

/* Of an accountant: what pay.operator allows that changes nothing. */
#define PAY_OPERATOR_READ "pay.operator.read"

/* "pay.users pay.stores ..." */
#define PAY_SCOPE_WORD(name, text) text " "
#define PAY_SCOPES_ALL PAY_SCOPES(PAY_SCOPE_WORD) PAY_OPERATOR_READ
