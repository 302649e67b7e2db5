/* Every page and mail with the same three fillings: as in life, hostile, and with everything absent that may be. */
#pragma once

#include "shared/base/buf.h"
#include "web/text.h"

enum filling { FILLING_LIFE = 1, FILLING_HOSTILE, FILLING_BARE };

struct sample {
    const char *name; /* of the golden file */
    void (*write)(struct buf *out, enum filling filling);
    bool is_mail;
};

/* One program per server: their pages have names in common. */
extern const struct sample samples[];
extern const size_t samples_n;

/* In which the samples are written; pages that are English only do not ask. */
extern enum language sample_language;

/* The value of one field in this filling. */
str sample_text(enum filling filling, const char *life);
str sample_url(enum filling filling, const char *life);
bool sample_bool(enum filling filling, bool life);
size_t sample_n(enum filling filling, size_t life);
