/* See partners.h. */
#include "authsrv/flow/partner/partners.h"

#include "authsrv/app.h"
#include "authsrv/domain/account/account.h"
#include "authsrv/domain/admin.h"
#include "authsrv/domain/scope.h"
#include "authsrv/domain/upstream/upstream_settings.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/partner/site.h"
#include "authsrv/flow/token/keys.h"
#include "authsrv/store/admin.sql.h"
#include "authsrv/store/partner.sql.h"
#include "authsrv/store/resource.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "shared/jose/jwe.h"

struct saving {
    str actor;
    const struct partner_draft *d;
    bytes sealed, key_sealed;
    str settings;
    const int64_t *version;
    int64_t changed;
};

static err partner_check(struct task *t, const struct partner_draft *d, bool whole)
{
    str param, explain;
    return partner_judge(d, whole, &param, &explain) ? OK : (err)FAIL_PARAM(t, INVALID_REQUEST, param, explain);
}

static bytes secret_seal(struct task *t, str secret_text)
{
    if (!str_given(secret_text))
        return (bytes){ NULL, 0 };
    return seal(t->arena, &app_of(t)->sealing_key, bytes_of(secret_text), PARTNER_SECRET_CONTEXT);
}

static err settings_check(struct task *t, str settings, struct upstream_settings *ret)
{
    str param, explain;
    if (!upstream_settings_read(t->arena, settings, ret, &param, &explain))
        return FAIL_PARAM(
            t, INVALID_REQUEST,
            str_eq(param, STR("settings")) ? param : arena_printf(t->arena, "settings.%.*s", STR_ARG(param)), explain);
    if (!str_given(ret->assertion_jwks))
        return OK;
    struct jose_set *set = jose_set_parse(ret->assertion_jwks, UPSTREAM_SETTINGS_MAX_BYTES);
    bool good = set && jose_set_size(set) > 0;
    if (set)
        jose_set_free(set);
    return good ? OK
                : (err)FAIL_PARAM(t, INVALID_REQUEST, STR("settings.assertion_jwks"), STR("a JWK set of public keys"));
}

/* Settings that are to be kept. */
static err settings_take(struct task *t, str settings, struct upstream_settings *ret)
{
    const struct json_value *document;
    if (json_parse(t->arena, settings, &document) && !json_is_storable(document))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("settings"), STR(JSON_UNSTORABLE));
    return settings_check(t, settings, ret);
}

/* The key that the partner encrypts ID tokens to; absent: it does not. */
static bytes decrypt_key_make(struct task *t, const struct upstream_settings *set)
{
    enum jwe_alg alg;
    if (!jwe_alg_parse(set->id_token_encryption, &alg))
        return (bytes){ NULL, 0 };
    struct jose_key *key = jwe_key_generate(alg);
    bytes sealed = seal(t->arena, &app_of(t)->sealing_key, bytes_of(jose_key_pem(t->arena, key)), PARTNER_KEY_CONTEXT);
    jose_key_free(key);
    return sealed;
}

static err create_in_tx(struct task *t, void *context)
{
    struct saving *s = context;
    const struct partner_draft *d = s->d;
    const struct partner_find_row *old;
    TRY(partner_find(t, d->slug, &old));
    if (old)
        return FAIL(t, ALREADY_EXISTS, "partner %.*s", STR_ARG(d->slug));
    TRY(partner_put(t,
                    &(struct partner_put_args){ .slug = d->slug,
                                                .name = d->name,
                                                .issuer = d->issuer,
                                                .client = str_given(d->client_id) ? d->client_id : STR(""),
                                                .secret_sealed = s->sealed,
                                                .domains = str_given(d->email_domains) ? d->email_domains : STR(""),
                                                .settings = s->settings,
                                                .decrypt_key_sealed = s->key_sealed },
                    &s->changed));
    return audit_write(t, s->actor, STR("partner.configured"), d->slug, d->issuer);
}

err partner_create(struct task *t, str actor, const struct partner_draft *d)
{
    struct partner_draft judged = *d;
    struct upstream_settings set;
    struct saving s = { .actor = actor, .d = &judged, .sealed = secret_seal(t, d->client_secret) };
    s.settings = str_given(d->settings) ? d->settings : STR("{}");
    TRY(settings_take(t, s.settings, &set));
    judged.has_no_login = !upstream_has_login(set.kind);
    if (set.kind == UPSTREAM_NONE && !str_given(d->issuer)) /* nobody is asked there: the name is ours to give */
        judged.issuer = arena_printf(t->arena, "%.*s/partners/%.*s", STR_ARG(app_of(t)->issuer), STR_ARG(d->slug));
    TRY(partner_check(t, &judged, true));
    s.key_sealed = decrypt_key_make(t, &set);
    return db_tx(t, create_in_tx, &s);
}

static err update_in_tx(struct task *t, void *context)
{
    struct saving *s = context;
    const struct partner_draft *d = s->d;
    TRY(partner_change(t,
                       &(struct partner_change_args){ .name = d->name,
                                                      .issuer = d->issuer,
                                                      .client = d->client_id,
                                                      .secret_sealed = s->sealed,
                                                      .domains = d->email_domains,
                                                      .settings = s->settings,
                                                      .decrypt_key_sealed = s->key_sealed,
                                                      .host = d->host,
                                                      .slug = d->slug,
                                                      .version = s->version },
                       &s->changed));
    if (!s->changed)
        return OK;
    if (str_given(d->host))
        TRY(audit_write(t, s->actor, d->host.n > 0 ? STR("partner.host_set") : STR("partner.host_removed"), d->slug,
                        d->host));
    str what = str_given(d->issuer) ? d->issuer : str_given(d->settings) ? STR("settings") : STR("");
    return audit_write(t, s->actor, STR("partner.configured"), d->slug, what);
}

/* The key that the partner encrypts to stays while the algorithm does: it may keep our key set for a while. */
static err settings_settle(struct task *t, const struct partner_find_row *old, struct saving *s, bool *has_no_login)
{
    struct upstream_settings was, is;
    str param, explain;
    s->settings = s->d->settings;
    if (str_given(s->settings))
        TRY(settings_take(t, s->settings, &is));
    else
        TRY(settings_check(t, old->settings, &is));
    if (!upstream_settings_read(t->arena, old->settings, &was, &param, &explain))
        was = is; /* what cannot be read is repaired by others */
    if (!old->decrypt_key_sealed.p || !str_eq(was.id_token_encryption, is.id_token_encryption))
        s->key_sealed = decrypt_key_make(t, &is);
    *has_no_login = !upstream_has_login(is.kind);
    return OK;
}

/* People have to be able to log in there with a browser. */
static err host_check(struct task *t, const struct partner_draft *d, bool has_no_login)
{
    if (!str_given(d->host) || d->host.n == 0)
        return OK;
    if (has_no_login)
        return FAIL_PARAM(t, INVALID_REQUEST, STR("host"), STR("nobody logs in at a partner whose backend signs"));
    return site_prove(t, d->slug, d->host);
}

err partner_update(struct task *t, str actor, const struct partner_draft *d, const int64_t *version)
{
    struct partner_draft judged = *d;
    const struct partner_find_row *old;
    struct saving s = { .actor = actor, .d = d, .sealed = secret_seal(t, d->client_secret), .version = version };
    TRY(partner_find(t, d->slug, &old));
    if (!old)
        return FAIL(t, NOT_FOUND, "partner %.*s", STR_ARG(d->slug));
    TRY(settings_settle(t, old, &s, &judged.has_no_login));
    if (!str_given(d->client_id) && !judged.has_no_login)
        judged.client_id = old->client_id;
    TRY(partner_check(t, &judged, false));
    TRY(host_check(t, d, judged.has_no_login));
    TRY(db_tx_in_turn(t, update_in_tx, &s));
    return s.changed ? OK : FAIL(t, VERSION_DIFFERS, "the partner has another version, or was removed");
}

struct inviting {
    str actor, slug, kind, value;
    int64_t n;
};

static err invite_in_tx(struct task *t, void *context)
{
    struct inviting *i = context;
    TRY(partner_invite(t, i->kind, i->value, i->slug, &i->n));
    return i->n > 0 ? audit_write(t, i->actor, STR("partner.invited"), i->slug, i->value) : OK;
}

err partner_invite_person(struct task *t, str actor, str slug, str subject, str email)
{
    struct inviting i = { actor, slug, STR("subject"), subject, 0 };
    if (str_given(subject) == str_given(email))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("subject"), STR("or email: exactly one of them"));
    if (str_given(subject) && (subject.n == 0 || subject.n > 255))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("subject"), STR("1 to 255 bytes"));
    if (str_given(email)) {
        i.kind = STR("email");
        if (!account_login(t->arena, email, &i.value))
            return FAIL_PARAM(t, INVALID_REQUEST, STR("email"), STR("an e-mail address"));
    }
    TRY(db_tx(t, invite_in_tx, &i));
    return i.n > 0 ? OK : FAIL(t, NOT_FOUND, "partner %.*s", STR_ARG(slug));
}

err partner_wake(struct task *t, str actor, str slug)
{
    const struct partner_find_row *row;
    int64_t n;
    TRY(partner_find(t, slug, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "partner %.*s", STR_ARG(slug));
    TRY(partner_recovered(t, slug, &n));
    TRY(partner_unpin(t, slug, &n));
    return audit_write(t, actor, STR("partner.woken"), slug, STR(""));
}

struct ending {
    str actor, name;
    int64_t n;
};

static err remove_in_tx(struct task *t, void *context)
{
    struct ending *e = context;
    TRY(partner_disable(t, e->name, &e->n));
    return e->n > 0 ? audit_write(t, e->actor, STR("partner.removed"), e->name, STR("")) : OK;
}

#define SLICE 2000

/* What was being made of its clients' tokens meanwhile ends, too. */
err partner_remove(struct task *t, str actor, str slug)
{
    struct ending e = { .actor = actor, .name = slug };
    const struct partner_settle_row *settled;
    int64_t n = SLICE;
    TRY(db_tx_in_turn(t, remove_in_tx, &e));
    if (e.n == 0)
        return FAIL(t, NOT_FOUND, "partner %.*s", STR_ARG(slug));
    TRY(partner_settle(t, slug, &settled));
    while (n == SLICE)
        TRY(partner_tokens_end(t, slug, SLICE, &n));
    return OK;
}

/* ---- APIs and scopes ---- */

static str_array words_of(struct arena *a, str words)
{
    size_t n = 0;
    str word, *items = arena_array(a, str, words.n / 2 + 1);
    while (str_next_word(&words, &word))
        items[n++] = word;
    return (str_array){ items, n };
}

struct adding {
    str actor, audience, scopes;
    str_array words;
    int64_t added;
};

static err add_in_tx(struct task *t, void *context)
{
    struct adding *a = context;
    TRY(resource_put(t, a->audience, a->words, &a->added));
    return a->added > 0 ? audit_write(t, a->actor, STR("resource.added"), a->audience, a->scopes) : OK;
}

err resource_add(struct task *t, str actor, str audience, str scopes, int64_t *added)
{
    if (!service_url_valid(audience))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("audience"),
                          STR("https (http for loopback only), without a slash at the end"));
    if (!scope_is_wellformed(scopes) || scopes.n == 0)
        return FAIL_PARAM(t, INVALID_REQUEST, STR("scopes"), STR("words of RFC 6749, separated by spaces"));
    if (scope_common(t->arena, scopes, STR(STANDARD_SCOPES " " PARTNER_TOKEN_SCOPE)).n > 0)
        return FAIL_PARAM(t, INVALID_REQUEST, STR("scopes"),
                          STR("the scopes of OpenID Connect and " PARTNER_TOKEN_SCOPE " belong to no API"));
    struct adding a = { actor, audience, scopes, words_of(t->arena, scopes), 0 };
    TRY(db_tx(t, add_in_tx, &a));
    *added = a.added;
    return OK;
}

static err resource_in_tx(struct task *t, void *context)
{
    struct ending *e = context;
    TRY(resource_remove(t, e->name, &e->n));
    return e->n > 0 ? audit_write(t, e->actor, STR("resource.removed"), e->name, STR("")) : OK;
}

err resource_end(struct task *t, str actor, str audience)
{
    struct ending e = { .actor = actor, .name = audience };
    if (str_eq(audience, admin_audience(t)))
        return FAIL_PARAM(t, CONFLICT, STR("audience"), STR("the admin API itself stays"));
    TRY(db_tx(t, resource_in_tx, &e));
    return e.n > 0 ? OK : FAIL(t, NOT_FOUND, "resource %.*s", STR_ARG(audience));
}

static err scope_in_tx(struct task *t, void *context)
{
    struct ending *e = context;
    TRY(scope_remove(t, e->name, &e->n));
    return e->n > 0 ? audit_write(t, e->actor, STR("scope.removed"), e->name, STR("")) : OK;
}

err scope_end(struct task *t, str actor, str scope)
{
    struct ending e = { .actor = actor, .name = scope };
    if (scope_covers(STR(ADMIN_SCOPES " " PARTNER_SCOPE), scope))
        return FAIL_PARAM(t, CONFLICT, STR("scope"), STR("the scopes of the admin API stay"));
    TRY(db_tx(t, scope_in_tx, &e));
    return e.n > 0 ? OK : FAIL(t, NOT_FOUND, "scope %.*s", STR_ARG(scope));
}

static err open_in_tx(struct task *t, void *context)
{
    struct ending *e = context;
    TRY(scope_open(t, e->name, &e->n));
    return e->n > 0 ? audit_write(t, e->actor, STR("scope.opened"), e->name, STR("")) : OK;
}

static err close_in_tx(struct task *t, void *context)
{
    struct ending *e = context;
    TRY(scope_close(t, e->name, &e->n));
    return e->n > 0 ? audit_write(t, e->actor, STR("scope.closed"), e->name, STR("")) : OK;
}

err scope_mark(struct task *t, str actor, str scope, bool open)
{
    struct ending e = { .actor = actor, .name = scope };
    if (open && scope_goes_by_role(scope))
        return FAIL_PARAM(t, CONFLICT, STR("scope"), STR("goes by the role of people, never to clients nobody knows"));
    TRY(db_tx(t, open ? open_in_tx : close_in_tx, &e));
    return e.n > 0 ? OK : FAIL(t, NOT_FOUND, "scope %.*s", STR_ARG(scope));
}

str admin_audience(struct task *t)
{
    return arena_printf(t->arena, "%.*s/admin", STR_ARG(app_of(t)->issuer));
}

err rows_provide(struct task *t)
{
    int64_t added;
    TRY(keys_housekeep(t));
    return resource_add(t, STR("authsrv"), admin_audience(t), STR(ADMIN_SCOPES " " PARTNER_SCOPE), &added);
}
