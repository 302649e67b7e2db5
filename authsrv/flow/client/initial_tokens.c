/* See initial_tokens.h. */
#include "authsrv/flow/client/initial_tokens.h"

#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/store/admin.sql.h"
#include "authsrv/store/client.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "shared/text/encode.h"

#define ID_BYTES 12 /* of the digest; as the generated column says */

struct making {
    str actor;
    digest hash;
    int64_t uses;
    struct initial_token *made;
};

static err make_in_tx(struct task *t, void *context)
{
    struct making *m = context;
    int64_t n;
    TRY(initial_token_create(t, m->hash, m->uses, m->made->expires_at, &n));
    return audit_write(t, m->actor, STR("initial_token.created"), m->made->id, STR(""));
}

err initial_token_make(struct task *t, str actor, int64_t uses, int64_t hours, struct initial_token *ret)
{
    ret->token = random_token(t->arena, "iat_");
    digest hash = typed_digest("initial_token", ret->token);
    ret->id = arena_printf(t->arena, "iat_%.*s", STR_ARG(hex_encode(t->arena, (bytes){ hash.b, ID_BYTES })));
    ret->expires_at = instant_add(t->now, HOURS(hours));
    struct making m = { actor, hash, uses, ret };
    return db_tx(t, make_in_tx, &m);
}

struct ending {
    str actor, id;
    int64_t n;
};

static err end_in_tx(struct task *t, void *context)
{
    struct ending *e = context;
    TRY(initial_token_revoke(t, e->id, &e->n));
    return e->n > 0 ? audit_write(t, e->actor, STR("initial_token.revoked"), e->id, STR("")) : OK;
}

err initial_token_end(struct task *t, str actor, str id)
{
    struct ending e = { actor, id, 0 };
    TRY(db_tx(t, end_in_tx, &e));
    return e.n > 0 ? OK : FAIL(t, NOT_FOUND, "initial access token %.*s", STR_ARG(id));
}
