/* Forms: names are unique, everything is valid UTF-8. */
#include "shared/text/encode.h"
#include "shared/text/form.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = fuzz_arena();
    struct form f;
    str bad;
    if (form_parse(a, fuzz_text(data, size), STR("resource"), &f, &bad) != FORM_GOOD)
        return 0;
    MUST(f.n <= FORM_MAX_FIELDS);
    for (size_t i = 0; i < f.n; i++) {
        MUST(utf8_valid(f.fields[i].name) && utf8_valid(f.fields[i].value));
        MUST(form_get(&f, f.fields[i].name).p == f.fields[i].value.p);
    }
    return 0;
}
