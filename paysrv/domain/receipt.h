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
