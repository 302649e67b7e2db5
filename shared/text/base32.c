/* Base32 (RFC 4648 section 6) without padding: what people may have to type from one device into another. */
#include "shared/text/encode.h"

static const char ALPHABET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

str base32_encode(struct arena *a, bytes b)
{
    char *out = arena_alloc(a, (b.n * 8 + 4) / 5 + 1), *end = out;
    unsigned held = 0, bits = 0;
    for (size_t i = 0; i < b.n; i++) {
        held = held << 8 | b.p[i];
        bits += 8;
        while (bits >= 5) {
            bits -= 5;
            *end++ = ALPHABET[held >> bits & 31];
        }
        held &= (1u << bits) - 1;
    }
    if (bits > 0)
        *end++ = ALPHABET[held << (5 - bits) & 31];
    return (str){ out, (size_t)(end - out) };
}
