/*
 * Base64 and base64url (RFC 4648 sections 4 and 5). Decoders take canonical text only: exact padding or none,
 * and trailing bits of zero, so that one value has one spelling and a token cannot be respelled.
 */
#include "shared/text/encode.h"

static const char STANDARD[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char URL_SAFE[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* Writes 4 characters for 3 bytes, and 2 or 3 for a shorter last group; returns the end. */
static char *encode_groups(char *out, bytes b, const char *alphabet)
{
    size_t i = 0;
    for (; i + 3 <= b.n; i += 3) {
        unsigned v = (unsigned)b.p[i] << 16 | (unsigned)b.p[i + 1] << 8 | b.p[i + 2];
        *out++ = alphabet[v >> 18];
        *out++ = alphabet[v >> 12 & 63];
        *out++ = alphabet[v >> 6 & 63];
        *out++ = alphabet[v & 63];
    }
    if (i == b.n)
        return out;
    unsigned v = (unsigned)b.p[i] << 16 | (i + 1 < b.n ? (unsigned)b.p[i + 1] << 8 : 0);
    *out++ = alphabet[v >> 18];
    *out++ = alphabet[v >> 12 & 63];
    if (i + 1 < b.n)
        *out++ = alphabet[v >> 6 & 63];
    return out;
}

str base64url_encode(struct arena *a, bytes b)
{
    char *p = arena_alloc(a, (b.n + 2) / 3 * 4);
    return (str){ p, (size_t)(encode_groups(p, b, URL_SAFE) - p) };
}

str base64_encode(struct arena *a, bytes b)
{
    size_t n = (b.n + 2) / 3 * 4;
    char *p = arena_alloc(a, n);
    for (char *end = encode_groups(p, b, STANDARD); end < p + n; end++)
        *end = '=';
    return (str){ p, n };
}

/* 0..63, or a number with bits above them for what is not in the alphabet. */
static unsigned value_of(char c, char c62, char c63)
{
    if (c >= 'A' && c <= 'Z')
        return (unsigned)(c - 'A');
    if (c >= 'a' && c <= 'z')
        return (unsigned)(c - 'a') + 26;
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0') + 52;
    if (c == c62)
        return 62;
    return c == c63 ? 63 : 64;
}

/* Text without padding. */
static bool decode_groups(struct arena *a, str s, const char *alphabet, bytes *ret)
{
    if (s.n % 4 == 1)
        return false;
    size_t n = s.n / 4 * 3 + (s.n % 4 ? s.n % 4 - 1 : 0);
    unsigned char *p = arena_alloc(a, n);
    size_t written = 0;
    unsigned v = 0, seen = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned c = value_of(s.p[i], alphabet[62], alphabet[63]);
        seen |= c;
        v = v << 6 | c;
        if (i % 4 != 0)
            p[written++] = (unsigned char)(v >> (6 - 2 * (i % 4)));
    }
    unsigned left_bits = s.n % 4 == 2 ? 15 : s.n % 4 == 3 ? 3 : 0;
    if (seen & 64 || v & left_bits)
        return false;
    *ret = (bytes){ p, n };
    return true;
}

bool base64url_decode(struct arena *a, str s, bytes *ret)
{
    return decode_groups(a, s, URL_SAFE, ret);
}

bool base64_decode(struct arena *a, str s, bytes *ret)
{
    if (s.n % 4 != 0)
        return false;
    for (int i = 0; i < 2 && s.n && s.p[s.n - 1] == '='; i++)
        s.n--;
    return decode_groups(a, s, STANDARD, ret);
}
