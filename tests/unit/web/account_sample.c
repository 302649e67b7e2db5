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
    page_recover(out, sample_language, NULL, &p);
}

static void recover_slow(struct buf *out, enum filling f)
{
    const struct page_recover p = { .action = URL("/recover"),
                                    .csrf = TEXT("csrf-token"),
                                    .problem = TEXT("Too many requests from your network.") };
    page_recover(out, sample_language, NULL, &p);
}

static void recover_code(struct buf *out, enum filling f)
{
    const struct page_recover_code p = { URL("/recover/code"), TEXT("csrf-token"),      TEXT("f1"),
                                         TEXT("mc_1"),         URL("/recover?flow=f1"), STR_NONE };
    page_recover_code(out, sample_language, NULL, &p);
}

static void recover_code_wrong(struct buf *out, enum filling f)
{
    const struct page_recover_code p = { .action = URL("/recover/code"),
                                         .csrf = TEXT("csrf-token"),
                                         .ticket = TEXT("mc_1"),
                                         .again_url = URL("/recover"),
                                         .problem = TEXT("The code is wrong, used, or too old."),
                                         .is_code_wrong = true };
    page_recover_code(out, sample_language, NULL, &p);
}

static void recover_done(struct buf *out, enum filling f)
{
    const struct page_recover_done p = { URL("/login?flow=f1") };
    page_recover_done(out, sample_language, NULL, &p);
}

static void reset_text(struct buf *out, enum filling f)
{
    const struct mail_reset p = { TEXT("01234567"), TEXT("23 Nov 2026, 20:50 UTC"), TEXT("https://as.example") };
    buf_add(out, STR("Subject: "));
    mail_reset_subject(out, sample_language, &p);
    buf_add(out, STR("\n\n"));
    mail_reset_text(out, sample_language, &p);
}

static void security_text(struct buf *out, enum filling f)
{
    const struct mail_security p = { TEXT("Your password was changed."), TEXT("23 Nov 2026, 20:50 UTC"),
                                     URL("https://as.example/account") };
    buf_add(out, STR("Subject: "));
    mail_security_subject(out, sample_language, &p);
    buf_add(out, STR("\n\n"));
    mail_security_text(out, sample_language, &p);
}

static void challenge_text_of(struct buf *out, enum filling f, const char *code, bool is_new)
{
    const struct mail_challenge p = { .client_name = TEXT("Inkwell"),
                                      .site = TEXT("https://inkwell.example"),
                                      .host = TEXT("https://as.example"),
                                      .is_new = BOOL(is_new),
                                      .code = code ? TEXT(code) : STR_NONE,
                                      .until = TEXT("23 Nov 2026, 20:50 UTC"),
                                      .disown_url = URL("https://as.example/not-me?challenge=ch_1&key=k") };
    buf_add(out, STR("Subject: "));
    mail_challenge_subject(out, sample_language, &p);
    buf_add(out, STR("\n\n"));
    mail_challenge_text(out, sample_language, &p);
}

static void challenge_new_text(struct buf *out, enum filling f)
{
    challenge_text_of(out, f, "01234567", true);
}

static void challenge_known_text(struct buf *out, enum filling f)
{
    challenge_text_of(out, f, "01234567", false);
}

static void challenge_nobody_text(struct buf *out, enum filling f)
{
    challenge_text_of(out, f, NULL, false);
}

static void sign_up_text_of(struct buf *out, enum filling f, const char *code)
{
    const struct mail_sign_up p = { TEXT("https://as.example"), code ? TEXT(code) : STR_NONE,
                                    TEXT("23 Nov 2026, 20:50 UTC"), URL("https://as.example/recover") };
    buf_add(out, STR("Subject: "));
    mail_sign_up_subject(out, sample_language, &p);
    buf_add(out, STR("\n\n"));
    mail_sign_up_text(out, sample_language, &p);
}

static void sign_up_text(struct buf *out, enum filling f)
{
    sign_up_text_of(out, f, "01234567");
}

static void sign_up_known_text(struct buf *out, enum filling f)
{
    sign_up_text_of(out, f, NULL);
}

static void sign_up(struct buf *out, enum filling f)
{
    const struct page_sign_up p = { .client_name = TEXT("Inkwell"),
                                    .action = URL("/sign-up"),
                                    .csrf = TEXT("csrf-token"),
                                    .flow = TEXT("f1"),
                                    .email = TEXT("ada@example.org"),
                                    .name = TEXT("Ada Lovelace"),
                                    .login_url = URL("/login?flow=f1") };
    page_sign_up(out, sample_language, NULL, &p);
}

static void sign_up_wrong(struct buf *out, enum filling f)
{
    const struct page_sign_up p = { .action = URL("/sign-up"),
                                    .csrf = TEXT("csrf-token"),
                                    .flow = TEXT("f1"),
                                    .problem = TEXT("This is not an e-mail address."),
                                    .login_url = URL("/login?flow=f1"),
                                    .is_email_wrong = true };
    page_sign_up(out, sample_language, NULL, &p);
}

static void sign_up_code(struct buf *out, enum filling f)
{
    const struct page_sign_up_code p = { .action = URL("/sign-up/code"),
                                         .csrf = TEXT("csrf-token"),
                                         .flow = TEXT("f1"),
                                         .ticket = TEXT("su_1"),
                                         .again_url = URL("/sign-up?flow=f1"),
                                         .problem = TEXT("This password is too short."),
                                         .code = TEXT("1234 5678"),
                                         .is_password_wrong = true };
    page_sign_up_code(out, sample_language, NULL, &p);
}

static void not_me(struct buf *out, enum filling f)
{
    const struct page_not_me p = { .client_name = TEXT("Inkwell"),
                                   .action = URL("/not-me"),
                                   .challenge = TEXT("ch_1"),
                                   .key = TEXT("k"),
                                   .is_open = BOOL(true) };
    page_not_me(out, sample_language, NULL, &p);
}

static void not_me_done(struct buf *out, enum filling f)
{
    const struct page_not_me p = { .client_name = TEXT("Inkwell"), .is_done = BOOL(true) };
    page_not_me(out, sample_language, NULL, &p);
}

static void not_me_over(struct buf *out, enum filling f)
{
    const struct page_not_me p = { .client_name = TEXT("Inkwell") };
    page_not_me(out, sample_language, NULL, &p);
}

static void account(struct buf *out, enum filling f)
{
    const struct page_account p = { .done = TEXT("Your password is changed."),
                                    .name = TEXT("Ada Lovelace"),
                                    .email = TEXT("ada@example.org"),
                                    .has_password = BOOL(true),
                                    .password_url = URL("/account/password"),
                                    .has_totp = BOOL(true),
                                    .totp_url = URL("/account/totp"),
                                    .recovery_codes = 9,
                                    .recovery_url = URL("/account/recovery-codes"),
                                    .passkeys = 2,
                                    .passkeys_url = URL("/account/passkeys"),
                                    .partners = 1,
                                    .partners_url = URL("/account/partners"),
                                    .access_url = URL("/account/access"),
                                    .data_url = URL("/account/data"),
                                    .logout_url = URL("/logout") };
    page_account(out, sample_language, NULL, &p);
}

static void account_password(struct buf *out, enum filling f)
{
    const struct page_account_password p = { URL("/account/password"), TEXT("csrf-token"), TEXT("ada@example.org"),
                                             URL("/account"), STR_NONE };
    page_account_password(out, sample_language, NULL, &p);
}

static void account_password_wrong(struct buf *out, enum filling f)
{
    const struct page_account_password p = { URL("/account/password"),
                                             TEXT("csrf-token"),
                                             TEXT("ada@example.org"),
                                             URL("/account"),
                                             TEXT("The current password is not right."),
                                             true };
    page_account_password(out, sample_language, NULL, &p);
}

static void account_totp(struct buf *out, enum filling f)
{
    const struct page_account_totp p = { .action = URL("/account/totp"),
                                         .csrf = TEXT("csrf-token"),
                                         .qr_url = URL("/account/totp/qr"),
                                         .shown = TEXT("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"),
                                         .back_url = URL("/account"),
                                         .problem = TEXT("The code is not right, too old, or was used already.") };
    page_account_totp(out, sample_language, NULL, &p);
}

static void account_totp_on(struct buf *out, enum filling f)
{
    const struct page_account_totp p = { .is_confirmed = BOOL(true),
                                         .remove_action = URL("/account/totp/remove"),
                                         .renew_action = URL("/account/recovery-codes"),
                                         .csrf = TEXT("csrf-token"),
                                         .back_url = URL("/account") };
    page_account_totp(out, sample_language, NULL, &p);
}

static void account_codes(struct buf *out, enum filling f)
{
    const str codes[] = { TEXT("bcdfg-23456"), TEXT("hjkmn-78922"), TEXT("pqrst-34567") };
    const struct page_account_codes p = {
        { codes, N(codes) }, URL("/account/recovery-codes/kept"), TEXT("csrf-token"), TEXT("f1")
    };
    page_account_codes(out, sample_language, NULL, &p);
}

static void login_second(struct buf *out, enum filling f)
{
    const struct page_login_second p = { TEXT("Inkwell"), URL("/login/second"),          TEXT("csrf-token"),
                                         TEXT("f1"),      URL("/login?flow=f1&first=1"), STR_NONE };
    page_login_second(out, sample_language, NULL, &p);
}

static void login_second_wrong(struct buf *out, enum filling f)
{
    const struct page_login_second p = {
        TEXT("Inkwell"), URL("/login/second"),          TEXT("csrf-token"),
        TEXT("f1"),      URL("/login?flow=f1&first=1"), TEXT("The code is not right.")
    };
    page_login_second(out, sample_language, NULL, &p);
}

static void login_enrol(struct buf *out, enum filling f)
{
    const struct page_login_enrol p = { .client_name = TEXT("Inkwell"),
                                        .action = URL("/login/enrol"),
                                        .csrf = TEXT("csrf-token"),
                                        .flow = TEXT("f1"),
                                        .qr_url = URL("/login/enrol/qr?flow=f1"),
                                        .shown = TEXT("GEZD GNBV GY3T QOJQ"),
                                        .problem = TEXT("The code is not right.") };
    page_login_enrol(out, sample_language, NULL, &p);
}

static void account_passkeys(struct buf *out, enum filling f)
{
    const struct account_passkey held[] = {
        { TEXT("aWQx"), TEXT("My laptop"), false, TEXT("23 Nov 2026, 20:50 UTC"), TEXT("24 Nov 2026, 08:00 UTC") },
        { TEXT("aWQy"), TEXT("Phone"), BOOL(true), TEXT("23 Nov 2026, 20:55 UTC"), STR_NONE },
    };
    const struct page_account_passkeys p = { .action = URL("/account/passkeys"),
                                             .remove_action = URL("/account/passkeys/remove"),
                                             .csrf = TEXT("csrf-token"),
                                             .site = TEXT("as.example"),
                                             .challenge = TEXT("Y2hhbGxlbmdl"),
                                             .user = TEXT("dXNyXzE"),
                                             .user_name = TEXT("ada@example.org"),
                                             .display_name = TEXT("Ada Lovelace"),
                                             .known = TEXT("aWQx aWQy"),
                                             .passkeys = { held, N(held) },
                                             .back_url = URL("/account"),
                                             .problem = TEXT("This passkey could not be accepted. Try again.") };
    page_account_passkeys(out, sample_language, NULL, &p);
}

static void account_access(struct buf *out, enum filling f)
{
    const struct account_session sessions[] = {
        { TEXT("sid_1"), TEXT("With a passkey"), TEXT("23 Nov 2026, 20:50 UTC"), TEXT("24 Nov 2026, 08:00 UTC"),
          BOOL(true) },
        { TEXT("sid_2"), TEXT("With a partner"), TEXT("20 Nov 2026, 20:50 UTC"), TEXT("21 Nov 2026, 08:00 UTC"),
          false },
    };
    const struct account_app apps[] = { { TEXT("inkwell"), TEXT("Inkwell"), TEXT("23 Nov 2026, 20:50 UTC") } };
    const struct page_account_access p = { .session_action = URL("/account/sessions/end"),
                                           .app_action = URL("/account/apps/end"),
                                           .csrf = TEXT("csrf-token"),
                                           .sessions = { sessions, N(sessions) },
                                           .apps = { apps, N(apps) },
                                           .back_url = URL("/account") };
    page_account_access(out, sample_language, NULL, &p);
}

static void account_data(struct buf *out, enum filling f)
{
    const struct account_event events[] = { { TEXT("23 Nov 2026, 20:50 UTC"), TEXT("Signed in") } };
    const struct page_account_data p = {
        { events, N(events) }, URL("/account/export"), URL("/account/delete"), URL("/account")
    };
    page_account_data(out, sample_language, NULL, &p);
}

static void account_delete(struct buf *out, enum filling f)
{
    const struct page_account_delete p = { URL("/account/delete"), TEXT("csrf-token"), TEXT("Ada Lovelace"),
                                           URL("/account/export"), URL("/account") };
    page_account_delete(out, sample_language, NULL, &p);
}

static void account_deleted(struct buf *out, enum filling f)
{
    const struct page_account_deleted p = { TEXT("Ada Lovelace") };
    page_account_deleted(out, sample_language, NULL, &p);
}

static void partners_with(struct buf *out, enum filling f, const char *problem)
{
    const struct account_partner partners[] = {
        { TEXT("idn_1"), TEXT("Inkwell"), TEXT("ada@inkwell.example"), TEXT("23 Nov 2026, 20:50 UTC"),
          TEXT("24 Nov 2026, 08:00 UTC"), true },
        { TEXT("idn_2"), TEXT("Palimpsest"), STR_NONE, TEXT("23 Nov 2026, 20:50 UTC"), TEXT("24 Nov 2026, 08:00 UTC") },
    };
    const struct account_choice choices[] = { { TEXT("marginalia"), TEXT("Marginalia & Söhne") } };
    const struct page_account_partners p = { .link_action = URL("/account/partners/link"),
                                             .unlink_action = URL("/account/partners/unlink"),
                                             .csrf = TEXT("csrf-token"),
                                             .partners = { partners, N(partners) },
                                             .choices = { choices, N(choices) },
                                             .back_url = URL("/account"),
                                             .problem = problem ? TEXT(problem) : STR_NONE };
    page_account_partners(out, sample_language, NULL, &p);
}

static void account_partners(struct buf *out, enum filling f)
{
    partners_with(out, f, NULL);
}

static void account_partners_last(struct buf *out, enum filling f)
{
    partners_with(out, f, "This is your last way in. Add another one first.");
}

static void link_offer(struct buf *out, enum filling f)
{
    const struct page_link_offer p = { TEXT("Inkwell"), TEXT("ada@inkwell.example"), TEXT("Marginalia"),
                                       URL("/link"),    TEXT("csrf-token"),          TEXT("f1") };
    page_link_offer(out, sample_language, NULL, &p);
}

static void link_confirm(struct buf *out, enum filling f)
{
    const struct page_link_confirm p = { TEXT("Inkwell"),
                                         TEXT("ada@inkwell.example"),
                                         TEXT("Ada Lovelace"),
                                         TEXT("ada@example.org"),
                                         URL("/link"),
                                         TEXT("csrf-token"),
                                         TEXT("f1") };
    page_link_confirm(out, sample_language, NULL, &p);
}

static void link_refused(struct buf *out, enum filling f)
{
    const struct page_link_refused p = { TEXT("Inkwell"),
                                         TEXT("This account cannot be linked to yours. Nothing was changed."),
                                         URL("/link"), TEXT("csrf-token"), TEXT("f1") };
    page_link_refused(out, sample_language, NULL, &p);
}

static void link_undo(struct buf *out, enum filling f)
{
    const struct page_link_undo p = { .partner_name = TEXT("Inkwell"),
                                      .action = URL("/link/undo"),
                                      .token = TEXT("token"),
                                      .account_url = URL("/account") };
    page_link_undo(out, sample_language, NULL, &p);
}

static void link_undone(struct buf *out, enum filling f)
{
    const struct page_link_undo p = { .action = URL("/link/undo"), .account_url = URL("/account") };
    page_link_undo(out, sample_language, NULL, &p);
}

static void link_undo_over(struct buf *out, enum filling f)
{
    const struct page_link_undo p = { .problem = TEXT("There is nothing to undo."), .account_url = URL("/account") };
    page_link_undo(out, sample_language, NULL, &p);
}

static void linked_text(struct buf *out, enum filling f)
{
    const struct mail_linked p = { TEXT("Inkwell"), TEXT("ada@inkwell.example"), TEXT("23 Nov 2026, 20:50 UTC"),
                                   URL("https://as.example/link/undo?token=t"), TEXT("24 Nov 2026, 20:50 UTC") };
    buf_add(out, STR("Subject: "));
    mail_linked_subject(out, sample_language, &p);
    buf_add(out, STR("\n\n"));
    mail_linked_text(out, sample_language, &p);
}

const struct sample samples[] = {
    { "account-partners", account_partners, false },
    { "account-partners-last", account_partners_last, false },
    { "link-offer", link_offer, false },
    { "link-confirm", link_confirm, false },
    { "link-refused", link_refused, false },
    { "link-undo", link_undo, false },
    { "link-undone", link_undone, false },
    { "link-undo-over", link_undo_over, false },
    { "link-mail", linked_text, true },
    { "account-access", account_access, false },
    { "account-data", account_data, false },
    { "account-delete", account_delete, false },
    { "account-deleted", account_deleted, false },
    { "account-passkeys", account_passkeys, false },
    { "account-totp", account_totp, false },
    { "account-totp-on", account_totp_on, false },
    { "account-codes", account_codes, false },
    { "account-login-second", login_second, false },
    { "account-login-second-wrong", login_second_wrong, false },
    { "account-login-enrol", login_enrol, false },
    { "account-recover", recover, false },
    { "account-recover-slow", recover_slow, false },
    { "account-recover-code", recover_code, false },
    { "account-recover-code-wrong", recover_code_wrong, false },
    { "account-recover-done", recover_done, false },
    { "account-reset", reset_text, true },
    { "account-challenge-new", challenge_new_text, true },
    { "account-challenge-known", challenge_known_text, true },
    { "account-challenge-nobody", challenge_nobody_text, true },
    { "account-sign-up-mail", sign_up_text, true },
    { "account-sign-up-known-mail", sign_up_known_text, true },
    { "account-sign-up", sign_up, false },
    { "account-sign-up-wrong", sign_up_wrong, false },
    { "account-sign-up-code", sign_up_code, false },
    { "account-not-me", not_me, false },
    { "account-not-me-done", not_me_done, false },
    { "account-not-me-over", not_me_over, false },
    { "account-security", security_text, true },
    { "account-overview", account, false },
    { "account-password", account_password, false },
    { "account-password-wrong", account_password_wrong, false },
};
const size_t samples_n = sizeof samples / sizeof samples[0];
