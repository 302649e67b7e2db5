/* /cards/{link}: the link in the mail to a buyer whose card is kept. GET only shows, so that mail scanners end nothing.
 */
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/message/speech.h"
#include "paysrv/flow/payment/saved_card.h"
#include "paysrv/routes.h"
#include "paysrv/store/saved_card.sql.h"
#include "web/paysrv/pages.h"

static err card_of_link(struct task *t, const struct request *rq, const struct saved_card_find_row **ret)
{
    saved_card_id id;
    if (!saved_card_link_read(t, request_path_param(rq, "link"), &id))
        return FAIL(t, NOT_FOUND, "no link of ours");
    TRY(saved_card_any(t, id, ret));
    if (!*ret)
        return FAIL(t, NOT_FOUND, "a link to no card");
    speech_prefer(t, (*ret)->locale);
    return clock_enter(t, (*ret)->partner_id);
}

static void withdrawn_show(struct task *t, struct response *rs, const struct saved_card_find_row *card)
{
    page_card_withdrawn(
        reply_html(rs, 200), t->language, NULL,
        &(struct page_card_withdrawn){ .store_name = card->store_name, .card = saved_card_shown(t, card) });
}

static err withdraw_show(struct task *t, const struct request *rq, struct response *rs)
{
    const struct saved_card_find_row *card;
    TRY(card_of_link(t, rq, &card));
    if (card->withdrawn_at_given) {
        withdrawn_show(t, rs, card);
        return OK;
    }
    const struct page_card_withdraw page = { .store_name = card->store_name,
                                             .card = saved_card_shown(t, card),
                                             .action = rq->path };
    page_card_withdraw(reply_html(rs, 200), t->language, NULL, &page);
    return OK;
}

static err withdraw_act(struct task *t, const struct request *rq, struct response *rs)
{
    const struct saved_card_find_row *card;
    TRY(card_of_link(t, rq, &card));
    TRY(saved_card_end(t, card, STR("buyer")));
    withdrawn_show(t, rs, card);
    return OK;
}

#define LINK_ROUTE                                                                                                     \
    .path = "/cards/{link}", .guard = &GUARD_PUBLIC, .run = RUN_WORKER, .errors = ERRORS_PAGE, .no_store = true,       \
    .per_minute = 600, .per_minute_link = 60

const struct route card_withdraw_show_route = { LINK_ROUTE,
                                                .method = GET,
                                                .body = BODY_NONE,
                                                .ignore_unknown = true,
                                                .handle = withdraw_show,
                                                .summary = "Ask a buyer whether a store shall not charge his card" };
const struct route card_withdraw_route = { LINK_ROUTE, .method = POST, .body = BODY_FORM, .handle = withdraw_act,
                                           .summary = "End the saved card of the buyer of the mail" };
