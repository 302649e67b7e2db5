/* See upstream_end.h. */
#include "authsrv/flow/upstream/upstream_end.h"

#include "authsrv/app.h"
#include "authsrv/faults.h"
#include "authsrv/flow/upstream/upstream_health.h"
#include "authsrv/flow/upstream/upstream_meta.h"
#include "authsrv/flow/upstream/upstream_token.h"
#include "authsrv/store/logout.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/text/url.h"

#define HINT_MAX_BYTES 6144 /* of an address; without it the partner has to ask whom it is about */
#define AWAY_LIFE MINUTES(30)

static str hint_context(struct task *t, str partner, str subject)
{
    return arena_printf(t->arena, "upstream_hint\n%.*s\n%.*s", STR_ARG(partner), STR_ARG(subject));
}

bytes upstream_hint_seal(struct task *t, const struct upstream *up, const struct partner_person *person)
{
    if (up->set.end == UPSTREAM_END_NEVER || !str_given(person->id_token) || person->id_token.n > HINT_MAX_BYTES)
        return (bytes){ NULL, 0 };
    return seal(t->arena, &app_of(t)->sealing_key, bytes_of(person->id_token),
                hint_context(t, up->row->slug, person->subject));
}

err upstream_place_find(struct task *t, str partner, struct upstream_place *ret)
{
    struct upstream_meta meta;
    bool rests;
    *ret = (struct upstream_place){ 0 };
    if (!str_given(partner))
        return OK;
    TRY(upstream_load(t, partner, &ret->up));
    if (!ret->up)
        return OK;
    const struct upstream *up = ret->up;
    ret->up = NULL;
    if (up->set.kind != UPSTREAM_OIDC || up->set.end == UPSTREAM_END_NEVER)
        return OK;
    TRY(upstream_rests(t, up, &rests));
    if (rests)
        return OK;
    err e = upstream_meta_get(t, up, &meta);
    if (err_is(e, &FAULT_PARTNER_FAILED))
        return OK;
    TRY(e);
    if (str_given(meta.end_session_endpoint))
        *ret = (struct upstream_place){ up, meta.end_session_endpoint };
    return OK;
}

/* A hint of another log-in than this session's would sign out somebody else, or nobody. */
static err hint_open(struct task *t, const struct session_end_row *ended, str *ret)
{
    *ret = STR_NONE;
    if (!ended->hint_sealed.p || !str_given(ended->upstream_subject))
        return OK;
    return upstream_unseal(t, ended->hint_sealed, hint_context(t, ended->partner, ended->upstream_subject), ret);
}

err upstream_end_begin(struct task *t, const struct upstream_place *place, const struct session_end_row *ended,
                       const struct upstream_return *back, str *url)
{
    const struct partner_find_row *row = place->up->row;
    str state = random_token(t->arena, ""), hint;
    struct buf b;
    int64_t n;
    TRY(hint_open(t, ended, &hint));
    TRY(upstream_logout_create(t, back->browser, typed_digest("upstream_logout_state", state), row->slug, back->client,
                               back->location, instant_add(t->now, AWAY_LIFE), &n));
    buf_init(&b, t->arena, 16384);
    buf_add(&b, place->endpoint);
    url_add_query(&b, "id_token_hint", hint);
    url_add_query(&b, "client_id", row->client_id);
    url_add_query(&b, "post_logout_redirect_uri",
                  arena_printf(t->arena, "%.*s/logged-out", STR_ARG(upstream_callback(t, row->slug))));
    url_add_query(&b, "state", state);
    *url = buf_str(&b);
    return OK;
}
