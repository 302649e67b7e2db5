/* See password.h. */
#include "authsrv/domain/account/password.h"

#include "authsrv/domain/account/account.h"
#include "shared/text/encode.h"

#define PASSWORD_MAX_BYTES 256

static bool is_one_letter(str s)
{
    for (size_t i = 1; i < s.n; i++)
        if (s.p[i] != s.p[0])
            return false;
    return true;
}

static bool is_of_login(str password, str login)
{
    str domain = login, local;
    return str_eq_nocase(password, login) ||
           (str_cut(&domain, '@', &local) && (str_eq_nocase(password, local) || str_eq_nocase(password, domain)));
}

enum password_fault password_judge(str password, str login, size_t min)
{
    if (!utf8_valid(password))
        return PASSWORD_ODD;
    if (utf8_length(password) < min)
        return PASSWORD_SHORT;
    if (password.n > PASSWORD_MAX_BYTES)
        return PASSWORD_LONG;
    if (!account_password_valid(password))
        return PASSWORD_ODD;
    return is_one_letter(password) || is_of_login(password, login) ? PASSWORD_GUESSED : PASSWORD_FINE;
}
