/* See store_domain.h. */
#include "paysrv/flow/stores/store_domain.h"

#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/access/partner_standing.h"
#include "paysrv/store/store_domain.sql.h"
#include "shared/net/fetch.h"
#include "shared/text/host.h"
#include "shared/text/shape.h"
#include "shared/text/url.h"

#define PROOF_MAX_BYTES 8192
#define HTTPS_PORT 443

/* ---- the proof ---- */

/* Another port than that of https is a development's, which has no certificates for these names. */
static str store_proof_url(struct task *t, str host)
{
    const struct app *app = t->app;
    int64_t port = app->config.store_proof_port;
    if (port == HTTPS_PORT)
        return arena_printf(t->arena, "https://%.*s" STORE_PROOF_PATH, STR_ARG(host));
    return arena_printf(t->arena, "http://%.*s:%lld" STORE_PROOF_PATH, STR_ARG(host), (long long)port);
}

static str trimmed(str s)
{
    while (s.n && (unsigned char)s.p[s.n - 1] <= ' ')
        s.n--;
    for (; s.n && (unsigned char)s.p[0] <= ' '; s.n--)
        s.p++;
    return s;
}

/* Several stores may share a host: each has a line. */
static bool holds(str body, str proof)
{
    str line;
    while (str_cut(&body, '\n', &line))
        if (str_eq(trimmed(line), proof))
            return true;
    return str_eq(trimmed(body), proof);
}

void store_domain_ask(struct task *t, str host, str proof, str *failure)
{
    const struct fetch_request rq = { .method = "GET", .url = store_proof_url(t, host), .max_bytes = PROOF_MAX_BYTES };
    struct fetch_answer answer;
    fetch(t, &rq, &answer);
    if (answer.outcome != FETCH_ANSWERED)
        *failure = STR("the host did not answer");
    else if (answer.status != 200)
        *failure = arena_printf(t->arena, "the host answered %d where 200 was expected", answer.status);
    else if (!holds(answer.body, proof))
        *failure = STR("the file does not hold the proof");
    else
        *failure = STR_NONE;
}

SHAPE(
    store_domain, "StoreDomain",
    "object: 'store_domain', store: string, host: string, status: 'pending' | 'verified', verification: { url: string, "
    "content: string }, failure: string | null, verified_at?: time, created_at: time")

void store_domain_write(struct task *t, struct json *j, store_id store, const struct store_domain_find_row *row)
{
    json_str(j, "object", STR("store_domain"));
    json_str(j, "store", store.v);
    json_str(j, "host", row->host);
    json_str(j, "status", row->verified_at_given ? STR("verified") : STR("pending"));
    json_object(j, "verification");
    json_str(j, "url", store_proof_url(t, row->host));
    json_str(j, "content", row->proof);
    json_close(j);
    json_str_or_null(j, "failure", row->failure);
    if (row->verified_at_given)
        json_time(j, "verified_at", row->verified_at);
    json_time(j, "created_at", row->created_at);
}

/* ---- what lies within ---- */

static bool is_within(str domains, str text)
{
    struct url url;
    str domain;
    if (!url_parse(text, &url))
        return false;
    for (str rest = str_given(domains) ? domains : STR(""); str_next_word(&rest, &domain);)
        if (host_is_within(url.host, domain))
            return true;
    return false;
}

static err refuse(struct task *t, const char *param)
{
    return FAIL_PARAM(t, INVALID_PARAMETER, str_of(param), STR("must lie within a verified domain of the store"));
}

err store_domains_check(struct task *t, const struct payment_store_row *store, str return_url, str_array origins)
{
    if (!store->domains_required)
        return OK;
    if (str_given(return_url) && !is_within(store->domains, return_url))
        return refuse(t, "return_url");
    for (size_t i = 0; i < origins.n; i++)
        if (!is_within(store->domains, origins.items[i]))
            return refuse(t, "origins");
    return OK;
}

err payment_return_check(struct task *t, partner_id partner, payment_id payment, str return_url)
{
    struct partner_standing standing;
    const struct payment_domains_row *row;
    if (!str_given(return_url))
        return OK;
    TRY(partner_standing_of(t, partner, &standing));
    if (!standing.domains_required)
        return OK;
    TRY(payment_domains(t, payment, partner, &row));
    return !row || is_within(row->domains, return_url) ? OK : refuse(t, "return_url");
}
