/*
 * Configuration as one declared list per program. An INI file first, then environment variables PREFIX_KEY; an unknown
 * key or a bad value stops the start with file, line, key and what is allowed (exit 2).
 *
 *   #define AUTHSRV_CONFIG(X) \
 *       X(TEXT,     issuer,           "",    1, 200,  "Issuer URL, no trailing slash") \
 *       X(INTEGER,  workers,          "16",  1, 256,  "Worker threads") \
 *       X(DURATION, access_token_ttl, "300s", 60, 86400, "Life of an access token") \
 *       X(SECRET,   pepper_file,      "",    32, 4096, "File with the secret mixed into password hashes")
 *   struct config { CONFIG_FIELDS(AUTHSRV_CONFIG) };
 *   static const struct config_item items[] = { CONFIG_ITEMS(struct config, AUTHSRV_CONFIG) };
 *
 * The bounds are lengths (TEXT, SECRET), values (INTEGER), seconds (DURATION). TEXT and SECRET with lower bound > 0 are
 * required. SECRET names a file that only its owner may read; the field holds its content without the trailing newline.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "shared/base/arena.h"
#include "shared/base/bytes.h"
#include "shared/base/instant.h"

enum config_kind { CONFIG_TEXT = 1, CONFIG_INTEGER, CONFIG_DURATION, CONFIG_SECRET, CONFIG_BOOL };

struct config_item {
    enum config_kind kind;
    const char *name;
    size_t offset;
    const char *fallback;
    int64_t low, high;
    const char *help;
};

#define CONFIG_TYPE_TEXT str
#define CONFIG_TYPE_INTEGER int64_t
#define CONFIG_TYPE_DURATION duration
#define CONFIG_TYPE_SECRET secret
#define CONFIG_TYPE_BOOL bool
#define CONFIG_FIELD_ROW(kind, name, fallback, low, high, help) CONFIG_TYPE_##kind name;
#define CONFIG_FIELDS(LIST) LIST(CONFIG_FIELD_ROW)
/* CONFIG_ITEM_STRUCT must be defined to the struct before CONFIG_ITEMS is used. */
#define CONFIG_ITEM_ROW(kind_, name_, fallback_, low_, high_, help_)                                                   \
    { CONFIG_##kind_, #name_, offsetof(CONFIG_ITEM_STRUCT, name_), fallback_, low_, high_, help_ },
#define CONFIG_ITEMS(LIST) LIST(CONFIG_ITEM_ROW)

/* prefix "AUTHSRV". path NULL: no file. false: every mistake was written to complaints. */
bool config_load(struct arena *a, const struct config_item *items, size_t n, const char *path, const char *prefix,
                 void *ret, FILE *complaints);
/* The --help text: every key with its default and meaning. */
void config_help(const struct config_item *items, size_t n, const char *prefix, FILE *out);
