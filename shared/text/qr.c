/* See qr.h. */
#include "shared/text/qr.h"

#include <qrencode.h>

#include "shared/base/buf.h"

#define QUIET 4 /* modules of margin, as the standard wants */
#define SVG_MAX_BYTES ((size_t)1 << 18)

bool qr_svg(struct arena *a, str text, str *ret)
{
    struct buf out;
    QRcode *code = QRcode_encodeString8bit(arena_cstr(a, text), 0, QR_ECLEVEL_M);
    if (!code)
        return false;
    int size = code->width + 2 * QUIET;
    buf_init(&out, a, SVG_MAX_BYTES);
    buf_printf(&out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\">"
               "<path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path fill=\"#000\" d=\"",
               size, size, size, size);
    for (int y = 0; y < code->width; y++)
        for (int x = 0; x < code->width; x++)
            if (code->data[y * code->width + x] & 1)
                buf_printf(&out, "M%d %dh1v1h-1z", x + QUIET, y + QUIET);
    buf_add(&out, STR("\"/></svg>"));
    QRcode_free(code);
    *ret = buf_str(&out);
    return true;
}
