/* Questions into batches and results back to their callers. See code_batch.h. */
#include "authsrv/flow/authorization/code_batch.h"

#include "authsrv/app.h"
#include "authsrv/flow/session/session.h"
#include "authsrv/store/batch_code.sql.h"
#include "authsrv/store/statements.h"

/* ---- sessions ---- */

struct session_asked {
    struct db_batch_item answer;
    digest id_hash;
};

err sessions_run(struct task *t, void *const *items, size_t n)
{
    const struct session_find_row *rows;
    size_t n_rows;
    struct session_find_item *asked = arena_array(t->arena, struct session_find_item, n);
    for (size_t i = 0; i < n; i++)
        asked[i].id_hash = ((const struct session_asked *)items[i])->id_hash;
    TRY(session_find(t, asked, n, session_seen_after(t), &rows, &n_rows));
    db_batch_deal(&session_find_statement, rows, n_rows, items, n);
    return OK;
}

err session_row_load(struct task *t, digest id_hash, const struct session_find_row **ret)
{
    struct session_asked q = { .answer = { .arena = t->arena }, .id_hash = id_hash };
    TRY(db_batch_join(t, app_of(t)->batches.sessions, sessions_run, &q));
    *ret = q.answer.row;
    return OK;
}

/* ---- consents ---- */

struct consent_asked {
    struct db_batch_item answer;
    const struct consent_key *key;
};

err consents_run(struct task *t, void *const *items, size_t n)
{
    const struct consent_find_row *rows;
    size_t n_rows;
    struct consent_find_item *asked = arena_array(t->arena, struct consent_find_item, n);
    for (size_t i = 0; i < n; i++) {
        const struct consent_key *k = ((const struct consent_asked *)items[i])->key;
        asked[i] = (struct consent_find_item){
            .user_id = k->user.v, .client_id = k->client.v, .redirect_uri = k->redirect_uri, .version = k->version
        };
    }
    TRY(consent_find(t, asked, n, &rows, &n_rows));
    db_batch_deal(&consent_find_statement, rows, n_rows, items, n);
    return OK;
}

err consent_load(struct task *t, const struct consent_key *key, const struct consent_find_row **ret)
{
    struct consent_asked q = { .answer = { .arena = t->arena }, .key = key };
    TRY(db_batch_join(t, app_of(t)->batches.consents, consents_run, &q));
    *ret = q.answer.row;
    return OK;
}

/* ---- codes for who is there ---- */

struct issue_asked {
    struct db_batch_item answer;
    const struct issue *issue;
};

static struct code_issue_item issue_item(const struct issue *s)
{
    return (struct code_issue_item){ .session_hash = s->session_hash,
                                     .client_id = s->client.v,
                                     .redirect_uri = s->redirect_uri,
                                     .registered_uri = s->registered_uri,
                                     .scope = s->scope,
                                     .audience = s->audience,
                                     .nonce = s->nonce,
                                     .challenge = s->challenge,
                                     .terms = s->terms,
                                     .grant_id = s->grant,
                                     .code_hash = s->code_hash,
                                     .expires_us = s->expires_at.us };
}

err issues_run(struct task *t, void *const *items, size_t n)
{
    const struct code_issue_row *rows;
    size_t n_rows;
    struct code_issue_item *asked = arena_array(t->arena, struct code_issue_item, n);
    for (size_t i = 0; i < n; i++)
        asked[i] = issue_item(((const struct issue_asked *)items[i])->issue);
    TRY(code_issue(t, asked, n, instant_add(t->now, app_of(t)->config.code_ttl), &rows, &n_rows));
    db_batch_deal(&code_issue_statement, rows, n_rows, items, n);
    return OK;
}

err code_grant(struct task *t, const struct issue *issue, bool *done)
{
    struct issue_asked q = { .answer = { .arena = t->arena }, .issue = issue };
    TRY(db_batch_join(t, app_of(t)->batches.issues, issues_run, &q));
    *done = q.answer.row != NULL;
    return OK;
}

/* ---- redemptions ---- */

struct redemption_asked {
    struct db_batch_item answer;
    const struct redemption_key *key;
};

static struct code_redeem_item redemption_item(const struct redemption_key *k)
{
    return (struct code_redeem_item){ .code_hash = k->code_hash,
                                      .client_id = k->client.v,
                                      .challenge = k->challenge,
                                      .redirect_uri = k->redirect_uri,
                                      .refreshed = k->refresh_hash ? 1 : 0,
                                      .refresh_hash = k->refresh_hash ? *k->refresh_hash : (digest){ { 0 } },
                                      .jti = k->jti,
                                      .jkt = k->jkt,
                                      .bound_key = k->bound_key,
                                      .expires_us = k->access_expires_at.us };
}

err redemptions_run(struct task *t, void *const *items, size_t n)
{
    const struct code_redeem_row *rows;
    size_t n_rows;
    struct code_redeem_item *asked = arena_array(t->arena, struct code_redeem_item, n);
    for (size_t i = 0; i < n; i++)
        asked[i] = redemption_item(((const struct redemption_asked *)items[i])->key);
    TRY(code_redeem(t, asked, n, &rows, &n_rows));
    db_batch_deal(&code_redeem_statement, rows, n_rows, items, n);
    return OK;
}

err code_take(struct task *t, const struct redemption_key *key, const struct code_redeem_row **ret)
{
    struct redemption_asked q = { .answer = { .arena = t->arena }, .key = key };
    TRY(db_batch_join(t, app_of(t)->batches.redemptions, redemptions_run, &q));
    *ret = q.answer.row;
    return OK;
}
