/* /v1/saved_cards: the cards that buyers let the caller's stores keep, and their end by the partner. */
#include "paysrv/flow/payment/saved_card.h"

#include "paysrv/faults.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/saved_card.sql.h"

static err card_load(struct task *t, const struct request *rq, const struct saved_card_find_row **ret)
{
    const struct caller *caller = caller_of(rq);
    TRY(saved_card_find(t, caller->partner, (saved_card_id){ request_path_param(rq, "card") }, caller->subject, ret));
    return *ret ? OK : FAIL(t, NOT_FOUND, "no such card for this caller");
}

static err card_read(struct task *t, const struct request *rq, struct response *rs)
{
    const struct saved_card_find_row *card;
    TRY(card_load(t, rq, &card));
    saved_card_write(reply_json(rs, 200), card);
    return OK;
}

static err card_delete(struct task *t, const struct request *rq, struct response *rs)
{
    const struct saved_card_find_row *card;
    TRY(card_load(t, rq, &card));
    TRY(saved_card_end(t, card, STR("partner")));
    reply_empty(rs, 204);
    return OK;
}

struct cards_in {
    str store, buyer, payment;
    PAGE_FIELDS
};

static const struct param cards_params[] = {
    P_STR(struct cards_in, store, .need = OPTIONAL, .set = ID, .max = 40),
    P_STR(struct cards_in, buyer, .need = OPTIONAL, .set = TOKEN, .max = 200),
    P_STR(struct cards_in, payment, .need = OPTIONAL, .set = ID, .max = 40),
    PAGE_PARAMS(struct cards_in),
};

static err card_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct cards_in *in = rq->in;
    const struct caller *caller = caller_of(rq);
    const struct saved_card_find_row *rows;
    size_t limit = page_limit(in->limit), n;
    str before;
    TRY(cursor_read(t, "saved_cards", caller->partner, in->cursor, &before));
    const struct saved_card_list_args args = { .partner = caller->partner,
                                               .store = in->store,
                                               .buyer = in->buyer,
                                               .payment = in->payment,
                                               .before = before,
                                               .subject = caller->subject,
                                               .most = (int64_t)limit + 1 };
    TRY(saved_card_list(t, &args, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        saved_card_write(j, &rows[i]);
        json_close(j);
    }
    page_end(t, j, "saved_cards", caller->partner, n > limit, shown ? rows[shown - 1].saved_card_id.v : STR_NONE);
    return OK;
}

#define CARD_ROUTE(METHOD, PATH, SUMMARY, HANDLE, ...)                                                                 \
    {                                                                                                                  \
        .method = METHOD, .path = PATH, .guard = &GUARD_PAYMENTS, .body = BODY_NONE, .run = RUN_WORKER,                \
        .errors = ERRORS_PROBLEM, .no_store = true, .handle = HANDLE, .summary = SUMMARY, __VA_ARGS__                  \
    }

const struct route saved_card_read_route =
    CARD_ROUTE(GET, "/v1/saved_cards/{card}", "Read a saved card", card_read, .answer = "SavedCard");
const struct route saved_card_delete_route = CARD_ROUTE(
    DELETE, "/v1/saved_cards/{card}", "End a saved card: it cannot be charged any more", card_delete, .done = "204");
const struct route saved_card_page_route =
    CARD_ROUTE(GET, "/v1/saved_cards", "List the saved cards that may be charged, newest first", card_page,
               INPUT(struct cards_in, cards_params), .answer = "Page<SavedCard>");
