/* See speech.h. */
#include "paysrv/flow/message/speech.h"

#include "shared/text/locale_text.h"

static const struct languages ours = { language_tags, LANGUAGES };

const struct languages *speech_languages(void)
{
    return &ours;
}

void speech_accept(struct task *t, str header)
{
    size_t found;
    if (language_accept(&ours, header, &found))
        t->language = (unsigned)found;
}

void speech_prefer(struct task *t, str locale)
{
    t->language = speech_to(t, locale);
}

enum language speech_to(const struct task *t, str locale)
{
    size_t found;
    return (enum language)(language_find(&ours, locale, &found) ? found : t->language);
}

str speech_tag(const struct task *t)
{
    return language_tags[t->language];
}

str money_in(struct task *t, enum language l, int64_t amount_minor, str currency)
{
    return locale_money(t->arena, language_tags[l], amount_minor, currency);
}

str moment_in(struct task *t, enum language l, instant at)
{
    return locale_moment(t->arena, language_tags[l], at);
}

str day_in(struct task *t, enum language l, str day)
{
    return locale_day(t->arena, language_tags[l], day);
}
