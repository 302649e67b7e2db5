/* Who the client is: Basic or form, never both, and only as registered. */
#include "authsrv/flow/client_auth.h"

#include "authsrv/faults.h"
#include "authsrv/flow/client_load.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"

struct presented {
    enum auth_method method;
    str id, secret;
};

static err refuse(struct task *t, bool basic, const char *why)
{
    struct failure *f = FAIL(t, INVALID_CLIENT, "%s", why);
    f->challenge = basic ? STR("Basic realm=\"token\", charset=\"UTF-8\"") : STR("Basic realm=\"token\"");
    return f;
}

/* Both halves are form-encoded before they are joined (RFC 6749 section 2.3.1). */
static bool basic_read(struct task *t, str header, struct presented *ret)
{
    bytes joined;
    str value = { header.p + 6, header.n - 6 }, id;
    if (!base64_decode(t->arena, value, &joined))
        return false;
    str rest = { (const char *)joined.p, joined.n };
    if (!str_cut(&rest, ':', &id))
        return false;
    ret->method = AUTH_BASIC;
    return percent_decode(t->arena, id, true, &ret->id) && percent_decode(t->arena, rest, true, &ret->secret);
}

static err presented_read(struct task *t, const struct client_credentials *c, struct presented *ret)
{
    if (str_given(c->authorization)) {
        if (c->authorization.n < 6 || !str_eq_nocase((str){ c->authorization.p, 6 }, STR("Basic ")))
            return refuse(t, true, "the authorization header is not Basic");
        if (c->client_secret.n > 0 || c->client_assertion.n > 0)
            return FAIL(t, INVALID_REQUEST, "more than one way of client authentication");
        if (!basic_read(t, c->authorization, ret))
            return refuse(t, true, "the Basic credentials cannot be decoded");
        if (c->client_id.n > 0 && !str_eq(c->client_id, ret->id))
            return FAIL_PARAM(t, INVALID_REQUEST, STR("client_id"), STR("is another client than in the header"));
        return OK;
    }
    if (c->client_assertion.n > 0)
        return c->client_secret.n > 0 ? (err)FAIL(t, INVALID_REQUEST, "more than one way of client authentication")
                                      : refuse(t, false, "client assertions are not supported");
    if (c->client_id.n == 0)
        return refuse(t, false, "no client credentials");
    *ret = (struct presented){ c->client_secret.n > 0 ? AUTH_POST : AUTH_NONE, c->client_id, c->client_secret };
    return OK;
}

err client_authenticate(struct task *t, const struct client_credentials *c, const struct client **ret)
{
    struct presented p = { 0 };
    TRY(presented_read(t, c, &p));
    if (p.id.n == 0 || p.id.n > 200)
        return refuse(t, p.method == AUTH_BASIC, "the client id has no possible length");
    const struct client *client;
    TRY(client_load(t, (client_id){ p.id }, &client));
    static const digest nobody;
    digest presented = sha256_str(p.secret);
    bool secret_fits = equal_digest(&presented, client ? &client->secret_hash : &nobody);
    if (!client || client->auth_method != p.method)
        return refuse(t, p.method == AUTH_BASIC, client ? "another method than the registered one" : "unknown client");
    if (p.method != AUTH_NONE && !secret_fits)
        return refuse(t, p.method == AUTH_BASIC, "wrong secret");
    *ret = client;
    return OK;
}
