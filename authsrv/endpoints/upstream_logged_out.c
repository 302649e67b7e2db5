/*
 * GET /cb/{slug}/logged-out: the browser is back from the log-out of a partner (OIDC RP-Initiated Logout 1.0 section
 * 3). All that had to end ended before it went there; here it only learns where to go on, once.
 */
#include "authsrv/browser.h"
#include "authsrv/counters.h"
#include "authsrv/flow/client/client_load.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "authsrv/store/logout.sql.h"
#include "shared/crypto/crypto.h"
#include "web/authsrv/pages.h"

struct upstream_logged_out_in {
    str state;
};

static const struct param upstream_logged_out_params[] = {
    P_STR(struct upstream_logged_out_in, state, .need = OPTIONAL, .set = TOKEN, .max = 64),
};

/* *row is NULL for a state that is unknown, used, too old, of another browser or partner. */
static err record_take(struct task *t, const struct request *rq, const struct upstream_logout_take_row **row)
{
    const struct upstream_logged_out_in *in = rq->in;
    str cookie = browser_cookie(rq);
    *row = NULL;
    if (!str_given(in->state) || !str_given(cookie))
        return OK;
    return upstream_logout_take(t, typed_digest("upstream_logout_state", in->state), browser_digest(t, cookie),
                                request_path_param(rq, "slug"), row);
}

static err upstream_logged_out(struct task *t, const struct request *rq, struct response *rs)
{
    const struct upstream_logout_take_row *row;
    const struct client *client = NULL;
    TRY(record_take(t, rq, &row));
    if (row)
        count_upstream(t, UPSTREAM_RETURNED);
    if (row && str_given(row->location)) {
        reply_header(rs, "Referrer-Policy", STR("no-referrer"));
        reply_found(rs, row->location);
        return OK;
    }
    if (row && str_given(row->client_id))
        TRY(client_load(t, (client_id){ row->client_id }, &client));
    page_logged_out(reply_html(rs, 200), t->language, t->frame,
                    &(struct page_logged_out){ .client_name = client ? client->meta.client_name : STR_NONE,
                                               .return_url = client ? client->meta.client_uri : STR_NONE });
    return OK;
}

const struct route upstream_logged_out_route = {
    .method = GET,
    .path = "/cb/{slug}/logged-out",
    .guard = &GUARD_VISIT,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .sites = SITE_ANY,
    .no_store = true,
    .per_minute = 120,
    .ignore_unknown = true,
    INPUT(struct upstream_logged_out_in, upstream_logged_out_params),
    .handle = upstream_logged_out,
    .summary = "Back from the log-out of a partner",
};
