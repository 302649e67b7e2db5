/* See trust.h. */
#include "authsrv/flow/token/trust.h"

#include "authsrv/domain/authorization/authorization_details.h"
#include "authsrv/domain/scope.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/store/admin.sql.h"
#include "authsrv/store/assertion.sql.h"
#include "authsrv/store/client.sql.h"
#include "authsrv/store/detail_type.sql.h"
#include "authsrv/store/exchange.sql.h"
#include "shared/db/db.h"
#include "shared/jose/jose.h"
#include "shared/net/fetch.h"
#include "shared/text/url.h"

#define JWKS_MAX_BYTES 65536
#define SUBJECT_MAX_BYTES 255
#define TYPE_MAX_BYTES 100

static err refuse(struct task *t, const char *param, const char *explain)
{
    return FAIL_PARAM(t, INVALID_REQUEST, str_of(param), str_of(explain));
}

static err client_check(struct task *t, const char *param, str id)
{
    const struct client_show_row *row;
    TRY(client_show(t, (client_id){ id }, STR_NONE, &row));
    return row && str_eq(row->id.v, id) ? OK : refuse(t, param, "names no client");
}

static err audience_check(struct task *t, str audience)
{
    const struct resource_find_row *row;
    TRY(resource_find(t, audience, &row));
    return row ? OK : refuse(t, "audience", "names no API that is registered");
}

/* One statement and its audit entry. */
struct write {
    str actor, action, object, detail;
    const void *draft;
    const int64_t *version;
    err (*run)(struct task *t, const struct write *w, bool *done);
    bool done;
};

static err write_in_tx(struct task *t, void *context)
{
    struct write *w = context;
    TRY(w->run(t, w, &w->done));
    return w->done ? audit_write(t, w->actor, w->action, w->object, w->detail) : OK;
}

static err put(struct task *t, struct write *w)
{
    TRY(db_tx(t, write_in_tx, w));
    if (w->done)
        return OK;
    return w->version && *w->version > 0 ? FAIL(t, VERSION_DIFFERS, "not the version that the caller saw")
                                         : FAIL(t, ALREADY_EXISTS, "%.*s", STR_ARG(w->object));
}

static err drop(struct task *t, struct write *w)
{
    TRY(db_tx(t, write_in_tx, w));
    return w->done ? OK : FAIL(t, NOT_FOUND, "%.*s", STR_ARG(w->object));
}

/* ---- token exchange ---- */

static err exchange_run(struct task *t, const struct write *w, bool *done)
{
    const struct exchange_draft *d = w->draft;
    const struct exchange_rule_put_row *row;
    TRY(exchange_rule_put(t, (client_id){ d->client }, (client_id){ d->tokens_of }, d->scopes, d->audience, w->version,
                          &row));
    *done = row != NULL;
    return OK;
}

err exchange_put(struct task *t, str actor, const struct exchange_draft *d, const int64_t *version)
{
    if (!scope_is_wellformed(d->scopes) || d->scopes.n == 0)
        return refuse(t, "scopes", "words of RFC 6749, separated by spaces");
    if (str_eq(d->client, d->tokens_of))
        return refuse(t, "tokens_of", "must be another client");
    TRY(client_check(t, "client", d->client));
    TRY(client_check(t, "tokens_of", d->tokens_of));
    if (str_given(d->audience))
        TRY(audience_check(t, d->audience));
    str detail = arena_printf(t->arena, "tokens of %.*s: %.*s", STR_ARG(d->tokens_of), STR_ARG(d->scopes));
    return put(t,
               &(struct write){ actor, STR("exchange.allowed"), d->client, detail, d, version, exchange_run, false });
}

static err exchange_drop(struct task *t, const struct write *w, bool *done)
{
    int64_t n;
    TRY(exchange_rule_remove(t, (client_id){ w->object }, (client_id){ w->detail }, &n));
    *done = n > 0;
    return OK;
}

err exchange_remove(struct task *t, str actor, str client, str tokens_of)
{
    return drop(t,
                &(struct write){ actor, STR("exchange.denied"), client, tokens_of, NULL, NULL, exchange_drop, false });
}

/* ---- issuers of assertions ---- */

static err keys_check(struct task *t, const struct issuer_draft *d)
{
    str why;
    if (str_given(d->jwks_uri) == (d->jwks != NULL))
        return refuse(t, "jwks_uri", "either this or jwks is needed");
    if (!d->jwks)
        return fetch_url_is_allowed(t->fetcher, d->jwks_uri, &why)
                   ? OK
                   : (err)FAIL_PARAM(t, INVALID_REQUEST, STR("jwks_uri"), why);
    if (!json_is_storable(d->jwks))
        return refuse(t, "jwks", JSON_UNSTORABLE);
    struct jose_set *set = jose_set_parse(json_canonical(t->arena, d->jwks), JWKS_MAX_BYTES);
    bool good = set && jose_set_size(set) > 0;
    if (set)
        jose_set_free(set);
    return good ? OK : refuse(t, "jwks", "must hold a JWK set of public keys");
}

static err issuer_check(struct task *t, const struct issuer_draft *d)
{
    enum jose_alg alg;
    struct url u;
    str id, rest = d->clients;
    if (!url_parse(d->issuer, &u))
        return refuse(t, "issuer", "the URL that its assertions say in iss, byte for byte");
    if (!str_has_word(STR("ES256 RS256 PS256 EdDSA"), d->alg) || !jose_alg_parse(d->alg, &alg))
        return refuse(t, "alg", "ES256, RS256, PS256 or EdDSA");
    if (d->clients.n == 0 && !d->software_statements)
        return refuse(t, "clients", "the ids of those who may present its assertions, or software_statements");
    while (str_next_word(&rest, &id))
        TRY(client_check(t, "clients", id));
    return keys_check(t, d);
}

static err issuer_run(struct task *t, const struct write *w, bool *done)
{
    const struct issuer_draft *d = w->draft;
    const struct assertion_issuer_put_row *row;
    str jwks = d->jwks ? json_canonical(t->arena, d->jwks) : STR_NONE;
    TRY(assertion_issuer_put(
        t,
        &(struct assertion_issuer_put_args){ .issuer = d->issuer,
                                             .jwks_uri = d->jwks_uri,
                                             .jwks = jwks,
                                             .alg = d->alg,
                                             .clients = str_given(d->clients) ? d->clients : STR(""),
                                             .software_statements = d->software_statements,
                                             .version = *w->version },
        &row));
    *done = row != NULL;
    return OK;
}

err issuer_put(struct task *t, str actor, const struct issuer_draft *d, int64_t version)
{
    TRY(issuer_check(t, d));
    str said = arena_printf(t->arena, "%.*s%s", STR_ARG(d->clients), d->software_statements ? " (statements)" : "");
    return put(t, &(struct write){ actor, STR("issuer.trusted"), d->issuer, said, d, &version, issuer_run, false });
}

static err issuer_drop(struct task *t, const struct write *w, bool *done)
{
    int64_t n;
    TRY(assertion_issuer_remove(t, w->object, &n));
    *done = n > 0;
    return OK;
}

err issuer_remove(struct task *t, str actor, str issuer)
{
    return drop(t, &(struct write){ actor, STR("issuer.removed"), issuer, STR(""), NULL, NULL, issuer_drop, false });
}

struct mapping {
    str issuer, subject, user;
};

static err subject_run(struct task *t, const struct write *w, bool *done)
{
    const struct mapping *m = w->draft;
    const struct assertion_subject_put_row *row;
    TRY(assertion_subject_put(t, m->subject, m->issuer, m->user, &row));
    *done = row != NULL;
    return OK;
}

err subject_put(struct task *t, str actor, str issuer, str subject, str user)
{
    const struct account_find_row *account;
    if (subject.n == 0 || subject.n > SUBJECT_MAX_BYTES)
        return refuse(t, "subject", "1 to 255 bytes, as its assertions say in sub");
    TRY(account_find(t, user, STR_NONE, &account));
    if (!account)
        return refuse(t, "user", "names no account");
    const struct mapping m = { issuer, subject, account->id.v };
    str detail = arena_printf(t->arena, "%.*s %.*s", STR_ARG(issuer), STR_ARG(subject));
    return drop(t, &(struct write){ actor, STR("issuer.mapped"), m.user, detail, &m, NULL, subject_run, false });
}

static err subject_drop(struct task *t, const struct write *w, bool *done)
{
    int64_t n;
    TRY(assertion_subject_remove(t, w->object, w->detail, &n));
    *done = n > 0;
    return OK;
}

err subject_remove(struct task *t, str actor, str issuer, str subject)
{
    return drop(t, &(struct write){ actor, STR("issuer.unmapped"), issuer, subject, NULL, NULL, subject_drop, false });
}

/* ---- types of authorization_details ---- */

static bool type_name_valid(str s)
{
    if (s.n == 0 || s.n > TYPE_MAX_BYTES)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z') ||
              (s.p[i] >= '0' && s.p[i] <= '9') || memchr("_.:/-", s.p[i], 5)))
            return false;
    return true;
}

/* Its own rules and sentence, or those that Stoa brings for this name. */
static err detail_complete(struct task *t, struct detail_draft *d)
{
    struct rule_problem p;
    str rules;
    if (!type_name_valid(d->name))
        return refuse(t, "name", "letters, digits and _.:/-, at most 100");
    if ((d->rules != NULL) != str_given(d->sentence))
        return refuse(t, d->rules ? "sentence" : "rules", "rules and sentence belong together");
    if (!d->rules && (!detail_type_built_in(d->name, &rules, &d->sentence) || !json_parse(t->arena, rules, &d->rules)))
        return refuse(t, "rules", "needed, but for payment, payout and store_management");
    if (json_kind(d->rules) != JSON_OBJECT || json_canonical(t->arena, d->rules).n > DETAILS_MAX_BYTES)
        return refuse(t, "rules", "one JSON object");
    if (!json_is_storable(d->rules))
        return refuse(t, "rules", JSON_UNSTORABLE);
    if (!json_rules_valid(t->arena, d->rules, &p))
        return FAIL_PARAM(t, INVALID_REQUEST, arena_printf(t->arena, "rules.%.*s", STR_ARG(p.path)), p.explain);
    if (!detail_sentence_valid(t->arena, d->sentence, d->rules))
        return refuse(t, "sentence", "{member} or {amount:currency} must name properties of the rules");
    return audience_check(t, d->audience);
}

static err detail_run(struct task *t, const struct write *w, bool *done)
{
    const struct detail_draft *d = w->draft;
    const struct detail_type_put_row *row;
    TRY(detail_type_put(t, d->name, d->audience, json_canonical(t->arena, d->rules), d->sentence, w->version, &row));
    *done = row != NULL;
    return OK;
}

/* What stands there already is left alone, and the audit log with it. */
static err detail_differs(struct task *t, const struct detail_draft *d, bool *ret)
{
    const struct detail_type_page_row *row;
    const struct json_value *rules;
    TRY(detail_type_show(t, d->name, &row));
    *ret = !row || !str_eq(row->audience, d->audience) || !str_eq(row->sentence, d->sentence) ||
           !json_parse(t->arena, row->rules, &rules) ||
           !str_eq(json_canonical(t->arena, rules), json_canonical(t->arena, d->rules));
    return OK;
}

err detail_put(struct task *t, str actor, const struct detail_draft *d, const int64_t *version, bool *changed)
{
    struct detail_draft whole = *d;
    *changed = true;
    TRY(detail_complete(t, &whole));
    if (!version)
        TRY(detail_differs(t, &whole, changed));
    if (!*changed)
        return OK;
    return put(
        t, &(struct write){ actor, STR("detail_type.put"), d->name, d->audience, &whole, version, detail_run, false });
}

static err detail_drop(struct task *t, const struct write *w, bool *done)
{
    int64_t n;
    TRY(detail_type_remove(t, w->object, &n));
    *done = n > 0;
    return OK;
}

err detail_remove(struct task *t, str actor, str name)
{
    return drop(t, &(struct write){ actor, STR("detail_type.removed"), name, STR(""), NULL, NULL, detail_drop, false });
}
