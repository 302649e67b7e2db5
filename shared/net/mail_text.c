/* See mail_text.h. */
#include "shared/net/mail_text.h"

#include "shared/base/buf.h"
#include "shared/base/bytes.h"
#include "shared/text/encode.h"

#define ADDRESS_MAX_BYTES 254
#define WORD_BYTES 42 /* 56 characters of base64 and 12 around them: under the 75 of RFC 2047 */

static bool has_control(str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
            return true;
    }
    return false;
}

static bool is_ascii(str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    }
    return true;
}

bool mail_address_is_safe(str address)
{
    str domain = address, local;
    if (address.n > ADDRESS_MAX_BYTES || has_control(address) || !is_ascii(address))
        return false;
    for (size_t i = 0; i < address.n; i++) {
        if (strchr(" <>()[],;:\\\"", address.p[i]))
            return false;
    }
    return str_cut(&domain, '@', &local) && local.n > 0 && domain.n > 0 && !memchr(domain.p, '@', domain.n) &&
           local.p[0] != '-';
}

bool mail_address_of(str mailbox, str *ret)
{
    str rest = mailbox, name;
    if (str_cut(&rest, '<', &name)) {
        if (rest.n == 0 || rest.p[rest.n - 1] != '>')
            return false;
        rest.n--;
    }
    if (has_control(mailbox) || !is_ascii(mailbox) || !mail_address_is_safe(rest))
        return false;
    *ret = rest;
    return true;
}

/* At most WORD_BYTES bytes from the front, not cutting a character. */
static size_t chunk_bytes(str s)
{
    size_t n = s.n < WORD_BYTES ? s.n : WORD_BYTES;
    while (n < s.n && n > 1 && ((unsigned char)s.p[n] & 0xc0) == 0x80)
        n--;
    return n;
}

bool mail_header_encode(struct arena *a, str value, str *ret)
{
    if (has_control(value) || !utf8_valid(value) || value.n > MAIL_HEADER_MAX_BYTES)
        return false;
    if (is_ascii(value)) {
        *ret = value;
        return true;
    }
    struct buf out;
    buf_init(&out, a, (size_t)4 * MAIL_HEADER_MAX_BYTES);
    while (value.n) {
        size_t n = chunk_bytes(value);
        str word = base64_encode(a, bytes_of((str){ value.p, n }));
        buf_printf(&out, "%s=?UTF-8?B?%.*s?=", out.n ? "\r\n " : "", STR_ARG(word));
        value = (str){ value.p + n, value.n - n };
    }
    *ret = buf_str(&out);
    return true;
}

str mail_date(struct arena *a, instant t)
{
    static const char *const days[] = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" };
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    str iso = instant_iso(a, (instant){ instant_seconds(t) * 1000000 });
    int64_t day = instant_seconds(t) / 86400;
    int month = (iso.p[5] - '0') * 10 + iso.p[6] - '0';
    return arena_printf(a, "%s, %.2s %s %.4s %.8s +0000", days[day % 7], iso.p + 8, months[month - 1], iso.p,
                        iso.p + 11);
}
