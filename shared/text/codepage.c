/* See codepage.h. The tables are the C library's. */
#include "shared/text/codepage.h"

#include <iconv.h>
#include <stdint.h>
#include <string.h>

#include "shared/base/panic.h"

static const char *name_of(enum codepage page)
{
    return page == CODEPAGE_866 ? "CP866" : "CP1251";
}

/* Nothing is replaced by what looks alike: that would be another name. room: bytes of the outcome at most. */
static bool convert(struct arena *a, const char *to, const char *from, str s, size_t room, str *ret)
{
    iconv_t conversion = iconv_open(to, from);
    if (conversion == (iconv_t)-1)
        panic("the C library has lost the code pages CP1251 and CP866");
    char *out = arena_alloc(a, room + 1), *in = (char *)(uintptr_t)s.p, *at = out;
    size_t left = s.n;
    bool good = !memchr(s.n ? s.p : "-", 0, s.n ? s.n : 1) && iconv(conversion, &in, &left, &at, &room) == 0;
    iconv_close(conversion);
    *ret = (str){ out, (size_t)(at - out) };
    return good;
}

bool codepage_decode(struct arena *a, enum codepage page, str s, str *ret)
{
    return convert(a, "UTF-8", name_of(page), s, 3 * s.n, ret);
}

bool codepage_encode(struct arena *a, enum codepage page, str s, str *ret)
{
    return convert(a, name_of(page), "UTF-8", s, s.n, ret);
}
