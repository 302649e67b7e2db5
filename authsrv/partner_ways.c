/* See partner_ways.h. */
#include "authsrv/partner_ways.h"

#include "authsrv/counters.h"
#include "authsrv/domain/authorization/interaction.h"
#include "authsrv/domain/upstream/home_realm.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/upstream/upstream.h"
#include "authsrv/store/flow.sql.h"
#include "authsrv/store/partner.sql.h"
#include "shared/ops/log.h"
#include "web/text.h"

#define SHOWN_AT_ONCE 4

/* ---- The list ---- */

struct place {
    const struct partner_list_row *row;
    int rank;
};

static str way_note(const struct task *t, const struct partner_list_row *row, str remembered)
{
    if (row->rests)
        return text_in(t->language, TEXT_LOGIN_PARTNER_RESTS);
    return str_given(remembered) && str_eq(row->slug, remembered) ? text_in(t->language, TEXT_LOGIN_LAST_USED)
                                                                  : STR_NONE;
}

static bool settings_of(struct task *t, const struct partner_list_row *row, struct upstream_settings *ret)
{
    str param, explain;
    return !row->disabled && upstream_settings_read(t->arena, row->settings, ret, &param, &explain);
}

bool partner_is_way(struct task *t, const struct partner_list_row *row)
{
    struct upstream_settings set;
    return settings_of(t, row, &set) && upstream_has_login(set.kind);
}

/* Plain OAuth 2.0 has no words for a fresh log-in: asked for one, it would only be refused (login_partner.c). */
static bool goes_there(struct task *t, const struct partner_list_row *row, bool is_fresh)
{
    struct upstream_settings set;
    return settings_of(t, row, &set) && upstream_has_login(set.kind) && !(is_fresh && set.kind == UPSTREAM_OAUTH);
}

static bool asks_fresh(const struct flow_find_row *flow)
{
    struct prompt prompt;
    return flow->max_age_given || (prompt_parse(flow->prompt, &prompt) && prompt.login);
}

/* By rank, and by name among equals: an insertion into what is sorted already. */
static size_t places_sort(struct task *t, const struct partner_list_row *rows, size_t n, const struct realm_facts *f,
                          bool is_fresh, struct place *ret)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (!goes_there(t, &rows[i], is_fresh))
            continue;
        const struct place p = { &rows[i], realm_rank(&rows[i], f) };
        size_t at = kept++;
        for (; at > 0 && ret[at - 1].rank < p.rank; at--)
            ret[at] = ret[at - 1];
        ret[at] = p;
    }
    return kept;
}

err partner_ways_read(struct task *t, const struct request *rq, const struct visit *v, struct page_login *page)
{
    const struct realm_facts facts = { v->flow->login_hint, request_cookie(rq, PARTNER_COOKIE), v->client->partner };
    const struct partner_list_row *rows;
    size_t n;
    TRY(partner_list(t, &rows, &n));
    struct place *places = arena_array(t->arena, struct place, n + 1);
    struct login_partner *items = arena_array(t->arena, struct login_partner, n + 1);
    size_t kept = places_sort(t, rows, n, &facts, asks_fresh(v->flow), places);
    for (size_t i = 0; i < kept; i++) {
        const struct partner_list_row *row = places[i].row;
        items[i] = (struct login_partner){
            .name = row->name,
            .url = row->rests ? STR_NONE /* says so in the place of a button that would lead to its failure */
                              : arena_printf(t->arena, "/login/partner/%.*s?flow=%.*s", STR_ARG(row->slug),
                                             STR_ARG(v->flow->id.v)),
            .note = way_note(t, row, facts.remembered),
        };
        page->has_homes = page->has_homes || row->email_domains.n > 0;
    }
    size_t shown = kept < SHOWN_AT_ONCE ? kept : SHOWN_AT_ONCE;
    page->partners.items = items;
    page->partners.n = shown;
    page->more_partners.items = items + shown;
    page->more_partners.n = kept - shown;
    return OK;
}

err partner_choices_read(struct task *t, struct page_account_partners *page)
{
    const struct partner_list_row *rows;
    size_t n, kept = 0;
    TRY(partner_list(t, &rows, &n));
    struct account_choice *items = arena_array(t->arena, struct account_choice, n + 1);
    for (size_t i = 0; i < n; i++)
        if (partner_is_way(t, &rows[i]) && !rows[i].rests)
            items[kept++] = (struct account_choice){ rows[i].slug, rows[i].name };
    page->choices.items = items;
    page->choices.n = kept;
    return OK;
}

/* ---- On the way ---- */

/* Plain OAuth 2.0 has no words for these: such a service may answer from any old session, and show its pages. */
static err ability_check(struct task *t, const struct upstream *up, const struct prompt *prompt, bool max_age_given)
{
    if (up->set.kind == UPSTREAM_OIDC || !(prompt->none || prompt->login || max_age_given))
        return OK;
    return FAIL(t, PARTNER_WEAK, "%.*s cannot be asked for prompt or max_age", STR_ARG(up->row->slug));
}

/* At a name of the partner's own there is no page of ours to choose another account on: it is asked for there. */
static bool again_here(const struct task *t, const struct visit *v)
{
    return t->site && v->session && (!str_given(v->flow->idp_hint) || v->flow->reauthenticated);
}

err partner_ask(struct task *t, const struct request *rq, struct response *rs, const struct visit *v,
                const struct upstream *up, bool force)
{
    struct prompt prompt;
    str location;
    if (!str_eq(v->flow->status, STR("open")))
        return visit_go(t, v, rs);
    if (!prompt_parse(v->flow->prompt, &prompt))
        return FAIL(t, INTERNAL, "a stored prompt cannot be read");
    const struct upstream_start start = {
        .flow = v->flow->id,
        .browser = v->browser,
        .silent = prompt.none,
        .force = force || prompt.login || prompt.select_account || v->flow->linking || again_here(t, v) ||
                 (v->flow->max_age_given && v->flow->max_age == 0),
        .max_age = v->flow->max_age_given ? &v->flow->max_age : NULL,
        .login_hint = v->flow->login_hint,
    };
    err e = ability_check(t, up, &prompt, v->flow->max_age_given);
    if (!e)
        e = upstream_begin(t, up, &start, &location);
    if (e)
        return partner_failed_answer(t, rq, rs, v, up, e);
    reply_header(rs, "Referrer-Policy", STR("no-referrer"));
    reply_found(rs, location);
    return OK;
}

/* ---- Failures ---- */

/* What happened, for the person and for the application. */
struct mishap {
    enum text_key say;
    str error; /* of RFC 6749 and OpenID Connect, for the application */
    int status;
    bool may_retry;
};

static bool mishap_of(err e, struct mishap *ret)
{
    static const struct {
        const struct fault *fault;
        struct mishap mishap;
    } known[] = {
        { &FAULT_PARTNER_FAILED, { TEXT_PARTNER_FAILED_AWAY, STR("temporarily_unavailable"), 503, true } },
        { &FAULT_PARTNER_ANSWER, { TEXT_PARTNER_FAILED_TEXT, STR("server_error"), 400, true } },
        { &FAULT_PARTNER_WEAK, { TEXT_PARTNER_FAILED_WEAK, STR("unmet_authentication_requirements"), 403, true } },
        { &FAULT_NOT_INVITED, { TEXT_PARTNER_FAILED_INVITE, STR("access_denied"), 403, true } },
        { &FAULT_LINK_NEEDED, { TEXT_PARTNER_FAILED_TEXT, STR("interaction_required"), 409, true } },
        { &FAULT_ACCOUNT_DISABLED, { TEXT_PARTNER_FAILED_DISABLED, STR("access_denied"), 403, false } },
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (!err_is(e, known[i].fault))
            continue;
        *ret = known[i].mishap;
        return true;
    }
    return false;
}

/* What the partner's errors mean to the application; unknown ones are never shown (SECURITY I 248). */
static struct mishap mishap_named(str error)
{
    static const str passed[] = { STR("login_required"), STR("interaction_required"), STR("consent_required"),
                                  STR("account_selection_required"), STR("unmet_authentication_requirements") };
    struct mishap m = { TEXT_PARTNER_DENIED_TEXT, STR("access_denied"), 200, true };
    for (size_t i = 0; i < sizeof passed / sizeof passed[0]; i++)
        if (str_eq(passed[i], error))
            return (struct mishap){ TEXT_PARTNER_FAILED_TEXT, passed[i], 400, true };
    if (str_eq(error, STR("temporarily_unavailable")) || str_eq(error, STR("server_error")))
        m = (struct mishap){ TEXT_PARTNER_FAILED_AWAY,
                             str_eq(error, STR("server_error")) ? STR("server_error") : STR("temporarily_unavailable"),
                             503, true };
    return m;
}

static void page_show(struct task *t, struct response *rs, const struct visit *v, const struct upstream *up,
                      const struct mishap *m)
{
    str flow = v->flow->id.v;
    struct page_partner_failed page = {
        .partner_name = up->row->name,
        .is_denied = m->say == TEXT_PARTNER_DENIED_TEXT,
        .problem = text_in(t->language, m->say),
        .other_url = t->site ? STR_NONE : visit_login_url(t, v->flow),
        .client_name = v->client->meta.client_name,
        .csrf = v->csrf,
        .flow = flow,
        .request_id = t->request_id,
    };
    if (m->may_retry)
        page.retry_url = arena_printf(t->arena, "/login/partner/%.*s?flow=%.*s", STR_ARG(up->row->slug), STR_ARG(flow));
    page_partner_failed(reply_html(rs, m->status), t->language, t->frame, &page);
}

static err mishap_answer(struct task *t, const struct request *rq, struct response *rs, const struct visit *v,
                         const struct upstream *up, const struct mishap *m)
{
    struct prompt prompt;
    int64_t n;
    count_login(t, LOGIN_PARTNER, false);
    TRY(audit_write(t, rq->peer, STR("login.failed"), v->client->id.v, up->row->slug));
    if (!str_eq(v->flow->status, STR("open")))
        return visit_go(t, v, rs);
    if (!prompt_parse(v->flow->prompt, &prompt))
        return FAIL(t, INTERNAL, "a stored prompt cannot be read");
    if (prompt.none) {
        TRY(flow_deny(t, v->flow->id, v->browser, m->error));
        visit_leave(t, v, rs);
        return OK;
    }
    TRY(flow_mishap(t, m->error, v->flow->id, v->browser, &n));
    page_show(t, rs, v, up, m);
    return OK;
}

err partner_failed_answer(struct task *t, const struct request *rq, struct response *rs, const struct visit *v,
                          const struct upstream *up, err e)
{
    struct mishap m;
    if (!mishap_of(e, &m))
        return e;
    log_warn(t, "upstream.login_failed", L_STR("partner", up->row->slug), L_STR("why", e->detail));
    if (m.status != 503)
        count_upstream(t, UPSTREAM_REFUSED);
    return mishap_answer(t, rq, rs, v, up, &m);
}

err partner_refused_answer(struct task *t, const struct request *rq, struct response *rs, const struct visit *v,
                           const struct upstream *up, str error)
{
    const struct mishap m = mishap_named(error);
    count_upstream(t, UPSTREAM_DENIED);
    return mishap_answer(t, rq, rs, v, up, &m);
}
