/* What the acquirer remembers: for its wire (acquirer.c) and its books (shop_books.c), and nobody else. */
#pragma once

#include "tests/sim/network.h"

#define OBJECTS_MAX 400
#define WAITING_MAX 400

enum kind { CHARGE, REFUND, CAPTURE, VOID, PUSH };
extern const char *const kind_names[];
enum status { PENDING, ACTION, SUCCEEDED, AUTHORIZED, DECLINED, RETURNED };

struct object {
    enum kind kind;
    enum status status;
    str id, key, currency, reference, token;
    struct object *charge;
    int64_t amount, captured, refunded;
    bool is_authorize, is_released, is_final, is_lost;
    instant until;
    enum settled settled, settled_back; /* in a registry; back: that a push came back */
};

struct order {
    struct object wanted;
    instant arrives;
};

extern struct shop {
    struct object objects[OBJECTS_MAX];
    struct order late[OBJECTS_MAX];
    str messages[WAITING_MAX];
    size_t n_objects, n_late, n_messages;
    enum fate next;
    unsigned rate, declines;
    const char *complaint;
    int64_t paid_out;
} shop;

struct object *object_by_key(enum kind kind, str key);
int64_t object_left(const struct object *charge); /* of what is held */
