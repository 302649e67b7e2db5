/* See contrast.h. */
#include "shared/text/contrast.h"

#include <math.h>

#define STEPS 256

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool colour_parse(str s, colour *ret)
{
    int d[6];
    if (s.n != 7 || s.p[0] != '#')
        return false;
    for (int i = 0; i < 6; i++)
        if ((d[i] = digit(s.p[i + 1])) < 0)
            return false;
    *ret = (colour){ (uint8_t)(d[0] * 16 + d[1]), (uint8_t)(d[2] * 16 + d[3]), (uint8_t)(d[4] * 16 + d[5]) };
    return true;
}

str colour_text(struct arena *a, colour c)
{
    return arena_printf(a, "#%02x%02x%02x", c.r, c.g, c.b);
}

static double linear(uint8_t channel)
{
    double v = channel / 255.0;
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double luminance(colour c)
{
    return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b);
}

double contrast_ratio(colour a, colour b)
{
    double one = luminance(a) + 0.05, other = luminance(b) + 0.05;
    return one > other ? one / other : other / one;
}

static uint8_t channel_mix(uint8_t a, uint8_t b, int per_256)
{
    return (uint8_t)((a * (STEPS - per_256) + b * per_256 + STEPS / 2) / STEPS);
}

colour colour_mix(colour a, colour b, int per_256)
{
    return (colour){ channel_mix(a.r, b.r, per_256), channel_mix(a.g, b.g, per_256), channel_mix(a.b, b.b, per_256) };
}

static bool is_seen_on(colour c, const colour *grounds, size_t n, double least)
{
    for (size_t i = 0; i < n; i++)
        if (contrast_ratio(c, grounds[i]) < least)
            return false;
    return true;
}

bool contrast_nearest(colour c, const colour *grounds, size_t n, double least, colour *ret)
{
    static const colour ends[] = { COLOUR(0x000000), COLOUR(0xffffff) };
    for (int step = 0; step <= STEPS; step++)
        for (size_t e = 0; e < 2; e++) {
            *ret = colour_mix(c, ends[e], step);
            if (is_seen_on(*ret, grounds, n, least))
                return true;
        }
    return false;
}

str contrast_text(struct arena *a, double ratio)
{
    int hundredths = (int)(ratio * 100);
    return arena_printf(a, "%d.%02d:1", hundredths / 100, hundredths % 100);
}
