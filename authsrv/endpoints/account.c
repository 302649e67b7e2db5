/* GET /account: what we keep about a person, and how that person logs in. */
#include "authsrv/faults.h"
#include "authsrv/guards.h"
#include "authsrv/owner.h"
#include "authsrv/routes.h"
#include "authsrv/store/credential.sql.h"
#include "web/authsrv/pages.h"
#include "web/text.h"

struct account_in {
    str done;
};

static const struct param account_params[] = {
    P_STR(struct account_in, done, .need = OPTIONAL, .set = ID, .max = 32),
};

/* What the browser comes back from; words of ours only. */
static str done_text(const struct task *t, str done)
{
    static const struct {
        str word;
        enum text_key text;
    } all[] = {
        { STR("password"), TEXT_ACCOUNT_PASSWORD_DONE },
        { STR("passkey"), TEXT_ACCOUNT_PASSKEY_DONE },
        { STR("passkey_removed"), TEXT_ACCOUNT_PASSKEY_REMOVED },
        { STR("totp_removed"), TEXT_ACCOUNT_TOTP_REMOVED },
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (str_eq(all[i].word, done))
            return text_in(t->language, all[i].text);
    return STR_NONE;
}

static err account(struct task *t, const struct request *rq, struct response *rs)
{
    const struct account_in *in = rq->in;
    const struct ways_find_row *ways;
    struct owner o;
    TRY(owner_load(t, rq, rs, OWNER_ANY, "/account", &o));
    if (!o.session)
        return OK;
    TRY(ways_find(t, o.user, &ways));
    if (!ways)
        return FAIL(t, ACCOUNT_DISABLED, "disabled meanwhile");
    page_account(reply_html(rs, 200), t->language, t->frame,
                 &(struct page_account){ .done = done_text(t, in->done),
                                         .name = o.session->row->user_name,
                                         .email = ways->email,
                                         .has_password = ways->has_password,
                                         .password_url = STR("/account/password"),
                                         .has_totp = ways->has_totp,
                                         .totp_url = STR("/account/totp"),
                                         .recovery_codes = ways->recovery_codes,
                                         .recovery_url = STR("/account/recovery-codes"),
                                         .passkeys = ways->passkeys,
                                         .passkeys_url = STR("/account/passkeys"),
                                         .partners = ways->partners,
                                         .partners_url = STR("/account/partners"),
                                         .access_url = STR("/account/access"),
                                         .data_url = STR("/account/data"),
                                         .logout_url = STR("/logout") });
    return OK;
}

const struct route account_route = PAGE_ROUTE("/account", INPUT(struct account_in, account_params), .handle = account,
                                              .summary = "Page of a person's own account");
