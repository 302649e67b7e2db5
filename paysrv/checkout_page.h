/* What the checkout's endpoints share: the page for each state of a payment, who may frame it, the browser's cookie. */
#pragma once

#include "paysrv/flow/payment/checkout.h"
#include "shared/http/endpoint.h"

/* The page of the payment as it stands. */
void checkout_show(struct task *t, struct response *rs, const struct checkout *c, bool is_embedded);
/* Asks whether he pays by the card that he has typed. */
struct checkout_asked {
    str state, card_token;
    bool keeps_card;
};
void checkout_ask(struct task *t, struct response *rs, const struct checkout *c, bool is_embedded,
                  const struct checkout_asked *asked);
/* A page that leads to another site: no redirect, because a form post led here (form-action). */
void checkout_leave(struct task *t, struct response *rs, const struct checkout *c, bool is_embedded, str location);
/* The path of the page itself. */
str checkout_path(struct task *t, const struct checkout *c, bool is_embedded);
/* The secret of this browser's visits; absent: none yet. */
str checkout_browser(const struct request *rq);
void checkout_browser_set(struct response *rs, str browser, bool is_embedded);
