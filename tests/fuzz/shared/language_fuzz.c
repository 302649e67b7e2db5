/* Accept-Language and lists of tags: what is chosen is there, and does not depend on what nobody has. */
#include "shared/text/language.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const str tags[] = { STR("en"), STR("de"), STR("pt-BR"), STR("zh-Hans"), STR("ar") };
    const struct languages there = { tags, sizeof tags / sizeof tags[0] }, nothing = { tags, 0 };
    str text = fuzz_text(data, size);
    size_t at = SIZE_MAX, again = SIZE_MAX;
    if (language_accept(&there, text, &at)) {
        MUST(at < there.n && language_is_there(&there, tags[at]));
        MUST(language_accept(&there, tags[at], &again) && again == at);
    }
    at = SIZE_MAX;
    if (language_find(&there, text, &at))
        MUST(at < there.n && language_find(&there, tags[at], &again) && again == at);
    MUST(!language_accept(&nothing, text, &at) && !language_find(&nothing, text, &at));
    return 0;
}
