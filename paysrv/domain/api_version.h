/*
 * Dated versions of the API (docs/decisions/0055). Everything is written as the newest version says, and an answer in
 * an older one is that document with the changes since undone. A new version is a row in VERSIONS, the rows of what it
 * changed, and a chapter of docs/protocol/changelog.md.
 */
#pragma once

#include <stdbool.h>

#include "shared/base/arena.h"

/* Oldest first. */
#define API_VERSIONS(X)                                                                                                \
    X("2026-11-01")                                                                                                    \
    X("2026-11-27")

#define API_VERSION_COUNT_ROW(name) +1
enum { API_VERSION_COUNT = 0 API_VERSIONS(API_VERSION_COUNT_ROW), API_VERSION_NEWEST = API_VERSION_COUNT - 1 };

/* "2026-11-27"; the index counts from 0, the oldest. */
bool api_version_parse(str text, int *index);
const char *api_version_name(int index);
/* "2026-11-01, 2026-11-27": for who asked for another. */
str api_version_list(struct arena *a);

enum api_change_kind {
    MEMBER_ADDED = 1, /* older versions do not have it */
    MEMBER_RENAMED,   /* older versions call it `was` */
};

/* What a version changed in objects of a kind, which is their member "object", wherever they are in an answer. */
struct api_change {
    const char *since, *object;
    enum api_change_kind kind;
    const char *member, *was;
};

/*
 * The document as an older version has it. kind: what the outermost object is, when no member says so; absent: the
 * member does. What is no JSON object, and what is inside `metadata`, stays as it is.
 */
str api_version_render(struct arena *a, int index, str kind, str document);
/* The same with changes of one's own, for tests of what no version has done yet. */
str api_changes_undo(struct arena *a, const struct api_change *changes, size_t n, int index, str kind, str document);
