/*
 * What a buyer bought, position by position, with what a fiscal receipt needs of each (Federal law 54-FZ, FFD 1.05 and
 * 1.2): given with a payment or a refund, checked, kept, and told to the partner's cash register service by an event.
 * The server prints no receipt and adds up no tax: the register does. Pure.
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/text/json_in.h"

#define RECEIPT_ITEMS_MAX 100
#define RECEIPT_MAX_BYTES 32768

/* What they look like in the OpenAPI document (shared/text/shape.h). */
#define RECEIPT_SUPPLIER_TYPE "supplier?: { name: string, inn: string, phone?: string }"
#define RECEIPT_ITEMS_TYPE                                                                                             \
    "items: { name: string, quantity: string, price: integer, amount: integer, vat: string, subject?: string, "        \
    "mode?: string, measure?: string, " RECEIPT_SUPPLIER_TYPE " }[]"
#define RECEIPT_CUSTOMER_TYPE "customer: { email?: string, phone?: string }"
#define RECEIPT_TYPE "{ " RECEIPT_CUSTOMER_TYPE ", tax_system?: string, " RECEIPT_ITEMS_TYPE " }"
#define RECEIPT_REFUND_TYPE "{ " RECEIPT_ITEMS_TYPE " }"
#define RECEIPT_TERMS_TYPE                                                                                             \
    "{ vat: string, tax_system?: string, subject?: string, mode?: string, measure?: string, " RECEIPT_SUPPLIER_TYPE " }"

struct receipt_verdict {
    bool good;
    str param, explain; /* of what is wrong: "receipt.items[2].vat" */
};

/*
 * {customer: {email or phone}, tax_system?, items: [{name, quantity, price, amount, vat, subject?, mode?, measure?,
 * supplier?: {name, inn, phone?}}]}; the items come to the amount. *document: as it is kept. A refund's has no
 * customer of its own: he is the payment's.
 */
struct receipt_verdict receipt_judge(struct arena *a, const struct json_value *v, int64_t amount_minor, bool is_refund,
                                     str *document);

/* What a price says of its receipts: {vat, tax_system?, subject?, mode?, measure?, supplier?}. */
struct receipt_verdict receipt_terms_judge(struct arena *a, const struct json_value *v, str *document);

struct receipt_sale {
    str terms; /* of its price, as they are kept */
    str name, email;
    int64_t quantity, unit_minor, paid_minor;
};
/*
 * The document of what an invoice was paid with. As many as were bought when that is what was paid; else, of a part of
 * a period or with a credit, one that costs what was paid.
 */
str receipt_of_sale(struct arena *a, const struct receipt_sale *sale);
