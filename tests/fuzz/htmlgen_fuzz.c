/*
 * Templates of any bytes: the compiler ends, says what is wrong when it refuses, and what it takes is C without raw
 * holes. The input is one file; a zero byte divides page and included part.
 */
#include "shared/gen/htmlgen.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text_entry entries[] = {
        { .key = STR("hello"), .text = STR("Hello") },
        { .key = STR("dear"), .text = STR("Dear {name}"), .args = { STR("name") }, .n_args = 1 }
    };
    static const str assets[] = { { "a.css", 5 } };
    struct arena *a = fuzz_arena();
    str page = fuzz_text(data, size < 16384 ? size : 16384), part = STR("");
    if (str_cut(&page, '\0', &part) == false)
        part = STR("");
    const struct gen_file files[] = { { STR("web/app/_part.html"), part },
                                      { STR("web/app/layout.html"),
                                        STR("{{layout layout(title text)}}<b>{{content}}</b>") },
                                      { STR("web/app/page.html"), page },
                                      { STR("web/app/mail.txt"), STR("{{mail m()}}Subject: x\ny") } };
    struct htmlgen_input in = { .app = STR("app"),
                                .templates = files,
                                .n_templates = 4,
                                .translated = size % 2 == 1,
                                .texts = { entries, 2 },
                                .assets = assets,
                                .n_assets = 1 };
    struct htmlgen_output out;
    bool good = htmlgen_run(a, &in, &out);
    MUST(good == (out.complaints.text.n == 0));
    if (good)
        MUST(out.header.n > 0 && out.code.n > 0);
    return 0;
}
