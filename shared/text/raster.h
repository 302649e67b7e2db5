/* Pictures as partners send them: told by their content, never by a name or a header. */
#pragma once

#include "shared/base/bytes.h"
#include "shared/base/str.h"

#define RASTER_MAX_BYTES ((size_t)64 * 1024)
#define RASTER_MIN_PX 16
#define RASTER_MAX_PX 1024

struct raster {
    const char *content_type, *suffix;
    unsigned width, height;
};

/* PNG, JPEG or WebP that stands still, within the limits above. false: *explain says what is wrong. */
bool raster_read(bytes b, struct raster *ret, const char **explain);
