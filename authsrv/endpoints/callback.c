/*
 * GET /cb/{slug}: a partner's answer (RFC 6749 section 4.1.2, RFC 9207). The record of the attempt is taken first and
 * once; whatever does not belong together ends here, before any code is sent anywhere (SECURITY A 21, 22).
 */
#include "authsrv/domain/authorization/interaction.h"
#include "authsrv/faults.h"
#include "authsrv/flow/account/linking.h"
#include "authsrv/flow/upstream/upstream.h"
#include "authsrv/flow/upstream/upstream_account.h"
#include "authsrv/flow/upstream/upstream_end.h"
#include "authsrv/flow/upstream/upstream_keep.h"
#include "authsrv/guards.h"
#include "authsrv/partner_ways.h"
#include "authsrv/routes.h"
#include "authsrv/store/flow.sql.h"
#include "shared/crypto/crypto.h"

struct callback_in {
    str state, code, iss, error;
};

static const struct param callback_params[] = {
    P_STR(struct callback_in, state, .need = REQUIRED, .set = TOKEN, .max = 512),
    P_STR(struct callback_in, code, .need = OPTIONAL, .set = TOKEN, .max = 4096),
    P_STR(struct callback_in, iss, .need = OPTIONAL, .set = TOKEN, .max = 2000),
    P_STR(struct callback_in, error, .need = OPTIONAL, .set = TEXT, .max = 256),
};

struct partner_answer {
    const struct upstream_login_take_row *attempt;
    const struct upstream *partner;
    struct visit visit;
};

/* The record, which is gone with this, and the flow that it belongs to. No attempt: it was taken before. */
static err attempt_take(struct task *t, const struct request *rq, struct partner_answer *a)
{
    const struct callback_in *in = rq->in;
    const struct upstream_login_used_row *used = NULL;
    digest state = typed_digest("upstream_state", in->state);
    str cookies[BINDINGS_MAX];
    size_t n = browser_cookies(rq, cookies);
    if (n == 0)
        return FAIL(t, PARTNER_ANSWER, "no binding cookie");
    for (size_t i = 0; i < n && !a->attempt; i++)
        TRY(upstream_login_take(t, state, browser_digest(t, cookies[i]), &a->attempt));
    for (size_t i = 0; i < n && !a->attempt && !used; i++)
        TRY(upstream_login_used(t, state, browser_digest(t, cookies[i]), &used));
    if (used)
        return visit_load(t, rq, used->flow_id.v, &a->visit);
    if (!a->attempt)
        return FAIL(t, PARTNER_ANSWER, "unknown state, or of another browser");
    TRY(upstream_load(t, a->attempt->partner, &a->partner));
    if (!a->partner)
        return FAIL(t, PARTNER_ANSWER, "the partner was removed");
    return visit_load(t, rq, a->attempt->flow_id.v, &a->visit);
}

/* Whether the answer is the one to that request (RFC 9700 section 4.4). */
static err origin_check(struct task *t, const struct request *rq, const struct partner_answer *a)
{
    const struct callback_in *in = rq->in;
    str slug = request_path_param(rq, "slug"), issuer = a->partner->row->issuer;
    if (!str_eq(a->attempt->partner, slug))
        return FAIL(t, PARTNER_ANSWER, "the answer to %.*s came to %.*s", STR_ARG(a->attempt->partner), STR_ARG(slug));
    if (!str_eq(issuer, a->attempt->issuer))
        return FAIL(t, PARTNER_ANSWER, "the partner was changed");
    if (str_given(in->iss) ? !str_eq(in->iss, issuer) : upstream_sends_iss(t, a->partner))
        return FAIL(t, PARTNER_ANSWER, "another issuer, or none");
    return OK;
}

/* A parameter of this partner's own making that belongs to the code. */
static str extra_of(const struct request *rq, const struct upstream *up)
{
    str name = up->set.callback_parameter;
    str value = str_given(name) && rq->form ? form_get(rq->form, name) : STR_NONE;
    return value.n <= 1024 ? value : STR_NONE;
}

/*
 * Whether the person has to decide first whose account this becomes: it is to be joined to the one that this flow
 * proves, or an account with the same address exists. Then it waits on the page /link.
 */
static err linking_take(struct task *t, const struct partner_answer *a, const struct partner_person *person,
                        bool *waits)
{
    struct prompt prompt;
    bool proven = a->visit.flow->linking && flow_proves(a->visit.flow, a->visit.session);
    *waits = proven;
    if (t->site) /* where no account but the partner's can be proven: an identity of its own, as if one had said no */
        return OK;
    if (!proven)
        TRY(link_offer_due(t, a->partner, person, waits));
    if (!*waits)
        return OK;
    if (prompt_parse(a->visit.flow->prompt, &prompt) && prompt.none)
        return FAIL(t, LINK_NEEDED, "an account with this address exists, and nobody may be asked");
    return link_keep(t, a->visit.flow->id, a->partner, person, proven);
}

/* Its age counts, and the partner does not say it. */
static err age_check(struct task *t, const struct visit *v, const struct partner_person *person, bool *undated)
{
    struct prompt prompt;
    bool wants;
    TRY(flow_wants_auth_time(t, v->flow, v->client, &wants));
    *undated = !person->auth_time_s && (v->flow->max_age_given || wants);
    if (*undated && prompt_parse(v->flow->prompt, &prompt) && prompt.none)
        return FAIL(t, PARTNER_WEAK, "id token: a log-in of unknown age");
    return OK;
}

/* What a log-in at a partner leads to. */
enum taken {
    TAKEN_PERSON = 1,
    TAKEN_WAITS,   /* for a decision of the person */
    TAKEN_UNDATED, /* nothing of it counts: it is asked for anew, and to happen then */
};

static err account_take(struct task *t, const struct request *rq, const struct partner_answer *a,
                        struct session_new *ret, enum taken *taken)
{
    const struct callback_in *in = rq->in;
    const struct upstream_answer answer = { .code = in->code, .extra = extra_of(rq, a->partner) };
    struct partner_person person;
    bool undated, waits = false;
    TRY(upstream_complete(t, a->partner, a->attempt, &answer, &person));
    TRY(age_check(t, &a->visit, &person, &undated));
    if (!undated)
        TRY(linking_take(t, a, &person, &waits));
    *taken = undated ? TAKEN_UNDATED : waits ? TAKEN_WAITS : TAKEN_PERSON;
    if (*taken != TAKEN_PERSON)
        return OK;
    TRY(upstream_account(t, a->partner, &person, &ret->who));
    TRY(upstream_tokens_keep(t, a->partner->row->issuer, person.subject, &person.tokens));
    ret->amr = person.amr;
    ret->auth_time = instant_of_seconds(person.auth_time_s);
    ret->upstream_subject = person.subject;
    ret->upstream_sid = person.sid;
    ret->upstream_hint = upstream_hint_seal(t, a->partner, &person);
    ret->partner = a->partner->row->slug;
    return OK;
}

static void link_show(struct task *t, const struct visit *v, struct response *rs)
{
    reply_see_other(rs, arena_printf(t->arena, "/link?flow=%.*s", STR_ARG(v->flow->id.v)));
}

/* Nothing of the answer counts a second time; the log-in goes on from where it is. */
static err loaded_again(struct task *t, const struct visit *v, struct response *rs)
{
    const struct pending_find_row *waits;
    TRY(link_pending(t, v->flow->id, &waits));
    if (!waits || !str_eq(v->flow->status, STR("open")))
        return visit_go(t, v, rs);
    link_show(t, v, rs);
    return OK;
}

static err callback(struct task *t, const struct request *rq, struct response *rs)
{
    const struct callback_in *in = rq->in;
    struct partner_answer a = { 0 };
    struct session_new session = { 0 };
    enum taken taken = TAKEN_PERSON;
    TRY(attempt_take(t, rq, &a));
    if (!a.attempt)
        return loaded_again(t, &a.visit, rs);
    err e = origin_check(t, rq, &a);
    if (!e && (str_given(in->error) || !str_given(in->code)))
        return partner_refused_answer(t, rq, rs, &a.visit, a.partner, in->error);
    if (!e)
        e = account_take(t, rq, &a, &session, &taken);
    if (e)
        return partner_failed_answer(t, rq, rs, &a.visit, a.partner, e);
    if (taken == TAKEN_UNDATED)
        return partner_ask(t, rq, rs, &a.visit, a.partner, true);
    if (taken == TAKEN_WAITS) {
        link_show(t, &a.visit, rs);
        return OK;
    }
    return visit_sign_in(t, rq, rs, &a.visit, &session);
}

const struct route callback_route = {
    .method = GET,
    .path = "/cb/{slug}",
    .guard = &GUARD_VISIT,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .sites = SITE_ANY,
    .no_store = true,
    .per_minute = 120,
    .ignore_unknown = true,
    INPUT(struct callback_in, callback_params),
    .handle = callback,
    .summary = "Answer of a partner's log-in",
};
