/* See request_filter.h. */
#include "paysrv/domain/request_filter.h"

#include "shared/base/num.h"

#define NAME_MAX_BYTES 64
#define DIGITS_MAX 11 /* in a row, whatever parts them: a card number has twelve or more */
#define ID_LETTERS 26 /* shared/crypto/random.c */
#define ID_BEGINS STR("{\"id\":\"")

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool request_status_parse(str text, int64_t *low, int64_t *high)
{
    *low = 100;
    *high = 599;
    if (!str_given(text))
        return true;
    if (text.n == 3 && text.p[0] >= '1' && text.p[0] <= '5' && text.p[1] == 'x' && text.p[2] == 'x') {
        *low = (text.p[0] - '0') * 100;
        *high = *low + 99;
        return true;
    }
    if (text.n != 3 || !num_parse(text, low) || *low < 100 || *low > 599)
        return false;
    *high = *low;
    return true;
}

/* A prefix, '_' and 26 letters and digits; among those any number of digits may follow one another. */
static bool is_our_id(str name)
{
    str rest = name, prefix;
    bool good = str_cut(&rest, '_', &prefix) && prefix.n > 0 && prefix.n < 8 && rest.n == ID_LETTERS;
    for (size_t i = 0; good && i < prefix.n; i++)
        good = prefix.p[i] >= 'a' && prefix.p[i] <= 'z';
    for (size_t i = 0; good && i < rest.n; i++)
        good = is_digit(rest.p[i]) || (rest.p[i] >= 'a' && rest.p[i] <= 'z');
    return good;
}

bool request_name_is_plain(str name)
{
    size_t digits = 0;
    if (is_our_id(name))
        return true;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        digits = is_digit(c) ? digits + 1 : c == '-' || c == '_' ? digits : 0;
        if (digits > DIGITS_MAX ||
            !(is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-'))
            return false;
    }
    return name.n > 0 && name.n <= NAME_MAX_BYTES;
}

str request_object_of(str body)
{
    str begins = ID_BEGINS;
    if (!str_starts(body, begins))
        return STR_NONE;
    const char *start = body.p + begins.n;
    const char *end = memchr(start, '"', body.n - begins.n);
    str id = end ? (str){ start, (size_t)(end - start) } : STR_NONE;
    return request_name_is_plain(id) ? id : STR_NONE;
}
