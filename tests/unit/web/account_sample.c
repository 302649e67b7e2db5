/* The pages of accounts: getting back in, and the account's own. See sample.h. */
#include "tests/unit/web/sample.h"

#include "web/authsrv/pages.h"

#define TEXT(life) sample_text(f, life)
#define URL(life) sample_url(f, life)
#define BOOL(life) sample_bool(f, life)
#define N(array) sample_n(f, sizeof(array) / sizeof(array)[0])

static void recover(struct buf *out, enum filling f)
{
    const struct page_recover p = { URL("/recover"), TEXT("csrf-token"), TEXT("f1"), TEXT("ada@example.org"),
                                    STR_NONE };
    page_recover(out, &p);
}

static void recover_slow(struct buf *out, enum filling f)
{
    const struct page_recover p = { .action = URL("/recover"),
                                    .csrf = TEXT("csrf-token"),
                                    .problem = TEXT("Too many requests from your network.") };
    page_recover(out, &p);
}

static void recover_code(struct buf *out, enum filling f)
{
    const struct page_recover_code p = { URL("/recover/code"), TEXT("csrf-token"),      TEXT("f1"),
                                         TEXT("mc_1"),         URL("/recover?flow=f1"), STR_NONE };
    page_recover_code(out, &p);
}

static void recover_code_wrong(struct buf *out, enum filling f)
{
    const struct page_recover_code p = { .action = URL("/recover/code"),
                                         .csrf = TEXT("csrf-token"),
                                         .ticket = TEXT("mc_1"),
                                         .again_url = URL("/recover"),
                                         .problem = TEXT("The code is wrong, used, or too old.") };
    page_recover_code(out, &p);
}

static void recover_done(struct buf *out, enum filling f)
{
    const struct page_recover_done p = { URL("/login?flow=f1") };
    page_recover_done(out, &p);
}

static void reset_text(struct buf *out, enum filling f)
{
    const struct mail_reset p = { TEXT("01234567"), TEXT("23 Nov 2026, 20:50 UTC"), TEXT("https://as.example") };
    buf_add(out, STR("Subject: "));
    mail_reset_subject(out, &p);
    buf_add(out, STR("\n\n"));
    mail_reset_text(out, &p);
}

static void security_text(struct buf *out, enum filling f)
{
    const struct mail_security p = { TEXT("Your password was changed."), TEXT("23 Nov 2026, 20:50 UTC"),
                                     URL("https://as.example/account") };
    buf_add(out, STR("Subject: "));
    mail_security_subject(out, &p);
    buf_add(out, STR("\n\n"));
    mail_security_text(out, &p);
}

static void account(struct buf *out, enum filling f)
{
    const struct page_account p = { .done = TEXT("Your password is changed."),
                                    .name = TEXT("Ada Lovelace"),
                                    .email = TEXT("ada@example.org"),
                                    .has_password = BOOL(true),
                                    .password_url = URL("/account/password") };
    page_account(out, &p);
}

static void account_password(struct buf *out, enum filling f)
{
    const struct page_account_password p = { URL("/account/password"), TEXT("csrf-token"), TEXT("ada@example.org"),
                                             URL("/account"), STR_NONE };
    page_account_password(out, &p);
}

static void account_password_wrong(struct buf *out, enum filling f)
{
    const struct page_account_password p = { URL("/account/password"), TEXT("csrf-token"), TEXT("ada@example.org"),
                                             URL("/account"), TEXT("The current password is not right.") };
    page_account_password(out, &p);
}

const struct sample samples[] = {
    { "account-recover", recover, false },           { "account-recover-slow", recover_slow, false },
    { "account-recover-code", recover_code, false }, { "account-recover-code-wrong", recover_code_wrong, false },
    { "account-recover-done", recover_done, false }, { "account-reset", reset_text, true },
    { "account-security", security_text, true },     { "account-overview", account, false },
    { "account-password", account_password, false }, { "account-password-wrong", account_password_wrong, false },
};
const size_t samples_n = sizeof samples / sizeof samples[0];
