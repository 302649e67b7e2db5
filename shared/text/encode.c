/* Hex, percent-encoding (RFC 3986 section 2.1) and UTF-8 (RFC 3629). */
#include "shared/text/encode.h"

#include <stdint.h>
#include <string.h>

static const char HEX_LOWER[] = "0123456789abcdef";
static const char HEX_UPPER[] = "0123456789ABCDEF";

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

str hex_encode(struct arena *a, bytes b)
{
    char *p = arena_alloc(a, b.n * 2);
    for (size_t i = 0; i < b.n; i++) {
        p[2 * i] = HEX_LOWER[b.p[i] >> 4];
        p[2 * i + 1] = HEX_LOWER[b.p[i] & 15];
    }
    return (str){ p, b.n * 2 };
}

bool hex_decode(struct arena *a, str s, bytes *ret)
{
    if (s.n % 2 != 0)
        return false;
    unsigned char *p = arena_alloc(a, s.n / 2);
    for (size_t i = 0; i < s.n; i++) {
        int v = hex_value(s.p[i]);
        if (v < 0 || (s.p[i] >= 'A' && s.p[i] <= 'F'))
            return false;
        p[i / 2] = (unsigned char)(p[i / 2] << 4 | v);
    }
    *ret = (bytes){ p, s.n / 2 };
    return true;
}

static bool is_unreserved(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

str percent_encode(struct arena *a, str s)
{
    if (!str_given(s))
        return s;
    char *p = arena_alloc(a, s.n * PERCENT_ENCODED_MAX);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (is_unreserved(s.p[i])) {
            p[n++] = s.p[i];
        } else {
            p[n++] = '%';
            p[n++] = HEX_UPPER[c >> 4];
            p[n++] = HEX_UPPER[c & 15];
        }
    }
    return (str){ p, n };
}

bool percent_decode(struct arena *a, str s, bool plus_is_space, str *ret)
{
    char *p = arena_alloc(a, s.n);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '%') {
            if (s.n - i < 3)
                return false;
            int high = hex_value(s.p[i + 1]), low = hex_value(s.p[i + 2]);
            if (high < 0 || low < 0)
                return false;
            c = (char)(unsigned char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        p[n++] = c;
    }
    str decoded = { p, n };
    if (!utf8_valid(decoded))
        return false;
    *ret = decoded;
    return true;
}

/* Length of the sequence at s.p[0]; 0 when there is none that is well-formed (RFC 3629 section 4). */
static size_t utf8_sequence(str s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    unsigned char c = p[0];
    if (c < 0x80)
        return c ? 1 : 0;
    size_t n = c < 0xC2 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : c < 0xF5 ? 4 : 0;
    if (n == 0 || s.n < n)
        return 0;
    unsigned char lowest = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
    unsigned char highest = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
    if (p[1] < lowest || p[1] > highest)
        return 0;
    for (size_t i = 2; i < n; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    }
    return n;
}

/* How much of the beginning is ASCII without a zero byte, eight bytes at a time: nearly all text is. */
static size_t ascii_words(str s)
{
    const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
    size_t at = 0;
    for (uint64_t w; s.n - at >= sizeof w; at += sizeof w) {
        memcpy(&w, s.p + at, sizeof w);
        if ((w | ((w - ones) & ~w)) & highs)
            break;
    }
    return at;
}

size_t utf8_prefix(str s)
{
    size_t at = ascii_words(s);
    while (at < s.n) {
        size_t n = utf8_sequence((str){ s.p + at, s.n - at });
        if (n == 0)
            return at;
        at += n;
    }
    return at;
}

bool utf8_valid(str s)
{
    return utf8_prefix(s) == s.n;
}

/* A byte that continues a character is none. */
size_t utf8_length(str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return n;
}

bool utf8_within(str s, size_t least, size_t most)
{
    if (!utf8_valid(s))
        return false;
    size_t n = utf8_length(s);
    return n >= least && n <= most;
}

uint32_t utf8_next(str *rest)
{
    const unsigned char *p = (const unsigned char *)rest->p;
    size_t n = p[0] < 0x80 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    if (n > rest->n)
        n = rest->n;
    uint32_t c = n == 1 ? p[0] : p[0] & (0xFFU >> (n + 1));
    for (size_t i = 1; i < n; i++)
        c = (c << 6) | (p[i] & 0x3FU);
    *rest = (str){ rest->p + n, rest->n - n };
    return c;
}

static bool is_no_line(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

bool utf8_is_line(str s)
{
    if (!utf8_valid(s))
        return false;
    while (s.n > 0)
        if (is_no_line(utf8_next(&s)))
            return false;
    return true;
}

str utf8_to_line(struct arena *a, str s)
{
    char *p = arena_alloc(a, s.n);
    size_t n = 0;
    while (s.n > 0) {
        str rest = s;
        bool is_blank = is_no_line(utf8_next(&rest));
        size_t width = is_blank ? 1 : s.n - rest.n;
        memcpy(p + n, is_blank ? " " : s.p, width);
        n += width;
        s = rest;
    }
    return (str){ p, n };
}

static bool is_blank(uint32_t c)
{
    static const uint32_t alone[] = { 0x85,   0xa0,   0xad,   0x34f,  0x61c,  0x115f, 0x1160,
                                      0x1680, 0x180e, 0x2800, 0x3000, 0x3164, 0xfeff, 0xffa0 };
    for (size_t i = 0; i < sizeof alone / sizeof alone[0]; i++)
        if (c == alone[i])
            return true;
    return c <= 0x20 || (c >= 0x2000 && c <= 0x200f) || (c >= 0x2028 && c <= 0x202f) || (c >= 0x205f && c <= 0x206f);
}

bool utf8_is_blank(str s)
{
    if (!utf8_valid(s))
        return false;
    while (s.n > 0)
        if (!is_blank(utf8_next(&s)))
            return false;
    return true;
}

str oauth_text(struct arena *a, str s)
{
    char *p = arena_alloc(a, s.n);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        p[i] = (char)(c >= 0x20 && c < 0x7f && c != '"' && c != '\\' ? c : '\'');
    }
    return (str){ p, s.n };
}
