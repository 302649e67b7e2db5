/* See language.h. */
#include "authsrv/flow/language.h"

#include "authsrv/store/mail.sql.h"

static const struct languages ours = { language_tags, LANGUAGES };

const struct languages *languages_ours(void)
{
    return &ours;
}

enum language language_of_person(str locale, enum language fallback)
{
    size_t found;
    return language_find(&ours, locale, &found) ? (enum language)found : fallback;
}

void language_prefer(struct task *t, str tags)
{
    t->language = language_of_person(tags, t->language);
}

void language_prefer_accepted(struct task *t, str header)
{
    size_t found;
    if (language_accept(&ours, header, &found))
        t->language = (unsigned)found;
}

err language_of_account(struct task *t, user_id user, enum language *ret)
{
    const struct mail_language_row *row;
    TRY(mail_language(t, user, &row));
    *ret = language_of_person(row ? row->locale : STR_NONE, t->language);
    return OK;
}
