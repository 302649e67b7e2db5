/* See raster.h. Only headers are read: no picture is decoded here, and none comes from anybody but a partner. */
#include "shared/text/raster.h"

static unsigned be16(const unsigned char *p)
{
    return (unsigned)p[0] << 8 | p[1];
}

static unsigned be32(const unsigned char *p)
{
    return be16(p) << 16 | be16(p + 2);
}

static unsigned le16(const unsigned char *p)
{
    return p[0] | (unsigned)p[1] << 8;
}

static unsigned le24(const unsigned char *p)
{
    return le16(p) | (unsigned)p[2] << 16;
}

static bool holds(bytes b, size_t at, const char *text, size_t n)
{
    return at <= b.n && n <= b.n - at && memcmp(b.p + at, text, n) == 0;
}
#define HOLDS(b, at, literal) holds((b), (at), (literal), sizeof(literal) - 1)

static bool still(bool moves, const char **explain)
{
    *explain = "a picture that does not move";
    return !moves;
}

/* Chunks follow each other; one that says how often a picture repeats stands before the first of the picture. */
static bool png_read(bytes b, struct raster *ret, const char **explain)
{
    if (b.n < 33 || !HOLDS(b, 12, "IHDR"))
        return false;
    *ret = (struct raster){ "image/png", "png", be32(b.p + 16), be32(b.p + 20) };
    for (size_t at = 8; b.n - at >= 12;) {
        size_t n = be32(b.p + at);
        if (HOLDS(b, at + 4, "IDAT"))
            return true;
        if (HOLDS(b, at + 4, "acTL"))
            return still(true, explain);
        if (n > b.n - at - 12)
            return false;
        at += n + 12;
    }
    return false;
}

/* SOF0 to SOF15, but for the three that are something else. */
static bool is_frame(unsigned char marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

static bool jpeg_read(bytes b, struct raster *ret)
{
    for (size_t at = 2; b.n - at >= 4 && b.p[at] == 0xff;) {
        size_t n = be16(b.p + at + 2);
        if (n < 2 || n > b.n - at - 2)
            return false;
        if (is_frame(b.p[at + 1]) && n >= 7) {
            *ret = (struct raster){ "image/jpeg", "jpg", be16(b.p + at + 7), be16(b.p + at + 5) };
            return true;
        }
        at += n + 2;
    }
    return false;
}

static bool webp_read(bytes b, struct raster *ret, const char **explain)
{
    *ret = (struct raster){ .content_type = "image/webp", .suffix = "webp" };
    if (b.n < 30)
        return false;
    if (HOLDS(b, 12, "VP8X")) {
        ret->width = le24(b.p + 24) + 1;
        ret->height = le24(b.p + 27) + 1;
        return still(b.p[20] & 2, explain);
    }
    if (HOLDS(b, 12, "VP8L") && b.p[20] == 0x2f) {
        ret->width = (le16(b.p + 21) & 0x3fff) + 1;
        ret->height = ((b.p[22] >> 6 | (unsigned)b.p[23] << 2 | (unsigned)b.p[24] << 10) & 0x3fff) + 1;
        return true;
    }
    ret->width = le16(b.p + 26) & 0x3fff;
    ret->height = le16(b.p + 28) & 0x3fff;
    return HOLDS(b, 12, "VP8 ") && HOLDS(b, 23, "\x9d\x01\x2a");
}

static bool kind_read(bytes b, struct raster *ret, const char **explain)
{
    if (HOLDS(b, 0, "\x89PNG\r\n\x1a\n"))
        return png_read(b, ret, explain);
    if (HOLDS(b, 0, "\xff\xd8\xff"))
        return jpeg_read(b, ret);
    if (HOLDS(b, 0, "RIFF") && HOLDS(b, 8, "WEBP"))
        return webp_read(b, ret, explain);
    for (size_t i = 0; i < b.n && (b.p[i] <= ' ' || b.p[i] >= 0x80 || b.p[i] == '<'); i++)
        if (b.p[i] == '<')
            *explain = "PNG, JPEG or WebP; SVG is refused: it is a document that can hold code";
    return false;
}

bool raster_read(bytes b, struct raster *ret, const char **explain)
{
    *explain = "at most 64 KiB";
    if (b.n > RASTER_MAX_BYTES)
        return false;
    *explain = "PNG, JPEG or WebP, told by its content";
    if (!kind_read(b, ret, explain))
        return false;
    *explain = "16 to 1024 pixels wide and high";
    return ret->width >= RASTER_MIN_PX && ret->width <= RASTER_MAX_PX && ret->height >= RASTER_MIN_PX &&
           ret->height <= RASTER_MAX_PX;
}
