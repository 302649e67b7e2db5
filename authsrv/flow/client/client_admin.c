/* See client_admin.h. */
#include "authsrv/flow/client/client_admin.h"

#include "authsrv/domain/account/challenge.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/client/client_load.h"
#include "authsrv/flow/client/sector.h"
#include "authsrv/flow/snapshot.h"
#include "authsrv/store/client.sql.h"
#include "authsrv/store/partner.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"

#define ID_MAX_BYTES 64

bool client_id_valid(str id)
{
    if (id.n == 0 || id.n > ID_MAX_BYTES || str_starts(id, STR("usr_")))
        return false;
    for (size_t i = 0; i < id.n; i++)
        if (!((id.p[i] >= 'a' && id.p[i] <= 'z') || (id.p[i] >= 'A' && id.p[i] <= 'Z') ||
              (id.p[i] >= '0' && id.p[i] <= '9') || strchr("-_.", id.p[i])))
            return false;
    return true;
}

err client_partner_check(struct task *t, str slug)
{
    const struct partner_find_row *row;
    if (!str_given(slug))
        return OK;
    TRY(partner_find(t, slug, &row));
    return row ? OK : (err)FAIL_PARAM(t, INVALID_REQUEST, STR("partner"), STR("names none"));
}

struct rewriting {
    const struct client_new *n;
    struct client_rewrite_args row;
    int64_t changed;
};

static err rewrite_in_tx(struct task *t, void *context)
{
    struct rewriting *r = context;
    TRY(client_rewrite(t, &r->row, &r->changed));
    return r->changed ? audit_write(t, r->n->actor, STR("client.changed"), r->n->id.v, r->n->meta->client_name) : OK;
}

err client_update(struct task *t, const struct client_new *n, int64_t version, struct client_issued *ret)
{
    const struct client_show_row *old;
    const bool keeps = client_wants_secret(n->meta), as_key = client_secret_is_key(n->meta);
    TRY(client_partner_check(t, n->partner));
    TRY(sector_check(t, n->meta));
    TRY(client_show(t, n->id, STR_NONE, &old));
    if (!old)
        return FAIL(t, NOT_FOUND, "client %.*s", STR_ARG(n->id.v));
    *ret = (struct client_issued){ .id = n->id };
    if (keeps && (!old->has_secret || (as_key && !old->keeps_sealed)))
        ret->secret = random_token(t->arena, CLIENT_SECRET_PREFIX);
    digest hash = sha256_str(ret->secret);
    struct rewriting r = { n,
                           { .metadata = client_metadata_document(t->arena, n->meta),
                             .partner = n->partner,
                             .first_party = n->first_party,
                             .verified = n->verified,
                             .resource_server = n->resource_server,
                             .keeps_secret = keeps,
                             .keeps_sealed = as_key,
                             .secret_sealed = client_secret_seal(t, as_key, ret->secret),
                             .secret_hash = str_given(ret->secret) ? digest_bytes(&hash) : (bytes){ NULL, 0 },
                             .id = n->id,
                             .version = version },
                           0 };
    TRY(db_tx(t, rewrite_in_tx, &r));
    if (!r.changed)
        return FAIL(t, VERSION_DIFFERS, "the client has another version, or was disabled");
    return snapshot_refresh(t);
}

struct turning {
    str actor;
    client_id id;
    digest hash;
    bytes sealed;
    int64_t expire_old_in_s;
    int64_t changed;
};

static err rotate_in_tx(struct task *t, void *context)
{
    struct turning *r = context;
    TRY(client_secret_replace(t, r->hash, r->sealed, r->expire_old_in_s, r->id, &r->changed));
    str old = r->expire_old_in_s > 0
                  ? arena_printf(t->arena, "the old one ends in %lld s", (long long)r->expire_old_in_s)
                  : STR("");
    return r->changed ? audit_write(t, r->actor, STR("client.secret_rotated"), r->id.v, old) : OK;
}

err client_secret_rotate(struct task *t, str actor, client_id id, int64_t expire_old_in_s, str *secret_text)
{
    const struct client_show_row *row;
    TRY(client_show(t, id, STR_NONE, &row));
    if (!row || row->disabled_at_given)
        return FAIL(t, NOT_FOUND, "client %.*s", STR_ARG(id.v));
    if (expire_old_in_s > 0 && row->keeps_sealed)
        return FAIL_PARAM(t, CONFLICT, STR("expire_old_in"), STR("a client with client_secret_jwt has one secret"));
    *secret_text = random_token(t->arena, CLIENT_SECRET_PREFIX);
    struct turning r = { .actor = actor,
                         .id = id,
                         .hash = sha256_str(*secret_text),
                         .sealed = client_secret_seal(t, row->keeps_sealed, *secret_text),
                         .expire_old_in_s = expire_old_in_s };
    TRY(db_tx(t, rotate_in_tx, &r));
    if (!r.changed)
        return FAIL_PARAM(t, CONFLICT, STR("client"), STR("authenticates without a secret"));
    return snapshot_refresh(t);
}

/* Without a credential anybody could be this client, and ask people for their codes. */
static err challenge_check(struct task *t, client_id id, str challenge)
{
    enum challenge_policy policy;
    const struct client *client;
    if (!str_given(challenge))
        return OK;
    if (!challenge_policy_parse(challenge, &policy))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("challenge"), STR("off, sign_in or register"));
    TRY(client_find_stored(t, id, &client));
    return policy == CHALLENGE_OFF || (client && client->auth_method != AUTH_NONE)
               ? OK
               : (err)FAIL_PARAM(t, CONFLICT, STR("challenge"),
                                 STR("wants a client that authenticates, and is enabled"));
}

struct marking {
    str actor;
    client_id id;
    int64_t version, changed;
    const struct client_marks *marks;
};

static err challenge_in_tx(struct task *t, struct marking *m)
{
    TRY(client_challenge_put(t, m->marks->challenge, m->id, m->version, &m->changed));
    return m->changed ? audit_write(t, m->actor, STR("client.challenge"), m->id.v, m->marks->challenge) : OK;
}

static err mark_in_tx(struct task *t, void *context)
{
    struct marking *m = context;
    const bool *verified = m->marks->verified;
    if (str_given(m->marks->challenge))
        TRY(challenge_in_tx(t, m));
    if (!verified && !m->marks->enable)
        return OK;
    TRY(client_mark(t, m->id, m->marks->enable, m->version, verified, &m->changed));
    if (m->changed && verified)
        TRY(audit_write(t, m->actor, *verified ? STR("client.verified") : STR("client.unverified"), m->id.v, STR("")));
    return m->changed && m->marks->enable ? audit_write(t, m->actor, STR("client.enabled"), m->id.v, STR("")) : OK;
}

err client_marks_set(struct task *t, str actor, client_id id, int64_t version, const struct client_marks *marks)
{
    struct marking m = { actor, id, version, 0, marks };
    TRY(challenge_check(t, id, marks->challenge));
    TRY(db_tx(t, mark_in_tx, &m));
    return m.changed ? snapshot_refresh(t) : FAIL(t, VERSION_DIFFERS, "not the version that the caller saw");
}
