/* See device.h. */
#include "authsrv/domain/authorization/device.h"

#include "shared/base/buf.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"

#define MAC_BYTES 16
#define PART_CHARS 22 /* base64url of 16 bytes */
#define ENTRY_CHARS (2 * PART_CHARS)
#define COOKIE_MAX_BYTES (DEVICES_MAX * (ENTRY_CHARS + 1))

static str entry_make(struct arena *a, const digest *key, str id, str login)
{
    str message = arena_printf(a, "device\n%.*s\n%.*s", STR_ARG(id), STR_ARG(login));
    digest mac = hmac_sha256(digest_bytes(key), bytes_of(message));
    str tail = base64url_encode(a, (bytes){ mac.b, MAC_BYTES });
    return arena_printf(a, "%.*s%.*s", STR_ARG(id), STR_ARG(tail));
}

static bool entry_next(str *rest, str *entry)
{
    if (rest->n == 0)
        return false;
    if (!str_cut(rest, '.', entry)) {
        *entry = *rest;
        *rest = STR("");
    }
    return true;
}

static bool entry_is_of(struct arena *a, const digest *key, str entry, str login)
{
    if (entry.n != ENTRY_CHARS)
        return false;
    str good = entry_make(a, key, (str){ entry.p, PART_CHARS }, login);
    return equal_bytes(bytes_of(good), bytes_of(entry));
}

str device_of(struct arena *a, const digest *key, str cookie, str login)
{
    str entry;
    if (cookie.n > COOKIE_MAX_BYTES)
        return STR_NONE;
    while (entry_next(&cookie, &entry))
        if (entry_is_of(a, key, entry, login))
            return (str){ entry.p, PART_CHARS };
    return STR_NONE;
}

str device_remember(struct arena *a, const digest *key, str cookie, str login,
                    const unsigned char fresh[DEVICE_ID_BYTES])
{
    str id = device_of(a, key, cookie, login), entry;
    if (!str_given(id))
        id = base64url_encode(a, (bytes){ fresh, DEVICE_ID_BYTES });
    struct buf out;
    buf_init(&out, a, 4096);
    buf_add(&out, entry_make(a, key, id, login));
    if (cookie.n > COOKIE_MAX_BYTES)
        return buf_str(&out);
    for (int kept = 1; kept < DEVICES_MAX && entry_next(&cookie, &entry);) {
        if (entry.n != ENTRY_CHARS || entry_is_of(a, key, entry, login))
            continue;
        buf_add_char(&out, '.');
        buf_add(&out, entry);
        kept++;
    }
    return buf_str(&out);
}
