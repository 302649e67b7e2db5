/*
 * Money that goes to a card: a push (an original credit of the card networks); and a payout of the wallet's, which is
 * the same thing with another name. Each is one object per key, for ever.
 */
#pragma once

#include "paysrv/sandbox/bank.h"
#include "shared/http/endpoint.h"

struct app;

struct push {
    str id, key, reference, currency, token, decline_code;
    int64_t amount_minor;
    bool is_wallet; /* token: the wallet's name */
    enum object_status status;
    enum card_takes takes;
    instant at;
    instant returns_at; /* the beginning of time: it stays */
    int64_t settled_in, returned_in;
    struct push *next;
};

/* Returned ones succeeded before. */
enum object_status push_status_at(const struct push *p, instant now);
void push_write(struct json *j, const struct push *p, instant now);
void push_read(struct bank *b, const struct json_value *line);

struct push_in {
    int64_t amount;
    str currency, token, reference;
};
/* Pays, or says what came of this key before. is_known false: there is none of this name, which is a decline. */
struct payee {
    bool is_known;
    enum card_takes takes;
};
MUST_USE err push_answer(struct task *t, const struct request *rq, struct response *rs, const struct push_in *in,
                         bool is_wallet, struct payee (*find)(struct app *app, str token));
struct push_find_in {
    str key;
};
#define PUSH_FIND_PARAMS P_STR(struct push_find_in, key, .need = REQUIRED, .set = TOKEN, .max = 255)
MUST_USE err push_by_key(struct task *t, const struct request *rq, struct response *rs);
