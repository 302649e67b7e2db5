/* Binary values. A digest is always a SHA-256; a secret is text that no log, JSON or printf function accepts. */
#pragma once

#include <stddef.h>

#include "shared/base/str.h"

typedef struct {
    const unsigned char *p;
    size_t n;
} bytes;

typedef struct {
    unsigned char b[32];
} digest;

typedef struct {
    str hidden;
} secret;

static inline bytes bytes_of(str s)
{
    return (bytes){ (const unsigned char *)s.p, s.n };
}

static inline bytes digest_bytes(const digest *d)
{
    return (bytes){ d->b, sizeof d->b };
}
