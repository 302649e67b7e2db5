/* The pages of authsrv. See sample.h. */
#include "tests/unit/web/sample.h"

#include "web/authsrv/pages.h"

#define TEXT(life) sample_text(f, life)
#define URL(life) sample_url(f, life)
#define BOOL(life) sample_bool(f, life)
#define N(array) sample_n(f, sizeof(array) / sizeof(array)[0])

static void login_with(struct buf *out, enum filling f, const char *problem)
{
    const struct login_partner partners[] = {
        { TEXT("Inkwell"), URL("/login/partner/inkwell?flow=f1"), TEXT("You signed in this way last time.") },
        { TEXT("Marginalia & Söhne"), URL("/login/partner/marginalia?flow=f1"), STR_NONE },
    };
    const struct login_partner more[] = {
        { TEXT("Palimpsest"), URL("/login/partner/palimpsest?flow=f1"), TEXT("Cannot be reached right now.") },
    };
    const struct page_login p = {
        .client_name = TEXT("Inkwell"),
        .action = URL("/login"),
        .csrf = TEXT("csrf-token"),
        .flow = TEXT("f1"),
        .email = TEXT("ada@example.org"),
        .problem = problem ? TEXT(problem) : STR_NONE,
        .recover_url = URL("/recover?flow=f1"),
        .sign_up_url = URL("/sign-up?flow=f1"),
        .passkey_action = URL("/login/passkey"),
        .passkey_site = TEXT("as.example"),
        .challenge = TEXT("Y2hhbGxlbmdl"),
        .partners = { partners, N(partners) },
        .more_partners = { more, N(more) },
        .has_homes = BOOL(true),
        .logo_url = URL("https://inkwell.example/logo.png"),
        .policy_url = URL("https://inkwell.example/privacy"),
        .tos_url = URL("https://inkwell.example/terms"),
    };
    page_login(out, sample_language, NULL, &p);
}

static void login(struct buf *out, enum filling f)
{
    login_with(out, f, NULL);
}

static void login_failed(struct buf *out, enum filling f)
{
    login_with(out, f, "E-mail or password is not right.");
}

static void login_local(struct buf *out, enum filling f)
{
    const struct page_login p = { .client_name = TEXT("Operator's pages"),
                                  .action = URL("/login"),
                                  .csrf = TEXT("c"),
                                  .flow = TEXT("f1"),
                                  .recover_url = URL("/recover?flow=f1") };
    page_login(out, sample_language, NULL, &p);
}

static void consent(struct buf *out, enum filling f)
{
    const struct consent_scope identity[] = {
        { TEXT("See your name"), false },
        { TEXT("See your e-mail address"), false },
        { TEXT("Stay connected while you are away"), BOOL(true) },
    };
    const struct consent_scope money[] = {
        { TEXT("Open stores and manage them for you"), false },
        { TEXT("Request payouts; each one needs a code from your mail"), false },
    };
    const struct consent_scope other[] = { { TEXT("archive.read"), false } };
    const struct page_consent p = {
        .client_name = TEXT("Inkwell"),
        .is_verified = BOOL(true),
        .action = URL("/consent"),
        .csrf = TEXT("csrf-token"),
        .flow = TEXT("f1"),
        .identity = { identity, N(identity) },
        .money = { money, N(money) },
        .other = { other, N(other) },
        .redirect_host = TEXT("inkwell.example"),
        .user_name = TEXT("Ada Lovelace"),
        .user_email = TEXT("ada@example.org"),
        .switch_url = URL("/login?flow=f1&again=1"),
        .logo_url = URL("https://inkwell.example/logo.png"),
        .policy_url = URL("https://inkwell.example/privacy"),
        .tos_url = URL("https://inkwell.example/terms"),
    };
    page_consent(out, sample_language, NULL, &p);
}

/* Dressed by a partner: what the owner needs to know is there as before. */
static void consent_branded(struct buf *out, enum filling f)
{
    const struct consent_scope identity[] = { { TEXT("See your name"), false } };
    const struct frame frame = { .name = TEXT("Inkwell"),
                                 .sheet = URL("/branding/inkwell.0123456789abcdef.css"),
                                 .logo = URL("/branding/inkwell.fedcba9876543210.png"),
                                 .logo_dark = URL("/branding/inkwell.00112233445566ff.png"),
                                 .host = TEXT("as.example"),
                                 .language_url = URL("/language?flow=f1&then=/consent") };
    const struct page_consent p = {
        .client_name = TEXT("Inkwell"),
        .action = URL("/consent"),
        .csrf = TEXT("csrf-token"),
        .flow = TEXT("f1"),
        .identity = { identity, N(identity) },
        .redirect_host = TEXT("inkwell.example"),
        .user_name = TEXT("Ada Lovelace"),
    };
    page_consent(out, sample_language, &frame, &p);
}

static void consent_loopback(struct buf *out, enum filling f)
{
    const struct consent_scope identity[] = { { TEXT("See your name"), false } };
    const struct page_consent p = {
        .client_name = TEXT("A tool with a name that is much longer than anybody would expect of a tool"),
        .action = URL("/consent"),
        .csrf = TEXT("csrf-token"),
        .flow = TEXT("f1"),
        .identity = { identity, N(identity) },
        .redirect_host = TEXT("127.0.0.1:51820"),
        .is_loopback = BOOL(true),
        .user_name = TEXT("Ada Lovelace"),
    };
    page_consent(out, sample_language, NULL, &p);
}

static void consent_device(struct buf *out, enum filling f)
{
    const struct consent_scope identity[] = { { TEXT("See your name"), false } };
    const struct page_consent p = {
        .client_name = TEXT("Inkwell TV"),
        .is_verified = BOOL(true),
        .action = URL("/consent"),
        .csrf = TEXT("csrf-token"),
        .flow = TEXT("f1"),
        .identity = { identity, N(identity) },
        .user_code = TEXT("BCDF-GHJK"),
        .asked_from = TEXT("203.0.113.7"),
        .asked_at = TEXT("23 Nov 2026, 20:50 UTC"),
        .user_name = TEXT("Ada Lovelace"),
    };
    page_consent(out, sample_language, NULL, &p);
}

static void consent_ciba(struct buf *out, enum filling f)
{
    const struct consent_scope money[] = { { TEXT("Open stores in your name"), false } };
    const struct page_consent p = {
        .client_name = TEXT("Inkwell Till"),
        .is_verified = BOOL(true),
        .action = URL("/consent"),
        .csrf = TEXT("csrf-token"),
        .flow = TEXT("f1"),
        .money = { money, N(money) },
        .binding_message = TEXT("Table 7, 4711"),
        .asked_from = TEXT("203.0.113.7"),
        .asked_at = TEXT("23 Nov 2026, 20:50 UTC"),
        .user_name = TEXT("Ada Lovelace"),
    };
    page_consent(out, sample_language, NULL, &p);
}

static void language(struct buf *out, enum filling f)
{
    const struct language_choice choices[] = {
        { TEXT("en"), TEXT("English"), BOOL(true) },
        { TEXT("ar"), TEXT("\xd8\xa7\xd9\x84\xd8\xb9\xd8\xb1\xd8\xa8\xd9\x8a\xd8\xa9"), false }
    };
    const struct page_language p = {
        URL("/language"), TEXT("csrf-token"), TEXT("f1"), TEXT("/login"), { choices, N(choices) }
    };
    page_language(out, sample_language, NULL, &p);
}

static void letter(struct buf *out, enum filling f)
{
    const str words[] = { TEXT("Dear reader,"), TEXT("type this code at Inkwell:") };
    const struct letter_block blocks[] = { { .words = { words, N(words) } },
                                           { .apart = TEXT("01234567") },
                                           { .apart = TEXT("https://as.example/not-me?challenge=ch_1&key=k"),
                                             .url = URL("https://as.example/not-me?challenge=ch_1&key=k") } };
    const struct page_letter p = { .subject = TEXT("Your code"),
                                   .name = TEXT("Wordsmiths"),
                                   .ground = TEXT("#fff4e0"),
                                   .card = TEXT("#ffffff"),
                                   .ink = TEXT("#1b1c22"),
                                   .link = TEXT("#7a1fa2"),
                                   .blocks = { blocks, N(blocks) } };
    page_letter(out, sample_language, NULL, &p);
}

static void approval_text(struct buf *out, enum filling f)
{
    const struct mail_approval p = { TEXT("Inkwell Till"), TEXT("Table 7, 4711"),
                                     URL("https://as.example/approve/dec_1"), TEXT("23 Nov 2026, 20:50 UTC") };
    buf_add(out, STR("Subject: "));
    mail_approval_subject(out, sample_language, &p);
    buf_add(out, STR("\n\n"));
    mail_approval_text(out, sample_language, &p);
}

static void device(struct buf *out, enum filling f)
{
    const struct page_device p = { URL("/device"), TEXT("csrf-token"), TEXT("BCDF-GHJK"), STR_NONE };
    page_device(out, sample_language, NULL, &p);
}

static void device_wrong(struct buf *out, enum filling f)
{
    const struct page_device p = { URL("/device"), TEXT("csrf-token"), TEXT("BCDF-GHJK"),
                                   TEXT("No device waits with this code. Look again, or start anew on the device.") };
    page_device(out, sample_language, NULL, &p);
}

static void decoupled_approved(struct buf *out, enum filling f)
{
    const struct page_decoupled_end p = { TEXT("Inkwell TV"), true, false };
    page_decoupled_end(out, sample_language, NULL, &p);
}

static void decoupled_denied(struct buf *out, enum filling f)
{
    const struct page_decoupled_end p = { TEXT("Inkwell TV"), false, true };
    page_decoupled_end(out, sample_language, NULL, &p);
}

static void decoupled_left(struct buf *out, enum filling f)
{
    const struct page_decoupled_end p = { TEXT("Inkwell TV"), false, false };
    page_decoupled_end(out, sample_language, NULL, &p);
}

static void onward(struct buf *out, enum filling f)
{
    const struct page_continue p = { URL("https://inkwell.example/connect/callback?code=c1&state=s1"),
                                     TEXT("inkwell.example") };
    page_continue(out, sample_language, NULL, &p);
}

static void form_post(struct buf *out, enum filling f)
{
    const struct form_post_field fields[] = { { TEXT("code"), TEXT("c1") }, { TEXT("state"), TEXT("s1 & \"s2\"") } };
    const struct page_form_post p = { URL("https://inkwell.example/cb"),
                                      TEXT("inkwell.example"),
                                      { fields, N(fields) } };
    page_form_post(out, sample_language, NULL, &p);
}

static void select_account(struct buf *out, enum filling f)
{
    const struct page_select_account p = {
        .client_name = TEXT("Inkwell"),
        .action = URL("/select-account"),
        .csrf = TEXT("csrf-token"),
        .flow = TEXT("f1"),
        .user_name = TEXT("Ada Lovelace"),
        .user_email = TEXT("ada@example.org"),
        .other_url = URL("/login?flow=f1"),
        .logo_url = URL("https://inkwell.example/logo.png"),
        .policy_url = URL("https://inkwell.example/privacy"),
        .tos_url = URL("https://inkwell.example/terms"),
    };
    page_select_account(out, sample_language, NULL, &p);
}

static void logout(struct buf *out, enum filling f)
{
    const struct page_logout p = { URL("/logout"), TEXT("csrf-token"), TEXT("l1"), TEXT("Inkwell"),
                                   TEXT("ada@example.org") };
    page_logout(out, sample_language, NULL, &p);
}

static void logout_partner(struct buf *out, enum filling f)
{
    const struct page_logout p = { .action = URL("/logout"),
                                   .csrf = TEXT("csrf-token"),
                                   .flow = TEXT("l1"),
                                   .user_email = TEXT("ada@example.org"),
                                   .partner_name = TEXT("Inkwell") };
    page_logout(out, sample_language, NULL, &p);
}

static void logout_partner_too(struct buf *out, enum filling f)
{
    const struct page_logout p = { .action = URL("/logout"),
                                   .csrf = TEXT("csrf-token"),
                                   .flow = TEXT("l1"),
                                   .user_email = TEXT("ada@example.org"),
                                   .partner_name = TEXT("Inkwell"),
                                   .partner_too = true };
    page_logout(out, sample_language, NULL, &p);
}

static void logged_out(struct buf *out, enum filling f)
{
    const struct page_logged_out p = { TEXT("Inkwell"), URL("https://inkwell.example/") };
    page_logged_out(out, sample_language, NULL, &p);
}

static void logged_out_partner(struct buf *out, enum filling f)
{
    const struct page_logged_out p = { .partner_name = TEXT("Inkwell"),
                                       .partner_url = URL("https://inkwell.example/logout?state=x") };
    page_logged_out(out, sample_language, NULL, &p);
}

static void error(struct buf *out, enum filling f)
{
    const struct page_error p = { TEXT("The application sent a request that cannot be trusted."),
                                  TEXT("redirect_uri is not registered for this client"), TEXT("req_01hx8v3k2m"),
                                  URL("/") };
    page_error(out, sample_language, NULL, &p);
}

static void flow_expired(struct buf *out, enum filling f)
{
    const struct page_flow_expired p = { false, TEXT("Inkwell"), URL("https://inkwell.example/"),
                                         TEXT("req_01hx8v3k2m") };
    page_flow_expired(out, sample_language, NULL, &p);
}

static void partner_failed(struct buf *out, enum filling f)
{
    const struct page_partner_failed p = { TEXT("Inkwell"),
                                           BOOL(false),
                                           TEXT("Its sign-in cannot be reached right now."),
                                           URL("/login/partner/inkwell?flow=f1"),
                                           URL("/login?flow=f1"),
                                           TEXT("Marginalia"),
                                           TEXT("csrf-token"),
                                           TEXT("f1"),
                                           TEXT("req_01hx8v3k2m") };
    page_partner_failed(out, sample_language, NULL, &p);
}

const struct sample samples[] = {
    { "auth-login", login, false },
    { "auth-login-failed", login_failed, false },
    { "auth-login-local", login_local, false },
    { "auth-consent", consent, false },
    { "auth-consent-branded", consent_branded, false },
    { "auth-consent-loopback", consent_loopback, false },
    { "auth-consent-device", consent_device, false },
    { "auth-consent-ciba", consent_ciba, false },
    { "auth-language", language, false },
    { "auth-letter", letter, false },
    { "auth-approval", approval_text, true },
    { "auth-device", device, false },
    { "auth-device-wrong", device_wrong, false },
    { "auth-decoupled-approved", decoupled_approved, false },
    { "auth-decoupled-denied", decoupled_denied, false },
    { "auth-decoupled-left", decoupled_left, false },
    { "auth-continue", onward, false },
    { "auth-form-post", form_post, false },
    { "auth-select-account", select_account, false },
    { "auth-logout", logout, false },
    { "auth-logged-out", logged_out, false },
    { "auth-logged-out-partner", logged_out_partner, false },
    { "auth-logout-partner", logout_partner, false },
    { "auth-logout-partner-too", logout_partner_too, false },
    { "auth-error", error, false },
    { "auth-flow-expired", flow_expired, false },
    { "auth-partner-failed", partner_failed, false },
};
const size_t samples_n = sizeof samples / sizeof samples[0];
