/*
 * POST /v1/users/{user}/requisites/card_page: where somebody types the card that he is to be paid out to. The number
 * goes to the acquirer alone, and the token to the partner's page, which makes the requisite with it.
 */
#include "paysrv/faults.h"
#include "paysrv/flow/acquirer/acquirer.h"
#include "paysrv/flow/acquirer/connector.h"
#include "paysrv/flow/party/party.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"

struct card_page_in {
    str return_url;
};

static const struct param card_page_params[] = {
    P_STR(struct card_page_in, return_url, .need = REQUIRED, .set = URI, .max = 2000),
};

static err card_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct card_page_in *in = rq->in;
    const struct user_find_row *user;
    const struct connector *connector;
    str url;
    TRY(party_user(t, caller_of(rq), request_path_param(rq, "user"), &user));
    TRY(return_url_check(t, in->return_url));
    TRY(payout_connector(t, RAIL_CARD, &connector));
    const struct card_session session = {
        .return_url = in->return_url, .description = user->name, .is_to_save = true, .is_for_payee = true
    };
    TRY(acquirer_card_page(t, &session, &url));
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("card_page"));
    json_str(j, "url", url);
    return OK;
}

const struct route requisite_card_page_route = {
    .method = POST,
    .path = "/v1/users/{user}/requisites/card_page",
    .guard = &GUARD_USERS,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct card_page_in, card_page_params),
    .repeatable = true,
    .handle = card_page,
    .answer = "{ object: 'card_page', url: string }",
    .summary = "Open the acquirer's page for a card to be paid out to",
};
