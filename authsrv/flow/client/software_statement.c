/* See software_statement.h. */
#include "authsrv/flow/client/software_statement.h"

#include "authsrv/app.h"
#include "authsrv/counters.h"
#include "authsrv/domain/client/software_statement.h"
#include "authsrv/faults.h"
#include "authsrv/flow/client/jwks_cache.h"
#include "authsrv/store/assertion.sql.h"

static err invalid(struct task *t, const char *say)
{
    count_statement(t, STATEMENTS_INVALID);
    return FAIL_PARAM(t, INVALID_SOFTWARE_STATEMENT, STR("software_statement"), str_of(say));
}

static err unapproved(struct task *t)
{
    count_statement(t, STATEMENTS_UNAPPROVED);
    return FAIL_PARAM(t, UNAPPROVED_SOFTWARE_STATEMENT, STR("software_statement"),
                      STR("is of an issuer that is not trusted for statements"));
}

static err claims_read(struct task *t, str statement, const struct json_value **claims, str *issuer)
{
    const struct assertion_issuer_find_row *row;
    struct jws_peek seen;
    struct jws_read read;
    enum jose_alg alg;
    if (!jws_peek(t->arena, statement, &seen) || !str_given(seen.iss))
        return invalid(t, "is no signed JWT with an issuer");
    TRY(assertion_issuer_find(t, seen.iss, &row));
    if (!row || !row->software_statements)
        return unapproved(t);
    if (!jose_alg_parse(row->alg, &alg))
        return FAIL(t, INTERNAL, "the algorithm of an issuer cannot be read");
    const struct jws_want want = { .algs = ALG_BIT(alg) };
    enum jws_verdict v = published_verify(t, row->jwks_uri, row->jwks, &want, statement, &read);
    if (v != JWS_GOOD)
        return invalid(t, jws_verdict_name(v));
    *claims = read.claims;
    *issuer = row->issuer;
    return OK;
}

err software_statement_take(struct task *t, const struct json_value *document, struct vouched *ret)
{
    const struct json_value *sent = json_get(document, "software_statement"), *claims;
    *ret = (struct vouched){ .document = document };
    if (!sent || json_kind(sent) == JSON_NULL)
        return OK;
    if (!json_is_str(sent, &ret->statement))
        return invalid(t, "must be a string");
    TRY(claims_read(t, ret->statement, &claims, &ret->issuer));
    enum statement_verdict v = statement_judge(claims, app_of(t)->issuer, t->now, &ret->software_id);
    if (v != STATEMENT_GOOD)
        return invalid(t, statement_verdict_say(v));
    if (!statement_apply(t->arena, claims, document, &ret->document))
        return invalid(t, "and the metadata around it do not make one document");
    count_statement(t, STATEMENTS_ACCEPTED);
    return OK;
}
