/* Rules of confirmation codes. See code.h. */
#include "paysrv/domain/confirmation/code.h"

#include "shared/base/buf.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"

#define LIST_MAX_BYTES ((size_t)1 << 20)

/* U+FF10..U+FF19, as a Japanese or Chinese keyboard types digits: EF BC 90..99. */
static bool full_width_digit(str rest, char *ret)
{
    if (rest.n < 3 || memcmp(rest.p, "\xEF\xBC", 2) != 0)
        return false;
    unsigned char last = (unsigned char)rest.p[2];
    if (last < 0x90 || last > 0x99)
        return false;
    *ret = (char)('0' + (last - 0x90));
    return true;
}

/* Spaces and hyphens that people and mail programs put between the digits. Their length; 0: none. */
static size_t separator(str rest)
{
    if (rest.p[0] == ' ' || rest.p[0] == '-' || rest.p[0] == '\t')
        return 1;
    if (rest.n >= 2 && memcmp(rest.p, "\xC2\xA0", 2) == 0)
        return 2;
    if (rest.n >= 3 && (memcmp(rest.p, "\xE3\x80\x80", 3) == 0 || memcmp(rest.p, "\xE2\x80\xAF", 3) == 0))
        return 3;
    return 0;
}

bool code_normalise(struct arena *a, str typed, str *ret)
{
    struct buf digits;
    buf_init(&digits, a, CODE_DIGITS + 1);
    for (str rest = typed; rest.n > 0;) {
        char digit = rest.p[0];
        size_t n = separator(rest);
        if (n == 0) {
            n = full_width_digit(rest, &digit) ? 3 : 1;
            if (digit < '0' || digit > '9' || digits.n == CODE_DIGITS)
                return false;
            buf_add_char(&digits, digit);
        }
        rest = (str){ rest.p + n, rest.n - n };
    }
    if (digits.n != CODE_DIGITS)
        return false;
    *ret = buf_str(&digits);
    return true;
}

str code_spaced(struct arena *a, str code)
{
    return arena_printf(a, "%.4s %.4s", code.p, code.p + 4);
}

static bool are_digits(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] < '0' || p[i] > '9')
            return false;
    return true;
}

str code_in_text(struct arena *a, str text)
{
    const size_t half = CODE_DIGITS / 2, shown = CODE_DIGITS + 1;
    for (size_t i = 0; i + shown <= text.n; i++) {
        const char *p = text.p + i;
        bool begins = i == 0 || !are_digits(p - 1, 1), ends = i + shown == text.n || !are_digits(p + shown, 1);
        if (begins && ends && are_digits(p, half) && p[half] == ' ' && are_digits(p + half + 1, half))
            return arena_printf(a, "%.*s%.*s", (int)half, p, (int)half, p + half + 1);
    }
    return STR_NONE;
}

/* What has happened to what it is for counts before what has happened to the code. */
enum code_state code_state_judge(const struct code_standing *code, instant now)
{
    if (code->is_used)
        return CODE_DONE;
    if (!code->is_waiting)
        return instant_before(now, code->expires_at) ? CODE_OVER : CODE_EXPIRED;
    if (code->is_replaced)
        return CODE_REPLACED;
    if (!instant_before(now, code->expires_at))
        return CODE_EXPIRED;
    return code->attempts_left > 0 ? CODE_WAITS : CODE_VOID;
}

static str bind_text(struct arena *a, const struct code_bind *bind)
{
    str hex = hex_encode(a, digest_bytes(&bind->destination));
    return arena_printf(a, "%.*s|%lld|%.*s|%.*s", STR_ARG(bind->payout), (long long)bind->amount_minor,
                        STR_ARG(bind->currency), STR_ARG(hex));
}

digest code_bind_hash(struct arena *a, const struct code_bind *bind)
{
    return sha256_str(bind_text(a, bind));
}

digest code_list_hash(struct arena *a, str list, const struct code_bind *binds, size_t n)
{
    struct buf text;
    buf_init(&text, a, LIST_MAX_BYTES);
    buf_add(&text, list);
    for (size_t i = 0; i < n; i++) {
        buf_add_char(&text, '\n');
        buf_add(&text, bind_text(a, &binds[i]));
    }
    return sha256_str(buf_str(&text));
}

digest code_mac(struct arena *a, const digest *server_key, const digest *code_key, const digest *bind, str code)
{
    struct buf message;
    buf_init(&message, a, 2 * sizeof(digest) + CODE_DIGITS + 1);
    buf_add(&message, (str){ (const char *)code_key->b, sizeof code_key->b });
    buf_add(&message, (str){ (const char *)bind->b, sizeof bind->b });
    buf_add(&message, code);
    return hmac_sha256(digest_bytes(server_key), bytes_of(buf_str(&message)));
}
