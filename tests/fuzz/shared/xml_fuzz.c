/* XML: elements end as they begin, within the limits. */
#include "shared/text/xml.h"

#include "tests/fuzz/fuzz.h"

struct seen {
    size_t open, all;
};

static bool begin(void *context, const struct xml_element *e)
{
    struct seen *seen = context;
    MUST(++seen->open <= XML_MAX_DEPTH && ++seen->all <= 1000 && e->path.n > 0);
    return true;
}

static bool end(void *context, const struct xml_element *e)
{
    struct seen *seen = context;
    MUST(seen->open-- > 0 && e->text.n <= 200);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct xml_limits limits = { 100000, 1000, 200 };
    struct seen seen = { 0 };
    const struct xml_visitor visitor = { begin, end, &seen };
    str why = STR_NONE;
    if (xml_read(fuzz_arena(), fuzz_text(data, size), &limits, &visitor, &why))
        MUST(seen.open == 0 && seen.all > 0);
    else
        MUST(why.n > 0);
    return 0;
}
