/*
 * GET /account/data, GET /account/export, GET and POST /account/delete, GET /account/deleted: what happened, everything
 * as a document, and the end of the account, which says goodbye on a page that can be loaded again.
 */
#include "authsrv/app.h"
#include "authsrv/faults.h"
#include "authsrv/flow/account/self.h"
#include "authsrv/guards.h"
#include "authsrv/owner.h"
#include "authsrv/routes.h"
#include "authsrv/store/self.sql.h"
#include "shared/base/num.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"
#include "web/authsrv/pages.h"
#include "web/text.h"

#define PAGE "/account/data"
#define DELETE_PAGE "/account/delete"
#define DELETED_PAGE "/account/deleted"
#define GOODBYE_CONTEXT STR("account_deleted")
#define GOODBYE_LIFE MINUTES(15)
#define EVENTS_SHOWN 100

struct delete_in {
    str csrf;
};

static const struct param delete_params[] = {
    P_STR(struct delete_in, csrf, .need = REQUIRED, .set = TOKEN, .max = 64),
};

struct deleted_in {
    str of;
};

static const struct param deleted_params[] = {
    P_STR(struct deleted_in, of, .need = REQUIRED, .set = BASE64URL, .max = 2048),
};

/* What people are told of the log; the rest is for operators, and in the export. */
static const struct {
    str action;
    enum text_key text;
} shown[] = {
    { STR("session.began"), TEXT_EVENT_SIGNED_IN },
    { STR("session.renewed"), TEXT_EVENT_SIGNED_IN_AGAIN },
    { STR("session.ended"), TEXT_EVENT_SIGNED_OUT },
    { STR("login.second_failed"), TEXT_EVENT_SECOND_FAILED },
    { STR("password.changed"), TEXT_NOTICE_PASSWORD },
    { STR("password.reset"), TEXT_NOTICE_PASSWORD },
    { STR("password.reset_asked"), TEXT_EVENT_RESET_ASKED },
    { STR("password.wrong"), TEXT_EVENT_PASSWORD_WRONG },
    { STR("totp.added"), TEXT_NOTICE_TOTP },
    { STR("totp.removed"), TEXT_NOTICE_TOTP_GONE },
    { STR("recovery_codes.renewed"), TEXT_NOTICE_RECOVERY_RENEWED },
    { STR("recovery_code.used"), TEXT_EVENT_RECOVERY },
    { STR("passkey.added"), TEXT_NOTICE_PASSKEY },
    { STR("passkey.removed"), TEXT_NOTICE_PASSKEY_GONE },
    { STR("passkey.counter_stuck"), TEXT_NOTICE_PASSKEY_COPIED },
    { STR("identity.linked"), TEXT_NOTICE_LINKED },
    { STR("identity.unlinked"), TEXT_EVENT_UNLINKED },
    { STR("consent.given"), TEXT_EVENT_ALLOWED },
    { STR("consent.withdrawn"), TEXT_EVENT_WITHDRAWN },
};

static str event_text(const struct task *t, str action)
{
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
        if (str_eq(shown[i].action, action))
            return text_in(t->language, shown[i].text);
    return STR_NONE;
}

static err account_data(struct task *t, const struct request *rq, struct response *rs)
{
    const struct self_events_row *rows;
    struct owner o;
    size_t n, kept = 0;
    TRY(owner_load(t, rq, rs, OWNER_ANY, PAGE, &o));
    if (!o.session)
        return OK;
    TRY(self_events(t, o.user, EVENTS_SHOWN, &rows, &n));
    struct account_event *items = arena_array(t->arena, struct account_event, n + 1);
    for (size_t i = 0; i < n; i++) {
        str what = event_text(t, rows[i].action);
        if (str_given(what))
            items[kept++] = (struct account_event){ instant_text(t->arena, rows[i].at), what };
    }
    page_account_data(reply_html(rs, 200), t->language, t->frame,
                      &(struct page_account_data){ .events = { items, kept },
                                                   .export_url = STR("/account/export"),
                                                   .delete_url = STR(DELETE_PAGE),
                                                   .back_url = STR("/account") });
    return OK;
}

static err account_export(struct task *t, const struct request *rq, struct response *rs)
{
    struct owner o;
    TRY(owner_load(t, rq, rs, OWNER_FRESH, PAGE, &o));
    if (!o.session)
        return OK;
    reply_header(rs, "Content-Disposition", STR("attachment; filename=\"account.json\""));
    return self_export(t, o.user, reply_json(rs, 200));
}

static err account_delete(struct task *t, const struct request *rq, struct response *rs)
{
    struct owner o;
    TRY(owner_load(t, rq, rs, OWNER_FRESH, DELETE_PAGE, &o));
    if (!o.session)
        return OK;
    page_account_delete(reply_html(rs, 200), t->language, t->frame,
                        &(struct page_account_delete){ .action = STR(DELETE_PAGE),
                                                       .csrf = o.csrf,
                                                       .name = o.session->row->user_name,
                                                       .export_url = STR("/account/export"),
                                                       .back_url = STR("/account") });
    return OK;
}

/* Nobody is signed in any more, and the page is for nobody else: its address says, sealed, whose account it was. */
static str goodbye_seal(struct task *t, str name)
{
    str plain = arena_printf(t->arena, "%lld %.*s", (long long)instant_add(t->now, GOODBYE_LIFE).us, STR_ARG(name));
    return base64url_encode(t->arena, seal(t->arena, &app_of(t)->sealing_key, bytes_of(plain), GOODBYE_CONTEXT));
}

static bool goodbye_unseal(struct task *t, str sealed, str *name)
{
    bytes raw, plain;
    str until;
    int64_t until_us;
    if (!base64url_decode(t->arena, sealed, &raw) ||
        !unseal(t->arena, &app_of(t)->sealing_key, raw, GOODBYE_CONTEXT, &plain))
        return false;
    *name = (str){ (const char *)plain.p, plain.n };
    return str_cut(name, ' ', &until) && num_parse(until, &until_us) && until_us > t->now.us;
}

static err account_deleted(struct task *t, const struct request *rq, struct response *rs)
{
    const struct deleted_in *in = rq->in;
    str name;
    if (goodbye_unseal(t, in->of, &name))
        page_account_deleted(reply_html(rs, 200), t->language, t->frame,
                             &(struct page_account_deleted){ .name = name });
    else
        reply_see_other(rs, STR("/account"));
    return OK;
}

static err account_delete_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct delete_in *in = rq->in;
    struct owner o;
    TRY(owner_form(t, rq, rs, OWNER_FRESH, DELETE_PAGE, in->csrf, &o));
    if (!o.session)
        return OK;
    TRY(self_delete(t, o.user));
    session_cookie_clear(t, rs);
    reply_see_other(
        rs, arena_printf(t->arena, DELETED_PAGE "?of=%.*s", STR_ARG(goodbye_seal(t, o.session->row->user_name))));
    return OK;
}

const struct route account_data_route =
    PAGE_ROUTE(PAGE, .handle = account_data, .summary = "Page of what happened at one's own account");

const struct route account_export_route = PAGE_ROUTE("/account/export", .answer = "any", .handle = account_export,
                                                     .summary = "Everything that is kept about oneself, as JSON");

const struct route account_delete_route =
    PAGE_ROUTE(DELETE_PAGE, .handle = account_delete, .summary = "Page to delete one's own account");

const struct route account_delete_post_route =
    FORM_ROUTE(DELETE_PAGE, INPUT(struct delete_in, delete_params), .handle = account_delete_post,
               .summary = "Delete one's own account");

const struct route account_deleted_route =
    PAGE_ROUTE(DELETED_PAGE, INPUT(struct deleted_in, deleted_params), .handle = account_deleted,
               .summary = "Page that says that the account is deleted");
