/* Mails that a partner's applications cause, in its words and colours around what we have to say. */
#pragma once

#include "authsrv/domain/client/client.h"
#include "authsrv/domain/partner/branding.h"
#include "shared/base/err.h"
#include "shared/base/task.h"
#include "shared/text/html.h"
#include "web/text.h"

/* Where the client's partner chose nothing, the letter stays as it is. */
MUST_USE err letter_brand(struct task *t, const struct client *client, enum branded_mail mail, enum language language,
                          struct letter *letter);
/* In its colours and under its name only: what is about the account itself says nothing in its words. */
MUST_USE err letter_wear(struct task *t, const struct client *client, enum language language, struct letter *letter);
/* That of the client's partner; else fallback. */
MUST_USE err language_of_partner(struct task *t, const struct client *client, enum language fallback,
                                 enum language *ret);

struct letter_look {
    enum language language;
    str name, home; /* the partner's; where links may lead (letter.h) */
    const colour *colours;
};
/* Its HTML, made of its text; none where that could be more than LETTER_HTML_MAX_BYTES. */
void letter_dress(struct arena *a, const struct letter_look *look, struct letter *letter);
