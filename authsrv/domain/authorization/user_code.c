/* User codes: making, reading and showing. */
#include "authsrv/domain/authorization/user_code.h"

#include "shared/crypto/crypto.h"

#define CODE_LETTERS 8
#define ALPHABET STR("BCDFGHJKLMNPQRSTVWXZ")

str user_code_new(struct arena *a)
{
    return random_letters(a, ALPHABET, CODE_LETTERS);
}

static bool is_separator(char c)
{
    return c == ' ' || c == '-' || c == '.' || c == '_';
}

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

bool user_code_read(struct arena *a, str typed, str *ret)
{
    char *code = arena_alloc(a, CODE_LETTERS);
    size_t n = 0;
    for (size_t i = 0; i < typed.n; i++) {
        char c = upper(typed.p[i]);
        if (is_separator(c))
            continue;
        if (n == CODE_LETTERS || !memchr(ALPHABET.p, c, ALPHABET.n))
            return false;
        code[n++] = c;
    }
    *ret = (str){ code, n };
    return n == CODE_LETTERS;
}

str user_code_shown(struct arena *a, str code)
{
    return arena_printf(a, "%.4s-%.*s", code.p, (int)code.n - 4, code.p + 4);
}
