/* Rows into arrays and results back to their callers. See code_batch.h. */
#include "authsrv/flow/authorization/code_batch.h"

#include "authsrv/app.h"
#include "authsrv/flow/session/session.h"
#include "authsrv/store/batch_code.sql.h"
#include "authsrv/store/statements.h"

#define TEXTS(n) arena_array(t->arena, str, n)
#define DIGESTS(n) arena_array(t->arena, digest, n)
#define NUMBERS(n) arena_array(t->arena, int64_t, n)

static str text_or_empty(str s)
{
    return str_given(s) ? s : STR("");
}

/* ---- sessions ---- */

struct session_asked {
    struct db_batch_item answer;
    digest id_hash;
};

err sessions_run(struct task *t, void *const *items, size_t n)
{
    const struct session_find_row *rows;
    size_t n_rows;
    digest *hashes = DIGESTS(n);
    for (size_t i = 0; i < n; i++)
        hashes[i] = ((const struct session_asked *)items[i])->id_hash;
    TRY(session_find(t, (digest_array){ hashes, n }, session_seen_after(t), &rows, &n_rows));
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
    str *users = TEXTS(n), *clients = TEXTS(n), *uris = TEXTS(n);
    int64_t *versions = NUMBERS(n);
    for (size_t i = 0; i < n; i++) {
        const struct consent_key *k = ((const struct consent_asked *)items[i])->key;
        users[i] = k->user.v;
        clients[i] = k->client.v;
        uris[i] = k->redirect_uri;
        versions[i] = k->version;
    }
    TRY(consent_find(t, (str_array){ users, n }, (str_array){ clients, n }, (str_array){ uris, n },
                     (i64_array){ versions, n }, &rows, &n_rows));
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

enum { CLIENT, REDIRECT, REGISTERED, SCOPE, AUDIENCE, NONCE, CHALLENGE, TERMS_TEXT, GRANT, ISSUE_TEXTS };

static void issue_fill(const struct issue *s, str **x, size_t i)
{
    x[CLIENT][i] = s->client.v;
    x[REDIRECT][i] = s->redirect_uri;
    x[REGISTERED][i] = s->registered_uri;
    x[SCOPE][i] = s->scope;
    x[AUDIENCE][i] = s->audience;
    x[NONCE][i] = text_or_empty(s->nonce);
    x[CHALLENGE][i] = text_or_empty(s->challenge);
    x[TERMS_TEXT][i] = s->terms;
    x[GRANT][i] = s->grant;
}

err issues_run(struct task *t, void *const *items, size_t n)
{
    str *x[ISSUE_TEXTS];
    digest *sessions = DIGESTS(n), *codes = DIGESTS(n);
    int64_t *expires_us = arena_array(t->arena, int64_t, n);
    const struct config *config = &app_of(t)->config;
    for (size_t c = 0; c < ISSUE_TEXTS; c++)
        x[c] = TEXTS(n);
    for (size_t i = 0; i < n; i++) {
        const struct issue *s = ((const struct issue_asked *)items[i])->issue;
        sessions[i] = s->session_hash;
        codes[i] = s->code_hash;
        expires_us[i] = s->expires_at.us;
        issue_fill(s, x, i);
    }
    const struct code_issue_args args = {
        .session_hashes = { sessions, n },
        .code_hashes = { codes, n },
        .clients = { x[CLIENT], n },
        .redirect_uris = { x[REDIRECT], n },
        .registered_uris = { x[REGISTERED], n },
        .scopes = { x[SCOPE], n },
        .audiences = { x[AUDIENCE], n },
        .nonces = { x[NONCE], n },
        .challenges = { x[CHALLENGE], n },
        .terms = { x[TERMS_TEXT], n },
        .grants = { x[GRANT], n },
        .expires_us = { expires_us, n },
        .code_expires_at = instant_add(t->now, config->code_ttl),
    };
    const struct code_issue_row *rows;
    size_t n_rows;
    TRY(code_issue(t, &args, &rows, &n_rows));
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

err redemptions_run(struct task *t, void *const *items, size_t n)
{
    digest *codes = DIGESTS(n), *hashes = DIGESTS(n);
    str *clients = TEXTS(n), *challenges = TEXTS(n), *uris = TEXTS(n), *jtis = TEXTS(n);
    str *jkts = TEXTS(n), *keys = TEXTS(n);
    int64_t *refreshed = NUMBERS(n), *expires_us = NUMBERS(n);
    for (size_t i = 0; i < n; i++) {
        const struct redemption_key *k = ((const struct redemption_asked *)items[i])->key;
        codes[i] = k->code_hash;
        clients[i] = k->client.v;
        challenges[i] = text_or_empty(k->challenge);
        uris[i] = text_or_empty(k->redirect_uri);
        jtis[i] = k->jti;
        jkts[i] = text_or_empty(k->jkt);
        keys[i] = text_or_empty(k->bound_key);
        expires_us[i] = k->access_expires_at.us;
        refreshed[i] = k->refresh_hash ? 1 : 0;
        if (k->refresh_hash)
            hashes[i] = *k->refresh_hash;
    }
    const struct code_redeem_args args = {
        .code_hashes = { codes, n },
        .clients = { clients, n },
        .challenges = { challenges, n },
        .redirect_uris = { uris, n },
        .refreshed = { refreshed, n },
        .refresh_hashes = { hashes, n },
        .jtis = { jtis, n },
        .jkts = { jkts, n },
        .bound_keys = { keys, n },
        .expires_us = { expires_us, n },
    };
    const struct code_redeem_row *rows;
    size_t n_rows;
    TRY(code_redeem(t, &args, &rows, &n_rows));
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
