/* Zones: whatever a file says, local times lead back to a moment that has them, or to the end of a gap. */
#include "shared/text/zone.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct zone *zone;
    if (!zone_parse(fuzz_arena(), bytes_of(fuzz_text(data, size)), &zone))
        return 0;
    for (int64_t t = INT64_C(-3000000000); t < INT64_C(5000000000); t += INT64_C(97000001)) {
        int64_t back = zone_utc(zone, zone_local(zone, t));
        MUST(back <= t && zone_local(zone, back) >= zone_local(zone, t));
    }
    return 0;
}
