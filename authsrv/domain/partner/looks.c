/* See looks.h. */
#include "authsrv/domain/partner/looks.h"

#define WORDS_MAX 6

struct rule {
    const char *allowed;
    struct {
        const char *word, *value;
    } words[WORDS_MAX]; /* none: a number of pixels */
    int64_t low, high;
};

/* Fonts are families on the reader's machine: nothing is loaded, and nothing shifts while it is read. */
static const struct rule rules[LOOKS_N] = {
    [LOOK_font] = { .allowed = "system, humanist, geometric, rounded, serif or monospace",
                    .words = { { "system",
                                 "system-ui, -apple-system, \"Segoe UI\", Roboto, \"Noto Sans\", sans-serif" },
                               { "humanist", "Seravek, \"Gill Sans Nova\", Ubuntu, Calibri, \"DejaVu Sans\", "
                                             "source-sans-pro, sans-serif" },
                               { "geometric",
                                 "Avenir, Montserrat, Corbel, \"URW Gothic\", source-sans-pro, sans-serif" },
                               { "rounded", "ui-rounded, \"Hiragino Maru Gothic ProN\", Quicksand, Comfortaa, "
                                            "Manjari, sans-serif" },
                               { "serif", "Charter, \"Bitstream Charter\", \"Sitka Text\", Cambria, \"Noto Serif\", "
                                          "serif" },
                               { "monospace", "ui-monospace, \"SF Mono\", Consolas, \"DejaVu Sans Mono\", "
                                              "monospace" } } },
    [LOOK_font_size] = { .allowed = "small, normal or large",
                         .words = { { "small", "93.75%" }, { "normal", "100%" }, { "large", "112.5%" } } },
    [LOOK_radius] = { .allowed = "0 to 24 pixels", .high = 24 },
    [LOOK_density] = { .allowed = "compact, normal or roomy",
                       .words = { { "compact", "1.25rem" }, { "normal", "1.75rem" }, { "roomy", "2.25rem" } } },
    [LOOK_button_weight] = { .allowed = "normal, medium or bold",
                             .words = { { "normal", "400" }, { "medium", "600" }, { "bold", "700" } } },
    [LOOK_button_shape] = { .allowed = "square, rounded or pill",
                            .words = { { "square", "0" }, { "rounded", "var(--radius)" }, { "pill", "1.5rem" } } },
    [LOOK_shadow] = { .allowed = "none, soft or strong",
                      .words = { { "none", "none" },
                                 { "soft", "0 1px 2px light-dark(#1b1c2214, #0006), "
                                           "0 8px 28px light-dark(#1b1c2212, #0005)" },
                                 { "strong", "0 2px 6px light-dark(#1b1c2230, #0009), "
                                             "0 16px 48px light-dark(#1b1c2226, #0008)" } } },
    [LOOK_logo_height] = { .allowed = "24 to 64 pixels", .low = 24, .high = 64 },
    [LOOK_align] = { .allowed = "start or center", .words = { { "start", "start" }, { "center", "center" } } },
    [LOOK_max_width] = { .allowed = "narrow, normal or wide",
                         .words = { { "narrow", "22rem" }, { "normal", "26rem" }, { "wide", "32rem" } } },
};

static const struct {
    const char *member, *property;
} names[LOOKS_N] = {
#define X(name, property) { #name, property },
    LOOKS(X)
#undef X
};

static bool word_read(const struct rule *rule, const struct json_value *v, int *ret)
{
    str word;
    for (int i = 0; json_is_str(v, &word) && i < WORDS_MAX && rule->words[i].word; i++)
        if (str_eq(word, str_of(rule->words[i].word))) {
            *ret = i;
            return true;
        }
    return false;
}

static bool number_read(const struct rule *rule, const struct json_value *v, int *ret)
{
    int64_t px;
    if (!json_is_i64(v, &px) || px < rule->low || px > rule->high)
        return false;
    *ret = (int)px;
    return true;
}

bool looks_read(const struct json_value *doc, struct looks *ret, struct branding_problem *problem)
{
    for (size_t i = 0; i < LOOKS_N; i++) {
        const struct rule *rule = &rules[i];
        const struct json_value *v = json_get(doc, names[i].member);
        ret->chosen[i] = -1;
        if (!v || (rule->words[0].word ? word_read : number_read)(rule, v, &ret->chosen[i]))
            continue;
        *problem = (struct branding_problem){ str_of(names[i].member), str_of(rule->allowed) };
        return false;
    }
    return true;
}

void looks_write(const struct looks *looks, struct buf *out)
{
    for (size_t i = 0; i < LOOKS_N; i++) {
        int chosen = looks->chosen[i];
        if (chosen < 0)
            continue;
        if (rules[i].words[0].word)
            buf_printf(out, "  %s: %s;\n", names[i].property, rules[i].words[chosen].value);
        else
            buf_printf(out, "  %s: %dpx;\n", names[i].property, chosen);
    }
}
