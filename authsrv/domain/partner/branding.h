/*
 * How a partner's pages and mails look and speak: the document that its administration writes, and what is made of it.
 * It chooses among what we offer; it has no styles, no markup and no addresses of its own
 * (docs/protocol/white-label.md).
 */
#pragma once

#include "authsrv/domain/account/mail_words.h"
#include "authsrv/domain/partner/looks.h"
#include "authsrv/domain/partner/palette.h"
#include "shared/text/language.h"
#include "shared/text/raster.h"

#define BRANDING_MAX_BYTES ((size_t)248 * 1024)

struct branding {
    struct palette palette;
    str name;   /* absent: the partner's */
    bytes logo; /* absent: none */
    struct raster raster;
    bytes logo_dark; /* in its place on dark pages; absent: the same */
    struct raster raster_dark;
    struct looks looks;
    str language;                   /* absent: none is preferred */
    const struct json_value *mails; /* mail_words.h; NULL: ours */
};

/* false: *problem names the member, dotted (absent: the document itself), and says what is allowed there. */
bool branding_read(struct arena *a, const struct json_value *doc, const struct languages *there, struct branding *ret,
                   struct branding_problem *problem);
/* The style sheet that comes after ours: custom properties and nothing else. */
str branding_sheet(struct arena *a, const struct branding *b);
