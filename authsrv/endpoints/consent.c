/* GET and POST /consent: the owner sees who asks for what and where the answer goes, and decides. */
#include "authsrv/browser.h"
#include "authsrv/counters.h"
#include "authsrv/domain/authorization/terms.h"
#include "authsrv/domain/authorization/user_code.h"
#include "authsrv/domain/scope.h"
#include "authsrv/domain/token/claims.h"
#include "authsrv/faults.h"
#include "authsrv/flow/authorization/code_batch.h"
#include "authsrv/flow/authorization/decoupled.h"
#include "authsrv/flow/snapshot.h"
#include "authsrv/guards.h"
#include "authsrv/permission_words.h"
#include "authsrv/routes.h"
#include "authsrv/store/decoupled.sql.h"
#include "authsrv/store/flow.sql.h"
#include "shared/text/url.h"
#include "web/authsrv/pages.h"

struct consent_in {
    str flow, csrf, decision;
};

static const struct param consent_page_params[] = {
    P_STR(struct consent_in, flow, .need = OPTIONAL, .set = TOKEN, .max = 64),
};

static const struct param consent_params[] = {
    P_STR(struct consent_in, flow, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct consent_in, csrf, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct consent_in, decision, .need = REQUIRED, .set = ID, .max = 16),
};

struct scope_lists {
    struct consent_scope *identity, *money, *other;
    size_t n_identity, n_money, n_other;
};

static void scope_sort(struct task *t, struct scope_lists *lists, str word, bool is_new)
{
    const struct consent_scope line = { scope_words(t->language, word), is_new };
    if (str_starts(word, STR("pay.")))
        lists->money[lists->n_money++] = line;
    else if (scope_covers(STR("openid profile email address phone"), word))
        lists->identity[lists->n_identity++] = line;
    else
        lists->other[lists->n_other++] = line;
}

static size_t word_count(str words)
{
    str word;
    size_t n = 0;
    while (str_next_word(&words, &word))
        n++;
    return n;
}

/* Scopes and claims that were allowed before are not marked as new; without a record nothing is marked. */
static void scope_lists_fill(struct task *t, str scope, str claims, const struct consent_find_row *before,
                             struct scope_lists *lists)
{
    size_t n = word_count(scope) + word_count(claims) + 1;
    lists->identity = arena_array(t->arena, struct consent_scope, n);
    lists->money = arena_array(t->arena, struct consent_scope, n);
    lists->other = arena_array(t->arena, struct consent_scope, n);
    str word;
    while (str_next_word(&scope, &word))
        scope_sort(t, lists, word, before && !str_has_word(before->scope, word));
    while (str_next_word(&claims, &word)) {
        bool is_new = before && !str_has_word(before->claims, word) && !str_has_word(before->scope, claim_scope(word));
        lists->identity[lists->n_identity++] = (struct consent_scope){ claim_words(t->language, word), is_new };
    }
}

/* Who waits on another device: the code there, and from where it asked. */
static err waiting_fill(struct task *t, const struct visit *v, struct page_consent *page)
{
    const struct decoupled_of_flow_row *row;
    if (!flow_is_decoupled(v->flow))
        return OK;
    TRY(decoupled_of_flow(t, v->flow->id, &row));
    if (!row)
        return FAIL(t, NO_FLOW, "the request of the other device is gone");
    page->user_code = str_given(row->user_code) ? user_code_shown(t->arena, row->user_code) : STR_NONE;
    page->binding_message = row->binding_message;
    page->asked_from = row->asked_from;
    page->asked_at = instant_text(t->arena, row->created_at);
    return OK;
}

/* What is allowed once, in words: amounts, payees, purposes. */
static err details_list(struct task *t, const struct flow_find_row *flow, struct page_consent *page)
{
    const struct snapshot *s;
    struct terms terms;
    str *sentences;
    size_t n;
    TRY(snapshot_of(t, &s));
    const struct detail_type *types = snapshot_details(s, &n);
    if (!terms_read(t->arena, flow->terms, &terms))
        return FAIL(t, INTERNAL, "stored terms cannot be read");
    types = details_worded(t->arena, t->language, types, n);
    details_say(t->arena, terms.authorization_details, types, n, &sentences, &n);
    page->details.items = sentences;
    page->details.n = n;
    return OK;
}

static err page_show(struct task *t, const struct visit *v, struct response *rs)
{
    const struct consent_find_row *before;
    struct scope_lists lists = { 0 };
    struct url redirect;
    str claims;
    TRY(flow_claims(t, v->flow, &claims));
    const struct consent_key key = { v->session->row->user_id, v->client->id, v->flow->redirect_uri,
                                     v->client->version };
    TRY(consent_load(t, &key, &before));
    scope_lists_fill(t, v->flow->scope, claims, before, &lists);
    bool is_url = url_parse(v->flow->redirect_uri, &redirect);
    struct page_consent page = {
        .client_name = v->client->meta.client_name,
        .is_verified = v->client->verified,
        .action = STR("/consent"),
        .csrf = v->csrf,
        .flow = v->flow->id.v,
        .redirect_host = shown_host(t, v->flow->redirect_uri),
        .is_loopback = is_url && !v->client->verified && url_host_is_loopback(redirect.host),
        .user_name = v->session->row->user_name,
        .user_email = v->session->row->email,
        .switch_url = visit_login_url(t, v->flow),
        .policy_url = v->client->meta.policy_uri,
        .tos_url = v->client->meta.tos_uri,
    };
    TRY(details_list(t, v->flow, &page));
    page.identity.items = lists.identity;
    page.identity.n = lists.n_identity;
    page.money.items = lists.money;
    page.money.n = lists.n_money;
    page.other.items = lists.other;
    page.other.n = lists.n_other;
    TRY(waiting_fill(t, v, &page));
    struct buf *out = reply_html(rs, 200);
    page.logo_url = shown_logo(t, rs, v->client);
    page_consent(out, t->language, t->frame, &page);
    return OK;
}

/* The page is shown, and a decision taken, only when the flow needs it now: log-in first, once, in this session. */
static err needs_consent(struct task *t, const struct visit *v, bool *ret)
{
    enum interaction next;
    TRY(flow_judge(t, v->flow, v->client, v->session, &next));
    *ret = str_eq(v->flow->status, STR("open")) && next == INTERACT_CONSENT;
    return OK;
}

static err consent(struct task *t, const struct request *rq, struct response *rs)
{
    const struct consent_in *in = rq->in;
    struct visit v;
    bool needed;
    TRY(visit_load(t, rq, in->flow, &v));
    TRY(needs_consent(t, &v, &needed));
    return needed ? page_show(t, &v, rs) : visit_go(t, &v, rs);
}

static err consent_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct consent_in *in = rq->in;
    struct visit v;
    bool needed;
    TRY(visit_load(t, rq, in->flow, &v));
    TRY(visit_check(t, &v, in->csrf));
    TRY(needs_consent(t, &v, &needed));
    if (!needed)
        return visit_go(t, &v, rs);
    bool allowed = str_eq(in->decision, STR("allow"));
    count_consent(t, allowed);
    if (allowed)
        TRY(flow_consent(t, v.flow, v.client, v.browser, v.session));
    else
        TRY(flow_deny(t, v.flow->id, v.browser, STR("access_denied")));
    visit_leave(t, &v, rs);
    return OK;
}

const struct route consent_route =
    PAGE_ROUTE("/consent", .sites = SITE_ANY, INPUT(struct consent_in, consent_page_params), .handle = consent,
               .summary = "Consent page");

const struct route consent_post_route =
    FORM_ROUTE("/consent", .sites = SITE_ANY, INPUT(struct consent_in, consent_params), .handle = consent_post,
               .summary = "Allow or deny");
