/* See party_text.h. */
#include "paysrv/domain/party/party_text.h"

bool country_is_code(str s)
{
    return s.n == 2 && s.p[0] >= 'A' && s.p[0] <= 'Z' && s.p[1] >= 'A' && s.p[1] <= 'Z';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* low..high letters, or after the first part letters and digits */
static bool part_fits(str part, size_t low, size_t high, bool takes_digits)
{
    if (part.n < low || part.n > high)
        return false;
    for (size_t i = 0; i < part.n; i++)
        if (!is_letter(part.p[i]) && !(takes_digits && part.p[i] >= '0' && part.p[i] <= '9'))
            return false;
    return true;
}

bool locale_is_tag(str s)
{
    str part;
    bool is_first = true;
    for (bool more = true; more; is_first = false) {
        more = str_cut(&s, '-', &part);
        if (!more)
            part = s;
        if (!part_fits(part, is_first ? 2 : 1, is_first ? 3 : 8, !is_first))
            return false;
    }
    return true;
}
