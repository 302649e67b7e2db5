/*
 * POST /token, grant_type=client_credentials (RFC 6749 section 4.4, RFC 9068). Nothing is stored: the token is a
 * signature over what the snapshot says, made on the I/O thread; revoked_jti and the client's state govern it.
 */
#include "authsrv/counters.h"
#include "authsrv/domain/scope.h"
#include "authsrv/faults.h"
#include "authsrv/flow/authorization/target.h"
#include "authsrv/flow/token/tokens.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "shared/crypto/crypto.h"

struct client_in {
    str scope, resource;
};

static const struct param client_params[] = {
    P_STR(struct client_in, scope, .need = OPTIONAL, .set = WORDS, .max = 4096),
    P_STR(struct client_in, resource, .need = OPTIONAL, .set = URI, .max = 2000),
};

/* These speak about a user, and here is none. */
static bool is_users_scope(str word)
{
    return scope_covers(
        STR("openid profile email address phone offline_access pay.operator pay.operator.read " PARTNER_TOKEN_SCOPE),
        word);
}

static str own_scopes(struct arena *a, str scope)
{
    struct buf out;
    buf_init(&out, a, scope.n);
    str word;
    while (str_next_word(&scope, &word)) {
        if (is_users_scope(word))
            continue;
        if (out.n > 0)
            buf_add_char(&out, ' ');
        buf_add(&out, word);
    }
    return buf_str(&out);
}

static err scope_choose(struct task *t, const struct client_in *in, const struct client *c, str *scope, str *audience)
{
    TRY(scope_within(t, c->meta.scope, in->scope, "is more than this client is registered for"));
    str wanted = own_scopes(t->arena, str_given(in->scope) ? in->scope : c->meta.scope);
    return target_choose(t, wanted, in->resource, scope, audience);
}

static err token_client(struct task *t, const struct request *rq, struct response *rs)
{
    const struct client *client = client_of(rq);
    const struct snapshot *s;
    if (!client_may(client, GRANT_CLIENT))
        return FAIL(t, UNAUTHORIZED_CLIENT, "not registered for client_credentials");
    TRY(snapshot_of(t, &s));
    struct access_claims claims = { .client = client, .subject = client->id.v, .jti = random_id(t->arena, "at_") };
    TRY(scope_choose(t, rq->in, client, &claims.scope, &claims.audience));
    const struct token_answer answer = { .access = access_token_sign(t, s, &claims),
                                         .scope = claims.scope,
                                         .cnf = client->cnf,
                                         .life_s = access_life_s(t, client) };
    count_tokens(t, TOKENS_CLIENT);
    token_answer_write(t, reply_json(rs, 200), &answer);
    return OK;
}

const struct route token_client_route = {
    .method = POST,
    .path = "/token",
    .when = { "grant_type", "client_credentials" },
    .guard = &GUARD_CLIENT,
    .body = BODY_FORM,
    .max_body_bytes = 32768,
    .run = RUN_TRY_INLINE,
    .errors = ERRORS_OAUTH,
    .no_store = true,
    .ignore_unknown = true,
    INPUT(struct client_in, client_params),
    .answer = "TokenAnswer",
    .handle = token_client,
    .summary = "Token for the client itself",
};
