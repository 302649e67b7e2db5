/* See branded_mail.h. */
#include "authsrv/flow/partner/branded_mail.h"

#include "authsrv/app.h"
#include "authsrv/domain/account/letter.h"
#include "authsrv/flow/language.h"
#include "authsrv/store/branding.sql.h"
#include "shared/net/mail_text.h"
#include "shared/ops/log.h"
#include "web/authsrv/pages.h"

_Static_assert(MAIL_SUBJECT_MAX_BYTES <= MAIL_HEADER_MAX_BYTES, "every subject that is allowed can be sent");

static err words_load(struct task *t, const struct client *client, const struct branding_words_row **ret)
{
    *ret = NULL;
    return client && str_given(client->partner) ? branding_words(t, client->partner, ret) : OK;
}

err language_of_partner(struct task *t, const struct client *client, enum language fallback, enum language *ret)
{
    const struct branding_words_row *row;
    TRY(words_load(t, client, &row));
    *ret = language_of_person(row ? row->language : STR_NONE, fallback);
    return OK;
}

/* A name in a sentence of the other direction keeps its order (Unicode UAX 9, isolates), as in our own words. */
static str name_in(struct task *t, enum language language, str name)
{
    struct buf out;
    buf_init(&out, t->arena, LETTER_MAX_BYTES);
    mail_add_name(&out, name, language_is_rtl(language));
    return buf_str(&out);
}

static str joined(struct task *t, str above, str below)
{
    if (!str_given(above) || !str_given(below))
        return str_given(above) ? above : below;
    return arena_printf(t->arena, "%.*s\n\n%.*s", STR_ARG(above), STR_ARG(below));
}

static str without_end(str text)
{
    while (text.n > 0 && text.p[text.n - 1] == '\n')
        text.n--;
    return text;
}

/* More than there is around words and links, in the template and as colours. */
#define AROUND_LETTER_BYTES 2048
#define AROUND_PART_BYTES 192
#define AROUND_LINE_BYTES 8

/* As much as the template can make of it: a link stands there twice. */
static size_t html_worst(const struct letter_part *parts, size_t n, str subject, str name)
{
    size_t worst = AROUND_LETTER_BYTES + HTML_ESCAPED_MAX * (subject.n + name.n);
    for (size_t i = 0; i < n; i++) {
        size_t times = parts[i].kind == LETTER_LINK ? 2 : 1;
        worst += AROUND_PART_BYTES;
        for (size_t k = 0; k < parts[i].lines.n; k++)
            worst += AROUND_LINE_BYTES + times * HTML_ESCAPED_MAX * parts[i].lines.items[k].n;
    }
    return worst;
}

void letter_dress(struct arena *a, const struct letter_look *look, struct letter *letter)
{
    const struct letter_part *parts;
    const colour *c = look->colours;
    struct buf out;
    size_t n = letter_split(a, letter->text, look->home, &parts);
    struct letter_block *blocks = arena_array(a, struct letter_block, n + 1);
    if (html_worst(parts, n, letter->subject, look->name) > LETTER_HTML_MAX_BYTES)
        return;
    for (size_t i = 0; i < n; i++) {
        const str_array *lines = &parts[i].lines;
        if (parts[i].kind == LETTER_WORDS) {
            blocks[i].words.items = lines->items;
            blocks[i].words.n = lines->n;
            continue;
        }
        blocks[i].apart = lines->items[0];
        if (parts[i].kind == LETTER_LINK)
            blocks[i].url = lines->items[0];
    }
    buf_init(&out, a, LETTER_HTML_MAX_BYTES);
    page_letter(&out, look->language, NULL,
                &(struct page_letter){ .subject = letter->subject,
                                       .name = look->name,
                                       .ground = colour_text(a, c[PALETTE_background]),
                                       .card = colour_text(a, c[PALETTE_surface]),
                                       .ink = colour_text(a, c[PALETTE_text]),
                                       .link = colour_text(a, c[PALETTE_brand]),
                                       .blocks = { blocks, n } });
    letter->html = buf_str(&out);
}

/* *row NULL: nothing was chosen, or nothing that can be read. */
static err branding_load(struct task *t, const struct client *client, const struct branding_words_row **row,
                         struct branding *ret)
{
    const struct json_value *doc;
    struct branding_problem problem;
    TRY(words_load(t, client, row));
    if (!*row)
        return OK;
    /* What was kept by rules of before is no reason to keep a mail back. */
    if (!json_parse(t->arena, (*row)->document, &doc) ||
        !branding_read(t->arena, doc, languages_ours(), ret, &problem)) {
        log_warn(t, "branding.unreadable", L_STR("partner", client->partner));
        *row = NULL;
    }
    return OK;
}

static void dress(struct task *t, enum language language, str name, const struct branding *b, struct letter *letter)
{
    letter_dress(t->arena, &(struct letter_look){ language, name, app_of(t)->issuer, b->palette.light }, letter);
}

err letter_wear(struct task *t, const struct client *client, enum language language, struct letter *letter)
{
    const struct branding_words_row *row;
    struct branding b;
    TRY(branding_load(t, client, &row, &b));
    if (row)
        dress(t, language, row->name, &b, letter);
    return OK;
}

err letter_brand(struct task *t, const struct client *client, enum branded_mail mail, enum language language,
                 struct letter *letter)
{
    const struct branding_words_row *row;
    struct branding b;
    struct mail_words words;
    TRY(branding_load(t, client, &row, &b));
    if (!row)
        return OK;
    const struct mail_names names = { name_in(t, language, client->meta.client_name), name_in(t, language, row->name) };
    mail_words_find(t->arena, b.mails, mail, language_tags[language], &names, &words);
    if (str_given(words.subject))
        letter->subject = words.subject;
    letter->text = joined(t, joined(t, words.intro, without_end(letter->text)), words.footer);
    dress(t, language, row->name, &b, letter);
    return OK;
}
