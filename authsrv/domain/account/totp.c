/* See totp.h. */
#include "authsrv/domain/account/totp.h"

#include "shared/base/buf.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"

#define STEP_S 30
#define DIGITS 6
#define MODULUS 1000000
#define DRIFT 1 /* steps */

static unsigned code_of(bytes shared_secret, int64_t step)
{
    unsigned char counter[8], mac[SHA1_BYTES];
    for (int i = 0; i < 8; i++)
        counter[i] = (unsigned char)(step >> (56 - 8 * i));
    hmac_sha1(shared_secret, (bytes){ counter, sizeof counter }, mac);
    size_t at = mac[SHA1_BYTES - 1] & 15;
    unsigned v =
        (unsigned)(mac[at] & 127) << 24 | (unsigned)mac[at + 1] << 16 | (unsigned)mac[at + 2] << 8 | mac[at + 3];
    return v % MODULUS;
}

bool totp_step(bytes shared_secret, str code, int64_t now_s, int64_t last_step, int64_t *step)
{
    unsigned typed = 0;
    bool found = false;
    if (code.n != DIGITS)
        return false;
    for (size_t i = 0; i < code.n; i++) {
        if (code.p[i] < '0' || code.p[i] > '9')
            return false;
        typed = typed * 10 + (unsigned)(code.p[i] - '0');
    }
    for (int64_t at = now_s / STEP_S - DRIFT; at <= now_s / STEP_S + DRIFT; at++)
        if (code_of(shared_secret, at) == typed && at > last_step && !found) {
            *step = at;
            found = true;
        }
    return found;
}

str totp_uri(struct arena *a, str issuer, str account, bytes shared_secret)
{
    str who = percent_encode(a, issuer), secret_text = base32_encode(a, shared_secret);
    return arena_printf(a, "otpauth://totp/%.*s:%.*s?secret=%.*s&issuer=%.*s&algorithm=SHA1&digits=%d&period=%d",
                        STR_ARG(who), STR_ARG(percent_encode(a, account)), STR_ARG(secret_text), STR_ARG(who), DIGITS,
                        STEP_S);
}

static str grouped(struct arena *a, str s, size_t group, char between)
{
    struct buf out;
    buf_init(&out, a, s.n * 2 + 1);
    for (size_t i = 0; i < s.n; i++) {
        if (i > 0 && i % group == 0)
            buf_add_char(&out, between);
        buf_add_char(&out, s.p[i]);
    }
    return buf_str(&out);
}

str totp_shown(struct arena *a, bytes shared_secret)
{
    return grouped(a, base32_encode(a, shared_secret), 4, ' ');
}

str recovery_code_shown(struct arena *a, str code)
{
    return grouped(a, code, RECOVERY_LETTERS / 2, '-');
}

bool second_code_read(struct arena *a, str typed, str *ret, bool *is_totp)
{
    char *kept = arena_alloc(a, RECOVERY_LETTERS);
    size_t n = 0, digits = 0;
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i] >= 'A' && typed.p[i] <= 'Z' ? (char)(typed.p[i] + ('a' - 'A')) : typed.p[i];
        if (c == ' ' || c == '-' || c == '\t')
            continue;
        if (n == RECOVERY_LETTERS)
            return false;
        digits += c >= '0' && c <= '9';
        kept[n++] = c;
    }
    *ret = (str){ kept, n };
    *is_totp = n == DIGITS && digits == DIGITS;
    return *is_totp || n == RECOVERY_LETTERS;
}
