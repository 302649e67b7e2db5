/* Rules about people: log-in names, passwords. */
#include "authsrv/domain/account/account.h"

#include "shared/text/encode.h"

#define EMAIL_MAX_BYTES 254

static str trimmed(str s)
{
    while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t')) {
        s.p++;
        s.n--;
    }
    while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
        s.n--;
    return s;
}

static bool email_shaped(str s)
{
    if (s.n < 3 || s.n > EMAIL_MAX_BYTES)
        return false;
    const char *at = memchr(s.p, '@', s.n);
    if (!at || at == s.p || at == s.p + s.n - 1)
        return false;
    if (memchr(at + 1, '@', (size_t)(s.p + s.n - at - 1)))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7f || strchr("<>()[],;:\\\"", s.p[i]))
            return false;
    return utf8_valid(s);
}

bool account_login(struct arena *a, str typed, str *ret)
{
    str s = trimmed(typed);
    if (!email_shaped(s))
        return false;
    char *lower = arena_cstr(a, s);
    for (size_t i = 0; i < s.n; i++)
        if (lower[i] >= 'A' && lower[i] <= 'Z')
            lower[i] = (char)(lower[i] + ('a' - 'A'));
    *ret = (str){ lower, s.n };
    return true;
}

bool account_password_valid(str password)
{
    if (password.n < 8 || password.n > 256 || !utf8_valid(password))
        return false;
    for (size_t i = 0; i < password.n; i++)
        if ((unsigned char)password.p[i] < 0x20 || password.p[i] == 0x7f)
            return false;
    return true;
}

bool account_name_valid(str s)
{
    return utf8_within(s, 1, ACCOUNT_NAME_MAX) && utf8_is_line(s) && !utf8_is_blank(s);
}

str mailed_code_typed(struct arena *a, str typed)
{
    char *kept = arena_alloc(a, typed.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < typed.n; i++)
        if (typed.p[i] != ' ' && typed.p[i] != '-')
            kept[n++] = typed.p[i];
    return (str){ kept, n };
}
