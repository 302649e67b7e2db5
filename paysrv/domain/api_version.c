/* See api_version.h. */
#include "paysrv/domain/api_version.h"

#include <string.h>

#include "shared/text/json_in.h"
#include "shared/text/json_out.h"

#define FIRST_BLOCK_BYTES ((size_t)32 << 10)
#define TREE_MAX_BYTES ((size_t)512 << 20)
#define WORDS_MAX_BYTES 1024

/* In the order of versions; those of one version in any. */
static const struct api_change changes[] = {
    { "2026-11-27", "event", MEMBER_ADDED, "sequence", NULL },
    { "2026-11-27", "webhook_message", MEMBER_ADDED, "sequence", NULL },
    { "2026-11-27", "event", MEMBER_ADDED, "account", NULL },
    { "2026-11-27", "event", MEMBER_ADDED, "store", NULL },
    { "2026-11-27", "webhook_message", MEMBER_ADDED, "account", NULL },
    { "2026-11-27", "webhook_message", MEMBER_ADDED, "store", NULL },
    { "2026-11-27", "webhook_message", MEMBER_ADDED, "livemode", NULL },
    { "2026-11-27", "payment", MEMBER_ADDED, "version", NULL },
    { "2026-11-27", "refund", MEMBER_ADDED, "external_id", NULL },
    { "2026-11-27", "request", MEMBER_ADDED, "actor", NULL },
    { "2026-11-27", "partner_report", MEMBER_ADDED, "platform", NULL },
    { "2026-11-27", "payment", MEMBER_ADDED, "method", NULL },
    { "2026-11-27", "payment", MEMBER_ADDED, "advice", NULL },
    { "2026-11-27", "payment", MEMBER_ADDED, "card", NULL },
    { "2026-11-27", "payment", MEMBER_ADDED, "three_d_secure", NULL },
    { "2026-11-27", "payment", MEMBER_ADDED, "locale", NULL },
    { "2026-11-27", "store", MEMBER_ADDED, "methods", NULL },
    { "2026-11-27", "store", MEMBER_ADDED, "locale", NULL },
    { "2026-11-27", "store", MEMBER_ADDED, "locales", NULL },
    { "2026-11-27", "user", MEMBER_ADDED, "status", NULL },
    { "2026-11-27", "user", MEMBER_ADDED, "closed_reason", NULL },
    { "2026-11-27", "user", MEMBER_ADDED, "locale", NULL },
    { "2026-11-27", "user", MEMBER_ADDED, "payouts_from", NULL },
    { "2026-11-27", "user", MEMBER_ADDED, "consent_withdrawn_at", NULL },
    { "2026-11-27", "user", MEMBER_ADDED, "erased_at", NULL },
    { "2026-11-27", "payout", MEMBER_ADDED, "external_id", NULL },
    { "2026-11-27", "payout", MEMBER_ADDED, "rail", NULL },
    { "2026-11-27", "payout", MEMBER_ADDED, "waits_for", NULL },
    { "2026-11-27", "payout", MEMBER_ADDED, "waiting_since", NULL },
    { "2026-11-27", "requisite", MEMBER_ADDED, "destination", NULL },
    { "2026-11-27", "payout_list", MEMBER_ADDED, "reason", NULL },
    { "2026-11-27", "confirmation", MEMBER_ADDED, "reason", NULL },
    { "2026-11-27", "requisite", MEMBER_ADDED, "verification", NULL },
    { "2026-11-27", "requisite", MEMBER_ADDED, "bik", NULL },
    { "2026-11-27", "requisite", MEMBER_ADDED, "account", NULL },
    { "2026-11-27", "requisite", MEMBER_ADDED, "correspondent", NULL },
    { "2026-11-27", "requisite", MEMBER_ADDED, "inn", NULL },
    { "2026-11-27", "requisite", MEMBER_ADDED, "kpp", NULL },
    { "2026-11-27", "webhook_endpoint", MEMBER_ADDED, "contact_email", NULL },
    { "2026-11-27", "webhook_endpoint", MEMBER_ADDED, "payload", NULL },
    { "2026-11-27", "webhook_endpoint", MEMBER_ADDED, "api_version", NULL },
    { "2026-11-27", "webhook_endpoint", MEMBER_ADDED, "max_in_flight", NULL },
    { "2026-11-27", "acquirer_settlement", MEMBER_ADDED, "acquirer", NULL },
    { "2026-11-27", "subscription", MEMBER_ADDED, "status_reason", NULL },
    { "2026-11-27", "subscription", MEMBER_ADDED, "on_dispute", NULL },
    { "2026-11-27", "subscription", MEMBER_ADDED, "cancel_at", NULL },
    { "2026-11-27", "subscription", MEMBER_ADDED, "cancel_unused", NULL },
    { "2026-11-27", "invoice", MEMBER_ADDED, "dispute", NULL },
    { "2026-11-27", "invoice", MEMBER_ADDED, "status_reason", NULL },
    { "2026-11-27", "upcoming_invoice", MEMBER_ADDED, "refund", NULL },
    { "2026-11-27", "billing_settings", MEMBER_ADDED, "on_dispute", NULL },
    { "2026-11-27", "billing_settings", MEMBER_ADDED, "on_dispute_by", NULL },
    { "2026-11-27", "price", MEMBER_ADDED, "receipt", NULL },
    { "2026-11-27", "receipt", MEMBER_ADDED, "capture", NULL },
    { "2026-11-27", "ledger_entry", MEMBER_ADDED, "available_on", NULL },
    { "2026-11-27", "ledger_entry", MEMBER_ADDED, "held", NULL },
    { "2026-11-27", "manual_entry", MEMBER_ADDED, "iban", NULL },
    { "2026-11-27", "manual_entry", MEMBER_ADDED, "holder_name", NULL },
    { "2026-11-27", "manual_entry", MEMBER_ADDED, "acquirer_ref", NULL },
};

#define VERSION_ROW(name) name,
static const char *const names[API_VERSION_COUNT] = { API_VERSIONS(VERSION_ROW) };

bool api_version_parse(str text, int *index)
{
    for (int i = 0; i < API_VERSION_COUNT; i++) {
        if (str_eq(text, str_of(names[i]))) {
            *index = i;
            return true;
        }
    }
    return false;
}

const char *api_version_name(int index)
{
    return names[index];
}

str api_version_list(struct arena *a)
{
    str list = str_of(names[0]);
    for (int i = 1; i < API_VERSION_COUNT; i++)
        list = arena_printf(a, "%.*s, %s", STR_ARG(list), names[i]);
    return list;
}

/* ---- going back ---- */

struct undoing {
    struct arena *arena;
    const struct api_change *changes; /* those since the version */
    size_t n;
};

static void value_write(struct json *j, const char *key, const struct json_value *v, const struct undoing *u);

/* Through the changes from the newest to the oldest, as each was made on what the one before had left. NULL: the
 * version does not have the member. */
static const char *name_then(const struct undoing *u, str kind, const char *name)
{
    for (size_t i = u->n; i > 0 && name; i--) {
        const struct api_change *c = &u->changes[i - 1];
        if (str_eq(kind, str_of(c->object)) && strcmp(name, c->member) == 0)
            name = c->kind == MEMBER_RENAMED ? c->was : NULL;
    }
    return name;
}

static void members_write(struct json *j, const struct json_value *v, str kind, const struct undoing *u)
{
    const struct json_value *member;
    str key;
    if (!str_given(kind))
        json_get_str(v, "object", &kind);
    for (size_t i = 0; json_member(v, i, &key, &member); i++) {
        const char *name = name_then(u, kind, arena_cstr(u->arena, key));
        if (!name)
            continue;
        if (str_eq(key, STR("metadata")))
            json_raw(j, name, json_canonical(u->arena, member));
        else
            value_write(j, name, member, u);
    }
}

static void value_write(struct json *j, const char *key, const struct json_value *v, const struct undoing *u)
{
    str text;
    if (json_is_str(v, &text)) {
        json_str(j, key, text);
    } else if (json_kind(v) == JSON_OBJECT) {
        json_object(j, key);
        members_write(j, v, STR_NONE, u);
        json_close(j);
    } else if (json_kind(v) == JSON_ARRAY) {
        json_array(j, key);
        for (size_t i = 0; i < json_size(v); i++)
            value_write(j, NULL, json_item(v, i), u);
        json_close(j);
    } else {
        json_raw(j, key, json_canonical(u->arena, v));
    }
}

static str document_write(const struct undoing *u, str kind, str document)
{
    const struct json_value *v;
    struct json j;
    struct buf out;
    if (!json_parse_own(u->arena, document, &v) || json_kind(v) != JSON_OBJECT)
        return STR_NONE;
    buf_init(&out, u->arena, document.n * 2 + WORDS_MAX_BYTES);
    json_begin(&j, &out);
    members_write(&j, v, kind, u);
    json_end(&j);
    return buf_str(&out);
}

/* The tree of a long page has memory of its own: it takes more than what a request may. */
str api_changes_undo(struct arena *a, const struct api_change *all, size_t n, int index, str kind, str document)
{
    size_t first = 0;
    while (first < n && strcmp(all[first].since, names[index]) <= 0)
        first++;
    if (first == n)
        return document;
    struct arena *own = arena_create(FIRST_BLOCK_BYTES, TREE_MAX_BYTES);
    const struct undoing u = { own, all + first, n - first };
    str written = document_write(&u, kind, document);
    str then = str_given(written) ? arena_str(a, written) : document;
    arena_destroy(own);
    return then;
}

str api_version_render(struct arena *a, int index, str kind, str document)
{
    return api_changes_undo(a, changes, sizeof changes / sizeof changes[0], index, kind, document);
}
