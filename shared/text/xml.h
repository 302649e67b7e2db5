/*
 * XML in, as a stream: expat behind a strict door. Refused: document type declarations (and with them all entities but
 * the five of XML), any encoding but UTF-8, depth, size, number of elements and long texts over their limits. Nothing
 * is ever fetched. Elements of another namespace than the root's are passed over with all that is in them.
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/str.h"

#define XML_MAX_DEPTH 32

struct xml_limits {
    size_t bytes;      /* of the document */
    size_t elements;   /* in the document */
    size_t text_bytes; /* of one element */
};

struct xml_element {
    str path;       /* local names from the root: "Document/Stmt/Ntry/Amt"; borrowed until the call returns */
    str name_space; /* of the root; may be empty */
    str text;       /* at the end of an element without children: its text without white space around; else absent */
    const char **attributes; /* at the start */
};

struct xml_visitor {
    /* false ends the reading as refused; the visitor knows why. Either may be NULL. */
    bool (*begin)(void *context, const struct xml_element *e);
    bool (*end)(void *context, const struct xml_element *e);
    void *context;
};

/* false: malformed, over a limit, or the visitor said no. *why is for whoever sent the document. */
bool xml_read(struct arena *a, str document, const struct xml_limits *limits, const struct xml_visitor *visitor,
              str *why);
/* An attribute without a namespace; absent when missing. At the start of an element only. */
str xml_attribute(const struct xml_element *e, const char *name);
