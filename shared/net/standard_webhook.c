/* Standard Webhooks 1.0. See standard_webhook.h. The signature covers the raw bytes, so nothing is parsed before. */
#include "shared/net/standard_webhook.h"

#include "shared/base/buf.h"
#include "shared/base/bytes.h"
#include "shared/base/num.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"

#define TOLERANCE_S 300
#define AHEAD_MAX_S 60
#define SIGNATURES_MAX 16

static const str PREFIX = { "whsec_", 6 };

str webhook_secret_new(struct arena *a)
{
    unsigned char key[32];
    random_bytes(key, sizeof key);
    str text = base64_encode(a, (bytes){ key, sizeof key });
    return arena_printf(a, "whsec_%.*s", STR_ARG(text));
}

static bool secret_key(struct arena *a, str secret_text, bytes *ret)
{
    if (!str_starts(secret_text, PREFIX))
        return false;
    str text = { secret_text.p + PREFIX.n, secret_text.n - PREFIX.n };
    bytes key;
    if (!base64_decode(a, text, &key) || key.n < 24 || key.n > 64)
        return false;
    *ret = key;
    return true;
}

static digest mac_of(struct arena *a, bytes key, str id, str timestamp, str body)
{
    struct buf signed_text;
    buf_init(&signed_text, a, id.n + timestamp.n + body.n + 2);
    buf_add(&signed_text, id);
    buf_add_char(&signed_text, '.');
    buf_add(&signed_text, timestamp);
    buf_add_char(&signed_text, '.');
    buf_add(&signed_text, body);
    return hmac_sha256(key, bytes_of(buf_str(&signed_text)));
}

/* The id is part of the signed text: without the dot that separates, nobody can move bytes between id and time. */
static bool is_id(str id)
{
    for (size_t i = 0; i < id.n; i++) {
        if (id.p[i] <= 0x20 || id.p[i] >= 0x7f || id.p[i] == '.')
            return false;
    }
    return id.n > 0 && id.n <= 256;
}

bool webhook_sign(struct arena *a, str secret_text, str id, int64_t timestamp_s, str body, str *ret)
{
    bytes key;
    if (!secret_key(a, secret_text, &key) || !is_id(id))
        return false;
    str timestamp = arena_printf(a, "%lld", (long long)timestamp_s);
    digest mac = mac_of(a, key, id, timestamp, body);
    str text = base64_encode(a, digest_bytes(&mac));
    *ret = arena_printf(a, "v1,%.*s", STR_ARG(text));
    return true;
}

/* Every signature is compared, so the time does not tell which one fits. */
static bool any_fits(struct arena *a, str signatures, const digest *want)
{
    bool fits = false;
    str one;
    for (int i = 0; i < SIGNATURES_MAX && str_next_word(&signatures, &one); i++) {
        str text = one, version;
        bytes got;
        if (str_cut(&text, ',', &version) && str_eq(version, STR("v1")) && base64_decode(a, text, &got))
            fits |= equal_bytes(got, digest_bytes(want));
    }
    return fits;
}

enum webhook_verdict webhook_verify(struct arena *a, str secret_text, str id, str timestamp, str signature, str body,
                                    instant now)
{
    bytes key;
    int64_t sent_s;
    if (!secret_key(a, secret_text, &key) || !is_id(id) || !num_parse(timestamp, &sent_s) || sent_s < 0 ||
        !str_given(signature))
        return WEBHOOK_MALFORMED;
    digest mac = mac_of(a, key, id, timestamp, body);
    if (!any_fits(a, signature, &mac))
        return WEBHOOK_BAD_SIGNATURE;
    int64_t age_s = instant_seconds(now) - sent_s;
    return age_s > TOLERANCE_S || age_s < -AHEAD_MAX_S ? WEBHOOK_OUTSIDE_TOLERANCE : WEBHOOK_GOOD;
}
