/* See buyer_page.h and web/paysrv/_languages.html. */
#include "paysrv/buyer_page.h"

#include "paysrv/flow/message/speech.h"
#include "shared/text/url.h"

#define ADDRESS_MAX 8192

str in_locale(struct task *t, str path, str locale)
{
    struct buf b;
    if (!str_given(locale))
        return path;
    buf_init(&b, t->arena, ADDRESS_MAX);
    buf_add(&b, path);
    url_add_query(&b, "locale", locale);
    return buf_str(&b);
}

const struct language_choice *language_choices(struct task *t, struct languages there, str path)
{
    struct language_choice *ret = arena_array(t->arena, struct language_choice, there.n + 1);
    size_t found = 0;
    for (size_t i = 0; i < there.n; i++) {
        bool is_ours = language_find(speech_languages(), there.tags[i], &found);
        ret[i] = (struct language_choice){
            .tag = there.tags[i],
            .name = is_ours ? text_in((enum language)found, TEXT_LANGUAGE_NAME) : there.tags[i],
            .url = in_locale(t, path, there.tags[i]),
            .is_current = is_ours && found == t->language,
        };
    }
    return ret;
}

str store_file_path(struct task *t, str name)
{
    return str_given(name) ? arena_printf(t->arena, "/store-files/%.*s", STR_ARG(name)) : STR_NONE;
}

str mail_url(struct task *t, str address)
{
    return str_given(address) ? arena_printf(t->arena, "mailto:%.*s", STR_ARG(address)) : STR_NONE;
}
