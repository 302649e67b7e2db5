/* URLs: strict parsing of what we accept (http, https; other schemes only as redirect URIs), and building. */
#pragma once

#include <stdint.h>

#include "shared/base/arena.h"
#include "shared/base/buf.h"
#include "shared/base/str.h"

struct url {
    str text;                                /* whole */
    str scheme, host, path, query, fragment; /* host without brackets; query and fragment absent when missing */
    uint16_t port;                           /* the scheme's default when not written; 0 for other schemes */
    bool has_userinfo;
};

/* Refuses control characters, spaces, backslashes, non-ASCII, user info without host, bad ports; max 2000 bytes. */
bool url_parse(str text, struct url *ret);
/* An absolute http or https URL: where a browser may be sent to. */
bool url_is_web(str text);
/* 127.0.0.0/8 or ::1 as a literal. "localhost" is not. */
bool url_host_is_loopback(str host);
/* scheme://host[:port] */
str url_origin(struct arena *a, const struct url *u);

/* Appends ?name=value or &name=value, percent-encoding the value; an absent value is left out. */
void url_add_query(struct buf *b, const char *name, str value);
