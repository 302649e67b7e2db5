/* Keys, fingerprints and verdicts. See idempotency.h. */
#include "paysrv/domain/idempotency.h"

#include "shared/base/buf.h"
#include "shared/crypto/crypto.h"

static bool all_printable(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < 0x20 || s.p[i] > 0x7e)
            return false;
    return true;
}

bool idempotency_key_parse(str header, str *ret)
{
    str key = header;
    if (key.n >= 2 && key.p[0] == '"' && key.p[key.n - 1] == '"') {
        key = (str){ key.p + 1, key.n - 2 };
        if (memchr(key.p, '"', key.n) || memchr(key.p, '\\', key.n))
            return false;
    }
    if (!str_given(key) || key.n < 1 || key.n > IDEMPOTENCY_KEY_MAX || !all_printable(key))
        return false;
    *ret = key;
    return true;
}

digest idempotency_fingerprint(struct arena *a, str method, str path, str body)
{
    struct buf b;
    buf_init(&b, a, method.n + path.n + body.n + 2);
    buf_add(&b, method);
    buf_add_char(&b, '\n');
    buf_add(&b, path);
    buf_add_char(&b, '\n');
    buf_add(&b, body);
    return sha256_str(buf_str(&b));
}

enum idempotency_verdict idempotency_judge(bool found, const digest *stored, bool answered, const digest *now)
{
    if (!found)
        return KEY_FRESH;
    if (!equal_digest(stored, now))
        return KEY_MISMATCH;
    return answered ? KEY_ANSWERED : KEY_IN_PROGRESS;
}
