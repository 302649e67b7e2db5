/* See challenge.h. */
#include "authsrv/flow/account/challenge.h"

#include "authsrv/app.h"
#include "authsrv/counters.h"
#include "authsrv/domain/account/account.h"
#include "authsrv/faults.h"
#include "authsrv/flow/account/challenge_mail.h"
#include "authsrv/flow/account/mailed_code.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/authorization/authz_request.h"
#include "authsrv/flow/language.h"
#include "authsrv/flow/mailer.h"
#include "authsrv/flow/partner/branding.h"
#include "authsrv/flow/token/tokens.h"
#include "authsrv/store/challenge.sql.h"
#include "authsrv/store/user.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "shared/text/encode.h"

#define SESSION_LIFE MINUTES(30)

/* Two at the same moment: the second comes again, and then sees what the first has made. */
err challenge_tx(struct task *t, err (*fn)(struct task *t, void *context), void *context)
{
    err e = db_tx(t, fn, context);
    return err_is(e, &FAULT_ALREADY_EXISTS) ? db_tx(t, fn, context) : e;
}

/* ---- what is asked for ---- */

static err form_complete(struct task *t, const struct challenge_ask *ask, const struct form **ret)
{
    struct form *f = arena_new(t->arena, struct form);
    const struct text_list *uris = &ask->client->meta.redirect_uris;
    for (size_t i = 0; i < ask->form->n; i++)
        if (!str_eq(ask->form->fields[i].name, STR("response_type")))
            f->fields[f->n++] = ask->form->fields[i];
    if (f->n + 2 > FORM_MAX_FIELDS)
        return FAIL_PARAM(t, INVALID_REQUEST, STR("body"), STR("has too many parameters"));
    f->fields[f->n++] = (struct form_field){ STR("response_type"), STR("code") };
    /* Nothing is redirected; the code stands under one of the client's addresses all the same. */
    if (form_get(f, STR("redirect_uri")).n == 0 && uris->n > 0)
        f->fields[f->n++] = (struct form_field){ STR("redirect_uri"), uris->items[0] };
    *ret = f;
    return OK;
}

static err refuse(struct task *t, const struct authz_request *a, enum authz_verdict v)
{
    static const struct {
        const char *error;
        const struct fault *fault;
    } faults[] = {
        { "invalid_scope", &FAULT_INVALID_SCOPE },
        { "invalid_target", &FAULT_INVALID_TARGET },
        { "unauthorized_client", &FAULT_UNAUTHORIZED_CLIENT },
        { "invalid_authorization_details", &FAULT_INVALID_AUTHORIZATION_DETAILS },
    };
    const struct fault *fault = &FAULT_INVALID_REQUEST;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        if (!strcmp(faults[i].error, authz_error(v)))
            fault = faults[i].fault;
    struct failure *f = FAIL(t, INVALID_REQUEST, "%s", authz_say(v));
    f->fault = fault;
    f->explain = authz_request_say(a, v);
    return f;
}

static err request_judge(struct task *t, const struct challenge_ask *ask, struct authz_request *a)
{
    enum authz_verdict verdict;
    *a = (struct authz_request){ .client = ask->client };
    if (form_get(ask->form, STR("request_uri")).n > 0)
        return FAIL_PARAM(t, INVALID_REQUEST, STR("request_uri"), STR("is for the authorization endpoint"));
    TRY(form_complete(t, ask, &a->form));
    if (a->client->cnf.kind == CNF_DPOP)
        a->proved_jkt = a->client->cnf.thumbprint;
    TRY(authz_request_take(t, a));
    a->is_pushed = true; /* it came the same way, from a client that proved itself */
    TRY(authz_request_judge(t, a, &verdict));
    if (verdict == AUTHZ_GOOD && !str_given(a->wanted.challenge))
        verdict = AUTHZ_NO_PKCE;
    if (verdict != AUTHZ_GOOD)
        return refuse(t, a, verdict);
    if (str_given(a->proved_jkt) && str_given(a->wanted.terms.dpop_jkt) &&
        !str_eq(a->proved_jkt, a->wanted.terms.dpop_jkt))
        return FAIL_PARAM(t, INVALID_DPOP_PROOF, STR("dpop_jkt"), STR("is another key than that of the proof"));
    if (str_given(a->proved_jkt))
        a->wanted.terms.dpop_jkt = a->proved_jkt;
    return OK;
}

/* ---- the first code ---- */

struct beginning {
    const struct challenge_ask *ask;
    const struct authz_request *request;
    enum challenge_policy policy;
    str address;
    bytes request_hash;
    digest hash;
    struct challenge_begun *ret;
};

static err room_check(struct task *t, const struct client *client, str address)
{
    const struct challenge_room_row *room;
    TRY(challenge_room(t, client->id, address, (instant){ t->now.us - CHALLENGE_WINDOW.us }, &room));
    int64_t wait_s = challenge_wait_s(room, t->now);
    if (wait_s == 0)
        return OK;
    count_challenge(t, CHALLENGE_LIMITED);
    struct failure *f = FAIL(t, TOO_MANY_REQUESTS, "mails to one address");
    f->retry_after_s = (int)wait_s;
    return f;
}

/* Mails what is true of whoever has the address: a code, or that there is nothing to sign in to. */
static err code_mail(struct task *t, const struct client *client, enum challenge_policy policy, str id, str address,
                     str registered_uri, str code)
{
    const struct challenge_person_row *person;
    TRY(challenge_person(t, address, &person));
    const struct challenge_mail m = { .client = client,
                                      .entry = challenge_entry_of(policy, person),
                                      .id = id,
                                      .address = address,
                                      .locale = person ? person->locale : STR_NONE,
                                      .registered_uri = registered_uri,
                                      .code = code };
    return challenge_mail_keep(t, &m);
}

static err create(struct task *t, const struct beginning *b, str id, str code)
{
    const struct authz_request *a = b->request;
    int64_t n;
    b->ret->auth_session = random_token(t->arena, "as_");
    const struct challenge_create_args args = {
        .client = b->ask->client->id,
        .address = b->address,
        .id = id,
        .session_hash = typed_digest("auth_session", b->ret->auth_session),
        .name = b->ask->name,
        .request_id = b->ask->request_id,
        .request_hash = b->request_hash,
        .redirect_uri = a->redirect_uri,
        .registered_uri = a->registered_uri,
        .scope = a->wanted.scope,
        .audience = a->audience,
        .nonce = a->wanted.nonce,
        .code_challenge = a->wanted.challenge,
        .terms = terms_document(t->arena, &a->wanted.terms),
        .jkt = a->proved_jkt,
        .code_hash = mailed_code_digest(t, id, code),
        .code_expires_at = instant_add(t->now, MAILED_CODE_LIFE),
        .expires_at = instant_add(t->now, SESSION_LIFE),
    };
    TRY(challenge_create(t, &args, &n));
    TRY(audit_write(t, b->ask->client->id.v, STR("challenge.asked"), id, STR("")));
    return challenge_by_id(t, id, b->ask->client->id, &b->ret->challenge);
}

static err begin_in_tx(struct task *t, void *context)
{
    struct beginning *b = context;
    str id = random_id(t->arena, "ch_"), code = mailed_code_new(t);
    b->ret->challenge = NULL;
    b->ret->auth_session = STR_NONE;
    if (str_given(b->ask->request_id))
        TRY(challenge_by_request(t, b->ask->request_id, b->ask->client->id, &b->ret->challenge));
    if (b->ret->challenge)
        return equal_bytes(b->ret->challenge->request_hash, b->request_hash)
                   ? OK
                   : (err)FAIL_PARAM(t, CONFLICT, STR("request_id"), STR("was used with other values"));
    TRY(room_check(t, b->ask->client, b->address));
    TRY(create(t, b, id, code));
    return code_mail(t, b->ask->client, b->policy, id, b->address, b->request->registered_uri, code);
}

/* What a request says that comes again under the same id. */
static void request_hash_make(struct task *t, struct beginning *b)
{
    const struct authz_request *a = b->request;
    if (!str_given(b->ask->request_id))
        return;
    str all =
        arena_printf(t->arena, "%.*s\n%.*s\n%.*s\n%.*s\n%.*s\n%.*s\n%.*s", STR_ARG(b->address), STR_ARG(b->ask->name),
                     STR_ARG(a->redirect_uri), STR_ARG(a->wanted.scope), STR_ARG(a->wanted.nonce),
                     STR_ARG(a->wanted.challenge), STR_ARG(terms_document(t->arena, &a->wanted.terms)));
    b->hash = typed_digest("challenge_request", all);
    b->request_hash = digest_bytes(&b->hash);
}

static err page_asked(struct task *t, const struct authz_request *a, struct challenge_begun *ret)
{
    struct terms_wish wish;
    if (!terms_wish_read(t->arena, &a->wanted.terms, &wish))
        return FAIL(t, INTERNAL, "the terms of a challenge cannot be read");
    ret->page = challenge_needs_page(&a->wanted, &wish, a->client->first_party);
    return ret->page ? authz_request_push(t, a, &ret->request_uri) : OK;
}

err challenge_begin(struct task *t, const struct challenge_ask *ask, struct challenge_begun *ret)
{
    struct authz_request a;
    struct beginning b = { .ask = ask, .request = &a, .policy = challenge_policy_of(ask->client), .ret = ret };
    *ret = (struct challenge_begun){ 0 };
    if (b.policy == CHALLENGE_OFF)
        return FAIL(t, UNAUTHORIZED_CLIENT, "no log-in inside this application");
    TRY(request_judge(t, ask, &a));
    TRY(page_asked(t, &a, ret));
    TRY(branding_wear(t, ask->client));
    language_prefer(t, a.wanted.ui_locales);
    if (ret->page) {
        count_challenge(t, CHALLENGE_SENT_ON);
        return OK;
    }
    if (!account_login(t->arena, a.wanted.login_hint, &b.address))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("login_hint"), STR("an e-mail address"));
    if (app_of(t)->config.smtp_url.n == 0)
        return FAIL(t, UNAUTHORIZED_CLIENT, "no mail server is configured");
    request_hash_make(t, &b);
    TRY(challenge_tx(t, begin_in_tx, &b));
    count_challenge(t, CHALLENGE_ASKED);
    mails_wake(t);
    return OK;
}

/* ---- further requests ---- */

err challenge_resume(struct task *t, const struct client *client, str auth_session,
                     const struct challenge_by_session_row **ret)
{
    if (challenge_policy_of(client) == CHALLENGE_OFF)
        return FAIL(t, UNAUTHORIZED_CLIENT, "no log-in inside this application");
    TRY(challenge_by_session(t, typed_digest("auth_session", auth_session), client->id, ret));
    if (!*ret || str_given((*ret)->ended_why))
        return FAIL(t, INVALID_SESSION, "unknown, over, or another client's");
    str jkt = client->cnf.kind == CNF_DPOP ? client->cnf.thumbprint : STR_NONE;
    return str_given((*ret)->jkt) == str_given(jkt) && str_eq((*ret)->jkt, jkt)
               ? OK
               : (err)FAIL(t, INVALID_SESSION, "begun with another DPoP key");
}

struct renewal {
    const struct client *client;
    const struct challenge_by_session_row *challenge;
};

static err again_in_tx(struct task *t, void *context)
{
    const struct renewal *r = context;
    str id = r->challenge->id, code = mailed_code_new(t);
    int64_t n;
    TRY(room_check(t, r->client, r->challenge->address));
    TRY(challenge_renew(t, mailed_code_digest(t, id, code), instant_add(t->now, MAILED_CODE_LIFE), id, CHALLENGE_SENDS,
                        &n));
    if (n == 0)
        return FAIL(t, TOO_MANY_REQUESTS, "the codes of this challenge are used up");
    TRY(audit_write(t, r->client->id.v, STR("challenge.asked_again"), id, STR("")));
    return code_mail(t, r->client, challenge_policy_of(r->client), id, r->challenge->address,
                     r->challenge->registered_uri, code);
}

err challenge_again(struct task *t, const struct client *client, const struct challenge_by_session_row *c)
{
    struct renewal r = { client, c };
    TRY(branding_wear(t, client));
    TRY(db_tx(t, again_in_tx, &r));
    count_challenge(t, CHALLENGE_ASKED);
    mails_wake(t);
    return OK;
}
