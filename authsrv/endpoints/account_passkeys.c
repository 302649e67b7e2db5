/*
 * GET and POST /account/passkeys, POST /account/passkeys/remove: the passkeys of one's own account. Each wants a log-in
 * of the last minutes and ends the other sessions. Adding one needs the browser's script, the rest does not.
 */
#include "authsrv/domain/account/account.h"
#include "authsrv/faults.h"
#include "authsrv/flow/account/passkey.h"
#include "authsrv/guards.h"
#include "authsrv/owner.h"
#include "authsrv/routes.h"
#include "authsrv/store/credential.sql.h"
#include "shared/text/encode.h"
#include "web/authsrv/pages.h"
#include "web/text.h"

#define PAGE "/account/passkeys"
#define DATA_MAX_CHARS 8192

struct passkey_in {
    str csrf, name, client_data, authenticator_data, id;
};

static const struct param add_params[] = {
    P_STR(struct passkey_in, csrf, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct passkey_in, name, .need = OPTIONAL, .set = LINE, .max = ACCOUNT_NAME_MAX, .in_characters = true),
    P_STR(struct passkey_in, client_data, .need = REQUIRED, .set = BASE64URL, .max = DATA_MAX_CHARS),
    P_STR(struct passkey_in, authenticator_data, .need = REQUIRED, .set = BASE64URL, .max = DATA_MAX_CHARS),
    P_STR(struct passkey_in, id, .need = REQUIRED, .set = BASE64URL, .max = 1400),
};

static const struct param remove_params[] = {
    P_STR(struct passkey_in, csrf, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct passkey_in, id, .need = REQUIRED, .set = BASE64URL, .max = 1400),
};

/* What the challenge is for: this person, and nothing else. */
static str bound_to(struct task *t, const struct owner *o)
{
    return arena_printf(t->arena, "register\n%.*s", STR_ARG(o->user.v));
}

static err list_read(struct task *t, const struct owner *o, struct page_account_passkeys *page)
{
    const struct passkey_list_row *rows;
    size_t n;
    struct buf known;
    TRY(passkey_list(t, o->user, &rows, &n));
    struct account_passkey *items = arena_array(t->arena, struct account_passkey, n + 1);
    buf_init(&known, t->arena, 65536);
    for (size_t i = 0; i < n; i++) {
        items[i] = (struct account_passkey){ .id = base64url_encode(t->arena, rows[i].id),
                                             .name = rows[i].name,
                                             .is_synced = rows[i].is_synced,
                                             .added = instant_text(t->arena, rows[i].created_at) };
        if (rows[i].last_used_at_given)
            items[i].used = instant_text(t->arena, rows[i].last_used_at);
        buf_printf(&known, "%s%.*s", i > 0 ? " " : "", STR_ARG(items[i].id));
    }
    page->passkeys.items = items;
    page->passkeys.n = n;
    page->known = buf_str(&known);
    return OK;
}

static err page_show(struct task *t, struct response *rs, int status, const struct owner *o, str problem)
{
    str email = o->session->row->email;
    struct page_account_passkeys page = {
        .action = STR(PAGE),
        .remove_action = STR(PAGE "/remove"),
        .csrf = o->csrf,
        .site = passkey_rp(t),
        .challenge = passkey_challenge(t, bound_to(t, o)),
        .user = base64url_encode(t->arena, bytes_of(o->user.v)),
        .user_name = str_given(email) ? email : o->session->row->user_name,
        .display_name = o->session->row->user_name,
        .back_url = STR("/account"),
        .problem = problem,
    };
    TRY(list_read(t, o, &page));
    page_account_passkeys(reply_html(rs, status), t->language, t->frame, &page);
    return OK;
}

static err account_passkeys(struct task *t, const struct request *rq, struct response *rs)
{
    struct owner o;
    TRY(owner_load(t, rq, rs, OWNER_FRESH, PAGE, &o));
    return o.session ? page_show(t, rs, 200, &o, STR_NONE) : OK;
}

static err account_passkey_add(struct task *t, const struct request *rq, struct response *rs)
{
    const struct passkey_in *in = rq->in;
    const struct passkey_answer a = { .client_data = in->client_data,
                                      .authenticator_data = in->authenticator_data,
                                      .id = in->id };
    enum passkey_verdict verdict;
    struct owner o;
    bool is_there;
    TRY(owner_form(t, rq, rs, OWNER_FRESH, PAGE, in->csrf, &o));
    if (!o.session)
        return OK;
    TRY(owner_renew(t, rq, rs, &o));
    TRY(passkey_register(t, o.session, bound_to(t, &o), &a, in->name, &verdict));
    TRY(passkey_is_there(t, o.user, in->id, &is_there)); /* also by the same form, whose answer was lost */
    if (!is_there && verdict == PASSKEY_FULL)
        return page_show(t, rs, 409, &o, text_in(t->language, TEXT_PASSKEY_FULL));
    if (!is_there)
        return page_show(t, rs, 400, &o, text_in(t->language, TEXT_PASSKEY_REFUSED));
    reply_see_other(rs, STR("/account?done=passkey"));
    return OK;
}

static err account_passkey_remove(struct task *t, const struct request *rq, struct response *rs)
{
    const struct passkey_in *in = rq->in;
    struct owner o;
    TRY(owner_form(t, rq, rs, OWNER_FRESH, PAGE, in->csrf, &o));
    if (!o.session)
        return OK;
    TRY(owner_renew(t, rq, rs, &o));
    err e = passkey_discard(t, o.session, in->id);
    if (err_is(e, &FAULT_CONFLICT))
        return page_show(t, rs, 409, &o, text_in(t->language, TEXT_LAST_WAY));
    if (e && !err_is(e, &FAULT_NOT_FOUND)) /* it is gone: that is what was wanted */
        return e;
    reply_see_other(rs, STR("/account?done=passkey_removed"));
    return OK;
}

const struct route account_passkeys_route =
    PAGE_ROUTE(PAGE, .handle = account_passkeys, .summary = "Page of one's own passkeys");

const struct route account_passkey_add_route =
    FORM_ROUTE(PAGE, INPUT(struct passkey_in, add_params), .handle = account_passkey_add, .summary = "Add a passkey");

const struct route account_passkey_remove_route =
    FORM_ROUTE(PAGE "/remove", INPUT(struct passkey_in, remove_params), .handle = account_passkey_remove,
               .summary = "Remove a passkey");
