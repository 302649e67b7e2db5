/* See store_speech.h. */
#include "paysrv/domain/stores/store_speech.h"

#define ENGLISH 0

static struct languages spoken(const struct languages *ours, const struct store_speech *s)
{
    return s->locales.n ? (struct languages){ s->locales.items, s->locales.n } : *ours;
}

static bool is_among(const str *items, size_t n, str tag)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(items[i], tag))
            return true;
    return false;
}

size_t store_speech_choose(const struct languages *ours, const struct store_speech *s, const struct speech_wishes *w,
                           bool *by_page)
{
    const struct languages there = spoken(ours, s);
    size_t place, found;
    *by_page = str_given(w->page) && language_find(&there, w->page, &place);
    if (!*by_page && str_given(w->payment) && language_find(ours, w->payment, &found))
        return found;
    const bool is_asked = *by_page || (str_given(w->accepts) && language_accept(&there, w->accepts, &place));
    const str tag = is_asked               ? there.tags[place]
                    : str_given(s->locale) ? s->locale
                    : s->locales.n         ? there.tags[0]
                                           : STR("en");
    return language_find(ours, tag, &found) ? found : ENGLISH;
}

struct languages store_speech_offered(struct arena *a, const struct languages *ours, const struct store_speech *s,
                                      str payment)
{
    struct languages there = spoken(ours, s);
    size_t found;
    if (str_given(payment) && language_find(ours, payment, &found) &&
        !is_among(there.tags, there.n, ours->tags[found])) {
        str *tags = arena_array(a, str, there.n + 1);
        for (size_t i = 0; i < there.n; i++)
            tags[i] = there.tags[i];
        tags[there.n] = ours->tags[found];
        there = (struct languages){ tags, there.n + 1 };
    }
    return there.n > 1 ? there : (struct languages){ NULL, 0 };
}

/* ---- as typed in ---- */

static str all_of(struct arena *a, const struct languages *ours)
{
    str all = ours->tags[0];
    for (size_t i = 1; i < ours->n; i++)
        all = arena_printf(a, "%.*s, %.*s", STR_ARG(all), STR_ARG(ours->tags[i]));
    return arena_printf(a, "must be of %.*s", STR_ARG(all));
}

static bool list_read(struct arena *a, const struct languages *ours, const struct json_value *list, str_array *ret)
{
    str *items = arena_array(a, str, ours->n), tag;
    size_t n = 0, found;
    if (json_kind(list) != JSON_ARRAY || json_size(list) == 0)
        return false;
    for (size_t i = 0; i < json_size(list); i++) {
        if (!json_is_str(json_item(list, i), &tag) || !language_find(ours, tag, &found))
            return false;
        if (!is_among(items, n, ours->tags[found]))
            items[n++] = ours->tags[found];
    }
    *ret = (str_array){ items, n };
    return true;
}

bool store_speech_judge(struct arena *a, const struct languages *ours, const struct json_value *list,
                        struct store_speech *s, str *param, str *explain)
{
    size_t found;
    s->locales = (str_array){ NULL, 0 };
    *explain = all_of(a, ours);
    *param = STR("locales");
    if (list && json_kind(list) != JSON_NULL && !list_read(a, ours, list, &s->locales))
        return false;
    *param = STR("locale");
    if (!str_given(s->locale))
        return true;
    if (!language_find(ours, s->locale, &found))
        return false;
    s->locale = ours->tags[found];
    *explain = STR("must be one of locales");
    return s->locales.n == 0 || is_among(s->locales.items, s->locales.n, s->locale);
}
