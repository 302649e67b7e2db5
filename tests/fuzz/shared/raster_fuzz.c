/* Pictures: what is taken has a type and sizes within the limits. */
#include "shared/text/raster.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct raster r;
    const char *explain = NULL;
    if (!raster_read((bytes){ data, size }, &r, &explain)) {
        MUST(explain);
        return 0;
    }
    MUST(r.content_type && r.suffix && size <= RASTER_MAX_BYTES);
    MUST(r.width >= RASTER_MIN_PX && r.width <= RASTER_MAX_PX && r.height >= RASTER_MIN_PX &&
         r.height <= RASTER_MAX_PX);
    return 0;
}
