/*
 * Which language a buyer's pages speak: what they were asked for in, the payment's, what the browser accepts of what
 * the store speaks, the store's own, English (docs/protocol/languages.md).
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/array.h"
#include "shared/text/json_in.h"
#include "shared/text/language.h"

struct store_speech {
    str locale;        /* the store's own; absent: the first of its list, else none */
    str_array locales; /* it speaks only these; empty: all that there are */
};

/* What is asked of a page, each absent when nobody said so. */
struct speech_wishes {
    str page;    /* its query */
    str payment; /* a payment is sold in a language whatever its store speaks else */
    str accepts; /* Accept-Language */
};

/* The place of the language among ours, of which the first is English. *by_page: the page was asked for in it. */
size_t store_speech_choose(const struct languages *ours, const struct store_speech *store,
                           const struct speech_wishes *w, bool *by_page);

/* What a buyer can choose on the page: what the store speaks, and what the payment was sold in. Of one: nothing. */
struct languages store_speech_offered(struct arena *a, const struct languages *ours, const struct store_speech *store,
                                      str payment);

/*
 * A store's, as typed in: tags become those of ours that they mean, once each. list: NULL or null is all; else strings.
 * false: *param is wrong, and *explain says what is allowed.
 */
bool store_speech_judge(struct arena *a, const struct languages *ours, const struct json_value *list,
                        struct store_speech *in_out, str *param, str *explain);
