/*
 * GET and POST /not-me: where the mail with a code leads whoever did not ask for it. GET shows a button, since scanners
 * follow links; only POST does something. The key in the link is what allows it; there is no log-in.
 */
#include "authsrv/browser.h"
#include "authsrv/faults.h"
#include "authsrv/flow/account/challenge.h"
#include "authsrv/flow/client/client_load.h"
#include "authsrv/flow/partner/branding.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "authsrv/store/challenge.sql.h"
#include "web/authsrv/pages.h"

struct not_me_in {
    str challenge, key;
};

static const struct param not_me_params[] = {
    P_STR(struct not_me_in, challenge, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct not_me_in, key, .need = REQUIRED, .set = BASE64URL, .max = 64),
};

static err find(struct task *t, const struct not_me_in *in, const struct challenge_open_row **ret)
{
    *ret = NULL;
    if (challenge_link_good(t, in->challenge, in->key))
        TRY(challenge_open(t, in->challenge, ret));
    return *ret ? OK : FAIL(t, NO_FLOW, "the link is incomplete, or too old");
}

/* Also to whoever comes again, by the form or by the link: it was him who stopped it. */
static err show(struct task *t, const struct request *rq, struct response *rs)
{
    const struct not_me_in *in = rq->in;
    const struct challenge_open_row *row;
    const struct client *client;
    TRY(find(t, in, &row));
    TRY(client_load(t, row->client_id, &client));
    TRY(branding_wear(t, client));
    TRY(visit_language(t, rq, STR_NONE));
    page_not_me(reply_html(rs, 200), t->language, t->frame,
                &(struct page_not_me){ .client_name = row->client_name,
                                       .action = STR("/not-me"),
                                       .challenge = in->challenge,
                                       .key = in->key,
                                       .is_open = row->is_open,
                                       .is_done = row->is_disowned });
    return OK;
}

static err not_me(struct task *t, const struct request *rq, struct response *rs)
{
    return show(t, rq, rs);
}

static err not_me_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct not_me_in *in = rq->in;
    const struct challenge_open_row *row;
    TRY(find(t, in, &row));
    TRY(challenge_end_disowned(t, in->challenge));
    return show(t, rq, rs);
}

const struct route not_me_route =
    PAGE_ROUTE("/not-me", .per_minute = 60, INPUT(struct not_me_in, not_me_params), .handle = not_me,
               .summary = "Page of somebody who did not ask for the mailed code");

const struct route not_me_post_route =
    FORM_ROUTE("/not-me", .per_minute = 60, INPUT(struct not_me_in, not_me_params), .handle = not_me_post,
               .summary = "End a mailed code that somebody else asked for");
