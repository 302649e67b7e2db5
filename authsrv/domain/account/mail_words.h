/*
 * What a partner says in the mails that its applications cause, before and after what has to be said: a subject, an
 * introduction, a footer, per mail and language. Plain words with holes for names; facts, codes and links are ours.
 */
#pragma once

#include "authsrv/domain/client/client_metadata.h"
#include "authsrv/domain/partner/palette.h"
#include "shared/text/language.h"

/* What concerns the account itself (its password, its log-ins) is between the person and us, and not among these: on
 * the way to an application it wears the partner's colours, and says nothing in its words. */
#define BRANDED_MAILS(X)                                                                                               \
    X(code)    /* to type inside the application */                                                                    \
    X(sign_up) /* an account is opened on the way to it */                                                             \
    X(approval)

enum branded_mail {
#define X(name) MAIL_OF_##name,
    BRANDED_MAILS(X)
#undef X
};

struct mail_names {
    str app, partner; /* the holes {app} and {partner}; each of at most MAIL_NAME_MAX_BYTES */
};
#define MAIL_ISOLATES_BYTES 6 /* around a name in a sentence from right to left */
#define MAIL_NAME_MAX_BYTES (CLIENT_NAME_MAX * 4 + MAIL_ISOLATES_BYTES)

/* With the longest names in the holes; the subject is what fits in a header. */
#define MAIL_SUBJECT_MAX_BYTES 900
#define MAIL_WORDS_MAX_BYTES 4096 /* of introduction and footer, each */

/* mails: the member of the branding's document, NULL: none. false: *problem names what is wrong there. */
bool mail_words_judge(struct arena *a, const struct json_value *mails, const struct languages *there,
                      struct branding_problem *problem);

/* With the names in their holes; absent: nothing was said in that language, or nothing that can be said now. */
struct mail_words {
    str subject, intro, footer;
};
void mail_words_find(struct arena *a, const struct json_value *mails, enum branded_mail mail, str tag,
                     const struct mail_names *names, struct mail_words *ret);
