/* See challenge_mail.h. */
#include "authsrv/flow/account/challenge_mail.h"

#include "authsrv/app.h"
#include "authsrv/flow/account/mailed_code.h"
#include "authsrv/flow/language.h"
#include "authsrv/flow/mailer.h"
#include "authsrv/flow/partner/branded_mail.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"
#include "shared/text/url.h"
#include "web/authsrv/pages.h"
#include "web/text.h"

str challenge_link_key(struct task *t, str id)
{
    str message = arena_printf(t->arena, "challenge_link\n%.*s", STR_ARG(id));
    digest key = hmac_sha256(digest_bytes(&app_of(t)->sealing_key), bytes_of(message));
    return base64url_encode(t->arena, (bytes){ key.b, 16 });
}

static str origin_of(struct task *t, str uri)
{
    struct url u;
    return url_parse(uri, &u) && u.host.n > 0 ? url_origin(t->arena, &u) : uri;
}

err challenge_mail_keep(struct task *t, const struct challenge_mail *m)
{
    const bool lets_in = m->entry != ENTRY_NOBODY;
    const struct mail_challenge words = {
        .client_name = m->client->meta.client_name,
        .site = origin_of(t, m->registered_uri),
        .host = app_of(t)->origin,
        .is_new = m->entry == ENTRY_CREATE,
        .code = lets_in ? m->code : STR_NONE,
        .until = instant_text(t->arena, instant_add(t->now, MAILED_CODE_LIFE)),
        .disown_url = arena_printf(t->arena, "%.*s/not-me?challenge=%.*s&key=%.*s", STR_ARG(app_of(t)->issuer),
                                   STR_ARG(m->id), STR_ARG(challenge_link_key(t, m->id))),
    };
    enum language language = language_of_person(m->locale, t->language);
    struct letter letter = mail_challenge(t->arena, language, &words);
    TRY(letter_brand(t, m->client, MAIL_OF_code, language, &letter));
    return mail_keep_to(t, m->address, letter, MAILED_CODE_LIFE);
}
